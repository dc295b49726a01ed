"""Where libVLC is in what it plays: it tells that late and seldom, and the clock carries it on."""

from __future__ import annotations

import time
from collections.abc import Callable

from indexer.core.tracks import Seconds

LONGEST_GUESS = 3.0
"""Seconds for which a position is carried on by the clock after VLC told it; for Ogg that is late and stops early."""

BACKWARDS = 0.5
"""Seconds by which a position may fall behind the one before, as after a seek that fell between two frames."""

AFTER_A_SEEK = 0.25
"""Seconds in which VLC may still tell a position of before a seek."""

STREAM_BLOCK = 0.05
"""Seconds of a stream that VLC takes at once; it tells the place behind the block whose beginning is due."""

STEADY = 0.02
"""Seconds by which what VLC tells of a stream may vary: it is told by a thread that may have to wait for its turn."""


class PlaceHeard:
    """The place in one file or stream; stamps are times of its clock.

    Attributes:
        running: whether it moves on.
        of_stream: whether it is told of a stream of samples, else of a file.
    """

    def __init__(self, clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._clock = clock
        self._rate = 1.0
        self.begin()

    def begin(self, at: Seconds = 0.0, *, of_stream: bool = False) -> None:
        """Something else is to play, from `at` on; nothing of it was told yet."""
        self.running = False
        self.of_stream = of_stream
        self._at = at
        self._since = self._sought = 0.0
        self._told = self._behind = False

    def now(self) -> Seconds:
        if not self.running:
            return self._at
        return self._at + self._rate * min(self._clock() - self._since, LONGEST_GUESS)

    def run(self, stamp: float) -> None:
        """It goes on from where it is since `stamp`."""
        self.running, self._since = True, stamp

    def run_anew(self, stamp: float) -> None:
        """VLC plays since `stamp`: whatever it told of the place before is worth nothing."""
        self.run(stamp)
        self._told = False

    def hold(self, at: Seconds) -> None:
        """It stays at `at`."""
        self._at, self.running = at, False

    def end(self, length: Seconds | None) -> None:
        """It stays at the end; where the `length` is not known, at the last place that was told."""
        self._at, self.running = length or self._at, False

    def seek(self, at: Seconds) -> None:
        self._at, self._since = at, self._clock()
        self._sought = self._since

    def set_rate(self, rate: float, at: Seconds) -> None:
        """From `at`, where it is now, it goes on `rate` times as fast."""
        self._at, self._since = at, self._clock()
        self._rate = rate

    def tell(self, at: Seconds, stamp: float, slack: Seconds) -> None:
        """Take a position that can be true, seen up to `slack` seconds after VLC told it.

        In the last second of an Ogg file VLC tells 0.
        """
        if self.of_stream:
            self._tell_of_stream(at - STREAM_BLOCK, stamp, slack)
            return
        from_before = stamp < self._sought + AFTER_A_SEEK and at - self._at > AFTER_A_SEEK
        if at > self._at - BACKWARDS and not from_before:
            self._at, self._since = at, stamp

    def _tell_of_stream(self, at: Seconds, stamp: float, slack: Seconds) -> None:
        """Keep to what was seen earliest."""
        guess = self._at + self._rate * (stamp - self._since)
        is_behind, was_behind = at < guess - (slack + STEADY) * self._rate, self._behind
        self._behind = is_behind
        believed = not self._told or at > guess or (is_behind and was_behind)
        self._at, self._since, self._told = at if believed else guess, stamp, True
