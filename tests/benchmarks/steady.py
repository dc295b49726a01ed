"""Memory of the indexer over a long run of extraction, and of the list of what is to be done in a large library."""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.workload import jobs_for
from indexer.core.events import Event, Progress
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.store import open_database
from indexer.core.tracks import Track, TrackId
from tests.benchmarks.extraction import some_clips
from tests.benchmarks.machine import machine_line

_SETTLED = 0.1
"""Share of a run after which processes have everything that they need once."""

_MOST_PER_10_000 = 20.0
"""MiB that are still called flat: libraries of 100,000 tracks then cost no more than 200 MiB more."""


def run(tracks: int, listed: int, say: Callable[[str], None]) -> bool:
    """Measure, tell, and return whether memory stays flat."""
    say(machine_line())
    _tell_list(listed, say)
    watched = Watched()
    with some_clips(265) as paths, tempfile.TemporaryDirectory() as folder:
        home = Home.resolve(Path(folder))
        with open_database(home) as database:
            watched.without = {child.pid for child in psutil.Process().children(recursive=True)}
            some = (_track(number, str(paths[number % len(paths)])) for number in range(tracks))
            database.tracks.upsert(some)
            extract(
                database, profiles=(CLASSIC, SONIC), on_event=watched.take, control=Control(), cache=home.cache
            )  # fmt: skip
    return _tell_run(watched, tracks, say)


class Watched:
    """Proportional memory of this process and its workers, by tracks done."""

    def __init__(self) -> None:
        self.without: set[int] = set()
        self.samples: list[tuple[int, float, float]] = []
        self._at = 0.0

    def take(self, event: Event) -> None:
        if not isinstance(event, Progress) or time.monotonic() - self._at < 1:
            return
        this = psutil.Process()
        children = [child for child in this.children(recursive=True) if child.pid not in self.without]
        self.samples.append((event.done, _held(this), sum(map(_held, children))))
        self._at = time.monotonic()


def _held(process: psutil.Process) -> float:
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(memory, "pss", 0) or memory.rss) / 2**20


def _tell_run(watched: Watched, tracks: int, say: Callable[[str], None]) -> bool:
    done, parent, workers = map(np.array, zip(*watched.samples, strict=True))
    say(f"{tracks:,} tracks analysed, MiB (proportional set size)")
    say(f"  {'done':>8} {'indexer':>8} {'workers':>8}")
    for share in (_SETTLED, 0.5, 1.0):
        at = int(np.abs(done - share * tracks).argmin())
        say(f"  {done[at]:8,} {parent[at]:8.0f} {workers[at]:8.0f}")
    settled = done >= _SETTLED * tracks
    slope = float(np.polyfit(done[settled], (parent + workers)[settled], 1)[0]) * 10_000
    say(f"  slope from the first tenth on: {slope:+.1f} MiB per 10,000 tracks")
    return slope < _MOST_PER_10_000


def _tell_list(listed: int, say: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_database(Home.resolve(Path(folder))) as database:
        where = "/music/an artist of some name/an album of some name"
        database.tracks.upsert(_track(number, f"{where}/{number:06} a song.mp3") for number in range(listed))
        started = time.monotonic()
        jobs = jobs_for(database, (CLASSIC, SONIC), full=False)
        seconds = time.monotonic() - started
        del jobs
        tracemalloc.start()
        tracks = list(database.tracks.all())
        everything, _ = tracemalloc.get_traced_memory()
        del tracks
        tracemalloc.stop()
        tracemalloc.start()
        jobs = jobs_for(database, (CLASSIC, SONIC), full=False)
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    say(f"{len(jobs):,} tracks listed as work in {seconds:.1f} s: {kept / 2**20:.0f} MiB, {peak / 2**20:.0f} at most")
    say(f"  the tracks themselves, as objects in a list, would be {everything / 2**20:.0f} MiB")


def _track(number: int, path: str) -> Track:
    return Track(TrackId(f"{number:032x}"), path, str(Path(path).parent), title=f"Song {number}", seconds=30.0)
