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
from pyspark.sql import SparkSession

from indexer.core.model.index.exact import NeighbourLists, Rows, Vectors, nearest
from indexer.core.model.index.hashing import HashFamily
from indexer.spark.lists import BLOCK, fill, in_blocks, spans
from indexer.spark.shared import Shared, shared

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
    members, of_row = np.empty(tracks * tables, dtype=np.int32), np.empty((tracks, tables), dtype=np.int32)
    starts, before = [np.zeros(1, dtype=np.int64)], 0
    for table in range(tables):  # one at a time, for the sake of memory
        own = slice(table * tracks, (table + 1) * tracks)
        members[own], sizes = _groups_of_table(keys[:, table], vectors, family, (table + 1) * family.hashes, most)
        of_row[members[own], table] = np.repeat(np.arange(before, before + len(sizes), dtype=np.int32), sizes)
        starts.append(own.start + np.cumsum(sizes, dtype=np.int64))
        before += len(sizes)
    return Groups(members, np.concatenate(starts), of_row)


def _groups_of_table(
    keys: NDArray[np.int64], vectors: Vectors, family: HashFamily, further: int, most: int
) -> tuple[Rows, NDArray[np.intp]]:
    """The rows of one table group by group, shape (tracks,), and the sizes of its groups.

    Args:
        keys: shape (tracks,).
        vectors: shape (tracks, dims).
        family: has the projections.
        further: the first projection along which a full bucket is halved.
        most: members of a group.
    """
    rows = np.argsort(keys, kind="stable").astype(np.int32)
    in_order = keys[rows]
    edges = np.concatenate([[0], np.flatnonzero(in_order[1:] != in_order[:-1]) + 1, [len(keys)]])
    cuts = [edges]
    for bucket in np.flatnonzero(np.diff(edges) > most):
        own = slice(edges[bucket], edges[bucket + 1])
        parts = list(_halved(rows[own], vectors, family, further, most))
        rows[own] = np.concatenate(parts)
        cuts.append(own.start + np.cumsum([len(part) for part in parts[:-1]]))
    return rows, np.diff(np.sort(np.concatenate(cuts)))


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
    with shared(spark, vectors, groups.members, groups.starts, groups.of_row) as everyone:
        return in_blocks(spark, len(vectors), k, GroupBlocks(everyone, k))


def refine(spark: SparkSession, lists: NeighbourLists, vectors: Vectors) -> None:
    """Join lists, in place, with the lists of their best: a track's neighbours' neighbours are likely its own."""
    tracks, k = lists.rows.shape
    best = np.ascontiguousarray(lists.rows[:, :_REFINED_BY])  # as they were before the first is changed
    with shared(spark, vectors, best) as everyone:
        for blocks in spans(tracks):
            first = blocks.start * BLOCK
            with shared(spark, lists.rows[first : blocks.stop * BLOCK]) as own:
                fill(spark, lists, blocks, RefinedBlocks(everyone, own, first, k))


@dataclass
class GroupBlocks:
    """Compares rows with the members of their groups; runs in Spark's workers."""

    everyone: Shared
    k: int

    def __call__(self, rows: Rows) -> NeighbourLists:
        vectors, *parts = self.everyone.value
        groups = Groups(*parts)
        lists = NeighbourLists.empty(len(rows), self.k)
        for place, row in enumerate(rows.tolist()):
            met = groups.met(row)
            lists.put(place, nearest(vectors, met[met != row].astype(np.intp), vectors[row], self.k))
        return lists


@dataclass
class RefinedBlocks:
    """Compares rows with their neighbours' neighbours; runs in Spark's workers.

    Attributes:
        everyone: the vectors, and the best of all lists.
        own: the whole lists of the rows from `first` on, as many as one job has.
        first: see there.
        k: length of the lists.
    """

    everyone: Shared
    own: Shared
    first: int
    k: int

    def __call__(self, rows: Rows) -> NeighbourLists:
        (vectors, best), (own,) = self.everyone.value, self.own.value
        lists = NeighbourLists.empty(len(rows), self.k)
        for place, row in enumerate(rows.tolist()):
            candidates = followed(own[row - self.first], best, row).astype(np.intp)
            lists.put(place, nearest(vectors, candidates, vectors[row], self.k))
        return lists


def followed(own: Rows, best: Rows, row: int) -> Rows:
    """A row's neighbours and the best of its best neighbours' own, each once, ascending, without the row itself.

    Args:
        own: the row's list, shape (k,).
        best: the first of all lists, shape (tracks, any).
        row: whose list it is.
    """
    near = own[: best.shape[1]]
    candidates = _distinct(np.concatenate([own, best[near[near >= 0]].ravel()]))
    others: Rows = candidates[(candidates >= 0) & (candidates != row)]
    return others


def _distinct(rows: Rows) -> Rows:
    """Each of `rows` once, ascending; the array is sorted in place."""
    rows.sort()
    first: Rows = rows[np.concatenate([[True], rows[1:] != rows[:-1]])]
    return first
