"""Measures how much of a track was heard, whatever was paused in between, and what kind of a play that is."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from indexer.core.plays import ID_DIGITS, Play, PlayContext
from indexer.core.tracks import Seconds, TrackId

SHORTEST_LISTENING: Seconds = 1.0
"""Heard below which leaving a track is not worth a record."""

SKIP_SECONDS = 30.0
SKIP_SHARE = 0.25

SESSION_PAUSE: Seconds = 1_800.0
"""A longer pause ends a session, as streaming services have it."""

ENOUGH_SHARE = 0.5
ENOUGH_SECONDS = 240.0
"""A play counts from half of the track or four minutes on, as listening services have it."""


def enough_of(duration: Seconds) -> Seconds:
    """How much of a track of `duration` seconds (0 while unknown) is to be heard until that counts as a play."""
    return min(ENOUGH_SECONDS, ENOUGH_SHARE * duration) if duration > 0 else ENOUGH_SECONDS


def counts_as_play(heard: Seconds, duration: Seconds) -> bool:
    """Whether so much of a track of `duration` seconds (0 while unknown) counts as having played it."""
    return heard >= enough_of(duration)


def is_skip(heard: Seconds, duration: Seconds) -> bool:
    """Whether a track was left so early that it was not wanted: before 30 seconds and a quarter of it.

    Args:
        heard: of the track.
        duration: of the whole, 0 where it is not known.
    """
    return heard < (min(SKIP_SECONDS, SKIP_SHARE * duration) if duration > 0 else SKIP_SECONDS)


def play_heard(track: TrackId, at: float, heard: Seconds, duration: Seconds, context: PlayContext) -> Play:
    """The play of a track of `duration` seconds (0 while unknown) that was left for another after `heard` seconds.

    `at` is when it began, seconds since 1970; `context` is how it came about.
    """
    return Play(
        secrets.token_hex(ID_DIGITS // 2),
        at,
        track=track,
        seconds_heard=heard,
        seconds=duration or None,
        finished=counts_as_play(heard, duration),
        skipped=is_skip(heard, duration),
        context=context,
    )


class Sessions:
    """Gives plays that follow each other without a long pause the same word."""

    def __init__(self) -> None:
        self._current = ""
        self._until = 0.0

    def at(self, begun: float, ended: float) -> str:
        """The session of a play from one time to another, seconds since 1970; in the order in which they are left."""
        if not self._current or begun - self._until > SESSION_PAUSE:
            self._current = secrets.token_hex(ID_DIGITS // 2)
        self._until = ended
        return self._current


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
