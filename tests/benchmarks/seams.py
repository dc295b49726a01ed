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

from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.decoding import Decoder
from musicplayer.playback.engine import Engine
from musicplayer.playback.player import Player
from musicplayer.playback.studio_link import StudioLink
from musicplayer.playback.vlc_backend import Vlc
from tests.ruler import FORMATS, Format, Found, Signal, find, melody, write
from tests.sound_server import MISSING, SoundServer, has_server, sound_server

WAV = Format("WAV", "wav")
TRACKS = 4
SECONDS = 2.0
SHORT = (0.3, 0.5, 0.9, 1.2)
NEXTS, SEEKS = 20, 50
MOST_MISSING = 0.02
"""Seconds: one block of the server."""

SOON = 0.15
"""Seconds from a click to the sound of what was chosen."""

MOST_ASIDE = 0.05
"""Seconds of the clock between telling a place and hearing it."""

CHIRP_SECONDS, CHIRP_FROM, CHIRP_RISE = 20.0, 500.0, 400.0
"""Length, hertz at the beginning, and by how many hertz a second it rises."""

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
        made.wait(1.0)  # the process that decodes is there by the time somebody clicks
        try:
            yield made
        finally:
            player.close()


def run(minutes: float, say: Say, *, beside_vlc: bool = False) -> bool:
    """Measure and tell part by part; return whether all bars are held."""
    if not has_server():
        say(MISSING)
        return False
    with tempfile.TemporaryDirectory(prefix="segue-seams-") as folder:
        parts = [_edges(Path(folder), kind, say) for kind in FORMATS]
        if beside_vlc:
            for kind in FORMATS:
                _edges_by_vlc(Path(folder), kind, say)
        parts += [part(Path(folder), say) for part in (_short, _nexts, _seeks, places)]
        if minutes > 0:
            parts.append(_long(Path(folder), minutes, say))
    say(f"{sum(parts)} of {len(parts)} bars held")
    return all(parts)


def _held(held: bool, bar: str, say: Say) -> bool:
    say(f"  {'held' if held else 'NOT HELD'}: {bar}")
    return held


def _edges(folder: Path, kind: Format, say: Say) -> bool:
    """First and last sample of each track of a queue, and the seams between them."""
    files, tracks = _queue(folder, kind)
    whole = _heard(files, tracks, kind.rate)
    say(f"{kind.name:16} {_summary(whole, tracks)}")
    gaps = _gaps(whole, tracks)
    padding = gaps[0] if "no tag" in kind.name else 0
    good = all(found and max(found.missing_first, found.missing_last) <= MOST_MISSING for found in whole)
    between = "its padding" if padding else "0 samples"
    bar = f"at most {1000 * MOST_MISSING:.0f} ms missing at an edge, {between} between"
    return _held(good and all(gap is not None and gap == padding for gap in gaps), bar, say)


def _edges_by_vlc(folder: Path, kind: Format, say: Say) -> None:
    """The same files, each played by VLC alone."""
    files, tracks = _queue(folder, kind)
    say(f"{kind.name:16} by VLC: {_summary(_heard(files, tracks, kind.rate, by_vlc=True), tracks)}")


def _queue(folder: Path, kind: Format) -> tuple[list[Path], list[Signal]]:
    tracks = [melody(number, SECONDS, kind.rate) for number in range(TRACKS)]
    return [write(folder / f"{number}.{kind.ending}", track, kind) for number, track in enumerate(tracks)], tracks


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
    return _held(whole and not any(_gaps(found, tracks)), "all of them whole, 0 samples between", say)


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
    bar = f"each from its first sample, within {1000 * SOON:.0f} ms"
    return _held(right and not lost and max(waits) < SOON, bar, say)


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
    return _held(not lost and max(waits) < SOON, f"each from its very place, within {1000 * SOON:.0f} ms", say)


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


def places(folder: Path, say: Say) -> bool:
    """The place that is told beside the one that is heard: at two rates, after a jump, a pause, and over a seam."""
    file = write(folder / "chirp.wav", chirp(CHIRP_SECONDS), WAV)
    worst = 0.0
    with stage([file, file], WAV.rate) as made:
        for rate in (1.0, 1.5):
            made.player.set_rate(rate)
            made.play(2)
            seen: dict[str, list[float]] = {}
            made.wait(1.0)
            seen["from the start"] = compared(made, rate)
            made.player.seek(5.0)
            made.wait(1.0)
            seen["after a jump"] = compared(made, rate)
            made.player.pause()
            made.wait(0.7)
            made.player.toggle()
            made.wait(1.0)
            seen["after a pause"] = compared(made, rate)
            made.player.seek(CHIRP_SECONDS - 2.0)
            made.wait(2 * CHIRP_SECONDS, lambda: made.player.queue.index == 1)
            made.wait(0.5)
            seen["over a seam"] = compared(made, rate)
            for where, early in seen.items():
                say(f"place at {rate:g} times the speed, {where:14}: told {_span(early)}")
                worst = max([worst, *map(abs, early)])
            made.player.stop()
            made.wait(0.5)
    return _held(worst <= MOST_ASIDE, f"told within {1000 * MOST_ASIDE:.0f} ms of what is heard", say)


