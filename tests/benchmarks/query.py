"""What an answer costs in the player's process: a known track, a new file, an insertion; and what it costs Spark."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.feature import BucketedRandomProjectionLSH
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession

from indexer.analysis.control import Control
from indexer.core.home import Home
from indexer.core.model import SimilarityModel, current_model_folder
from indexer.core.model.index.search import MERGE_AT
from indexer.core.model.profiles import SONIC
from indexer.core.model.scaling import POOL, SCALE_NEIGHBOURS
from indexer.core.store import open_database
from indexer.core.tracks import TrackId
from indexer.spark.build import build_model
from indexer.spark.session import spark_session
from tests.benchmarks.grown import grow, insert_grown, real_features, track_ids

K = 10
ASKED = 1_000
CHECKED = 200
SPARK_ASKED = 5
SPARK_TABLES = 3
"""As many as in Spark's own example."""

KNOWN_MS, FREE_MS, INSERT_MS, LEAST_RECALL, TIMES_FASTER = 1.0, 5.0, 1.0, 0.95, 300

Features = NDArray[np.float32]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Times:
    """Milliseconds of single calls, by the clock and by the processor."""

    clock: NDArray[np.float64]
    processor: NDArray[np.float64]

    @property
    def p50(self) -> float:
        return float(np.median(self.clock))

    @property
    def p99(self) -> float:
        return float(np.percentile(self.clock, 99))

    def __str__(self) -> str:
        of_processor = f"CPU {np.median(self.processor):.3f} / {np.percentile(self.processor, 99):.3f}"
        return f"p50 {self.p50:.3f} ms, p99 {self.p99:.3f} ms ({of_processor})"


def run(real_home: Path, tracks: int, model_home: Path | None, say: Say) -> bool:
    """Measure, tell, and return whether every bar is kept.

    Args:
        real_home: has the features of real tracks to grow from.
        tracks: of the library.
        model_home: has a model of a library grown from the same, to spare the build.
        say: told of every figure.
    """
    with open_database(Home.resolve(real_home)) as database:
        real = real_features(database, SONIC)
    with _model(real, tracks, model_home) as (home, model):
        fresh = np.concatenate(list(grow(real, 2 * MERGE_AT + 2 * ASKED, seed=1)))
        say(f"{len(model):,} tracks, {model.manifest.tables} tables of {model.manifest.hashes} hashes")
        known = _known(model, say)
        free, recall = _free(model, fresh[:ASKED], say)
        inserted = _inserted(model, fresh[ASKED:], say)
        with spark_session(home, "local[1]") as spark:
            by_spark = _spark_ms(spark, model, fresh[:SPARK_ASKED], say)
    faster = by_spark / free.p50
    say(f"Spark's approxNearestNeighbors takes {faster:,.0f} times as long (at least {TIMES_FASTER})")
    kept = (known.p99 < KNOWN_MS, free.p99 < FREE_MS, recall >= LEAST_RECALL, inserted.p50 < INSERT_MS)
    return all(kept) and faster >= TIMES_FASTER


@contextmanager
def _model(real: Features, tracks: int, model_home: Path | None) -> Iterator[tuple[Home, SimilarityModel]]:
    with tempfile.TemporaryDirectory(prefix="segue-query-") as folder:
        home = Home.resolve(model_home or Path(folder))
        if model_home is None:
            with open_database(home) as database:
                insert_grown(database, SONIC, real, tracks)
                build_model(database, home, SONIC, on_event=lambda _: None, control=Control())
        yield home, SimilarityModel.load(current_model_folder(home, SONIC.name))


def _known(model: SimilarityModel, say: Say) -> Times:
    generator = np.random.default_rng(0)
    tracks = model.tracks()
    asked = [tracks[row] for row in generator.choice(len(tracks), ASKED, replace=False)]
    times = _timed(lambda track: model.similar(track, K), asked)
    say(f"known track, from its list: {times}; at most {KNOWN_MS} at p99")
    say(f"  with 100 neighbours, as the panel asks: {_timed(lambda track: model.similar(track, 100), asked)}")
    return times


