"""What the server costs with a large library: answers while many stream and many pages are open, memory, the start.

Beside it stands supysonic, a Subsonic server in Python, with the same tracks and streams, where an environment is named
that has it: it answers Subsonic's requests, and has no similar tracks.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import random
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import UUID

import numpy as np
import psutil

from indexer.core.follow.orders import forget_folder
from indexer.core.home import Home
from indexer.core.store import Database, open_database
from indexer.core.tracks import Seconds, Track, TrackId, TrackState
from musicplayer.server.accounts.accounts import Accounts

STREAMS, PAGES, ASKING = 100, 30, 4
STREAM_BYTES_A_SECOND = 40_000
"""As many as 320 kbit/s take."""

PAUSE: Seconds = 0.1
"""Between two requests of one of those who ask: forty a second in all."""

BARS_MS = {"api": 20.0, "similar": 30.0, "search": 60.0}
MOST_MIB, START_SECONDS = 400, 3.0
_SETTLING: Seconds = 5.0
"""Until all streams and pages are open."""

_BLOCK = 16_384
_PATIENCE: Seconds = 10.0
_MEBIBYTE = 1024 * 1024
_LISTENER = "benchmark"
_AWAY = re.compile(rb"^HTTP/1\.[01] (\d+)")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """A request, by its path, and what kind of one it is."""

    kind: str
    path: str


@dataclass
class Times:
    """Milliseconds of answers by kind of request, and how many did not come."""

    of: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, milliseconds: float | None) -> None:
        """Keep a time, or that there was none."""
        if milliseconds is None:
            self.failed[kind] = self.failed.get(kind, 0) + 1
        else:
            self.of.setdefault(kind, []).append(milliseconds)

    def p99(self, kind: str) -> float:
        """What 99 of 100 take at most; endless where one did not come."""
        times = self.of.get(kind, [])
        return float("inf") if not times or self.failed.get(kind) else float(np.percentile(times, 99))


def run(home: Path, music: Path, seconds: Seconds, supysonic: Path | None, say: Say) -> bool:
    """Measure both, tell every figure, and return whether the bars are kept.

    Args:
        home: of a large library, with a model.
        music: real files to stream, which the library has until it ends.
        seconds: that it is loaded for.
        supysonic: the Python of an environment that has supysonic; None to leave it out.
        say: told of every figure.
    """
    place = Home.resolve(home)
    with open_database(place) as database, _with_files(database, music) as streamed:
        tracks = [track for track in database.tracks.changed_since(0) if track.state is not TrackState.GONE]
        say(f"{len(tracks):,} tracks; {STREAMS} streams, {PAGES} event pages, {ASKING} who ask, {seconds:.0f} s")
        chance = random.Random(4)
        some = chance.sample(tracks, min(400, len(tracks)))
        kept = _ours(place, some, streamed, seconds, say)
        if supysonic is not None:
            _theirs(supysonic, tracks, some, streamed, min(seconds, 60.0), say)
    return kept


def _ours(home: Home, some: Sequence[Track], streamed: Sequence[TrackId], seconds: Seconds, say: Say) -> bool:
    with (
        _listener(home) as key,
        _server([sys.executable, "-m", "musicplayer.server", "--home", str(home.root or ""), "--port", "0"]) as (
            process,
            address,
            began,
        ),
    ):
        login = {"apiKey": key, "v": "1.16.1", "c": "benchmark", "f": "json"}
        asks = [*_page_asks(some), *_subsonic_asks(some, login)]
        paths = [f"/stream/{track}" for track in streamed]
        first = asyncio.run(_first(address, f"/api/tracks?{urlencode({'size': 50})}", key, began))
        similar = asyncio.run(_first(address, f"/api/similar?seed={some[0].id}&size=30", key, began, b'"ready"'))
        say(f"start to the first list {first:.2f} s, to the first similar tracks {similar:.2f} s")
        beside = [paths[number % len(paths)] for number in range(STREAMS)] + ["/api/events"] * PAGES
        times, peak = _loaded(process, address, key, asks, beside, seconds)
    for kind in times.of:
        say(f"  {_line(times, kind)}")
    say(f"  memory at most {peak:.0f} MiB")
    fits = all(times.p99(kind) <= bar for kind, bar in BARS_MS.items())
    return fits and peak <= MOST_MIB and similar <= START_SECONDS


def _theirs(
    python: Path,
    tracks: Sequence[Track],
    some: Sequence[Track],
    streamed: Sequence[TrackId],
    seconds: Seconds,
    say: Say,
) -> None:
    script = Path(__file__).with_name("serve_supysonic.py")
    with tempfile.TemporaryDirectory(prefix="segue-supysonic-") as folder:
        rows = Path(folder) / "tracks.jsonl"
        with rows.open("w", encoding="utf-8", errors="replace") as file:
            for number, track in enumerate(tracks):
                described = [track.path, track.root, track.artist, track.album, track.title, track.genre]
                file.write(json.dumps([number + 1, *described, track.track_number, track.year, track.seconds]) + "\n")
        subprocess.run([str(python), str(script), "fill", folder, str(rows)], check=True)
        number = {track.id: str(UUID(int=place)) for place, track in enumerate(tracks, 1)}
        login = {"u": "ada", "p": "ada", "v": "1.12.0", "c": "benchmark", "f": "json"}
        asks = [each for each in _subsonic_asks(some, login, number) if each.kind != "similar"]
        paths = [f"/rest/stream?{urlencode(login | {'id': number[track]})}" for track in streamed]
        for beside in ([], [paths[number % len(paths)] for number in range(STREAMS)]):
            with _server([str(python), str(script), "serve", folder]) as (process, address, _):
                times, peak = _loaded(process, address, "", asks, beside, seconds)
            say(f"supysonic with {len(beside)} streams, memory at most {peak:.0f} MiB")
            for kind in {**times.of, **times.failed}:
                say(f"  {_line(times, kind)}")


def _page_asks(some: Sequence[Track]) -> Iterator[Asked]:
    for place, track in enumerate(some):
        word = _word_of(track)
        yield Asked("api", f"/api/tracks?size=50&offset={place * 200}&order=title")
        yield Asked("api", f"/api/albums?size=50&offset={place * 20}")
        yield Asked("similar", f"/api/similar?seed={track.id}&size=30")
        yield Asked("search", f"/api/tracks?size=50&q={quote(word)}")


def _subsonic_asks(
    some: Sequence[Track], login: dict[str, str], number: dict[TrackId, str] | None = None
) -> Iterator[Asked]:
    for place, track in enumerate(some):
        identity = track.id if number is None else number[track.id]
        for kind, name, more in (
            ("api", "getAlbumList2", {"type": "alphabeticalByName", "size": 20, "offset": place * 20}),
            ("api", "getSong", {"id": identity}),
            ("similar", "getSonicSimilarTracks", {"id": identity, "count": 30}),
            ("search", "search3", {"query": _word_of(track), "songCount": 20}),
        ):
            yield Asked(kind, f"/rest/{name}?{urlencode(login | more)}")


def _word_of(track: Track) -> str:
    return next((word for word in track.title.split() if word.isalnum()), "love")


@contextmanager
def _listener(home: Home) -> Iterator[str]:
    """The key of a device of a listener who is there for as long as it lasts."""
    alone = not home.accounts_file.exists()
    accounts = Accounts(home.accounts_file)
    account = accounts.named(_LISTENER) or accounts.add(_LISTENER, secrets.token_hex())
    try:
        yield accounts.new_device(account.id, "benchmark")[1]
    finally:
        if alone:  # the only one, an admin, cannot be removed
            home.accounts_file.unlink()
        else:
            accounts.remove(account.id)


def _loaded(
    process: psutil.Process,
    address: tuple[str, int],
    key: str,
    asks: Sequence[Asked],
    beside: Sequence[str],
    seconds: Seconds,
) -> tuple[Times, float]:
    """Times of answers and the most memory in MiB, while what lies at the paths `beside` is read as slowly as it plays.

    That is read by a process of its own: in that of those who ask, it would be timed with the answers.
    """
    reading = multiprocessing.get_context("spawn").Process(target=_read_slowly, args=(address, key, beside, seconds))
    reading.start()
    try:
        return asyncio.run(_asked(process, address, key, asks, seconds))
    finally:
        reading.terminate()
        reading.join()


def _read_slowly(address: tuple[str, int], key: str, paths: Sequence[str], seconds: Seconds) -> None:
    async def read() -> None:
        until = time.monotonic() + seconds + _PATIENCE
        await asyncio.gather(*(_slow(address, key, path, until) for path in paths))

    asyncio.run(read())


async def _asked(
    process: psutil.Process, address: tuple[str, int], key: str, asks: Sequence[Asked], seconds: Seconds
) -> tuple[Times, float]:
    await asyncio.sleep(_SETTLING)
    times, until, chance, peak = Times(), time.monotonic() + seconds, random.Random(5), 0.0
    asking = [
        asyncio.create_task(_asks(address, key, chance.sample(asks, len(asks)), until, times)) for _ in range(ASKING)
    ]
    while time.monotonic() < until:
        peak = max(peak, _mebibytes(process))
        await asyncio.sleep(0.5)
    await asyncio.gather(*asking)
    return times, peak


async def _asks(address: tuple[str, int], key: str, asks: Sequence[Asked], until: float, times: Times) -> None:
    place = 0
    while time.monotonic() < until:
        asked = asks[place % len(asks)]
        place += 1
        began = time.perf_counter()
        try:
            status, _ = await asyncio.wait_for(_get(address, asked.path, key), _PATIENCE)
            times.note(asked.kind, 1_000 * (time.perf_counter() - began) if status == 200 else None)
        except (OSError, TimeoutError, ValueError):
            times.note(asked.kind, None)
        await asyncio.sleep(PAUSE)


async def _slow(address: tuple[str, int], key: str, path: str, until: float) -> None:
    """Read what comes as slowly as it is played, again from the beginning where it ends."""
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            async with _asking(address, path, key) as reader:
                while await reader.read(_BLOCK):
                    await asyncio.sleep(_BLOCK / STREAM_BYTES_A_SECOND)
        await asyncio.sleep(PAUSE)


async def _get(address: tuple[str, int], path: str, key: str) -> tuple[int, bytes]:
    async with _asking(address, path, key) as reader:
        answer = await reader.read(-1)
    found = _AWAY.match(answer)
    if found is None:
        raise ValueError("no answer")
    return int(found[1]), answer


@asynccontextmanager
async def _asking(address: tuple[str, int], path: str, key: str) -> AsyncIterator[asyncio.StreamReader]:
    reader, writer = await asyncio.open_connection(*address, limit=_BLOCK)
    try:
        shown = f"Authorization: Bearer {key}\r\n" if key else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {address[0]}\r\n{shown}Connection: close\r\n\r\n".encode())
        await writer.drain()
        yield reader
    finally:
        writer.close()


async def _first(address: tuple[str, int], path: str, key: str, began: float, holds: bytes = b"") -> Seconds:
    """Seconds from the start of the program to the first answer that holds something."""
    while True:
        with contextlib.suppress(OSError, ValueError):
            status, answer = await _get(address, path, key)
            if status == 200 and holds in answer:
                return time.monotonic() - began
        await asyncio.sleep(0.02)


@contextmanager
def _server(command: Sequence[str]) -> Iterator[tuple[psutil.Process, tuple[str, int], float]]:
    """A server that says where it is; with when it was started."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        lines = (re.search(r"http://([\d.]+):(\d+)", line) for line in process.stdout)
        place = next((found for found in lines if found), None)
        assert place is not None, "the server does not start"
        yield psutil.Process(process.pid), (place[1], int(place[2])), began
    finally:
        process.terminate()
        process.wait(20)


