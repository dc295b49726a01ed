"""The application's own search as two engines: by its hash tables alone, and by comparing with all.

The projections are drawn here as Spark draws them, of unit length and uniform direction: a stored model's are as many
as its own number of tracks asks for, and would not do for the same vectors grown to another size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.exact import Found, Vectors
from indexer.core.model.index.hashing import HashFamily, usual_hashes
from indexer.core.model.index.search import BuiltIndex, SearchIndex
from indexer.engines.engine import least_effort

TABLES = 32
PROBES = (0, 1, 3, 7, 15, 31, 63)


class _Searched:
    """What both have in common."""

    def __init__(self, built: BuiltIndex) -> None:
        self._built = built
        self._search = SearchIndex(built, exact_below=0)

    def query(self, vector: Vectors, k: int) -> Found:
        return self._search.nearest(vector, k)

    def memory_bytes(self) -> int:
        return self._built.nbytes


class SparkLsh(_Searched):
    """Hash tables with multi-probe, looked into at any size, and exact distances of what they hold."""

    name: ClassVar[str] = "spark-lsh"

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:
        family = HashFamily.drawn(vectors.shape[1], usual_hashes(len(vectors)), TABLES, seed)
        index = BuiltIndex.build(np.ascontiguousarray(vectors, dtype=np.float32), family, 0)
        tried = {probes: SearchIndex(replace(index, probes=probes), exact_below=0) for probes in PROBES}

        def query(probes: int, vector: Vectors, k: int) -> NDArray[np.intp]:
            return tried[probes].nearest(vector, k)[0]

        return cls(replace(index, probes=least_effort(vectors, PROBES, query, seed)))


class Exact(_Searched):
    """No tables: every row is compared, so nothing is missed and nothing is built."""

    name: ClassVar[str] = "exact"

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:  # noqa: ARG003 - nothing is drawn
        return cls(BuiltIndex.without_tables(np.ascontiguousarray(vectors, dtype=np.float32)))
