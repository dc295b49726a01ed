"""What Spark's Python workers run for the pipeline; light to import, because every worker does it anew.

pyspark.ml brings pandas along, two seconds of CPU per worker; nothing here may import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark import TaskContext

from indexer.model.hashing import HashFamily
from indexer.model.transform import Transform
from indexer.spark.arrow import matrix_of, vectors_column


def vectors(transform: Transform, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """From (track, values) to (track, vector)."""
    for batch in batches:
        found = transform.apply(matrix_of(batch.column("values")))
        yield pa.RecordBatch.from_arrays([batch.column("track"), vectors_column(found)], ["track", "vector"])


def sums(transform: Transform, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Of one partition: how many rows, their sum, and the sum of their outer products."""
    count, total, products = 0, np.zeros(()), np.zeros(())
    for batch in batches:
        rows = transform.apply_exactly(matrix_of(batch.column("values")))
        count, total, products = count + len(rows), total + rows.sum(axis=0), products + rows.T @ rows
    if count:
        context = TaskContext.get()
        part = context.partitionId() if context is not None else 0
        record: dict[str, list[Any]] = {"part": [part], "count": [count]}
        record |= {"sums": [total.tobytes()], "products": [products.tobytes()]}
        schema = pa.schema(
            [("part", pa.int32()), ("count", pa.int64()), ("sums", pa.binary()), ("products", pa.binary())]
        )
        yield pa.RecordBatch.from_pydict(record, schema=schema)


def keys(family: HashFamily, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """From (track, vector, hashes) to (track, vector, keys)."""
    for batch in batches:
        joined = family.keys_of_buckets(matrix_of(batch.column("hashes")))
        columns = [batch.column("track"), batch.column("vector"), vectors_column(joined)]
        yield pa.RecordBatch.from_arrays(columns, ["track", "vector", "keys"])
