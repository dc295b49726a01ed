"""Exact distances, and the nearest of some rows by them, in an order that no summation order can change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_SPARE = 16
"""How many more than asked are measured exactly after the quick pass, whose error is below 1e-3 of a unit."""


def distances_to(vectors: Vectors, vector: Vectors) -> NDArray[np.float32]:
    """Euclidean distances of rows, shape (n, dims), to one vector, shape (dims,): shape (n,), exactly 0 for equals."""
    differences = vectors.astype(np.float64) - vector.astype(np.float64)
    distances: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", differences, differences)).astype(np.float32)
    return distances


def nearest(
    vectors: Vectors, rows: NDArray[np.intp], vector: Vectors, k: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The `k` of `rows` nearest to `vector`, best first, equals by row.

    Args:
        vectors: shape (n, dims).
        rows: which of them compete, ascending.
        vector: shape (dims,).
        k: at most this many are returned.

    Returns:
        Rows and their distances, shape (min(k, len(rows)),) each.
    """
    if len(rows) > k + _SPARE:
        rows = rows[_shortlist(vectors[rows], vector, k + _SPARE)]
    distances = distances_to(vectors[rows], vector)
    best = np.lexsort((rows, distances))[:k]
    return rows[best], distances[best]


def _shortlist(vectors: Vectors, vector: Vectors, count: int) -> NDArray[np.intp]:
    """Positions of about the `count` nearest by one matrix product, ascending."""
    scores = np.einsum("ij,ij->i", vectors, vectors) - 2.0 * (vectors @ vector)
    return np.sort(np.argpartition(scores, count - 1)[:count])
