"""How much of the truth a search finds, and the work it takes: measured by asking as the player asks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.search import SearchIndex
from indexer.core.model.scaling import POOL

RECALL_AT = 10
SAMPLE = 500
"""Tracks asked for; the standard error of a recall of 0.95 over them is below 0.005."""

_EQUAL = 1e-6
"""Distances closer than this are equal: of several copies of a recording any one counts."""


@dataclass(frozen=True)
class Quality:
    """How well an index answers.

    Attributes:
        recall: share of the true nearest that are found, 0 to 1.
        candidate_share: share of all other tracks whose distance is computed for one answer.
        sample: number of tracks asked for.
    """

    recall: float
    candidate_share: float
    sample: int


def sample_rows(tracks: int, seed: int, size: int = SAMPLE) -> NDArray[np.intp]:
    """Up to `size` different rows of `tracks`, ascending, the same for the same seed."""
    if tracks <= size:
        return np.arange(tracks)
    return np.sort(np.random.default_rng(seed).choice(tracks, size=size, replace=False))


def measure(index: SearchIndex, rows: NDArray[np.intp], truth: NDArray[np.float32], wanted: int = POOL) -> Quality:
    """Ask the index for the neighbours of its own `rows`, and look for the truth among them.

    Args:
        index: what answers.
        rows: that are asked for.
        truth: distances to their true nearest, ascending, shape (rows, k).
        wanted: how many are asked for: as many as compete for an answer of the player.
    """
    allowed = np.ones(len(index), dtype=bool)
    compared, found = 0, np.full_like(truth, np.inf)
    for position, row in enumerate(rows):
        allowed[row] = False
        answer = index.compared(index.vector_at(row), allowed, min(wanted, len(index) - 1))
        compared += len(answer.rows)
        distances = answer.nearest(truth.shape[1])[1]
        found[position, : len(distances)] = distances
        allowed[row] = True
    pairs = max(len(rows) * (len(index) - 1), 1)
    return Quality(recall_of(found, truth), compared / pairs, len(rows))


def recall_of(found: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    """Share of found distances, shape (n, k), that are no farther than the last true one; 1 where there is no truth."""
    if truth.size == 0:
        return 1.0
    return float(np.mean(found <= truth[:, -1:] + _EQUAL))
