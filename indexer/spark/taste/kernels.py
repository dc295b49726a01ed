"""What Spark's Python workers run for models of taste; light to import, because every worker does it anew.

pyspark.ml brings pandas along, two seconds of CPU per worker; nothing here may import it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark import TaskContext

from indexer.core.taste.autoencoder import Autoencoder, Gradient
from indexer.core.taste.descent import Place, block_gradient
from indexer.core.taste.histories import Histories
from indexer.spark.arrow import matrix_of, vectors_column
from indexer.spark.shared import Shared


def sums_of_products(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """From (features, factors) to XᵀX beside XᵀY of one part, with a column of ones in X: (part, rows, sums)."""
    total: NDArray[np.float64] | None = None
    for batch in batches:
        if batch.num_rows:
            known = with_constant(matrix_of(batch.column("features")))
            both = np.concatenate([known, matrix_of(batch.column("factors")).astype(np.float64)], axis=1)
            own = known.T @ both
            total = own if total is None else total + own
    if total is not None:
        columns = [
            pa.array([part()], pa.int32()),
            pa.array([len(total)], pa.int32()),
            vectors_column(total.reshape(1, -1)),
        ]
        yield pa.RecordBatch.from_arrays(columns, ["part", "rows", "sums"])


def gradients_of_blocks(
    weights: Shared, keep: float
) -> Callable[[Iterable[tuple[Histories, Place]]], Iterator[Gradient]]:
    """From blocks of listeners to the gradients of an autoencoder of these weights."""

    def gradients(blocks: Iterable[tuple[Histories, Place]]) -> Iterator[Gradient]:
        for rows, place in blocks:
            yield block_gradient(Autoencoder(*weights.value), rows, place, keep)

    return gradients


def with_constant(known: NDArray[np.floating]) -> NDArray[np.float64]:
    """Rows, shape (items, dims), with a one at the end of each: shape (items, dims + 1)."""
    return np.concatenate([known.astype(np.float64), np.ones((len(known), 1))], axis=1)


def part() -> int:
    """The number of the part that is worked on; 0 outside of a worker."""
    context = TaskContext.get()
    return int(context.partitionId()) if context is not None else 0
