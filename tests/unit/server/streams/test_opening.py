"""Only files of the library are opened, and what cannot be opened is told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from musicplayer.server.streams.errors import DriveSilent, FileAway
from musicplayer.server.streams.opening import LibraryFiles
from musicplayer.server.streams.sending import MOST_READERS, Streams
from tests.dead_disk import hung
from tests.unit.server.streams.asking import asked_about, track_of

CONTENT = b"fLaC and so on"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Music"
    (folder / "album").mkdir(parents=True)
    (folder / "album" / "a.flac").write_bytes(CONTENT)
    (tmp_path / "Music2").mkdir()
    (tmp_path / "Music2" / "secret.flac").write_bytes(b"private")
    return folder


def code_of(folder: Path, path: str) -> str:
    with pytest.raises(FileAway) as refused:
        LibraryFiles(lambda: [str(folder)]).find(path)
    assert refused.value.status == 404
    assert refused.value.message
    return refused.value.code


def test_a_file_below_a_folder_of_the_library_is_read(music: Path) -> None:
    file = LibraryFiles(lambda: ["/nowhere", str(music)]).open(str(music / "album" / "a.flac"))
    try:
        assert (file.read(0, 4), file.read(5, 100), file.read(1_000, 4)) == (b"fLaC", b"and so on", b"")
        assert file.found.size == len(CONTENT)
    finally:
        file.close()


def test_a_link_within_the_library_and_one_to_its_folder_are_followed(music: Path, tmp_path: Path) -> None:
    (music / "b.flac").symlink_to("album/a.flac")
    (tmp_path / "link").symlink_to(music)
    for folder, path in ((music, music / "b.flac"), (tmp_path / "link", tmp_path / "link" / "b.flac")):
        found = LibraryFiles(lambda folder=folder: [str(folder)]).find(str(path))
        assert found.path == str(music.resolve() / "album" / "a.flac")


def linked_file(music: Path) -> Path:
    (music / "out.flac").symlink_to(music.parent / "Music2" / "secret.flac")
    return music / "out.flac"


def linked_folder(music: Path) -> Path:
    (music / "out").symlink_to(music.parent / "Music2")
    return music / "out" / "secret.flac"


def upwards(music: Path) -> Path:
    return music / ".." / "Music2" / "secret.flac"


def elsewhere(music: Path) -> Path:
    return music.parent / "Music2" / "secret.flac"


@pytest.mark.parametrize("way", [linked_file, linked_folder, upwards, elsewhere])
def test_no_way_leads_out_of_the_library(music: Path, way: Callable[[Path], Path]) -> None:
    assert code_of(music, str(way(music))) == "stream-outside"


def test_a_folder_that_is_taken_out_of_the_library_is_not_read_any_more(music: Path) -> None:
    folders = [str(music)]
    files = LibraryFiles(lambda: folders)
    files.find(str(music / "album" / "a.flac"))
    folders.clear()
    with pytest.raises(FileAway):
        files.find(str(music / "album" / "a.flac"))


def test_what_is_no_file_that_is_there_is_told(music: Path) -> None:
    os.mkfifo(music / "pipe.flac")
    (music / "circle.flac").symlink_to("circle.flac")
    assert code_of(music, str(music / "gone.flac")) == "stream-vanished"
    assert code_of(music, str(music / "album" / "a.flac" / "b.flac")) == "stream-vanished"
    assert code_of(music, str(music / "circle.flac")) == "stream-vanished"
    assert code_of(music, f"{music}/a\0.flac") == "stream-vanished"
    assert code_of(music, str(music / "pipe.flac")) == "stream-unreadable"
    assert code_of(music, str(music / "album")) == "stream-unreadable"


def test_a_drive_that_is_silent_holds_nobody_for_long(tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    with hung(drive), pytest.raises(DriveSilent) as told:  # without an end to it this would wait for ever
        LibraryFiles(lambda: [str(drive)], wait=0.2).find(str(drive / "a.flac"))
    assert told.value.status == 503


def test_a_drive_that_is_silent_keeps_nobody_from_music_on_another(music: Path, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    tracks = {"silent": track_of(drive / "a.flac"), "sound": track_of(music / "album" / "a.flac")}
    streams = Streams(tmp_path / "cache", lambda: [str(drive), str(music)], wait=1.0)
    answered: list[tuple[str, int]] = []

    async def answer(request: Request) -> Response:
        try:
            return await streams.answer(request, tracks[request.query_params["of"]])
        except DriveSilent as error:
            return Response(status_code=error.status)

    async def ask() -> None:
        app = Starlette(routes=[Route("/", answer)])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:

            async def one(of: str) -> None:
                answered.append((of, (await client.get("/", params={"of": of})).status_code))

            await asyncio.gather(*(one("silent") for _ in range(MOST_READERS // 2)), *(one("sound") for _ in range(5)))

    with hung(drive):
        asyncio.run(ask())
    streams.close()
    assert answered == [("sound", 200)] * 5 + [("silent", 503)] * (MOST_READERS // 2)


def test_an_open_file_stays_what_it_was_whatever_its_name_leads_to(music: Path) -> None:
    path = music / "album" / "a.flac"
    file = LibraryFiles(lambda: [str(music)]).open(str(path))
    try:
        path.unlink()
        path.symlink_to(music.parent / "Music2" / "secret.flac")
        assert file.read(0, 100) == CONTENT
    finally:
        file.close()


def test_who_asks_is_told_without_any_path(music: Path, tmp_path: Path) -> None:
    with asked_about(track_of(music / "gone.flac"), tmp_path / "cache") as client:
        answer = client.get("/")
    assert answer.status_code == 404
    assert answer.json() == {"code": "stream-vanished", "message": "gone.flac is not there now."}
    assert str(tmp_path) not in answer.text
