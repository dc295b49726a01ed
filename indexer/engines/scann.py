"""ScaNN: a tree of partitions, anisotropic quantisation of what is in them, exact distances of the best.

Source: Guo et al., "Accelerating large-scale inference with anisotropic vector quantization", ICML 2020.
"""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Self

import numpy as np
import scann
from numpy.typing import NDArray

from indexer.core.model.index.exact import Found, Vectors
from indexer.engines.engine import least_effort

FEWEST_FOR_TREE = 2_000
"""Below this ScaNN's own advice is to score without partitions."""

_SHARES = (0.03, 0.06, 0.12, 0.25, 0.5, 1.0)
"""Of the leaves that are searched, from the least effort to the greatest."""

_REORDERED = 100
"""Candidates whose distance is computed from the vectors themselves."""

_DIMENSIONS_PER_BLOCK = 2
_THRESHOLD = 0.2
"""Values of ScaNN's documentation for its quantisation."""

_NEIGHBOURS = 10

_ALL_LEAVES = -1
"""ScaNN's way to say as many as it was built with."""


class Scann:
    """A searcher over a copy of the vectors."""

    name: ClassVar[str] = "scann"

    def __init__(self, searcher: Any, vectors: Vectors, leaves: int) -> None:
        self._searcher = searcher
        self._vectors = vectors
        self._leaves = leaves

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:
        kept = np.ascontiguousarray(vectors, dtype=np.float32)
        if len(kept) < FEWEST_FOR_TREE:
            return cls(_builder(kept).score_brute_force().build(), kept, _ALL_LEAVES)
        leaves = round(math.sqrt(len(kept)))
        tree = _builder(kept).tree(leaves, max(leaves // 10, 1), training_sample_size=len(kept))
        hashed = tree.score_ah(_DIMENSIONS_PER_BLOCK, anisotropic_quantization_threshold=_THRESHOLD)
        searcher = hashed.reorder(_REORDERED).build()

        def query(searched: int, vector: Vectors, k: int) -> NDArray[np.intp]:
            return _rows(searcher.search(vector, final_num_neighbors=k, leaves_to_search=searched)[0])

        efforts = [max(round(leaves * share), 1) for share in _SHARES]
        return cls(searcher, kept, least_effort(kept, efforts, query, seed))

    def query(self, vector: Vectors, k: int) -> Found:
        found, squares = self._searcher.search(vector, final_num_neighbors=k, leaves_to_search=self._leaves)
        return _rows(found), np.sqrt(np.maximum(squares, 0), dtype=np.float32)

    def memory_bytes(self) -> int:
        """The size of the index as ScaNN writes it, which holds a copy of the vectors."""
        with TemporaryDirectory() as folder:
            self._searcher.serialize(folder)
            return sum(path.stat().st_size for path in Path(folder).iterdir())


def _builder(vectors: Vectors) -> Any:
    builder = scann.scann_ops_pybind.builder(vectors, _NEIGHBOURS, "squared_l2")
    builder.set_n_training_threads(1)
    return builder


def _rows(found: NDArray[Any]) -> NDArray[np.intp]:
    return found.astype(np.intp)
