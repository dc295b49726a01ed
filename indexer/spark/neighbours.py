"""The neighbour lists of a library by the join that was chosen, and how much of the truth they hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyspark.broadcast import Broadcast
from pyspark.sql import SparkSession

from indexer.core.model.index.exact import NeighbourLists, Rows, Vectors, exact_lists
from indexer.core.model.index.hashing import usual_hashes
from indexer.core.model.index.recall import RECALL_AT, recall_of, sample_rows
from indexer.core.model.index.search import BuiltIndex, SearchIndex
from indexer.spark.choice import LEAST_RECALL, WANTED_RECALL, Join
from indexer.spark.lists import exact_join, in_blocks
from indexer.spark.lsh import coarser
from indexer.spark.lsh_join import groups_of, lsh_join, refine

_WANTED_WHOLE_RECALL = 0.85
"""Of whole lists: their ends compete for an answer by scaled distance, and are less often in it than their heads."""

_MOST_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The lists, with the share of the true ten nearest, and of all that a list should hold, that are in them."""

    lists: NeighbourLists
    recall: float
    whole_recall: float


def find_neighbours(spark: SparkSession, index: BuiltIndex, k: int, join: Join, seed: int) -> Neighbours:
    """The `k` nearest of every track of `index`, all of which can be found.

    Args:
        spark: the session.
        index: vectors and hash tables.
        k: length of the lists, less than the number of tracks.
        join: EXACT or LSH.
        seed: of the sample on which recall is measured.
    """
    measured = _Truth.of(index.vectors, k, seed)
    if join is Join.EXACT:
        lists = exact_join(spark, index.vectors, k)
    else:
        lists = complete(_approximate(spark, index, k, measured), index.vectors)
    return Neighbours(lists, measured.recall(lists), measured.recall(lists, k))


def _approximate(spark: SparkSession, index: BuiltIndex, k: int, measured: _Truth) -> NeighbourLists:
    """By the hash tables with the usual number of hashes, then as many rounds as it takes to be good.

    The exported tables may have more hashes, because queries look into neighbouring buckets too; the join does not.
    Only where it finds too little the tables are searched for every track, which takes several times as long.
    """
    family = coarser(index.family, min(usual_hashes(len(index)), index.family.hashes))
    groups = groups_of(family.keys(index.vectors), index.vectors, family)
    lists = lsh_join(spark, index.vectors, groups, k)
    for _ in range(_MOST_ROUNDS):  # one at least: the buckets hold the nearest, and few of those at a list's end
        refine(spark, lists, index.vectors)
        if measured.recall(lists) >= WANTED_RECALL and measured.recall(lists, k) >= _WANTED_WHOLE_RECALL:
            break
    if measured.recall(lists) >= LEAST_RECALL:
        return lists
    return max(lists, search_all(spark, index, k), key=measured.recall)


@dataclass(frozen=True, eq=False)
class _Truth:
    """Exact distances of some tracks to their nearest."""

    rows: Rows
    distances: Vectors

    @classmethod
    def of(cls, vectors: Vectors, k: int, seed: int) -> _Truth:
        rows = sample_rows(len(vectors), seed)
        return cls(rows.astype(np.int32), exact_lists(vectors, k, rows).distances)

    def recall(self, lists: NeighbourLists, k: int = RECALL_AT) -> float:
        return recall_of(lists.distances[self.rows, :k], self.distances[:, :k])


def search_all(spark: SparkSession, index: BuiltIndex, k: int) -> NeighbourLists:
    """What the exported index answers for every track: dearer than joining, as good as the index was measured to be."""
    shared = spark.sparkContext.broadcast(index)
    try:
        return in_blocks(spark, len(index), k, SearchBlocks(shared, k))
    finally:
        shared.destroy()


@dataclass
class SearchBlocks:
    """Asks the index for the neighbours of rows; runs in Spark's workers."""

    shared: Broadcast[BuiltIndex]
    k: int

    def __call__(self, rows: Rows) -> NeighbourLists:
        index = SearchIndex(self.shared.value)
        allowed = np.ones(len(index), dtype=bool)
        lists = NeighbourLists.empty(len(rows), self.k)
        for place, row in enumerate(rows.tolist()):
            allowed[row] = False
            lists.put(place, index.nearest(index.vector_at(row), self.k, allowed))
            allowed[row] = True
        return lists


def complete(lists: NeighbourLists, vectors: Vectors) -> NeighbourLists:
    """Lists that came out short, filled by comparing with every track."""
    short = np.flatnonzero(lists.rows[:, -1] < 0)
    if not len(short):
        return lists
    exact = exact_lists(vectors, lists.rows.shape[1], short)
    filled = NeighbourLists(lists.rows.copy(), lists.distances.copy())
    filled.rows[short], filled.distances[short] = exact.rows, exact.distances
    return filled
