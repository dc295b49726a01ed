"""Converted tracks sound like their originals, are made once, and whatever goes wrong is told and leaves nothing."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import anyio
import numpy as np
import psutil
import pytest

from indexer.core.tracks import Track
from musicplayer.server.errors import Busy, headers_of
from musicplayer.server.streams.errors import FileAway, NoRoom, StreamError
from musicplayer.server.streams.opening import LibraryFiles
from musicplayer.server.streams.profiles import FLAC, MP3, OPUS, Profile
from musicplayer.server.streams.transcode import Transcoder
from tests.bad_files import music
from tests.encoders import write_with_ffmpeg
from tests.faults.disks import small_disk
from tests.faults.fault import NotHere
from tests.unit.server.streams.asking import asked_about, track_of
from tests.unit.server.streams.sound import clip, decoded

Answer = TypeVar("Answer")


def asked(cache: Path, folder: Path, work: Callable[[Transcoder], Awaitable[Answer]], **limits: Any) -> Answer:
    """What comes of asking a transcoder of its own, which is closed afterwards."""

    async def run() -> Answer:
        transcoder = Transcoder(cache, LibraryFiles(lambda: [str(folder)]), anyio.CapacityLimiter(8), **limits)
        try:
            return await work(transcoder)
        finally:
            await asyncio.to_thread(transcoder.close)

    return asyncio.run(run())


def converted(tmp_path: Path, track: Track, profile: Profile, **how: Any) -> Path:
    return asked(tmp_path / "cache", Path(track.root), lambda transcoder: transcoder.file_of(track, profile, **how))


def nothing_in(cache: Path) -> bool:
    return not cache.exists() or not list(cache.iterdir())


def test_a_part_of_a_file_is_cut_to_the_sample(tmp_path: Path) -> None:
    path = clip(tmp_path / "music", seconds=5)
    track = track_of(path, start=1.25, end=3.75)
    _, before = decoded(path)
    with asked_about(track, tmp_path / "cache") as client:
        answer = client.get("/")
        part = client.get("/", headers={"range": "bytes=-100"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/flac")
    assert (part.status_code, part.content) == (206, answer.content[-100:])
    (tmp_path / "got.flac").write_bytes(answer.content)
    assert np.array_equal(decoded(tmp_path / "got.flac")[1], before[:, round(1.25 * 44_100) : round(3.75 * 44_100)])


def test_a_part_of_a_lossy_file_is_sent_lossy(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "a.m4a", music(4, rate=22_050))
    with asked_about(track_of(path, start=1, end=3), tmp_path / "cache") as client:
        answer = client.get("/?download=1")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert "Title%201.mp3" in answer.headers["content-disposition"]
    (tmp_path / "got.mp3").write_bytes(answer.content)
    rate, after = decoded(tmp_path / "got.mp3")
    assert after.shape[1] / rate == pytest.approx(2, abs=0.001)


def test_what_many_ask_for_at_once_is_made_once_and_then_kept(tmp_path: Path) -> None:
    path = clip(tmp_path / "music", seconds=20)
    track = track_of(path)
    cache = tmp_path / "cache"

    async def many(transcoder: Transcoder) -> list[Path]:
        return await asyncio.gather(*(transcoder.file_of(track, OPUS) for _ in range(20)))

    made = set(asked(cache, path.parent, many, most_processes=1, most_queued=0))
    assert len(made) == 1
    state = made.pop().stat()
    assert converted(tmp_path, track, OPUS).stat().st_mtime_ns == state.st_mtime_ns
    clip(tmp_path / "music", seconds=2, seed=9)
    assert decoded(converted(tmp_path, track, OPUS))[1].shape[1] == 2 * 48_000
    assert len(list(cache.iterdir())) == 2


def test_who_leaves_does_not_end_it_for_the_others(tmp_path: Path) -> None:
    track = track_of(clip(tmp_path / "music", seconds=20))

    async def one_leaves(transcoder: Transcoder) -> Path:
        leaving, staying = (asyncio.create_task(transcoder.file_of(track, MP3)) for _ in range(2))
        await asyncio.sleep(0.1)  # both have asked
        leaving.cancel()
        return await staying

    assert asked(tmp_path / "cache", tmp_path / "music", one_leaves).is_file()


def test_more_than_is_waited_for_is_refused_with_a_time(tmp_path: Path) -> None:
    tracks = [track_of(clip(tmp_path / "music", f"{number}.flac", seconds=20, seed=number)) for number in range(4)]

    async def too_many(transcoder: Transcoder) -> list[Path | BaseException]:
        asking = [transcoder.file_of(track, MP3) for track in tracks]
        return await asyncio.gather(*asking, return_exceptions=True)

    answers = asked(tmp_path / "cache", tmp_path / "music", too_many, most_processes=1, most_queued=1)
    refused = [answer for answer in answers if isinstance(answer, Busy)]
    assert (len(refused), len([answer for answer in answers if isinstance(answer, Path)])) == (2, 2)
    assert all(each.status == 429 and 1 <= int(headers_of(each)["Retry-After"]) <= 60 for each in refused)


def test_the_cache_stays_small_and_keeps_what_is_asked_for(tmp_path: Path) -> None:
    tracks = [track_of(clip(tmp_path / "music", f"{number}.flac", seed=number)) for number in range(4)]
    size = converted(tmp_path, tracks[0], MP3).stat().st_size
    (tmp_path / "cache" / ".part-dead.mp3").write_bytes(b"what a killed server had begun")

    async def one_by_one(transcoder: Transcoder) -> list[Path]:
        made = [await transcoder.file_of(tracks[number], MP3) for number in (0, 1, 0, 2, 0, 3, 0)]
        assert made[0].is_file()
        return made

    made = asked(tmp_path / "cache", tmp_path / "music", one_by_one, most_bytes=round(size * 2.5))
    assert set((tmp_path / "cache").iterdir()) == {made[0], made[5]}


def hostile(path: Path) -> Path:
    """Begins as FLAC does, and goes on as nothing does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(clip(path.parent, "whole.flac").read_bytes()[:60] + os.urandom(50_000))
    return path


