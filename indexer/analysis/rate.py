"""How fast a job goes now, and when it will be done at that pace."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from indexer.core.tracks import Seconds

_MEMORY_SECONDS = 15.0
"""Long enough to smooth over one slow file, short enough to follow a machine that gets busy."""


class RateMeter:
    """Counts steps and forgets those of long ago."""

    def __init__(self, clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._clock = clock
        self._steps: deque[Seconds] = deque()

    def step(self) -> None:
        self._steps.append(self._clock())

    def restart(self) -> None:
        """Forget everything, after a pause for one."""
        self._steps.clear()

    @property
    def per_second(self) -> float | None:
        """Steps a second of late, from the first remembered one; None before the second."""
        now = self._clock()
        while self._steps and now - self._steps[0] > _MEMORY_SECONDS:
            self._steps.popleft()
        if len(self._steps) < 2 or now <= self._steps[0]:  # noqa: PLR2004
            return None
        return (len(self._steps) - 1) / (now - self._steps[0])

    def seconds_for(self, steps: int) -> Seconds | None:
        """Time for `steps` more at this pace, None while it is unknown."""
        rate = self.per_second
        return steps / rate if rate else None
