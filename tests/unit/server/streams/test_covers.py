"""Covers are made once, kept, made anew as music changes, and drawn where there are none."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from indexer.core.catalogue.chosen_covers import ChosenCovers
from indexer.core.tracks import Track
from musicplayer.server.streams.covers import SIZES, Covers, fitting
from tests.dead_disk import hung
from tests.faults.disks import small_disk
from tests.faults.fault import NotHere
from tests.unit.server.streams.asking import track_of
from tests.unit.server.streams.test_pictures import BLUE, RED, audio, is_near, picture


@contextmanager
def client_of(track: Track | None, cache: Path, **limits: Any) -> Iterator[TestClient]:
    folders = [track.root] if track is not None else []
    covers = Covers(cache, lambda: folders, anyio.CapacityLimiter(8), **limits)

    async def answer(request: Request) -> Response:
        size = request.query_params.get("size")
        return await covers.answer(request, track, int(size) if size else None)

    try:
        with TestClient(Starlette(routes=[Route("/", answer)])) as client:
            yield client
    finally:
        covers.close()


def shown(response: Response) -> Image.Image:
    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(response.content))


@pytest.mark.parametrize(
    ("asked", "given"), [(None, 512), (-5, 32), (0, 32), (32, 32), (33, 64), (300, 512), (1200, 1200), (10**9, 1200)]
)
def test_sizes_are_a_few(asked: int | None, given: int) -> None:
    assert fitting(asked) == given
    assert given in SIZES


def test_a_cover_is_kept_until_the_music_changes(tmp_path: Path) -> None:
    path, cache = audio(tmp_path), tmp_path / "cache"
    with client_of(track_of(path, album="Geogaddi"), cache) as client:
        drawn = client.get("/?size=100")
        assert shown(drawn).size == (128, 128)
        (tmp_path / "cover.png").write_bytes(picture(RED))
        found = client.get("/?size=100")
        assert is_near(shown(found), RED)
        assert found.headers["cache-control"].startswith("private")
        assert found.headers["etag"] != drawn.headers["etag"]
        again = client.get("/?size=100", headers={"if-none-match": found.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get("/?size=99").content == found.content
        assert len(list(cache.iterdir())) == 2
        assert client.head("/?size=100").headers["content-length"] == str(len(found.content))
    with client_of(track_of(path, album="Geogaddi"), cache) as client:
        assert client.get("/?size=100").headers["etag"] == found.headers["etag"]


def test_what_is_not_there_or_silent_is_drawn_for_now(tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    with client_of(track_of(tmp_path / "gone.flac", album="Geogaddi"), tmp_path / "cache") as client:
        drawn = client.get("/")
    assert shown(drawn).size == (512, 512)
    assert drawn.headers["cache-control"] == "private, no-cache"
    with client_of(None, tmp_path / "cache") as client:
        assert shown(client.get("/")).size == (512, 512)
        assert client.get("/").content != drawn.content
    with hung(drive), client_of(track_of(drive / "a.flac", album="Geogaddi"), tmp_path / "cache", wait=0.2) as client:
        assert client.get("/").content == drawn.content


def test_what_a_person_chose_comes_first_and_also_for_music_that_is_away(tmp_path: Path) -> None:
    path, chosen = audio(tmp_path), ChosenCovers(tmp_path / "chosen")
    (tmp_path / "cover.png").write_bytes(picture(BLUE))
    one = track_of(path)
    with client_of(one, tmp_path / "cache", chosen=chosen) as client:
        assert is_near(shown(client.get("/")), BLUE)
        before = chosen.choose([one.id], picture(RED))
        assert is_near(shown(client.get("/")), RED)
        path.unlink()
        assert is_near(shown(client.get("/")), RED)
        chosen.put(before)
        assert not is_near(shown(client.get("/")), RED)


def endless_jpeg() -> bytes:
    """Some MB that take minutes: a large picture whose last scan, a few bytes, comes again and again."""
    whole = picture(RED, (7_000, 7_000), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 20_000 + whole[-2:]


def test_a_picture_that_takes_minutes_is_given_up(tmp_path: Path) -> None:
    path = audio(tmp_path)
    (tmp_path / "cover.jpg").write_bytes(endless_jpeg())
    with client_of(track_of(path), tmp_path / "cache", longest=2.0) as client:
        assert not is_near(shown(client.get("/")), RED, (0.05, 0.05))


def test_the_folder_stays_small(tmp_path: Path) -> None:
    path = audio(tmp_path)
    (tmp_path / "cover.png").write_bytes(picture(BLUE, (1_300, 1_300)))
    with client_of(track_of(path), tmp_path / "cache", most_bytes=20_000) as client:
        for size in SIZES:
            assert shown(client.get(f"/?size={size}")).size == (size, size)
    assert sum(file.stat().st_size for file in (tmp_path / "cache").iterdir()) <= 20_000


def test_on_a_full_disk_covers_are_still_sent(tmp_path: Path) -> None:
    path = audio(tmp_path)
    (tmp_path / "cover.png").write_bytes(picture(RED))
    cache = tmp_path / "cache"
    cache.mkdir()
    try:
        with small_disk(cache, "4k"), client_of(track_of(path), cache) as client:
            (cache / "full").write_bytes(b"\0" * 4_096)
            assert is_near(shown(client.get("/")), RED)
            assert [file.name for file in cache.iterdir()] == ["full"]
    except NotHere as missing:
        pytest.skip(str(missing))
