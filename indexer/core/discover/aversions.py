"""What was skipped while the radio played, as a loss of chance of everything that lies in the same direction."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from indexer.core.tracks import Seconds, TrackId

SKIP_SECONDS = 30.0
SKIP_SHARE = 0.25

SKIP_REACH = 100
"""Neighbours of a skipped track that lose chance with it."""

RANK_FALL = 30.0
"""So many ranks farther down the loss is 1/e of that of the nearest."""

LOSS = 1.6
"""A skip leaves the nearest neighbours exp(-1.6) = 20 % of their chance, two of them 4 %."""

DIRECTION_LEFT = 0.35
"""Of the chance of a direction after a skip in it; two leave an eighth."""


def is_skip(heard: Seconds, duration: Seconds) -> bool:
    """Whether a track was left so early that it was not wanted: before 30 seconds and a quarter of it.

    Args:
        heard: of the track.
        duration: of the whole, 0 where it is not known.
    """
    return heard < (min(SKIP_SECONDS, SKIP_SHARE * duration) if duration > 0 else SKIP_SECONDS)


class Aversions:
    """Counts skips for as long as it lives: for the session."""

    def __init__(self) -> None:
        self._losses: dict[TrackId, float] = {}
        self._directions: dict[TrackId, float] = {}

    def skip(self, track: TrackId, neighbours: Sequence[TrackId], direction: TrackId | None = None) -> None:
        """Count a skip against a track, its `neighbours`, nearest first, and the track it was found around."""
        self._lose(track, LOSS)
        for rank, neighbour in enumerate(neighbours[:SKIP_REACH]):
            self._lose(neighbour, LOSS * exp(-rank / RANK_FALL))
        if direction is not None:
            self._directions[direction] = self.of_direction(direction) * DIRECTION_LEFT

    def weight(self, track: TrackId) -> float:
        """What the chance of a track is multiplied by, above 0 and at most 1."""
        return exp(-self._losses.get(track, 0.0))

    def of_direction(self, track: TrackId) -> float:
        """What the chance of looking around a track is multiplied by, above 0 and at most 1."""
        return self._directions.get(track, 1.0)

    def _lose(self, track: TrackId, loss: float) -> None:
        self._losses[track] = self._losses.get(track, 0.0) + loss
