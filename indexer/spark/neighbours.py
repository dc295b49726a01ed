"""The nearest tracks of every track: a join of the hash tables with themselves, bucket by bucket, then refined.

Spark brings the members of each bucket together, then all whom a track met in any of its buckets; NumPy measures the
distances, each pair once. Neighbours of neighbours then fill in what no bucket held; where even that misses too many,
the exported index, with its probes, is asked for every track.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.broadcast import Broadcast
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.model.ranking import nearest
from indexer.model.search import SearchIndex
from indexer.spark.arrow import lists_column, runs

LARGEST_GROUP = 2_048
"""A fuller bucket is cut into groups of this many, so that one bucket of everything costs no quadratic time."""

_ROWS_PER_BATCH = 20_000

_ROWS_PER_PARTITION = 100_000
_SEARCHES_PER_PARTITION = 2_000
_MOST_PARTITIONS = 256
_REFINED_BY = 24
"""So many of a list's best are followed to their own lists; (24 + 1) * 24 candidates at most."""

_LIST_SCHEMA = "row int, neighbours array<int>, distances array<float>"

Rows = NDArray[np.int32]
Distances = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class NeighbourLists:
    """For each track the rows of its nearest, best first, and their distances: shape (tracks, k) each.

    Lists that are shorter end in rows of -1 at infinite distance.
    """

    rows: Rows
    distances: Distances


