"""HNSW: a graph of neighbours in layers, walked greedily; by the package usearch.

Source: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using hierarchical navigable
small world graphs", IEEE TPAMI 42 (2020).
"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from indexer.core.model.index.exact import Found, Vectors
from indexer.engines.engine import least_effort

CONNECTIVITY = 16
EXPANSION_WHEN_BUILT = 128
"""usearch's defaults: edges per node, and candidates weighed for each when it is added."""

EXPANSIONS = (16, 32, 64, 128, 256, 512)
"""Candidates weighed during a query, from the least effort to the greatest."""


class Hnsw:
    """A graph that holds a copy of the vectors."""

    name: ClassVar[str] = "hnsw"

    def __init__(self, index: Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:
        index = Index(
            ndim=vectors.shape[1],
            metric="l2sq",
            dtype="f32",
            connectivity=CONNECTIVITY,
            expansion_add=EXPANSION_WHEN_BUILT,
        )
        index.add(np.arange(len(vectors)), np.ascontiguousarray(vectors, dtype=np.float32), threads=1)

        def query(expansion: int, vector: Vectors, k: int) -> NDArray[np.intp]:
            index.expansion_search = expansion
            return np.asarray(index.search(vector, k, threads=1).keys, dtype=np.intp)

        index.expansion_search = least_effort(vectors, EXPANSIONS, query, seed)
        return cls(index)

    def query(self, vector: Vectors, k: int) -> Found:
        matches = self._index.search(vector, k, threads=1)
        distances = np.sqrt(np.maximum(matches.distances, 0), dtype=np.float32)
        return np.asarray(matches.keys, dtype=np.intp), distances

    def memory_bytes(self) -> int:
        return int(self._index.memory_usage)
