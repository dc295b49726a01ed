"""What of each track reaches a sound server: first and last samples, seams, short tracks, jumps, drop-outs."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication

from indexer.library import Stretch, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.engine import Engine
from musicplayer.playback.player import Player
from musicplayer.playback.queue import PlayQueue
from musicplayer.playback.studio_link import StudioLink
from musicplayer.playback.vlc_backend import Vlc
from tests.ruler import FORMATS, Format, Found, Signal, find, melody, write
from tests.sound_server import MISSING, SoundServer, has_server, sound_server

WAV = Format("WAV", "wav")
TRACKS = 4
SECONDS = 4.0
SHORT = (0.3, 0.5, 0.9, 1.2)
NEXTS, SEEKS = 20, 50
MOST_MISSING = 0.02
"""Seconds: one block of the server."""

SOON = 0.15
"""Seconds from a click to the sound of what was chosen."""

ROWS = 106_574

Say = Callable[[str], None]


class _NoStudio(StudioLink):
    """Leaves every file to VLC, one after the other."""

    def _start(self) -> None:
        """Have no process."""


@dataclass
class Stage:
    """A player whose sound goes to a server."""

    player: Player
    server: SoundServer
    failures: list[str]

    def play(self, count: int) -> float:
        moment = time.monotonic()
        self.player.play_tracks([TrackId(f"{number:032x}") for number in range(count)])
        return moment

    def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QCoreApplication.processEvents()
            if until():
                return True
            time.sleep(0.001)
        return until()


@contextmanager
def stage(files: Sequence[Path], rate: int, *, by_vlc: bool = False) -> Iterator[Stage]:
    """A player of `files`, by number, and a server at `rate`."""
    _ = QCoreApplication.instance() or QCoreApplication(sys.argv)
    with sound_server(rate) as server:
        engine = Engine(Vlc(), studio=_NoStudio() if by_vlc else None)
        player = Player(engine, PlayQueue(), lambda track: Stretch(str(files[int(track, 16)])))
        made = Stage(player, server, [])
        player.failed.connect(lambda message, _: made.failures.append(message))
        made.wait(2.0)  # the process that decodes is there by the time somebody clicks
        try:
            yield made
        finally:
            player.close()


def run(minutes: float, say: Say) -> bool:
    """Measure and tell; return whether all of it is as it should be."""
    if not has_server():
        say(MISSING)
        return False
    with tempfile.TemporaryDirectory(prefix="segue-seams-") as folder:
        parts = [_edges(Path(folder), kind, say) for kind in FORMATS]
        parts += [_short(Path(folder), say), _nexts(Path(folder), say), _seeks(Path(folder), say)]
        if minutes > 0:
            parts.append(_long(Path(folder), minutes, say))
    return all(parts)


def _edges(folder: Path, kind: Format, say: Say) -> bool:
    """First and last sample of each track of a queue, and the seams between them."""
    tracks = [melody(number, SECONDS, kind.rate) for number in range(TRACKS)]
    files = [write(folder / f"{number}.{kind.ending}", track, kind) for number, track in enumerate(tracks)]
    whole = _heard(files, tracks, kind.rate)
    by_vlc = _heard(files, tracks, kind.rate, by_vlc=True)
    say(f"{kind.name:16} {_summary(whole, tracks)}")
    say(f"{'  file by file':16} {_summary(by_vlc, tracks)}")
    padded = "no tag" in kind.name
    gaps = _gaps(whole, tracks)
    good = all(found and max(found.missing_first, found.missing_last) <= MOST_MISSING for found in whole)
    return good and all(gap == (gaps[0] if padded else 0) for gap in gaps)


def _heard(files: Sequence[Path], tracks: Sequence[Signal], rate: int, *, by_vlc: bool = False) -> list[Found | None]:
    with stage(files, rate, by_vlc=by_vlc) as made:
        moment = made.play(len(files))
        made.wait(len(files) * (SECONDS + 2.0), lambda: made.player.state is PlaybackState.STOPPED)
        made.wait(0.5)
        recording = made.server.recorded(moment)
    return [find(recording, track, rate) for track in tracks]


def _gaps(found: Sequence[Found | None], tracks: Sequence[Signal]) -> list[int | None]:
    """Samples between the last of each track and the first of the next; below 0 they overlap."""
    pairs = zip(found, found[1:], tracks, strict=False)
    return [None if not one or not other else other.at - one.at - len(track) for one, other, track in pairs]


def _summary(found: Sequence[Found | None], tracks: Sequence[Signal]) -> str:
    firsts = " ".join("none" if one is None else f"{1000 * one.missing_first:.0f}" for one in found)
    lasts = " ".join("none" if one is None else f"{1000 * one.missing_last:.0f}" for one in found)
    faults = sum(one.faults for one in found if one)
    gaps = " ".join("?" if gap is None else str(gap) for gap in _gaps(found, tracks))
    return f"missing ms first {firsts} | last {lasts} | samples between {gaps} | faults within {faults}"


def _short(folder: Path, say: Say) -> bool:
    """Short tracks between songs."""
    lengths = [3.0, *(length for short in SHORT for length in (short, 3.0))]
    tracks = [melody(number, length, WAV.rate) for number, length in enumerate(lengths)]
    files = [write(folder / f"short {number}.wav", track, WAV) for number, track in enumerate(tracks)]
    found = _heard(files, tracks, WAV.rate)
    short = [one for one, length in zip(found, lengths, strict=True) if length in SHORT]
    say(f"tracks of {', '.join(map(str, SHORT))} s between songs: {_summary(short, [])}")
    say(f"  samples between all of them: {_gaps(found, tracks)}")
    whole = all(one and one.missing_first == one.missing_last == one.faults == 0 for one in found)
    return whole and not any(_gaps(found, tracks))


def _nexts(folder: Path, say: Say) -> bool:
    """Clicks on "next": how soon the next track is heard, and from where."""
    tracks = [melody(number, 6.0, 44_100) for number in range(NEXTS + 1)]
    kinds = [kind for kind in FORMATS if kind.rate == 44_100 and "no tag" not in kind.name]
    files = []
    for number, track in enumerate(tracks):
        kind = kinds[number % len(kinds)]
        files.append(write(folder / f"next {number}.{kind.ending}", track, kind))
    waits: list[float] = []
    lost = 0
    with stage(files, 44_100) as made:
        made.play(len(files))
        made.wait(1.0)
        for number in range(1, NEXTS + 1):
            moment = time.monotonic()
            made.player.next()
            made.wait(0.8)
            wait = _latency(made.server, moment, tracks[number], 44_100)
            lost += wait is None
            waits += [] if wait is None else [wait]
        right = made.player.queue.index == NEXTS
    say(f"{NEXTS} times next: {_times(waits)}; not heard from its first sample {lost}")
    return right and not lost and max(waits) < SOON


def _seeks(folder: Path, say: Say) -> bool:
    """Jumps within a track, by turns in formats with and without an index."""
    waits: list[float] = []
    lost = 0
    chance = random.Random(7)
    for kind in FORMATS:
        if kind.name not in ("mp3 VBR", "FLAC 44.1/16", "AAC", "Ogg Vorbis", "WAV"):
            continue
        track = melody(0, 60.0, kind.rate)
        file = write(folder / f"long {kind.name.replace('/', ' ')}.{kind.ending}", track, kind)
        with stage([file], kind.rate) as made:
            made.play(1)
            made.wait(1.0)
            for _ in range(SEEKS // 5):
                place = round(chance.uniform(1.0, 55.0), 3)
                moment = time.monotonic()
                made.player.seek(place)
                made.wait(0.8)
                at = round(place * kind.rate)
                wait = _latency(made.server, moment, track[at : at + kind.rate // 2], kind.rate)
                lost += wait is None
                waits += [] if wait is None else [wait]
    say(f"{SEEKS} jumps: {_times(waits)}; not heard from the very place {lost}")
    return not lost and max(waits) < SOON


def _latency(server: SoundServer, moment: float, wanted: Signal, rate: int) -> float | None:
    """Seconds from `moment` to the first sample of `wanted`; None where that was not heard from its first on."""
    recording = server.recorded(moment)
    found = find(recording, wanted[: rate // 2], rate)
    if found is None or found.missing_first > MOST_MISSING or found.faults:
        return None
    return found.at / rate - server.heard_since(moment)


def _times(waits: Sequence[float]) -> str:
    if not waits:
        return "none was heard"
    return f"heard after {1000 * np.median(waits):.0f} ms in the median, {1000 * max(waits):.0f} at most"


def _long(folder: Path, minutes: float, say: Say) -> bool:
    """A long recording while an index is built, a table of a large library is sorted and Python is busy."""
    length = 20.0
    count = max(2, round(minutes * 60 / length))
    tracks = [melody(number % 12, length, 44_100) for number in range(count)]
    kinds = [kind for kind in FORMATS if kind.rate == 44_100 and "no tag" not in kind.name]
    files = []
    for number in range(min(12, count)):
        kind = kinds[number % len(kinds)]
        files.append(write(folder / f"busy {number}.{kind.ending}", tracks[number], kind))
    faults = missing = 0
    with stage([files[number % 12] for number in range(count)], 44_100) as made, _work(folder):
        moment = made.play(count)
        names = np.array([f"{random.random():.12f}" for _ in range(ROWS)], object)
        made.wait(
            minutes * 60 + 10,
            lambda: bool(np.argsort(names) is None) or made.player.state is PlaybackState.STOPPED,
        )
        recording = made.server.recorded(moment)
    for number, track in enumerate(tracks):
        begin = max(0, round((number * length - 2) * 44_100))
        found = find(recording, track, 44_100, begin, begin + round((length + 6) * 44_100))
        faults += 1 if found is None else found.faults
        missing += found is None or max(found.missing_first, found.missing_last) > MOST_MISSING
    work = "beside an indexer, sorting and a busy thread"
    say(f"{minutes:g} minutes {work}: {faults} windows of 5 ms wrong, {missing} tracks with an edge lost")
    return not faults and not missing and not made.failures


@contextmanager
def _work(folder: Path) -> Iterator[None]:
    """Keep the machine and this process's Python busy."""
    ended = threading.Event()

    def count() -> None:
        number = 0
        while not ended.is_set():
            number += 1

    home = folder / "home"
    command = [sys.executable, "-m", "indexer", "--home", str(home), "build", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    thread = threading.Thread(target=count, daemon=True)
    thread.start()
    with (folder / "indexer.log").open("w") as log:
        indexer = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            ended.set()
            thread.join()
            indexer.terminate()
            indexer.wait(30)
