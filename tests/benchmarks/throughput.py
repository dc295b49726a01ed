"""Clips a second of the whole extraction, processes and database included, beside librosa in as many processes."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.pool import usable_cores
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.store import Database, open_database
from indexer.core.tracks import Track, TrackId
from tests.benchmarks.extraction import naive, some_clips
from tests.benchmarks.machine import machine_line


@dataclass(frozen=True)
class Rate:
    """One run over all clips: wall seconds, and CPU seconds on files, of this process, of workers, of the database."""

    clips: int
    wall: float
    on_files: float
    here: float = 0.0
    workers: float = 0.0
    database: float = 0.0

    @property
    def per_second(self) -> float:
        return self.clips / self.wall

    def per_clip(self, seconds: float) -> str:
        return f"{1000 * seconds / self.clips:8.1f} ms"


def run(clips: int, say: Callable[[str], None]) -> bool:
    """Measure, tell, and return whether ours is faster with one worker and with all."""
    say(machine_line())
    with some_clips(clips) as paths, tempfile.TemporaryDirectory() as folder:
        home = Home.resolve(Path(folder))
        with open_database(home) as database:
            database.tracks.upsert(_tracks(paths))
            extract(database, profiles=(CLASSIC,), workers=1, on_event=_ignored, control=Control(), cache=home.cache)
            pairs = {workers: _measured(database, home, paths, workers) for workers in sorted({1, usable_cores()})}
    say(f"{len(paths)} clips; ours with the start of its processes and everything stored, librosa's already started")
    for workers, (mine, theirs) in pairs.items():
        say(f"  {workers} process{'es' if workers > 1 else ''}")
        say(f"    naive librosa, classic alone       {theirs.per_second:6.1f} clips/s")
        say(f"    ours, classic and sonic            {mine.per_second:6.1f} clips/s, {_times(mine, theirs)}")
        say(f"    CPU a clip on the file            {mine.per_clip(mine.on_files)}")
        say(f"      on pool and database client     {mine.per_clip(mine.here)}")
        say(f"      on the database server          {mine.per_clip(mine.database)}")
        say(f"    CPU to start the workers, once    {mine.workers - mine.on_files:8.1f} s")
        say(f"    share of the time that workers hear files  {mine.on_files / (mine.wall * workers):.1%}")
    return all(mine.per_second > theirs.per_second for mine, theirs in pairs.values())


def _measured(database: Database, home: Home, paths: Sequence[Path], workers: int) -> tuple[Rate, Rate]:
    return _ours(database, home, workers), _theirs(paths, workers)


def _ours(database: Database, home: Home, workers: int) -> Rate:
    servers = psutil.Process().children(recursive=True)
    server, children, here = _cpu(servers), os.times(), time.process_time()
    started = time.monotonic()
    result = extract(
        database, profiles=(CLASSIC, SONIC), workers=workers, on_event=_ignored, control=Control(), full=True,
        cache=home.cache,
    )  # fmt: skip
    wall, here, ended = time.monotonic() - started, time.process_time() - here, os.times()
    spent = ended.children_user + ended.children_system - children.children_user - children.children_system
    return Rate(result.done, wall, result.cpu_seconds, here, spent, _cpu(servers) - server)


def _cpu(processes: Sequence[psutil.Process]) -> float:
    spent = (process.cpu_times() for process in processes)
    return float(sum(times.user + times.system for times in spent))


def _theirs(paths: Sequence[Path], workers: int) -> Rate:
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pool.map(naive, [paths[0]] * 2 * workers, chunksize=1)  # imports and compilation
        started = time.monotonic()
        seconds = sum(pool.imap_unordered(_naive_seconds, paths, chunksize=1))
        return Rate(len(paths), time.monotonic() - started, seconds)


def _naive_seconds(path: Path) -> float:
    started = time.process_time()
    naive(path)
    return time.process_time() - started


def _times(mine: Rate, theirs: Rate) -> str:
    return f"{mine.per_second / theirs.per_second:.2f} times as many"


def _tracks(paths: Sequence[Path]) -> list[Track]:
    return [
        Track(TrackId(f"{number:032x}"), str(path), str(path.parent), seconds=30.0) for number, path in enumerate(paths)
    ]


def _ignored(_: object) -> None:
    """Nobody listens."""
