"""Memory, threads and files of the process that decodes: over hundreds of tracks, and under fast clicks on next."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QCoreApplication

from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.stream import Part
from musicplayer.playback.studio_link import Feed, StudioLink
from tests.benchmarks.machine import machine_line
from tests.ruler import FORMATS, melody, write

SECONDS = 36.0
SHORT = 6.0
AHEAD = 2
"""Tracks that are ordered before they are heard."""

NEXTS, A_SECOND = 240, 20
MOST_MORE = 16.0
"""MiB by which memory may have grown since a tenth of the way, and still be called flat."""

PATIENCE: Seconds = 60.0
"""So long a tenth of the tracks may take."""

_CHUNK = 1 << 16

Say = Callable[[str], None]


class Listener:
    """Takes the samples of streams as fast as they come, in place of libVLC, and orders what follows."""

    def __init__(self, files: Sequence[Path]) -> None:
        _ = QCoreApplication.instance() or QCoreApplication(sys.argv)
        self.begun = 0
        self.sounded: Seconds = 0.0
        self._files = files
        before = {child.pid for child in psutil.Process().children()}
        self._link = StudioLink()
        self._link.news.connect(self._on_news)
        started = next(child for child in psutil.Process().children() if child.pid not in before)
        self._process = started
        self._stream = 0

    def play(self, number: int) -> Feed:
        """Begin another stream with a track."""
        self._stream += 1
        feed = self._link.play(self._stream, self._part(number))
        self._order(number)
        return feed

    def wait(self, seconds: Seconds, until: Callable[[], bool] = lambda: False) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            QCoreApplication.processEvents()
            time.sleep(0.002)

    def held(self) -> tuple[float, int, int]:
        """MiB, threads and open files of the process."""
        return self._process.memory_info().rss / 2**20, self._process.num_threads(), len(self._process.open_files())

    def rest(self) -> None:
        self._link.rest()

    def close(self) -> None:
        self._link.close()

    def _part(self, number: int) -> dict[str, Any]:
        return Part(number, Stretch(str(self._files[number % len(self._files)]))).order()

    def _order(self, number: int) -> None:
        self._link.follow(self._stream, [self._part(number + more) for more in range(1, AHEAD + 1)])

    def _on_news(self, news: dict[str, Any]) -> None:
        if news["stream"] == self._stream and news["news"] == "begun":
            self.begun = news["part"]
            self._order(news["part"])
        elif news["stream"] == self._stream and news["news"] == "decoded":
            self.sounded += news["seconds"]


def run(tracks: int, say: Say) -> bool:
    """Measure and tell; return whether memory stays flat and every thread and file is let go."""
    say(machine_line())
    with tempfile.TemporaryDirectory(prefix="segue-studio-") as folder:
        return all([_playing(Path(folder), tracks, say), _nexts(Path(folder), say)])


def _playing(folder: Path, tracks: int, say: Say) -> bool:
    """One stream of many tracks, as fast as they are decoded."""
    listener = Listener(_files(folder, SECONDS))
    try:
        feed = listener.play(1)
        reader = threading.Thread(target=_take_all, args=(feed,), daemon=True)
        reader.start()
        seen = [(0, *listener.held())]
        while seen[-1][0] < tracks:
            wanted = min(tracks, seen[-1][0] + max(1, tracks // 10))
            listener.wait(PATIENCE, lambda: listener.begun >= wanted)  # noqa: B023 - called at once
            if listener.begun < wanted:
                say(f"  nothing but {listener.begun} tracks came in {PATIENCE:g} s more")
                return False
            seen.append((listener.begun, *listener.held()))
    finally:
        listener.close()
    say(f"{tracks} tracks of all formats in one stream, {listener.sounded / 3600:.1f} hours, as fast as they decode:")
    return _tell(seen, say)


def _nexts(folder: Path, say: Say) -> bool:
    """Many streams one after the other, each left as soon as it has begun."""
    listener = Listener(_files(folder, SHORT))
    seen = [(0, *listener.held())]
    try:
        for number in range(1, NEXTS + 1):
            feed = listener.play(number)
            reader = threading.Thread(target=_take_all, args=(feed,), daemon=True)
            reader.start()
            listener.wait(1 / A_SECOND)
            if number % (NEXTS // 10) == 0:
                seen.append((number, *listener.held()))
        listener.rest()
        listener.wait(2.0)
        seen.append((NEXTS, *listener.held()))
    finally:
        listener.close()
    say(f"{NEXTS} times next, {A_SECOND} a second, tracks of {SHORT:g} s; in the last line 2 s after the end:")
    return _tell(seen, say)


def _tell(seen: Sequence[tuple[int, float, int, int]], say: Say) -> bool:
    say(f"  {'tracks':>7} {'MiB':>6} {'threads':>8} {'files':>6}")
    for line in seen:
        say(f"  {line[0]:7} {line[1]:6.0f} {line[2]:8} {line[3]:6}")
    more = max(memory for _, memory, _, _ in seen[2:]) - seen[1][1]
    held = more <= MOST_MORE
    say(f"  {'held' if held else 'NOT HELD'}: {more:+.0f} MiB since the first tenth; the bar is {MOST_MORE:g}")
    return held


def _take_all(feed: Feed) -> None:
    """Read to the end of a stream."""
    while feed.read(_CHUNK):
        pass


def _files(folder: Path, seconds: Seconds) -> list[Path]:
    """One track in each format."""
    return [
        write(folder / f"{seconds:g} {number}.{kind.ending}", melody(number, seconds, kind.rate), kind)
        for number, kind in enumerate(FORMATS)
    ]