def _free(model: SimilarityModel, asked: Features, say: Say) -> tuple[Times, float]:
    times = _timed(lambda features: model.similar_to(features, K), asked)
    vectors = [_asked_vector(model, features) for features in asked[:CHECKED]]
    recall = float(
        np.mean([_recall(model, features, vector) for features, vector in zip(asked, vectors, strict=False)])
    )
    world = model.state
    compared = [len(world.index.compared(vector, world.members.open, POOL).rows) for vector in vectors]
    share = float(np.mean(compared)) / len(model)
    say(f"new file: {times}; at most {FREE_MS} at p99")
    say(f"  recall@{K} {recall:.4f} of comparing with all, comparing {share:.2%} of the library")
    return times, recall


def _asked_vector(model: SimilarityModel, features: Features) -> Features:
    """What the model looks for when it is asked for features."""
    vector = model.transform.vector(features)
    return model.state.drawn(vector)


def _recall(model: SimilarityModel, features: Features, vector: Features) -> float:
    found = {neighbour.track for neighbour in model.similar_to(features, K)}
    world = model.state
    distances = np.linalg.norm(world.index.vectors(np.arange(len(model))) - vector, axis=1)
    distances[~world.members.open] = np.inf
    own = np.sort(distances)[:SCALE_NEIGHBOURS].mean()
    order = np.argsort(distances / np.sqrt(own * world.scales.rows), kind="stable")[:K]
    tracks = model.tracks()
    return len(found & {tracks[row] for row in order}) / K


def _inserted(model: SimilarityModel, features: Features, say: Say) -> Times:
    names = track_ids(len(features), seed=99)
    times = _timed(lambda pair: model.insert(*pair), list(zip(names, features, strict=True)), warm_up=0)
    merges = np.sort(times.clock)[-len(features) // MERGE_AT :]
    say(f"insertion: {times}; at most {INSERT_MS} at p50")
    say(f"  of {len(features):,}, those that merged {MERGE_AT:,} took {', '.join(f'{ms:.1f}' for ms in merges)} ms")
    known = _timed(lambda track: model.similar(track, K), model.tracks()[:ASKED])
    say(f"  known track after them: {known}")
    return times


def _spark_ms(spark: SparkSession, model: SimilarityModel, asked: Features, say: Say) -> float:
    """Median of Spark's own search over the same vectors, cached, hashed and warm."""
    rows = ((track, Vectors.dense(model.vector(TrackId(track)))) for track in model.tracks())
    frame = spark.createDataFrame(rows, ["track", "vector"])
    lsh = BucketedRandomProjectionLSH(
        inputCol="vector", outputCol="hashes", bucketLength=1.0, numHashTables=SPARK_TABLES, seed=0
    ).fit(frame)
    hashed = lsh.transform(frame).persist()
    hashed.count()

    def ask(features: Features) -> Any:
        return lsh.approxNearestNeighbors(hashed, Vectors.dense(_asked_vector(model, features)), K).collect()

    ask(asked[0])
    times = _timed(ask, asked, warm_up=0)
    say(f"Spark's approxNearestNeighbors, {SPARK_TABLES} tables: {times}")
    return times.p50


def _timed(call: Callable[[Any], object], arguments: Sequence[Any], warm_up: int = 20) -> Times:
    for argument in arguments[:warm_up]:
        call(argument)
    clock, processor = np.empty(len(arguments)), np.empty(len(arguments))
    for number, argument in enumerate(arguments):
        before, busy = time.perf_counter(), time.thread_time()
        call(argument)
        clock[number], processor[number] = time.perf_counter() - before, time.thread_time() - busy
    return Times(1e3 * clock, 1e3 * processor)
