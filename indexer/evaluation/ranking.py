"""Orders clips by distance, so that equal distances never keep the order of the files.

Files lie side by side by album: a method that finds everything equally far would look clever if ties kept their order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Distances = NDArray[np.float64]
Ranking = NDArray[np.intp]

EQUAL = 1e-6
"""Distances that differ by less than this part of the median distance are equal: matrix products leave rounding errors
whose size depends on the position of a row."""

_SMALLEST = 1e-9
"""Share of the largest distance that the typical one counts as at least, where more than half of them are 0."""


def rank_all(distances: NDArray[np.floating[Any]], seed: int) -> Ranking:
    """For every clip all the others, nearest first, ties in random order.

    Args:
        distances: shape (n, n), row i from clip i to each; what is not a number counts as infinitely far.
        seed: of the order of ties, drawn anew for every row.

    Returns:
        Shape (n, n - 1): row i holds every index but i.
    """
    count = len(distances)
    order = rank_rows(distances, seed)
    others: Ranking = order[order != np.arange(count)[:, np.newaxis]].reshape(count, count - 1)
    return others


def rank_rows(distances: NDArray[np.floating[Any]], seed: int) -> Ranking:
    """For every row of (m, n) distances the columns, nearest first, ties in random order; shape (m, n)."""
    steps = _steps(np.asarray(distances, dtype=np.float64))
    generator = np.random.default_rng(seed)
    order = np.empty(steps.shape, dtype=np.intp)
    for row, values in enumerate(steps):
        order[row] = np.lexsort((generator.random(len(values)), values))
    return order


def _steps(distances: Distances) -> Distances:
    """Distances in whole steps of what counts as equal."""
    sizes = np.abs(distances[np.isfinite(distances)])
    typical = max(float(np.median(sizes)), float(sizes.max()) * _SMALLEST) if sizes.any() else 1.0
    whole: Distances = np.rint(np.where(np.isnan(distances), np.inf, distances) / (typical * EQUAL))
    return whole
