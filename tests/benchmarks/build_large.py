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

from indexer.analysis.control import Control
from indexer.core.events import Event, Notice
from indexer.core.home import Home
from indexer.core.model import Manifest, SimilarityModel, current_model_folder
from indexer.core.model.folder import open_array
from indexer.core.model.index.exact import exact_lists
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.search import PROBES, BuiltIndex
from indexer.core.model.profiles import SONIC
from indexer.core.model.scaling import SCALE_NEIGHBOURS
from indexer.core.model.smoothing import smoothed_by_scale
from indexer.core.model.space.fitting import fit_transform
from indexer.core.model.space.recipe import recipe_of
from indexer.core.model.space.transform import means_of_windows
from indexer.core.store import Database, open_database
from indexer.spark.build import NEIGHBOURS, build_model
from indexer.spark.choice import Join, choose
from indexer.spark.neighbours import find_neighbours
from indexer.spark.session import spark_session
from tests.benchmarks.grown import Features, grow, insert_grown, real_features, shipped_features
from tests.benchmarks.growth_parts import player
from tests.benchmarks.machine import machine_line
from tests.benchmarks.memory_kinds import GIB, PeakByKind
from tests.benchmarks.peak_memory import PeakMemory

MOST_SECONDS = 300
MOST_GIB = 6.0

Say = Callable[[str], None]


def build(real_home: Path | None, tracks: int, master: str, say: Say) -> bool:
    """Grow a library, build its model and open it in a player; return whether that kept within time and memory.

    Said are the wall time and the peak memory of the JVM and of Python, the database's server not counted, then what a
    player of that library takes from its start to a painted table, and holds after it was used.
    """
    say(machine_line())
    with _folder("segue-grown-") as home:
        with _grown_library(home, _real(real_home), tracks, say) as database:
            started = time.monotonic()
            with PeakByKind(without=_children()) as memory:
                manifest = build_model(database, home, SONIC, master=master, on_event=_notices(say), control=Control())
            seconds = time.monotonic() - started
        if manifest is None:
            return False
        _say_build(manifest, say)
        _say_player(home, say)
        vectors = np.array(open_array(current_model_folder(home, SONIC.name), "vectors"))
        enough = _side_by_side(home, vectors, master, say)
    gib = memory.both / GIB
    say(f"  whole build {seconds:.0f} s (at most {MOST_SECONDS}), at most {MOST_GIB} GiB: {memory}")
    return enough and seconds < MOST_SECONDS and gib < MOST_GIB


def joins(real_home: Path | None, tracks: int, master: str, say: Say) -> bool:
    """The neighbour lists of grown vectors by both joins, without a database; and whether both find enough."""
    vectors = grown_vectors(_real(real_home), tracks)
    say(f"{tracks:,} vectors of {vectors.shape[1]} dimensions, smoothed")
    with _folder("segue-joins-") as home:
        return _side_by_side(home, vectors, master, say)


def _side_by_side(home: Home, vectors: NDArray[np.float32], master: str, say: Say) -> bool:
    setting = choose(vectors, seed=0)
    family = HashFamily.drawn(vectors.shape[1], setting.hashes, setting.tables, 0, setting.bucket_length)
    index = BuiltIndex.build(vectors, family, PROBES)
    servers = _children()
    with spark_session(home, master) as spark:
        spark.range(8).mapInArrow(_same, "id long").count()  # so that neither join pays for starting the workers
        return min(_timed_join(spark, index, join, servers, say) for join in (Join.EXACT, Join.LSH)) >= 0.95


def grown_vectors(real: Features, tracks: int) -> NDArray[np.float32]:
    """As a build would make them, but drawn to the nearest of a batch instead of all."""
    recipe, transform, parts = recipe_of(SONIC), None, []
    for batch in grow(real, tracks):
        transform = transform or fit_transform(batch, SONIC, recipe)
        vectors = transform.apply(means_of_windows(batch))
        parts.append(smoothed_by_scale(vectors, exact_lists(vectors, SCALE_NEIGHBOURS)))
    return np.concatenate(parts)


def _timed_join(spark: SparkSession, index: BuiltIndex, join: Join, servers: list[int], say: Say) -> float:
    started = time.monotonic()
    with PeakMemory(without=servers) as memory:
        found = find_neighbours(spark, index, NEIGHBOURS, join, seed=0)
    seconds = time.monotonic() - started
    say(
        f"  {join.value:5} join of {len(index):,} tracks, k = {NEIGHBOURS}: {seconds:6.1f} s, recall@10 "
        f"{found.recall:.4f}, of whole lists {found.whole_recall:.4f}, {memory.bytes / 2**30:.2f} GiB"
    )
    return found.recall


def _children() -> list[int]:
    """What this process has started: before Spark that is the database's server."""
    return [child.pid for child in psutil.Process().children(recursive=True)]


def _same(batches: Iterator[object]) -> Iterator[object]:
    yield from batches


def _real(home: Path | None) -> Features:
    if home is None:
        return shipped_features(SONIC)
    with open_database(Home.resolve(home)) as database:
        return real_features(database, SONIC)


@contextmanager
def _folder(prefix: str) -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        yield Home.resolve(Path(folder))


@contextmanager
def _grown_library(home: Home, real: Features, tracks: int, say: Say) -> Iterator[Database]:
    with open_database(home) as database:
        started = time.monotonic()
        insert_grown(database, SONIC, real, tracks)
        shape = f"{real.shape[1]} windows of {real.shape[2]} numbers"
        seconds = time.monotonic() - started
        say(f"{tracks:,} tracks grown from {len(real)} real ones, {shape}, stored in {seconds:.0f} s")
        yield database


def _say_player(home: Home, say: Say) -> None:
    loaded = time.monotonic()
    SimilarityModel.load(current_model_folder(home, SONIC.name))
    say(f"  the model opens in {time.monotonic() - loaded:.2f} s")
    found = player(home.root or home.data)
    say(
        f"  player: {found['start_seconds']:.2f} s from the start of the process to a painted table, "
        f"{found['player_bytes'] / GIB:.2f} GiB after searches, scrolling and changes of track"
    )


def _notices(say: Say) -> Callable[[Event], None]:
    return lambda event: say(f"  {event.message}") if isinstance(event, Notice) else None


def _say_build(manifest: Manifest, say: Say) -> None:
    for name, seconds in manifest.seconds_by_step.items():
        say(f"  {seconds:7.1f} s  {name}")
    say(f"  hubs {manifest.hubness}")