def bucket_join(
    spark: SparkSession, keys: DataFrame, ids: NDArray[np.bytes_], vectors: NDArray[np.float32], k: int
) -> NeighbourLists:
    """The `k` nearest of each track among those it shares a bucket with.

    Args:
        spark: the session of `keys`.
        keys: (track, …, keys array<long>).
        ids: shape (tracks,), ascending; positions become rows.
        vectors: shape (tracks, dims).
        k: length of the lists.
    """
    tables = len(keys.first()["keys"])  # type: ignore[index]
    partitions = min(1 + len(ids) * tables // _ROWS_PER_PARTITION, _MOST_PARTITIONS)
    shared_ids, shared_vectors = spark.sparkContext.broadcast(ids), spark.sparkContext.broadcast(vectors)
    members = keys.select("track", F.explode("keys").alias("bucket"))
    members = members.mapInArrow(partial(_numbered, shared_ids), "bucket long, row int")
    gathered = members.repartition(partitions, "bucket").sortWithinPartitions("bucket", "row")
    met = gathered.mapInArrow(partial(_join_buckets, shared_vectors, k), "row int, candidates array<int>")
    met = met.repartition(partitions, "row").sortWithinPartitions("row")
    found = met.mapInArrow(partial(_measure, shared_vectors, k), _LIST_SCHEMA).toArrow()
    return _gather(found, len(ids), k)


def refine(spark: SparkSession, lists: NeighbourLists, vectors: NDArray[np.float32]) -> NeighbourLists:
    """Lists joined with the lists of their best: the neighbours of a track's neighbours are likely its own."""
    tracks, k = lists.rows.shape
    partitions = min(1 + tracks * k // _ROWS_PER_PARTITION, _MOST_PARTITIONS)
    shared_rows, shared_vectors = spark.sparkContext.broadcast(lists.rows), spark.sparkContext.broadcast(vectors)
    rows = spark.range(0, tracks, 1, partitions)
    found = rows.mapInArrow(partial(_refine_rows, shared_rows, shared_vectors), _LIST_SCHEMA).toArrow()
    return _gather(found, tracks, k)


def search_all(spark: SparkSession, index: SearchIndex, k: int) -> NeighbourLists:
    """What the exported index answers for every track: dearer than joining, as good as the index was measured to be."""
    tracks = len(index)
    partitions = min(1 + tracks // _SEARCHES_PER_PARTITION, _MOST_PARTITIONS)
    shared = spark.sparkContext.broadcast(index)
    found = spark.range(0, tracks, 1, partitions).mapInArrow(partial(_search_rows, shared, k), _LIST_SCHEMA)
    return _gather(found.toArrow(), tracks, k)


def complete(lists: NeighbourLists, index: SearchIndex) -> NeighbourLists:
    """Lists that came out short, filled by a search that widens until it has enough."""
    tracks, k = lists.rows.shape
    rows, distances = lists.rows.copy(), lists.distances.copy()
    excluded = np.zeros(tracks, dtype=bool)
    for row in np.flatnonzero(lists.rows[:, -1] < 0):
        excluded[row] = True
        rows[row], distances[row] = index.nearest(index.vectors[row], k, excluded)
        excluded[row] = False
    return NeighbourLists(rows, distances)


def _numbered(ids: Broadcast[NDArray[np.bytes_]], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        tracks = np.array(batch.column("track").to_pylist(), dtype=np.bytes_)
        rows = np.searchsorted(ids.value, tracks).astype(np.int32)
        yield pa.RecordBatch.from_arrays([batch.column("bucket"), pa.array(rows)], ["bucket", "row"])


def _join_buckets(
    vectors: Broadcast[NDArray[np.float32]], k: int, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """For each member of each bucket of a partition the bucket's members, or the nearest of them where it is full."""
    for batch in _whole(batches):
        rows = batch.column("row").to_numpy()
        owners: list[Rows] = []
        candidates: list[Rows] = []
        for group in _groups(batch.column("bucket").to_numpy()):
            members = rows[group]
            owners.append(members)
            candidates.extend(met_in_group(vectors.value[members], members, k))
            if len(candidates) >= _ROWS_PER_BATCH:
                yield _candidate_batch(owners, candidates)
                owners, candidates = [], []
        if owners:
            yield _candidate_batch(owners, candidates)


def _groups(buckets: NDArray[np.int64]) -> Iterator[slice]:
    """Slices of one bucket each, of two to LARGEST_GROUP members."""
    for run in runs(buckets):
        for start in range(run.start, run.stop, LARGEST_GROUP):
            group = slice(start, min(start + LARGEST_GROUP, run.stop))
            if group.stop - group.start > 1:
                yield group


def met_in_group(vectors: NDArray[np.float32], members: Rows, k: int) -> list[Rows]:
    """Whom each member of a group is compared with: all of it, itself included, or the nearest `k` and itself.

    Args:
        vectors: shape (members, dims).
        members: shape (members,), the rows of the group, ascending.
        k: above this many others, only the nearest are kept.
    """
    if len(members) <= k + 1:
        return [members] * len(members)
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    squares = lengths - 2.0 * (vectors @ vectors.T)
    np.fill_diagonal(squares, -np.inf)
    return list(members[np.argpartition(squares, k, axis=1)[:, : k + 1]])


def _measure(
    vectors: Broadcast[NDArray[np.float32]], k: int, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """The nearest of all whom a track met in any bucket, by exact distance."""
    for batch in _whole(batches):
        every = batch.column("row").to_numpy()
        offsets = batch.column("candidates").offsets.to_numpy()
        met = batch.column("candidates").values.to_numpy()
        owners, found = [], []
        for run in runs(every):
            owner = every[run.start]
            candidates = np.unique(met[offsets[run.start] : offsets[run.stop]])
            owners.append(owner)
            found.append(nearest(vectors.value, candidates[candidates != owner], vectors.value[owner], k))
        yield _list_batch(np.array(owners, dtype=np.int32), found)


def _refine_rows(
    lists: Broadcast[Rows], vectors: Broadcast[NDArray[np.float32]], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    every, points = lists.value, vectors.value
    for batch in batches:
        owners = batch.column("id").to_numpy().astype(np.int32)
        found = [nearest(points, followed(every, int(row)), points[row], every.shape[1]) for row in owners]
        yield _list_batch(owners, found)


def _search_rows(shared: Broadcast[SearchIndex], k: int, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    index = shared.value
    excluded = np.zeros(len(index), dtype=bool)
    for batch in batches:
        owners = batch.column("id").to_numpy().astype(np.int32)
        found = []
        for row in owners:
            excluded[row] = True
            found.append(index.nearest(index.vectors[row], k, excluded))
            excluded[row] = False
        yield _list_batch(owners, found)


def followed(lists: Rows, row: int) -> NDArray[np.intp]:
    """A row's neighbours and the best of its best neighbours' own, each once, ascending, without the row itself."""
    own = lists[row]
    best = own[:_REFINED_BY]
    candidates: NDArray[np.int32] = np.unique(np.concatenate([own, lists[best[best >= 0], :_REFINED_BY].ravel()]))
    others: NDArray[np.intp] = candidates[(candidates >= 0) & (candidates != row)].astype(np.intp)
    return others


def _gather(table: pa.Table, tracks: int, k: int) -> NeighbourLists:
    rows = np.full((tracks, k), -1, dtype=np.int32)
    distances = np.full((tracks, k), np.inf, dtype=np.float32)
    for batch in table.to_batches():
        owners = np.repeat(batch.column("row").to_numpy(), lengths := _lengths(batch))
        places = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows[owners, places] = batch.column("neighbours").flatten().to_numpy()
        distances[owners, places] = batch.column("distances").flatten().to_numpy()
    return NeighbourLists(rows, distances)


def _lengths(batch: pa.RecordBatch) -> NDArray[np.int32]:
    lengths: NDArray[np.int32] = batch.column("neighbours").value_lengths().to_numpy()
    return lengths


def _whole(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """All of a partition in one batch, so that no group is cut in two; nothing for an empty one."""
    held = [batch for batch in batches if batch.num_rows]
    if held:
        yield from pa.Table.from_batches(held).combine_chunks().to_batches()


def _candidate_batch(owners: list[Rows], candidates: list[Rows]) -> pa.RecordBatch:
    columns = [pa.array(np.concatenate(owners)), lists_column(candidates, pa.int32())]
    return pa.RecordBatch.from_arrays(columns, ["row", "candidates"])


def _list_batch(owners: Rows, found: list[tuple[NDArray[Any], Distances]]) -> pa.RecordBatch:
    rows = lists_column([rows for rows, _ in found], pa.int32())
    distances = lists_column([distances for _, distances in found], pa.float32())
    return pa.RecordBatch.from_arrays([pa.array(owners), rows, distances], ["row", "neighbours", "distances"])
