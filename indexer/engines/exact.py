"""Exact search: every row is compared, so nothing is missed and nothing is built."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from indexer.core.model.index.ranking import distances_to
from indexer.engines.base import Found, Vectors


class Exact:
    """One matrix product finds a few more than asked, whose distances are then computed without rounding errors."""

    name: ClassVar[str] = "exact"
    _SPARE = 16

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._squares = np.einsum("ij,ij->i", vectors, vectors)

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:  # noqa: ARG003 - nothing is drawn
        return cls(np.ascontiguousarray(vectors, dtype=np.float32))

    def query(self, vector: Vectors, k: int) -> Found:
        scores = self._squares - 2.0 * (self._vectors @ vector)
        count = min(k + self._SPARE, len(scores))
        rows = np.argpartition(scores, count - 1)[:count] if count else np.empty(0, dtype=np.intp)
        distances = distances_to(self._vectors[rows], vector)
        best = np.lexsort((rows, distances))[:k]
        return rows[best], distances[best]

    def memory_bytes(self) -> int:
        return int(self._vectors.nbytes + self._squares.nbytes)
