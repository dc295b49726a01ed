"""Small made-up libraries for tests of the model: unit vectors in clusters, with a search index over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.model.hashing import HashFamily
from indexer.model.search import SearchIndex

Vectors = NDArray[np.float32]


def vectors(count: int, dims: int = 12, *, clusters: int = 6, seed: int = 0) -> Vectors:
    """Unit vectors around a few centres, shape (count, dims)."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(clusters, dims))
    drawn = centres[np.arange(count) % clusters] + 0.5 * generator.normal(size=(count, dims))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def family(dims: int = 12, *, tables: int = 8, hashes: int = 4, seed: int = 1) -> HashFamily:
    """Projections of unit length, as Spark draws them."""
    drawn = np.random.default_rng(seed).normal(size=(tables * hashes, dims))
    return HashFamily(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), tables, 1.0)


def index(rows: Vectors, *, probes: int = 3) -> SearchIndex:
    return SearchIndex.build(rows, family(rows.shape[1]), probes)


def by_force(rows: Vectors, query: Vectors, k: int) -> list[int]:
    """The nearest rows by comparing with all, equals by row."""
    distances = np.linalg.norm(rows.astype(np.float64) - query.astype(np.float64), axis=1).astype(np.float32)
    return [int(row) for row in np.lexsort((np.arange(len(rows)), distances))[:k]]
