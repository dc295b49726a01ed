"""Intervals by resampling whole artists: clips of one artist are not independent of each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.evaluation.labels import UNKNOWN
from indexer.evaluation.result import Figure

RESAMPLES = 2_000
LIMITS = (2.5, 97.5)
"""Percentiles that bound a 95 % interval."""

_PERCENT = 100.0
_FEWEST_GROUPS = 2


class Resamples:
    """The same resamples of artists for every method, so that differences are paired."""

    def __init__(self, artists: NDArray[np.intp], seed: int, count: int = RESAMPLES) -> None:
        """Draw them.

        Args:
            artists: shape (queries,), the artist of every query; an unknown one is a group of its own.
            seed: of the draw.
            count: number of resamples.
        """
        self._groups = _groups(artists)
        self.artists = int(self._groups.max()) + 1 if len(artists) else 0
        draws = np.random.default_rng(seed)
        chances = np.full(self.artists, 1 / max(self.artists, 1))
        self._times = draws.multinomial(self.artists, chances, size=count) if self.artists else np.zeros((count, 0))
        self._sizes = self._times @ np.bincount(self._groups, minlength=self.artists)

    def figure(self, scores: NDArray[np.float64]) -> Figure:
        """The mean of per-query scores, shape (queries,), in percent; no limits where there is only one artist.

        Source: Efron & Tibshirani, "An introduction to the bootstrap" (1993), percentile intervals; clusters as in
        Davison & Hinkley, "Bootstrap methods and their application" (1997), section 3.8.
        """
        if not len(scores):
            return Figure(float("nan"), float("nan"), float("nan"))
        value = float(np.mean(scores)) * _PERCENT
        if self.artists < _FEWEST_GROUPS:
            return Figure(value, float("nan"), float("nan"))
        sums = np.bincount(self._groups, weights=scores, minlength=self.artists)
        low, high = np.percentile((self._times @ sums) / self._sizes, LIMITS) * _PERCENT
        return Figure(value, float(low), float(high))


def _groups(artists: NDArray[np.intp]) -> NDArray[np.intp]:
    """Groups numbered from 0."""
    unknown = artists == UNKNOWN
    apart = np.where(unknown, UNKNOWN - np.cumsum(unknown), artists)
    groups: NDArray[np.intp] = np.unique(apart, return_inverse=True)[1].astype(np.intp)
    return groups