def _mebibytes(process: psutil.Process) -> float:
    """Of a process and those that it started, without the database, which is another's."""
    found = 0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            found += each.memory_info().rss if "secantus" not in each.name() else 0
    return found / _MEBIBYTE


@contextmanager
def _with_files(database: Database, music: Path) -> Iterator[list[TrackId]]:
    """Have files of a folder in the library for as long as it lasts."""
    files = sorted(path for path in music.rglob("*") if path.suffix.lower() in {".mp3", ".flac", ".ogg"})[:STREAMS]
    tracks = [Track(TrackId(f"{number:032x}"), str(path), str(music)) for number, path in enumerate(files, 1)]
    database.folders.add(str(music))
    database.tracks.upsert(tracks)
    try:
        yield [track.id for track in tracks]
    finally:
        forget_folder(database, str(music))
        database.tracks.set_state([track.id for track in tracks], TrackState.GONE)


def _line(times: Times, kind: str) -> str:
    found, failed = times.of.get(kind, []), times.failed.get(kind, 0)
    bar = f"; at most {BARS_MS[kind]:.0f} at p99" if kind in BARS_MS else ""
    missing = f", {failed:,} without an answer in {_PATIENCE:.0f} s" if failed else ""
    if not found:
        return f"{kind}: none of {failed:,} answered"
    figures = f"p50 {np.median(found):.1f} ms, p99 {np.percentile(found, 99):.1f} ms, most {max(found):.1f} ms"
    return f"{kind}: {figures} of {len(found):,}{missing}{bar}"
