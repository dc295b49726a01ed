"""Features that Spark's workers grow where a build would read them from the database: nothing of them is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from indexer.core.model.profiles import Profile
from indexer.spark.origin import LEARN_FROM, Features, Origin
from indexer.spark.source import SCHEMA
from tests.benchmarks.grown import BATCH, grown_batch, track_ids
from tests.benchmarks.grown import Features as Grown

_MOST_PARTITIONS = 64
_ROWS = 500
"""Of one record batch, as many as the source that reads the database gives at once."""


def generated(real: Grown, profile: Profile, tracks: int) -> Origin:
    """The features that `tests.benchmarks.library` would store of so many tracks, made when they are read."""

    @contextmanager
    def opened(spark: SparkSession) -> Iterator[Features]:
        every = _frame(spark, real, profile, tracks, tracks)
        yield Features(every, every if tracks <= LEARN_FROM else _frame(spark, real, profile, tracks, LEARN_FROM))

    return opened


def _frame(spark: SparkSession, real: Grown, profile: Profile, tracks: int, wanted: int) -> DataFrame:
    batches = -(-wanted // BATCH)
    kernel = partial(_grown, real, profile, tracks)
    return spark.range(0, batches, 1, min(batches, _MOST_PARTITIONS)).mapInArrow(kernel, SCHEMA)


def _grown(real: Grown, profile: Profile, tracks: int, numbers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in numbers:
        for number in batch.column("id").to_pylist():
            first = number * BATCH
            grown = grown_batch(real, first)[: tracks - first]
            ids = track_ids(len(grown), first=first)
            for start in range(0, len(grown), _ROWS):
                yield _record_batch(ids[start : start + _ROWS], grown[start : start + _ROWS], profile)


def _record_batch(ids: Sequence[str], values: Grown, profile: Profile) -> pa.RecordBatch:
    columns = [
        pa.array(ids, pa.string()),
        pa.array([profile.audible(track) for track in values], pa.bool_()),
        pa.array([np.ascontiguousarray(track, dtype="<f4").tobytes() for track in values], pa.binary()),
    ]
    return pa.RecordBatch.from_arrays(columns, ["track", "audible", "values"])
