"""Exact distances, and the nearest of some rows by them, in an order that no summation order can change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

Found = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Rows, best first, and their distances."""

SPARE = 16
"""How many more than asked are measured exactly after the quick pass, whose error is below 1e-3 of a unit."""


def distances_to(vectors: Vectors, vector: Vectors) -> NDArray[np.float32]:
    """Euclidean distances of rows, shape (n, dims), to one vector, shape (dims,): shape (n,), exactly 0 for equals."""
    differences = vectors.astype(np.float64) - vector.astype(np.float64)
    distances: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", differences, differences)).astype(np.float32)
    return distances


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
    if len(rows) > k + SPARE:
        scores = np.einsum("ij,ij->i", taken, taken) - 2.0 * (taken @ vector)
        short = shortlist(scores, k + SPARE)
        rows, taken = rows[short], taken[short]
    return in_order(rows, distances_to(taken, vector), k)


def in_order(rows: NDArray[np.integer[Any]], distances: NDArray[np.float32], k: int) -> Found:
    """The `k` with the least distances, best first, equals by row."""
    best = np.lexsort((rows, distances))[:k]
    return rows[best].astype(np.intp, copy=False), distances[best]


def shortlist(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Positions of the `count` least scores, ascending; `count` is less than there are."""
    return np.sort(np.argpartition(scores, count - 1)[:count])
