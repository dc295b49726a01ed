"""Takes the level of a voice from one value to another, little by little."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.core.tracks import Seconds

STEP_MS = 15
"""Short enough that the steps of a fade are not heard one by one."""


def amplitude(decibels: float) -> float:
    """The factor of an amplitude that a gain is."""
    return float(10 ** (decibels / 20))


def slider_place(volume: float, level: float) -> float:
    """Where a volume slider at `volume` stands when the amplitude is to be `level`, 0 to 1, of what it was."""
    return volume * math.cbrt(level)


class Ramp(QObject):
    """The level of one voice, in even steps for the ear: along a volume slider, whose cube is the amplitude.

    Whoever moves it again in the middle of a fade starts from where it is.

    Attributes:
        level: what it is now, 0 to 1.
        clock: tells the seconds that a fade goes by.

    Signals:
        done: the level is what it was to become, by a fade that was not broken off.
    """

    done = Signal()

    def __init__(
        self, apply: Callable[[float], None], parent: QObject, clock: Callable[[], Seconds] = time.monotonic
    ) -> None:
        """Tell `apply` each level, 0 to 1; the caller applies the first."""
        super().__init__(parent)
        self.level = 1.0
        self._apply = apply
        self.clock = clock
        self._closed = False
        self._from, self._to = 1.0, 1.0
        self._begun, self._length = 0.0, 0.0
        self._timer = QTimer(self, interval=STEP_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.step)

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def cut(self, level: float) -> None:
        """Go to `level` at once, whatever fade was under way."""
        self._timer.stop()
        self._set(level)

    def fade(self, level: float, seconds: Seconds) -> None:
        """Go to `level` over so many seconds."""
        if self._closed:
            return
        self._from, self._to = math.cbrt(self.level), math.cbrt(level)
        self._begun, self._length = self.clock(), seconds
        self._timer.start()

    def close(self) -> None:
        """Stay where it is, whatever is asked of it."""
        self._timer.stop()
        self._closed = True

    def step(self) -> None:
        """Go to where the fade is by the clock."""
        if not self._timer.isActive():
            return
        share = 1.0 if self._length <= 0 else min((self.clock() - self._begun) / self._length, 1.0)
        if share >= 1.0:
            self._timer.stop()
        self._set((self._from + share * (self._to - self._from)) ** 3)
        if share >= 1.0:
            self.done.emit()

    def _set(self, level: float) -> None:
        if self._closed:
            return
        self.level = level
        self._apply(level)
