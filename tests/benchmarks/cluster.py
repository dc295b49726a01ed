"""Extraction and model on a standalone cluster that loses an executor half way, beside the same on this machine."""

from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.file_run import FileRunResult
from indexer.build import register_folders
from indexer.core.home import Home
from indexer.core.model import Manifest
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.politeness import environment
from indexer.core.store import Database, open_database
from indexer.core.tracks import TrackId
from indexer.scanning.scan import scan
from indexer.spark.build import build_model
from indexer.spark.extraction import extract_on_spark
from indexer.spark.session import spark_session
from tests.benchmarks.machine import machine_line
from tests.hearing import FOLDER_VARIABLE, counted, done_by_name
from tests.spark_cluster import Cluster, cluster

PROFILES = (CLASSIC, SONIC)
_POLL_SECONDS = 0.1

Say = Callable[[str], None]
Features = Mapping[tuple[str, TrackId], NDArray[np.float32]]


@dataclass(frozen=True)
class Side:
    """What one way of building came to; `documents` counts those of each track and profile."""

    result: FileRunResult
    manifest: Manifest
    model_seconds: float
    features: Features
    documents: Counter[tuple[str, TrackId]]


@dataclass
class Watch:
    """What was seen of the cluster while it worked."""

    killed_at: int = 0
    killed_after: float = 0.0
    peak_mib: dict[str, float] = field(default_factory=dict)


def run(music: Path, workers: int, say: Say) -> bool:
    """Build both ways, say what came of it, and return whether everything is equal and nothing was done twice."""
    say(machine_line())
    with tempfile.TemporaryDirectory(prefix="segue-cluster-") as made:
        folder = Path(made)
        alone = _alone(folder / "alone", music, workers)
        say(f"on this machine, {workers} processes: done")
        with environment({FOLDER_VARIABLE: made}), cluster(folder / "cluster", workers=workers) as running:
            started = time.monotonic()
            spread, watch = _spread(folder / "spread", music, running)
            say(f"on {workers} workers: done in {time.monotonic() - started:.0f} s, with starting Spark")
            times = done_by_name(folder)
    return _report(alone, spread, watch, times, say)


def _alone(folder: Path, music: Path, workers: int) -> Side:
    with _scanned(folder, music) as (home, database):
        result = extract(
            database, profiles=PROFILES, workers=workers, on_event=_quiet, control=Control(), cache=home.cache
        )
        return _side(home, database, result, f"local[{workers}]")


def _spread(folder: Path, music: Path, running: Cluster) -> tuple[Side, Watch]:
    with _scanned(folder, music) as (home, database), spark_session(home, running.url):
        tracks, watch, done = database.tracks.count(), Watch(), threading.Event()
        watcher = threading.Thread(target=_watch, args=(running, database, tracks // 2, watch, done))
        watcher.start()
        try:
            result = extract_on_spark(
                database,
                home,
                master=running.url,
                profiles=PROFILES,
                on_event=_quiet,
                control=Control(),
                analyse=counted,
            )
        finally:
            done.set()
            watcher.join()
        return _side(home, database, result, running.url), watch


@contextmanager
def _scanned(folder: Path, music: Path) -> Iterator[tuple[Home, Database]]:
    home = Home.resolve(folder)
    with open_database(home) as database:
        scan(database, register_folders(database, [music]), on_event=_quiet, cancelled=lambda: False)
        yield home, database


def _side(home: Home, database: Database, result: FileRunResult, master: str) -> Side:
    started = time.monotonic()
    manifest = build_model(database, home, SONIC, master=master, on_event=_quiet, control=Control())
    assert manifest is not None
    seconds = time.monotonic() - started
    records = [record for profile in PROFILES for record in database.features.iterate(profile.key)]
    features = {(record.key, record.track): record.values for record in records}
    return Side(result, manifest, seconds, features, Counter((record.key, record.track) for record in records))


def _watch(running: Cluster, database: Database, half: int, watch: Watch, done: threading.Event) -> None:
    """Kill an executor when half of the tracks have features; note the memory of every kind of process."""
    started = time.monotonic()
    while not done.wait(_POLL_SECONDS):
        for process in running.processes():
            _note_memory(process, watch)
        analysed = 0 if watch.killed_at else len(database.features.analysed(SONIC.key))
        if analysed >= half:
            running.kill_executor()
            watch.killed_at, watch.killed_after = analysed, time.monotonic() - started


def _note_memory(process: psutil.Process, watch: Watch) -> None:
    try:
        words = " ".join(process.cmdline())
        mib = process.memory_info().rss / 2**20
    except psutil.Error:
        return  # it has ended
    kinds = {"CoarseGrainedExecutorBackend": "executor JVM", "pyspark.daemon": "Python worker", "spawn": "decoder"}
    for word, kind in kinds.items():
        if word in words:
            watch.peak_mib[kind] = max(watch.peak_mib.get(kind, 0.0), mib)
            return


def _report(alone: Side, spread: Side, watch: Watch, times: Counter[str], say: Say) -> bool:
    equal = sum(_is_equal(spread.features.get(key), values) for key, values in alone.features.items())
    most = max(spread.documents.values())
    again = sum(count - 1 for count in times.values())
    same_model = alone.manifest.files == spread.manifest.files
    tracks = len({track for _, track in alone.features})
    rows: Sequence[tuple[str, str, str]] = (
        ("", "this machine", "cluster"),
        ("tracks analysed", f"{alone.result.done}", f"{spread.result.done}"),
        ("files that failed", f"{alone.result.failed}", f"{spread.result.failed}"),
        ("features (track, profile)", f"{len(alone.features)}", f"{len(spread.features)}"),
        ("of them equal bit for bit", "", f"{equal}"),
        ("documents per (track, profile), most", f"{max(alone.documents.values())}", f"{most}"),
        ("executor killed (-9) with so many tracks stored", "", f"{watch.killed_at}"),
        ("analyses that were done again", "", f"{again}"),
        ("wall seconds of extraction", f"{alone.result.seconds:.1f}", f"{spread.result.seconds:.1f}"),
        ("CPU seconds of decoders", f"{alone.result.cpu_seconds:.1f}", f"{spread.result.cpu_seconds:.1f}"),
        ("wall seconds of the model", f"{alone.model_seconds:.1f}", f"{spread.model_seconds:.1f}"),
        ("model: recall@10", f"{alone.manifest.recall:.4f}", f"{spread.manifest.recall:.4f}"),
        ("model: files with equal checksums", "", "all" if same_model else "not all"),
    )
    for name, here, there in rows:
        say(f"  {name:50}{here:>14}{there:>14}")
    for kind, mib in sorted(watch.peak_mib.items()):
        say(f"  peak memory of one {kind:31}{'':>14}{mib:>10.0f} MiB")
    wanted = 2 * tracks
    return len(spread.features) == wanted == equal and most == 1 and again == 0 and same_model and watch.killed_at > 0


def _is_equal(found: NDArray[np.float32] | None, expected: NDArray[np.float32]) -> bool:
    return found is not None and found.dtype == expected.dtype and found.tobytes() == expected.tobytes()


def _quiet(_: object) -> None:
    """Figures are said at the end."""
