"""What is near a track by other ways than its sound: by words, by who listens to it, by all that is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.core.discover.selection import share_farther
from indexer.core.model import Neighbour
from indexer.core.model.nearness import COPY, nearness
from indexer.core.settings import NearBy
from indexer.core.taste.model import WORDS, TasteModel
from indexer.core.tracks import TrackId


class Nearness(Protocol):
    """What knows the neighbours of tracks."""

    @property
    def by(self) -> NearBy:
        """What they are near by."""

    @property
    def comparable(self) -> int:
        """How many tracks can be neighbours."""

    def __contains__(self, track: object) -> bool:
        """Whether it knows anything of a track."""

    def similar(self, track: TrackId, k: int) -> list[Neighbour]:
        """Up to `k` neighbours of a track that it knows, nearest first."""


@dataclass(frozen=True)
class NearByTaste:
    """Neighbours by a model of taste.

    Attributes:
        model: what is asked.
        by: any but SOUND, for which there is a model of its own.
    """

    model: TasteModel
    by: NearBy

    @property
    def comparable(self) -> int:
        """How many tracks can be neighbours."""
        return len(self.model)

    def __contains__(self, track: object) -> bool:
        """Whether there is anything that a track can be near by."""
        item = self.model.places.get(TrackId(str(track)))
        return item is not None and bool(self._known[item])

    def similar(self, track: TrackId, k: int) -> list[Neighbour]:
        """Up to `k` neighbours, nearest first; what has nothing in common with the track is none.

        Raises:
            KeyError: the model does not know it.
        """
        item = self.model.places[track]
        scores = self._scores(item)
        scores[item] = -np.inf
        typical = float(np.median(-scores[np.isfinite(scores)])) if len(scores) > 1 else 0.0
        if self.by is not NearBy.ALL:
            scores[scores <= 0] = -np.inf
        best = np.argsort(-scores, kind="stable")[:k]  # of many equals always the same ones
        best = best[np.isfinite(scores[best])]
        distances = -scores[best].astype(np.float64)
        near = self._near(distances, typical)
        return [
            Neighbour(self.model.track_at(other), distance, share_farther(rank, len(self.model)), 0.0, share)
            for rank, (other, distance, share) in enumerate(
                zip(best.tolist(), distances.tolist(), near.tolist(), strict=True), start=1
            )
        ]

    @staticmethod
    def _near(distances: NDArray[np.float64], typical: float) -> NDArray[np.float64]:
        """How near items are, of what they are worth, which is no distance: the best is as near as a copy."""
        if not len(distances):
            return distances
        room = max(typical - float(distances[0]), 0.0)
        best = room / (COPY - 1.0)
        return nearness(distances - distances[0] + best, best, room + best)

    @cached_property
    def _known(self) -> NDArray[np.bool_]:
        """Of which items there is anything to go by, shape (items,)."""
        if self.by is NearBy.WORDS:
            return self._lengths > 0
        played = np.zeros(len(self.model), np.bool_)
        played[self.model.solve.rows.items] = True
        if self.by is NearBy.ALL:
            played |= self.model.solve.columns.any(axis=1)
        return played

    def _scores(self, item: int) -> NDArray[np.float32]:
        """What every item is worth to who asks about one, shape (items,)."""
        if self.by is NearBy.ALL:
            return self.model.around(item)
        if self.by is NearBy.LISTENERS:
            return self.model.solve.beside(item)
        words, lengths = self.model.content(WORDS), self._lengths
        cosines: NDArray[np.float32] = words @ words[item] / np.maximum(lengths * lengths[item], 1e-12)
        return cosines

    @cached_property
    def _lengths(self) -> NDArray[np.float32]:
        """Of what is known of each item in words, shape (items,)."""
        lengths: NDArray[np.float32] = np.linalg.norm(self.model.content(WORDS), axis=1)
        return lengths
