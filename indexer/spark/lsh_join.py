"""The nearest tracks of every track among those it shares a bucket with, then among its neighbours' neighbours.

A broadcast join: the buckets go to every worker, which gathers for each row the members of its bucket in each table,
each once, and measures their distances exactly. Its work grows with the number of tracks, not with its square.

Source of the refinement: Dong et al., "Efficient k-nearest neighbor graph construction for generic similarity
measures", WWW 2011.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyspark.broadcast import Broadcast
from pyspark.sql import SparkSession

from indexer.model.hashing import HashFamily
from indexer.model.ranking import nearest
from indexer.spark.lists import NeighbourLists, Rows, Vectors, in_blocks

LARGEST_GROUP = 512
"""A fuller bucket is split: at 14 hashes and 106,574 tracks 1 % of all places, but a tenth of the work, are in such."""

_REFINED_BY = 24
"""So many of a list's best are followed to their own lists; (24 + 1) * 24 candidates at most, besides the list."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The buckets of all tables, those that are too full split.

    Attributes:
        members: shape (tracks * tables,), rows, ascending within a group.
        starts: shape (groups + 1,); group i holds members[starts[i]:starts[i + 1]].
        of_row: shape (tracks, tables), the group of each row in each table.
    """

    members: Rows
    starts: NDArray[np.int64]
    of_row: Rows

    @property
    def largest(self) -> int:
        return int(np.diff(self.starts).max(initial=0))

    def met(self, row: int) -> Rows:
        """The rows that share a group with `row`, each once, ascending, itself included."""
        members, starts = self.members, self.starts
        groups = [members[starts[group] : starts[group + 1]] for group in self.of_row[row].tolist()]
        return _distinct(np.concatenate(groups))


def groups_of(keys: NDArray[np.int64], vectors: Vectors, family: HashFamily, most: int = LARGEST_GROUP) -> Groups:
    """The buckets of `keys`, shape (tracks, tables), with those of more than `most` members split.

    A full bucket is halved at the middle of its members' positions along a projection of the next table, then of its
    halves along the one after that, until all are small enough: members that are near each other mostly stay
    together, which a cut by row would not do. Equal members are cut by row.
    """
    tracks, tables = keys.shape
    flat = keys.ravel()
    order = np.argsort(flat, kind="stable")
    members, table_of, in_order = (order // tables).astype(np.int32), order % tables, flat[order]
    edges = np.concatenate([[0], np.flatnonzero(in_order[1:] != in_order[:-1]) + 1, [len(flat)]])
    cuts = [edges]
    for bucket in np.flatnonzero(np.diff(edges) > most):
        own = slice(edges[bucket], edges[bucket + 1])
        further = (int(table_of[own.start]) + 1) * family.hashes
        parts = list(_halved(members[own], vectors, family, further, most))
        members[own] = np.concatenate(parts)
        cuts.append(own.start + np.cumsum([len(part) for part in parts[:-1]]))
    starts = np.sort(np.concatenate(cuts)).astype(np.int64)
    of_row = np.empty((tracks, tables), dtype=np.int32)
    of_row[members, table_of] = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    return Groups(members, starts, of_row)


def _halved(rows: Rows, vectors: Vectors, family: HashFamily, projection: int, most: int) -> Iterator[Rows]:
    """`rows` in parts of at most `most`, each ascending, halved along one projection after another."""
    if len(rows) <= most:
        yield rows
        return
    direction = family.projections[projection % len(family.projections)]
    along = np.argsort(vectors[rows].astype(np.float64) @ direction, kind="stable")
    for half in np.array_split(along, 2):
        yield from _halved(np.sort(rows[half]), vectors, family, projection + 1, most)


def lsh_join(spark: SparkSession, vectors: Vectors, groups: Groups, k: int) -> NeighbourLists:
    """The `k` nearest of each row of `vectors`, shape (tracks, dims), among those it shares a group with."""
    k = min(k, len(vectors) - 1)
    shared = spark.sparkContext.broadcast((vectors, groups))
    try:
        return in_blocks(spark, len(vectors), k, GroupBlocks(shared, k))
    finally:
        shared.destroy()


def refine(spark: SparkSession, lists: NeighbourLists, vectors: Vectors) -> NeighbourLists:
    """Lists joined with the lists of their best: the neighbours of a track's neighbours are likely its own."""
    tracks, k = lists.rows.shape
    shared = spark.sparkContext.broadcast((vectors, lists.rows))
    try:
        return in_blocks(spark, tracks, k, RefinedBlocks(shared, k))
    finally:
        shared.destroy()


@dataclass
class GroupBlocks:
    """Compares rows with the members of their groups; runs in Spark's workers."""

    shared: Broadcast[tuple[Vectors, Groups]]
    k: int

    def __call__(self, rows: Rows) -> NeighbourLists:
        vectors, groups = self.shared.value
        lists = NeighbourLists.empty(len(rows), self.k)
        for place, row in enumerate(rows.tolist()):
            met = groups.met(row)
            lists.put(place, nearest(vectors, met[met != row].astype(np.intp), vectors[row], self.k))
        return lists


@dataclass
class RefinedBlocks:
    """Compares rows with their neighbours' neighbours; runs in Spark's workers."""

    shared: Broadcast[tuple[Vectors, Rows]]
    k: int

    def __call__(self, rows: Rows) -> NeighbourLists:
        vectors, every = self.shared.value
        lists = NeighbourLists.empty(len(rows), self.k)
        for place, row in enumerate(rows.tolist()):
            lists.put(place, nearest(vectors, followed(every, row).astype(np.intp), vectors[row], self.k))
        return lists


def followed(lists: Rows, row: int) -> Rows:
    """A row's neighbours and the best of its best neighbours' own, each once, ascending, without the row itself."""
    own = lists[row]
    best = own[:_REFINED_BY]
    candidates = _distinct(np.concatenate([own, lists[best[best >= 0], :_REFINED_BY].ravel()]))
    others: Rows = candidates[(candidates >= 0) & (candidates != row)]
    return others


def _distinct(rows: Rows) -> Rows:
    """Each of `rows` once, ascending; the array is sorted in place."""
    rows.sort()
    first: Rows = rows[np.concatenate([[True], rows[1:] != rows[:-1]])]
    return first
