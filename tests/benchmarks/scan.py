"""Files a second of a scan, first and again, beside `find` and beside `find` with mutagen; and its memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import mutagen
import psutil

from indexer.core.events import Failed, Finished, Progress, StageStarted, decode
from indexer.core.home import Home
from indexer.core.store import open_database
from indexer.core.store.managed.layout import ServerFolder, ServerState
from tests.benchmarks.machine import machine_line
from tests.benchmarks.scan_tree import evict, make_tree, retag

Say = Callable[[str], None]

_REPOSITORY = Path(__file__).resolve().parents[2]
_MARKS = (0.1, 0.5, 1.0)
_CHUNK = 500
_CHANGED_EVERY = 100


@dataclass
class Row:
    """What one way over the files took.

    Attributes:
        name: what was done.
        seconds: wall time.
        memory: MiB of the indexer and of the server when a tenth, a half and all was done.
        counts: what a scan says it found.
    """

    name: str
    seconds: float
    memory: list[tuple[float, float]] = field(default_factory=list)
    counts: dict[str, float] = field(default_factory=dict)


def run(files: int, out: Path, say: Say, *, cold: bool) -> bool:
    """Measure and tell; whether a scan of an unchanged library took no longer than three times `find`."""
    root, home = out / "music", Home.resolve(out / "home")
    say(machine_line())
    started = time.monotonic()
    paths = make_tree(root, files)
    size = sum(path.stat().st_size for path in paths) / 2**20
    say(f"{files:,} files of {1024 * size / files:.1f} KiB made in {time.monotonic() - started:.0f} s")
    rows = []
    try:
        rows = [*_baselines(root, paths, cold=cold), *_scans(root, home, paths, cold=cold)]
    finally:
        shutil.rmtree(out)
    _report(rows, files, say)
    found = {row.name: row.seconds for row in rows}
    return found["scan, nothing changed"] <= 3 * found["find"]


def _baselines(root: Path, paths: list[Path], *, cold: bool) -> list[Row]:
    rows = [_timed("find", lambda: _find(root))]
    if cold:
        evict(paths)
    rows.append(_timed("find + mutagen, one process", lambda: _open_all(_find(root))))
    if cold:
        evict(paths)
    rows.append(_timed(f"find + mutagen, {os.cpu_count()} processes", lambda: _open_all_at_once(_find(root))))
    return rows


def _scans(root: Path, home: Home, paths: list[Path], *, cold: bool) -> list[Row]:
    with open_database(home):
        if cold:
            evict(paths)
        rows = [_scan("first scan", root, home), _scan("scan, nothing changed", root, home)]
        retag(paths, _CHANGED_EVERY)
        rows.append(_scan("scan, 1 % changed", root, home))
        elsewhere = root.rename(root.with_name("unplugged"))
        rows += [_scan("drive away", root, home), _scan("drive still away", root, home)]
        elsewhere.rename(root)
        rows.append(_scan("drive back", root, home))
    return rows


def _timed(name: str, work: Callable[[], object]) -> Row:
    started = time.monotonic()
    work()
    return Row(name, time.monotonic() - started)


def _find(root: Path) -> list[str]:
    """Paths as `find` lists them, with size and time asked of each as a scan must."""
    command = ["find", str(root), "-type", "f", "-printf", r"%s %T@ %p\n"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.split(" ", 2)[2] for line in lines]


def _open_all(paths: Iterable[str]) -> int:
    return sum(mutagen.File(path) is not None for path in paths)


def _open_all_at_once(paths: list[str]) -> int:
    chunks = [paths[at : at + _CHUNK] for at in range(0, len(paths), _CHUNK)]
    with ProcessPoolExecutor() as pool:
        return sum(pool.map(_open_all, chunks))


def _scan(name: str, root: Path, home: Home) -> Row:
    """A scan by the program itself, from the start of its stage to its last word."""
    server = ServerState.read(ServerFolder(home.database))
    database = [] if server is None or server.server is None else [psutil.Process(server.server.pid)]
    command = [sys.executable, "-m", "indexer", "--home", str(home.data.parent), "scan", "--events", str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=_REPOSITORY) as child:
        assert child.stdout is not None
        row, started, waiting = Row(name, 0.0), time.monotonic(), list(_MARKS)
        for line in child.stdout:
            event = decode(line)
            if isinstance(event, StageStarted):
                started = time.monotonic()
            elif isinstance(event, Failed):
                raise RuntimeError(f"{name}: {event.message}")  # noqa: TRY004 - what failed is the scan
            elif isinstance(event, Progress) and event.total:
                while waiting and event.done >= waiting[0] * event.total:
                    waiting.pop(0)
                    row.memory.append((_megabytes([psutil.Process(child.pid)]), _megabytes(database)))
            elif isinstance(event, Finished):
                row.seconds, row.counts = time.monotonic() - started, event.summary
    return row


def _megabytes(processes: list[psutil.Process]) -> float:
    return float(sum(process.memory_info().rss for process in processes)) / 2**20


def _report(rows: list[Row], files: int, say: Say) -> None:
    find, mutagen_all = rows[0].seconds, rows[2].seconds
    say("| | seconds | files/s | × find | × find + mutagen | indexer MiB at 10/50/100 % | server MiB | found |")
    say("|---|---|---|---|---|---|---|---|")
    for row in rows:
        indexer = " / ".join(f"{ours:.0f}" for ours, _ in row.memory)
        server = " / ".join(f"{theirs:.0f}" for _, theirs in row.memory)
        counts = ", ".join(f"{name} {count:,.0f}" for name, count in row.counts.items() if count)
        say(
            f"| {row.name} | {row.seconds:.2f} | {files / row.seconds:,.0f} | {row.seconds / find:.1f} "
            f"| {row.seconds / mutagen_all:.2f} | {indexer} | {server} | {counts} |"
        )
