"""A whole Spark build of a grown library, from MongoDB to a swapped-in model; and both joins side by side."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from indexer.control import Control
from indexer.events import Event, Notice
from indexer.features.profiles import SONIC
from indexer.home import Home
from indexer.memory import PeakMemory
from indexer.model import Manifest, SimilarityModel, current_model_folder
from indexer.model.arrays import open_arrays
from indexer.model.folder import open_array
from indexer.model.search import SearchIndex
from indexer.spark.build import NEIGHBOURS, build_model
from indexer.spark.neighbours import find_neighbours
from indexer.spark.policy import Join
from indexer.spark.session import spark_session
from indexer.store import Database, open_database
from tests.benchmarks.grown import Features, insert_grown, real_features

MOST_SECONDS = 300
MOST_GIB = 6.0

Say = Callable[[str], None]


def build(real_home: Path, tracks: int, master: str, say: Say) -> bool:
    """Grow a library, build its model, and return whether that kept within time and memory."""
    real = _real(real_home)
    with _grown_library(real, tracks, say) as (home, database), PeakMemory(without=_children()) as memory:
        started = time.monotonic()
        manifest = build_model(database, home, SONIC, master=master, on_event=_notices(say), control=Control())
        seconds = time.monotonic() - started
        if manifest is None:
            return False
        _say_build(manifest, say)
        loaded = time.monotonic()
        SimilarityModel.load(current_model_folder(home, SONIC.name))
        say(f"  the model opens in {time.monotonic() - loaded:.2f} s")
    gib = memory.bytes / 2**30
    say(f"  whole build {seconds:.0f} s (at most {MOST_SECONDS}), {gib:.2f} GiB (at most {MOST_GIB}): JVM and Python")
    return seconds < MOST_SECONDS and gib < MOST_GIB


def joins(real_home: Path, tracks: int, master: str, say: Say) -> bool:
    """Build once, then make the neighbour lists by both joins, and return whether both find enough."""
    real = _real(real_home)
    with _grown_library(real, tracks, say) as (home, database):
        build_model(database, home, SONIC, master=master, on_event=lambda _: None, control=Control())
        folder = current_model_folder(home, SONIC.name)
        index = open_arrays(folder)[1].index
        servers = _children()
        with spark_session(home, master) as spark:
            spark.range(8).mapInArrow(_same, "id long").count()  # so that neither join pays for starting the workers
            found = {join: _timed_join(spark, index, join, servers, say) for join in (Join.EXACT, Join.LSH)}
        kept: NDArray[np.float32] = open_array(folder, "distances")
        say(f"  lists of the build equal those of the exact join: {np.array_equal(kept, found[Join.EXACT][1])}")
    return all(recall >= 0.95 for recall, _ in found.values())


def _timed_join(
    spark: SparkSession, index: SearchIndex, join: Join, servers: list[int], say: Say
) -> tuple[float, NDArray[np.float32]]:
    started = time.monotonic()
    with PeakMemory(without=servers) as memory:
        found = find_neighbours(spark, index, NEIGHBOURS, join, seed=0)
    seconds = time.monotonic() - started
    say(
        f"  {join.value:5} join of {len(index):,} tracks, k = {NEIGHBOURS}: {seconds:6.1f} s, recall@10 "
        f"{found.recall:.4f}, of whole lists {found.whole_recall:.4f}, {memory.bytes / 2**30:.2f} GiB"
    )
    return found.recall, found.lists.distances


def _children() -> list[int]:
    """What this process has started: before Spark that is the database's server."""
    return [child.pid for child in psutil.Process().children(recursive=True)]


def _same(batches: Iterator[object]) -> Iterator[object]:
    yield from batches


def _real(home: Path) -> Features:
    with open_database(Home.resolve(home)) as database:
        return real_features(database, SONIC)


@contextmanager
def _grown_library(real: Features, tracks: int, say: Say) -> Iterator[tuple[Home, Database]]:
    with tempfile.TemporaryDirectory(prefix="segue-grown-") as folder:
        home = Home.resolve(Path(folder))
        with open_database(home) as database:
            started = time.monotonic()
            insert_grown(database, SONIC, real, tracks)
            shape = f"{real.shape[1]} windows of {real.shape[2]} numbers"
            seconds = time.monotonic() - started
            say(f"{tracks:,} tracks grown from {len(real)} real ones, {shape}, stored in {seconds:.0f} s")
            yield home, database


def _notices(say: Say) -> Callable[[Event], None]:
    return lambda event: say(f"  {event.message}") if isinstance(event, Notice) else None


def _say_build(manifest: Manifest, say: Say) -> None:
    for name, seconds in manifest.seconds_by_step.items():
        say(f"  {seconds:7.1f} s  {name}")
    say(f"  hubs {manifest.hubness}")