def text(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("no music\n" * 100)
    return path


def empty(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_what_cannot_be_converted_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    paths = [make(tmp_path / "music" / f"{make.__name__}.flac") for make in (hostile, text, empty)]

    async def each(transcoder: Transcoder) -> list[Path | BaseException]:
        asking = [transcoder.file_of(track_of(path), MP3) for path in paths]
        return await asyncio.gather(*asking, return_exceptions=True)

    answers = asked(tmp_path / "cache", tmp_path / "music", each)
    assert [(answer.code, answer.status) for answer in answers if isinstance(answer, StreamError)] == [
        ("stream-undecodable", 422)
    ] * 3
    assert nothing_in(tmp_path / "cache")


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_made(tmp_path: Path) -> None:
    slow = track_of(clip(tmp_path / "music", "slow.flac", seconds=600, channels=1, rate=16_000), seconds=1.0)
    quick = track_of(clip(tmp_path / "music", "quick.flac", seconds=1))

    async def both(transcoder: Transcoder) -> Path:
        await transcoder.file_of(quick, OPUS)  # the process is there
        with pytest.raises(StreamError) as told:
            await transcoder.file_of(slow, MP3)
        assert told.value.code == "stream-given-up"
        return await transcoder.file_of(quick, FLAC)

    assert asked(tmp_path / "cache", tmp_path / "music", both, shortest_limit=1.0, most_processes=1).is_file()
    assert sorted(path.suffix for path in (tmp_path / "cache").iterdir()) == [".flac", ".opus"]


def test_a_process_that_dies_takes_nothing_with_it(tmp_path: Path) -> None:
    long = track_of(clip(tmp_path / "music", "long.flac", seconds=600, channels=1, rate=16_000))
    before = set(psutil.Process().children(recursive=True))

    def kill() -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            halves = list((tmp_path / "cache").glob(".part-*")) if (tmp_path / "cache").exists() else []
            if halves and halves[0].stat().st_size > 0:
                for child in set(psutil.Process().children(recursive=True)) - before:
                    if "spawn_main" in " ".join(child.cmdline()):
                        child.kill()
                return
            time.sleep(0.01)  # between two looks at the cache

    async def killed(transcoder: Transcoder) -> Path:
        with ThreadPoolExecutor(1) as killing:
            killing.submit(kill)
            with pytest.raises(StreamError) as told:
                await transcoder.file_of(long, MP3)
        assert told.value.code == "stream-given-up"
        assert nothing_in(tmp_path / "cache")
        return await transcoder.file_of(long, OPUS, offset=590)

    assert asked(tmp_path / "cache", tmp_path / "music", killed, most_processes=1).is_file()


def test_a_full_disk_is_told_and_nothing_half_is_left(tmp_path: Path) -> None:
    track = track_of(clip(tmp_path / "music", seconds=20))
    cache = tmp_path / "cache"
    cache.mkdir()
    try:
        with small_disk(cache, "128k"):
            with pytest.raises(NoRoom) as told:
                converted(tmp_path, track, MP3)
            assert nothing_in(cache)
    except NotHere as missing:
        pytest.skip(str(missing))
    assert (told.value.code, told.value.status) == ("stream-disk-full", 507)


def test_only_files_of_the_library_are_converted(tmp_path: Path) -> None:
    secret = clip(tmp_path / "private")
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.flac").symlink_to(secret)
    with pytest.raises(FileAway) as told:
        converted(tmp_path, track_of(tmp_path / "music" / "a.flac"), MP3)
    assert told.value.code == "stream-outside"
