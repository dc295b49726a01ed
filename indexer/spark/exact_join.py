"""The nearest tracks of every track by comparing all with all: blocks of rows, matrix products, the best kept.

Every pair is computed from both ends. Computing it once would spare half of the products, which are half of the time,
and cost a second selection, by column, and a shuffle of what it finds: no gain (measured at 106,574 tracks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from indexer.spark.lists import NeighbourLists, Rows, Vectors, in_blocks, ordered
from indexer.spark.shared import Shared, shared

_CHUNK = 8_192
"""Columns compared at once: a block's scores for them take 16 MB, and larger products are no faster."""

_SPARE = 16
"""How many more than asked are measured exactly after the pass in float32, whose error is below 1e-3 of a unit."""

Scores = NDArray[np.float32]


def exact_join(spark: SparkSession, vectors: Vectors, k: int) -> NeighbourLists:
    """The `k` true nearest of every track, equals by row; shape of `vectors` (tracks, dims)."""
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
        lists = NeighbourLists.empty(len(rows), self.k)
        for place, candidates in enumerate(shortlists(vectors, right, rows, self.k + 1 + _SPARE)):
            lists.put(place, ordered(vectors, candidates, int(rows[place]), self.k))
        return lists


def scoring_matrix(vectors: Vectors) -> Scores:
    """Shape (dims + 1, tracks): (x, 1) times it is |y|² / 2 - x·y, which orders all y like their distance from x."""
    halves = 0.5 * np.einsum("ij,ij->i", vectors, vectors)
    return np.ascontiguousarray(np.concatenate([-vectors, halves[:, np.newaxis]], axis=1).T)


def shortlists(vectors: Vectors, right: Scores, rows: Rows, count: int) -> NDArray[np.int32]:
    """For each row about the `count` nearest rows, itself included: shape (rows, min(count, tracks)), ascending.

    The best so far of one chunk of tracks are the bar for the next, so that only few scores of it are sorted.
    """
    left = np.concatenate([vectors[rows], np.ones((len(rows), 1), dtype=np.float32)], axis=1)
    best = _Best(np.empty((len(rows), 0), dtype=np.float32), np.empty((len(rows), 0), dtype=np.int32))
    for start in range(0, right.shape[1], _CHUNK):
        scores = left @ right[:, start : start + _CHUNK]
        best = best.joined(scores, start, count)
    return np.sort(best.rows, axis=1)


@dataclass(frozen=True)
class _Best:
    """The lowest scores of each row so far, and whose they are; shape (rows, up to count), without order."""

    scores: Scores
    rows: Rows

    def joined(self, scores: Scores, start: int, count: int) -> _Best:
        """With the scores, shape (rows, chunk), of the tracks from `start` on."""
        if self.scores.shape[1] < count:
            columns = np.broadcast_to(np.arange(start, start + scores.shape[1], dtype=np.int32), scores.shape)
            return self._beside(scores, columns).lowest(count)
        owners, columns = np.divmod(np.flatnonzero(scores < self.scores.max(axis=1, keepdims=True)), scores.shape[1])
        counts = np.bincount(owners, minlength=len(scores))
        shape = (len(scores), int(counts.max(initial=0)))
        better, whose = np.full(shape, np.inf, dtype=np.float32), np.zeros(shape, dtype=np.int32)
        places = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        better[owners, places] = scores[owners, columns]
        whose[owners, places] = columns + start
        return self._beside(better, whose).lowest(count)

    def _beside(self, scores: Scores, rows: Rows) -> _Best:
        return _Best(np.concatenate([self.scores, scores], axis=1), np.concatenate([self.rows, rows], axis=1))

    def lowest(self, count: int) -> _Best:
        if self.scores.shape[1] <= count:
            return self
        chosen = np.argpartition(self.scores, count - 1, axis=1)[:, :count]
        return _Best(np.take_along_axis(self.scores, chosen, axis=1), np.take_along_axis(self.rows, chosen, axis=1))
