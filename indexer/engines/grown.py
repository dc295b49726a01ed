"""A library's vectors grown to any number, to measure at sizes that no one has music for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

NEIGHBOURS = 16
_BLOCK = 1_024
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
    drawn = _drawn(given, n - len(given), generator)
    if np.all(np.abs(np.linalg.norm(given, axis=1) - 1) < _UNIT):
        drawn /= np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.concatenate([given, drawn])


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


def _drawn(given: Vectors, count: int, generator: np.random.Generator) -> Vectors:
    near = _neighbours(given)
    sources = generator.integers(len(given), size=count)
    drawn = np.empty((count, given.shape[1]), dtype=np.float32)
    for start in range(0, count, _BLOCK):
        rows = sources[start : start + _BLOCK]
        steps = given[near[rows]] - given[rows, np.newaxis]
        weights = generator.standard_normal(steps.shape[:2], dtype=np.float32) / np.sqrt(max(steps.shape[1], 1))
        drawn[start : start + _BLOCK] = given[rows] + np.einsum("ij,ijk->ik", weights, steps)
    return drawn


def _neighbours(given: Vectors) -> NDArray[np.intp]:
    """Shape (given, up to NEIGHBOURS): the nearest other rows of each."""
    count = min(NEIGHBOURS, len(given) - 1)
    near = np.empty((len(given), count), dtype=np.intp)
    squares = np.einsum("ij,ij->i", given, given)
    for start in range(0, len(given) if count else 0, _BLOCK):
        distances = squares - 2.0 * (given[start : start + _BLOCK] @ given.T)
        rows = np.arange(len(distances))
        distances[rows, start + rows] = np.inf
        near[start : start + _BLOCK] = np.argpartition(distances, count - 1, axis=1)[:, :count]
    return near
