"""A library's vectors grown to any number, to measure at sizes that no one has music for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.exact import Vectors, exact_lists

NEIGHBOURS = 16
_BLOCK = 256
_UNIT = 1e-3
"""Vectors whose lengths are this near to 1 are unit vectors, and stay so."""


def grow_vectors(vectors: Vectors, n: int, seed: int) -> Vectors:
    """`n` vectors that lie as `vectors` do: those themselves, then ones drawn around them.

    Each further vector is drawn from a normal distribution around one of the given, with the scatter of its nearest
    neighbours as covariance (a smoothed bootstrap): dense places become denser, directions in which neighbours do not
    differ stay empty. So the number of dimensions that matter is kept, which decides how hard a search is.

    Args:
        vectors: shape (given, dims), given > 0.
        n: how many; fewer than given takes a sample.
        seed: the same gives the same vectors.

    Returns:
        Shape (n, dims), of unit length where all given ones are.
    """
    generator = np.random.default_rng(seed)
    if n <= len(vectors):
        return vectors[np.sort(generator.choice(len(vectors), size=n, replace=False))]
    given = np.ascontiguousarray(vectors, dtype=np.float32)
    near = exact_lists(given, NEIGHBOURS).rows
    sources = generator.integers(len(given), size=n - len(given))
    return np.concatenate([given, _drawn(given, sources, near[sources], generator)])


def vectors_between(vectors: Vectors, count: int, seed: int) -> Vectors:
    """Up to `count` vectors drawn like those of `grow_vectors`, without the time to grow a large library.

    Args:
        vectors: shape (given, dims), given > 0.
        count: how many, at most as many as given.
        seed: the same gives the same vectors.
    """
    generator = np.random.default_rng(seed)
    sources = np.sort(generator.choice(len(vectors), size=min(count, len(vectors)), replace=False))
    return _drawn(vectors, sources, exact_lists(vectors, NEIGHBOURS, sources).rows, generator)


def made_up_vectors(n: int, seed: int, dims: int = 64) -> Vectors:
    """Unit vectors of a library that no one has: a few hundred styles, few of whose directions vary much.

    Returns:
        Shape (n, dims).
    """
    generator = np.random.default_rng(seed)
    spread = np.arange(1, dims + 1) ** -0.5
    centres = generator.normal(size=(300, dims)) * spread
    points = centres[generator.integers(300, size=2_000)] + generator.normal(size=(2_000, dims)) * spread
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return grow_vectors(points.astype(np.float32), n, seed)


def _drawn(
    given: Vectors, sources: NDArray[np.intp], near: NDArray[np.int32], generator: np.random.Generator
) -> Vectors:
    """One vector around each of the rows `sources`, whose neighbours are `near`, shape (sources, neighbours)."""
    drawn = np.empty((len(sources), given.shape[1]), dtype=np.float32)
    for start in range(0, len(sources), _BLOCK):
        rows = sources[start : start + _BLOCK]
        steps = given[near[start : start + _BLOCK]] - given[rows, np.newaxis]
        weights = generator.standard_normal(steps.shape[:2], dtype=np.float32) / np.sqrt(max(steps.shape[1], 1))
        drawn[start : start + _BLOCK] = given[rows] + np.einsum("ij,ijk->ik", weights, steps)
    if np.all(np.abs(np.linalg.norm(given, axis=1) - 1) < _UNIT):
        drawn /= np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return drawn
