"""Neighbour lists made by Spark's workers, block by block of rows, each block one record; the exact join of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
from pyspark.sql import SparkSession

from indexer.core.model.index.exact import NeighbourLists, Rows, Vectors, lists_of_block, scoring_matrix
from indexer.spark.shared import Shared, shared

BLOCK = 512
"""Rows of one block. A matrix product rounds by the shape of its operands, so this never depends on the cores."""

_BLOCKS_PER_TASK = 4

BLOCKS_AT_ONCE = 256
"""Blocks of one Spark job: with 200 neighbours a track 200 MB, which come to the driver by way of the JVM's heap. The
lists of a million tracks are eight times as large."""

_SCHEMA = "block int, neighbours binary, distances binary"
"""Binary, because Spark copies it in one go and lists number by number."""


def exact_join(spark: SparkSession, vectors: Vectors, k: int) -> NeighbourLists:
    """The `k` true nearest of every track, equals by row, by comparing all with all; shape of `vectors` (tracks, dims).

    Every pair is computed from both ends. Computing it once would spare half of the products, which are half of the
    time, and cost a second selection, by column, and a shuffle of what it finds: no gain (measured at 106,574 tracks).
    """
    k = min(k, len(vectors) - 1)
    with shared(spark, vectors, scoring_matrix(vectors)) as everyone:
        return in_blocks(spark, len(vectors), k, ExactBlocks(everyone, k))


@dataclass
class ExactBlocks:
    """Compares the rows of a block with all tracks; runs in Spark's workers."""

    everyone: Shared
    k: int

    def __call__(self, rows: Rows) -> NeighbourLists:
        vectors, right = self.everyone.value
        return lists_of_block(vectors, right, rows, self.k)


def in_blocks(spark: SparkSession, tracks: int, k: int, lists_of: Callable[[Rows], NeighbourLists]) -> NeighbourLists:
    """The lists of all tracks, made by Spark's workers.

    Args:
        spark: the session.
        tracks: how many rows.
        k: length of the lists.
        lists_of: from ascending, adjoining rows of one block to their lists; it is sent to the workers.
    """
    lists = NeighbourLists.empty(tracks, k)
    for blocks in spans(tracks):
        fill(spark, lists, blocks, lists_of)
    return lists


def spans(tracks: int) -> Iterator[range]:
    """The blocks of `tracks` rows, in adjoining parts that are one Spark job each."""
    blocks = -(-tracks // BLOCK)
    for start in range(0, blocks, BLOCKS_AT_ONCE):
        yield range(start, min(start + BLOCKS_AT_ONCE, blocks))


def fill(spark: SparkSession, lists: NeighbourLists, blocks: range, lists_of: Callable[[Rows], NeighbourLists]) -> None:
    """Replace the lists of some adjoining blocks by those that Spark's workers make; see `in_blocks`."""
    tracks, k = lists.rows.shape
    kernel = partial(_list_blocks, tracks, lists_of)
    numbers = spark.range(blocks.start, blocks.stop, 1, -(-len(blocks) // _BLOCKS_PER_TASK))
    for batch in numbers.mapInArrow(kernel, _SCHEMA).toArrow().to_batches():
        for block, rows, distances in zip(*batch.columns, strict=True):
            own = slice(block.as_py() * BLOCK, (block.as_py() + 1) * BLOCK)
            lists.rows[own] = np.frombuffer(rows.as_buffer(), dtype=np.int32).reshape(-1, k)
            lists.distances[own] = np.frombuffer(distances.as_buffer(), dtype=np.float32).reshape(-1, k)


def _list_blocks(
    tracks: int, lists_of: Callable[[Rows], NeighbourLists], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for block in batch.column("id").to_pylist():
            lists = lists_of(np.arange(block * BLOCK, min((block + 1) * BLOCK, tracks), dtype=np.int32))
            columns = [
                pa.array([block], pa.int32()),
                pa.array([lists.rows.tobytes()], pa.binary()),
                pa.array([lists.distances.tobytes()], pa.binary()),
            ]
            yield pa.RecordBatch.from_arrays(columns, ["block", "neighbours", "distances"])
