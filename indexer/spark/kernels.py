"""What Spark's Python workers run for the pipeline; light to import, because every worker does it anew.

pyspark.ml brings pandas along, two seconds of CPU per worker; nothing here may import it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import add

import numpy as np
import pyarrow as pa
from pyspark import TaskContext

from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.space.sums import Features, Sums
from indexer.core.model.space.transform import Transform, means_of_windows
from indexer.spark.arrow import matrix_of, vectors_column

Shape = tuple[int, int]
"""Windows and columns of a track's features."""


def vectors(transform: Transform, shape: Shape, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """From (track, …, values) to (track, …, vector)."""
    for batch in batches:
        found = vectors_column(transform.apply(means_of_windows(features_of(batch, shape))))
        names = [name for name in batch.schema.names if name != "values"]
        yield pa.RecordBatch.from_arrays([*map(batch.column, names), found], [*names, "vector"])


def means(shape: Shape, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """From (track, values) to (track, vector), the mean of each track's windows."""
    return vectors(Transform(), shape, batches)


def sums(
    kernel: Callable[[Features], Sums], shape: Shape, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Of one partition: its number, and the sums of its batches as bytes."""
    found = (kernel(features_of(batch, shape)) for batch in batches if batch.num_rows)
    first = next(found, None)
    if first is not None:
        context = TaskContext.get()
        part = context.partitionId() if context is not None else 0
        total = reduce(add, found, first)
        columns = [pa.array([part], pa.int32()), pa.array([total.to_bytes()], pa.list_(pa.binary()))]
        yield pa.RecordBatch.from_arrays(columns, ["part", "sums"])


def features_of(batch: pa.RecordBatch, shape: Shape) -> Features:
    """The features of a batch, shape (tracks, windows, columns)."""
    values = batch.column("values")
    rows = [np.frombuffer(value.as_buffer(), dtype="<f4") for value in values]
    return np.stack(rows).reshape(len(rows), *shape) if rows else np.empty((0, *shape), dtype=np.float32)


def keys(family: HashFamily, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """From (track, vector) to (track, keys)."""
    for batch in batches:
        found = family.keys(matrix_of(batch.column("vector")))
        yield pa.RecordBatch.from_arrays([batch.column("track"), vectors_column(found)], ["track", "keys"])