def chirp(seconds: float) -> Signal:
    """A tone whose height tells the place even where it is played faster."""
    times = np.arange(round(seconds * WAV.rate)) / WAV.rate
    return (0.4 * np.cos(2 * np.pi * (CHIRP_FROM * times + CHIRP_RISE / 2 * times**2))).astype(np.float32)


def compared(made: Stage, rate: float = 1.0) -> list[float]:
    """Seconds of the clock by which places are told before they are heard; `rate` is how fast it plays."""
    moments: list[tuple[float, float]] = []
    for _ in range(12):
        made.wait(0.05)
        moments.append((time.monotonic(), made.player.position()))
    made.wait(0.3)
    recording = made.server.recorded(moments[0][0] - 0.5)
    begins = made.server.heard_since(moments[0][0] - 0.5)
    early = []
    for moment, told in moments:
        at = round((begins + moment - moments[0][0] + 0.5) * WAV.rate)
        part = recording[max(0, at - WAV.rate // 40) : at + WAV.rate // 40]
        early.append((told - (_height(part) - CHIRP_FROM) / CHIRP_RISE) / rate)
    return early


def _height(part: Signal) -> float:
    """Hertz of the loudest tone."""
    size = 1 << 16
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), size))
    return float(np.argmax(spectrum)) * WAV.rate / size


def _span(seconds: Sequence[float]) -> str:
    least, median, most = (1000 * value for value in (min(seconds), np.median(seconds), max(seconds)))
    return f"{median:+.0f} ms in the median ({least:+.0f} to {most:+.0f}) before it is heard"


def _long(folder: Path, minutes: float, say: Say) -> bool:
    """A long recording while an index is built, a table of a large library is sorted and Python is busy."""
    length = 20.0
    count = max(2, round(minutes * 60 / length))
    kinds = [kind for kind in FORMATS if kind.rate == 44_100 and "no tag" not in kind.name]
    files = []
    for number in range(min(12, count)):
        kind = kinds[number % len(kinds)]
        files.append(write(folder / f"busy {number}.{kind.ending}", melody(number, length, 44_100), kind))
    sounds = [decoded(file) for file in files]
    tracks = [sounds[number % 12] for number in range(count)]
    faults = missing = at = 0
    with stage([files[number % 12] for number in range(count)], 44_100) as made, _work(folder) as runs:
        moment = made.play(count)
        names = np.array([f"{random.random():.12f}" for _ in range(ROWS)], object)
        made.wait(
            minutes * 60 + 10,
            lambda: bool(np.argsort(names) is None) or made.player.state is PlaybackState.STOPPED,
        )
        recording = made.server.recorded(moment)
    for track in tracks:
        begin = max(0, at - 2 * 44_100)
        found = find(recording, track, 44_100, begin, begin + len(track) + 6 * 44_100)
        at += len(track)
        faults += 1 if found is None else found.faults
        missing += found is None or max(found.missing_first, found.missing_last) > MOST_MISSING
    work = "beside an indexer, sorting and a busy thread"
    say(f"{minutes:g} minutes {work} ({runs[0]} times indexed):")
    say(f"  {faults} windows of 5 ms that are not what the files decode to, {missing} tracks with an edge lost")
    return _held(not faults and not missing and not made.failures, "no drop-out", say)


def decoded(file: Path) -> Signal:
    """What a file decodes to, in one channel: what encoders changed is no drop-out."""
    decoder = Decoder(str(file))
    try:
        return np.concatenate([block[:, 0] for _, block in decoder.blocks()])
    finally:
        decoder.close()


@contextmanager
def _work(folder: Path) -> Iterator[list[int]]:
    """Keep the machine and this process's Python busy; tells how often the files were indexed."""
    ended = threading.Event()
    runs = [0]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}

    def count() -> None:
        number = 0
        while not ended.is_set():
            number += 1

    def index() -> None:
        with (folder / "indexer.log").open("w") as log:
            while not ended.is_set():
                home = folder / f"home {runs[0]}"
                command = [sys.executable, "-m", "indexer", "--home", str(home), "build", str(folder)]
                indexer = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
                while indexer.poll() is None and not ended.wait(0.5):
                    pass
                indexer.terminate()
                indexer.wait(30)
                runs[0] += not ended.is_set()

    threads = [threading.Thread(target=work, daemon=True) for work in (count, index)]
    for thread in threads:
        thread.start()
    try:
        yield runs
    finally:
        ended.set()
        for thread in threads:
            thread.join()
