"""What near and far mean in a library: where a distance lies among those of random pairs of tracks."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.growth import GrowingIndex
from indexer.core.model.lists import Scales
from indexer.core.model.members import Members
from indexer.core.model.scaling import scaled_pair_distances

Distances = NDArray[np.float32]

_REDRAWN = 2_000
"""Pairs of a growing library: the standard error of a share is below 0.011."""


class ComparedTracks(Protocol):
    """What random pairs are drawn from."""

    members: Members
    index: GrowingIndex
    scales: Scales


class Pairs:
    """Scaled distances of random pairs of comparable tracks, drawn by the build, or anew as a library grows."""

    def __init__(self, distances: Distances, *, follows_growth: bool) -> None:
        """Begin with distances, shape (n,), ascending; without growth they stay."""
        self._distances = distances
        self._follows_growth = follows_growth
        self._drawn_of = 0

    def closeness(self, distances: Distances, library: ComparedTracks) -> NDArray[np.float64]:
        """Share of random pairs that are farther apart than each of `distances`, shape (n,); 1 where there are none."""
        if self._follows_growth and library.members.open_count >= max(2 * self._drawn_of, 2):
            self._draw(library)
        nearer = np.searchsorted(self._distances, distances, side="right")
        shares: NDArray[np.float64] = 1.0 - nearer / max(len(self._distances), 1)
        return shares

    def _draw(self, library: ComparedTracks) -> None:
        rows = np.flatnonzero(library.members.open)
        self._drawn_of = len(rows)
        vectors = library.index.vectors(np.arange(len(library.index)))
        self._distances = scaled_pair_distances(vectors, library.scales.rows, rows, seed=0, count=_REDRAWN)
