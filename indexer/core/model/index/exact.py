"""The nearest by exact distance, in an order that no summation order can change: whoever asks for them asks here.

A quick pass in float32 leaves a few more than are wanted; their distances are computed in float64, equals go by row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Rows = NDArray[np.int32]
Distances = NDArray[np.float32]

Found = tuple[NDArray[np.intp], Distances]
"""Rows, best first, and their distances."""

_SPARE = 16
"""How many more than asked are measured exactly after the quick pass, whose error is below 1e-3 of a unit."""

ROWS_AT_ONCE = 256
CHUNK = 8_192
"""Columns compared at once: the scores of 512 rows for them take 16 MB, and larger products are no faster."""


def distances_to(vectors: Vectors, vector: Vectors) -> Distances:
    """Euclidean distances of rows, shape (n, dims), to one vector, shape (dims,): shape (n,), exactly 0 for equals."""
    differences = vectors.astype(np.float64) - vector.astype(np.float64)
    distances: Distances = np.sqrt(np.einsum("ij,ij->i", differences, differences)).astype(np.float32)
    return distances


def squares_of(vectors: Vectors) -> NDArray[np.float32]:
    """Squared lengths of rows, shape (n,), of vectors of shape (n, dims)."""
    squares: NDArray[np.float32] = np.einsum("ij,ij->i", vectors, vectors)
    return squares


def in_order(rows: NDArray[np.integer[Any]], distances: Distances, k: int) -> Found:
    """The `k` with the least distances, best first, equals by row."""
    best = np.lexsort((rows, distances))[:k]
    return rows[best].astype(np.intp, copy=False), distances[best]


def nearest(vectors: Vectors, rows: NDArray[np.integer[Any]], vector: Vectors, k: int) -> Found:
    """The `k` of `rows` nearest to `vector`, best first, equals by row.

    Args:
        vectors: shape (n, dims).
        rows: which of them compete, ascending.
        vector: shape (dims,).
        k: at most this many are returned.

    Returns:
        Rows and their distances, shape (min(k, len(rows)),) each.
    """
    taken = vectors.take(rows, axis=0)
    scores = squares_of(taken) - 2.0 * (taken @ vector)
    return nearest_by(rows, scores, lambda places: distances_to(taken[places], vector), k)


def nearest_by(
    rows: NDArray[np.integer[Any]],
    scores: NDArray[np.float32],
    measured: Callable[[NDArray[np.intp]], Distances],
    k: int,
) -> Found:
    """The same, of rows whose quick pass was made.

    Args:
        rows: shape (n,), ascending.
        scores: shape (n,), ordered like their distances, but for rounding.
        measured: exact distances of the rows at some places of `rows`, which are ascending.
        k: at most this many are returned.
    """
    count = k + _SPARE
    places = np.sort(np.argpartition(scores, count - 1)[:count]) if len(rows) > count else np.arange(len(rows))
    return in_order(rows[places], measured(places), k)


@dataclass(frozen=True, eq=False)
class NeighbourLists:
    """For each of some tracks the rows of its nearest, best first, and their distances: shape (tracks, k) each.

    Lists that are shorter end in rows of -1 at infinite distance.
    """

    rows: Rows
    distances: Distances

    @classmethod
    def empty(cls, tracks: int, k: int) -> NeighbourLists:
        """Lists without a neighbour."""
        return cls(np.full((tracks, k), -1, dtype=np.int32), np.full((tracks, k), np.inf, dtype=np.float32))

    def put(self, row: int, found: tuple[NDArray[np.integer[Any]], Distances]) -> None:
        """Make `found` the list of `row`."""
        self.rows[row, : len(found[0])], self.distances[row, : len(found[1])] = found


def exact_lists(
    vectors: Vectors, k: int, rows: NDArray[np.integer[Any]] | None = None, comparable: NDArray[np.bool_] | None = None
) -> NeighbourLists:
    """The `k` nearest comparable rows of each of `rows`, never itself, nearest first, equals by row.

    Args:
        vectors: shape (tracks, dims).
        k: as many as there are other tracks, at most.
        rows: whose lists, all unless told.
        comparable: shape (tracks,), False for tracks that are nobody's neighbour; all are unless told.
    """
    asking = np.arange(len(vectors)) if rows is None else rows
    k = max(min(k, len(vectors) - 1), 0)
    lists = NeighbourLists.empty(len(asking), k)
    right = scoring_matrix(vectors, comparable)
    for start in range(0, len(asking) if k else 0, ROWS_AT_ONCE):
        own = slice(start, start + ROWS_AT_ONCE)
        part = lists_of_block(vectors, right, asking[own], k)
        lists.rows[own], lists.distances[own] = part.rows, part.distances
    return lists


def scoring_matrix(vectors: Vectors, comparable: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Shape (dims + 1, tracks): (x, 1) times it is |y|² / 2 - x·y, which orders all y like their distance from x.

    Those that are not comparable are infinitely far.
    """
    halves = np.float32(0.5) * squares_of(vectors)
    if comparable is not None:
        halves = np.where(comparable, halves, np.float32(np.inf))
    return np.ascontiguousarray(np.concatenate([-vectors, halves[:, np.newaxis]], axis=1).T)


