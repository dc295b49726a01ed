"""The application's own engine: Spark's random-projection hashes in compound keys, probed with NumPy.

The projections are drawn here as Spark draws them, of unit length and uniform direction: a stored model's are as many
as its own number of tracks asks for, and would not do for the same vectors grown to another size.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.search import SearchIndex
from indexer.engines.base import Found, Vectors, least_effort

TABLES = 32
BUCKET_LENGTH = 1.0
"""As long as the vectors: the hash of a centred unit vector is the side of a plane it lies on."""

PROBES = (0, 1, 3, 7, 15, 31, 63)

_TRACKS_PER_BUCKET = 6.5
_MOST_HASHES = 20


class SparkLsh:
    """Hash tables with multi-probe, and exact distances of what they hold."""

    name: ClassVar[str] = "spark-lsh"

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:
        family = seeded_family(vectors.shape[1], hashes_for(len(vectors)), seed)
        index = SearchIndex.build(np.ascontiguousarray(vectors, dtype=np.float32), family, 0)

        def query(probes: int, vector: Vectors, k: int) -> NDArray[np.intp]:
            return replace(index, probes=probes).nearest(vector, k)[0]

        return cls(replace(index, probes=least_effort(vectors, PROBES, query, seed)))

    def query(self, vector: Vectors, k: int) -> Found:
        return self._index.nearest(vector, k)

    def memory_bytes(self) -> int:
        tables = self._index.tables
        arrays = (self._index.vectors, self._index.family.projections, tables.keys, tables.starts, tables.rows)
        return sum(array.nbytes for array in arrays)


def hashes_for(tracks: int) -> int:
    """Projections a key, so that a bucket holds a few tracks: 5 at 265 tracks, 14 at 106,574."""
    return min(max(round(math.log2(max(tracks, 1) / _TRACKS_PER_BUCKET)), 1), _MOST_HASHES)


def seeded_family(dims: int, hashes: int, seed: int, tables: int = TABLES) -> HashFamily:
    """Random projections of unit length and uniform direction, like BucketedRandomProjectionLSH's."""
    drawn = np.random.default_rng(seed).normal(size=(tables * hashes, dims))
    return HashFamily(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), tables, BUCKET_LENGTH)
