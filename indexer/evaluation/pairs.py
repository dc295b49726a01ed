"""Samples: pairs of clips whose distances are kept, clips whose lists are shown, clips that are altered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.evaluation.labels import UNKNOWN, Codes
from indexer.evaluation.methods import Distances

SAME_PAIRS = 2_000
OTHER_PAIRS = 5_000
EXAMPLES = 8

Indexes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of clips, as rows and columns: by the same artist, and by two known and different ones."""

    same: tuple[Indexes, Indexes]
    other: tuple[Indexes, Indexes]

    def distances(self, distances: Distances) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Finite distances of both kinds of pairs, ascending."""
        return _finite(distances[self.same]), _finite(distances[self.other])


def sample_pairs(codes: Codes, seed: int) -> Pairs:
    """Up to SAME_PAIRS and OTHER_PAIRS pairs, drawn without repetition."""
    known = codes.artist != UNKNOWN
    both = np.triu(known[:, np.newaxis] & known, k=1)
    same = codes.artist[:, np.newaxis] == codes.artist
    generator = np.random.default_rng(seed)
    return Pairs(
        _drawn(np.nonzero(both & same), SAME_PAIRS, generator), _drawn(np.nonzero(both & ~same), OTHER_PAIRS, generator)
    )


def sample_examples(codes: Codes, queries: Indexes, seed: int, count: int = EXAMPLES) -> list[int]:
    """Up to `count` of the queries, each by another artist, ascending."""
    shuffled = np.random.default_rng(seed).permutation(queries)
    _, first = np.unique(codes.artist[shuffled], return_index=True)
    return sorted(int(row) for row in shuffled[np.sort(first)[:count]])


def sample_rows(count: int, wanted: int, seed: int) -> list[int]:
    """Up to `wanted` of `count` rows, ascending."""
    return sorted(int(row) for row in np.random.default_rng(seed).permutation(count)[:wanted])


def _drawn(pairs: tuple[Indexes, ...], wanted: int, generator: np.random.Generator) -> tuple[Indexes, Indexes]:
    chosen = np.sort(generator.permutation(len(pairs[0]))[:wanted])
    return pairs[0][chosen], pairs[1][chosen]


def _finite(distances: Distances) -> tuple[float, ...]:
    return tuple(float(value) for value in np.sort(distances[np.isfinite(distances)]))