def lists_of_block(
    vectors: Vectors, right: NDArray[np.float32], rows: NDArray[np.integer[Any]], k: int
) -> NeighbourLists:
    """As `exact_lists` of a few rows; `right` is the scoring matrix of `vectors`."""
    lists = NeighbourLists.empty(len(rows), k)
    for place, best in enumerate(_shortlists(vectors, right, rows, k + 1 + _SPARE)):
        others = best[(best >= 0) & (best != rows[place]) & np.isfinite(right[-1].take(best))]
        lists.put(place, in_order(others, distances_to(vectors[others], vectors[rows[place]]), k))
    return lists


def _shortlists(vectors: Vectors, right: NDArray[np.float32], rows: NDArray[np.integer[Any]], count: int) -> Rows:
    """For each row about the `count` nearest rows, itself included: shape (rows, min(count, tracks)), ascending.

    Where fewer are comparable there are -1 and incomparable ones among them.

    The best so far of one chunk of tracks are the bar for the next, so that only few scores of it are sorted.
    """
    left = np.concatenate([vectors[rows], np.ones((len(rows), 1), dtype=np.float32)], axis=1)
    best = _Best(np.empty((len(rows), 0), dtype=np.float32), np.empty((len(rows), 0), dtype=np.int32))
    for start in range(0, right.shape[1], CHUNK):
        scores = left @ right[:, start : start + CHUNK]
        best = best.joined(scores, start, count)
    return np.sort(best.rows, axis=1)


@dataclass(frozen=True)
class _Best:
    """The lowest scores of each row so far, and whose they are; shape (rows, up to count), without order."""

    scores: NDArray[np.float32]
    rows: Rows

    def joined(self, scores: NDArray[np.float32], start: int, count: int) -> _Best:
        """With the scores, shape (rows, chunk), of the tracks from `start` on."""
        if self.scores.shape[1] < count:
            columns = np.broadcast_to(np.arange(start, start + scores.shape[1], dtype=np.int32), scores.shape)
            return self._beside(scores, columns).lowest(count)
        owners, columns = np.divmod(np.flatnonzero(scores < self.scores.max(axis=1, keepdims=True)), scores.shape[1])
        counts = np.bincount(owners, minlength=len(scores))
        shape = (len(scores), int(counts.max(initial=0)))
        better, whose = np.full(shape, np.inf, dtype=np.float32), np.full(shape, -1, dtype=np.int32)
        places = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        better[owners, places] = scores[owners, columns]
        whose[owners, places] = columns + start
        return self._beside(better, whose).lowest(count)

    def _beside(self, scores: NDArray[np.float32], rows: Rows) -> _Best:
        return _Best(np.concatenate([self.scores, scores], axis=1), np.concatenate([self.rows, rows], axis=1))

    def lowest(self, count: int) -> _Best:
        if self.scores.shape[1] <= count:
            return self
        chosen = np.argpartition(self.scores, count - 1, axis=1)[:, :count]
        return _Best(np.take_along_axis(self.scores, chosen, axis=1), np.take_along_axis(self.rows, chosen, axis=1))
