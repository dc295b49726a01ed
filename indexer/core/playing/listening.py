"""Measures how much of a track was heard, whatever was skipped or paused in between."""

from __future__ import annotations

import time
from collections.abc import Callable

from indexer.core.tracks import Seconds

ENOUGH_SHARE = 0.5
ENOUGH_SECONDS = 240.0
"""A play counts from half of the track or four minutes on, as listening services have it."""


def counts_as_play(heard: Seconds, duration: Seconds) -> bool:
    """Whether so much of a track of `duration` seconds (0 while unknown) counts as having played it."""
    enough = min(ENOUGH_SECONDS, ENOUGH_SHARE * duration) if duration > 0 else ENOUGH_SECONDS
    return heard >= enough


class Listening:
    """A stopwatch that runs while a track sounds."""

    def __init__(self, clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._clock = clock
        self._before = 0.0
        self._since: Seconds | None = None
        self._rate = 1.0

    @property
    def heard(self) -> Seconds:
        """Seconds of the track, more of them in a minute when it plays faster."""
        running = 0.0 if self._since is None else self._clock() - self._since
        return self._before + running * self._rate

    def set_rate(self, rate: float) -> None:
        """From here on the track plays `rate` times as fast."""
        self._before = self.heard
        self._since = None if self._since is None else self._clock()
        self._rate = rate

    def run(self) -> None:
        if self._since is None:
            self._since = self._clock()

    def hold(self) -> None:
        self._before = self.heard
        self._since = None

    def reset(self) -> Seconds:
        """Start again from nothing, at rest, and return what was heard until now."""
        heard = self.heard
        self._before, self._since = 0.0, None
        return heard
