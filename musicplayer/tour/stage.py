"""Runs the steps of a tour one after another: times them, pictures them, and says what was observed."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from musicplayer.tour.hands import StepFailed, rest

Report = Callable[[str], None]
_SETTLE_SECONDS = 0.3
"""Time for a window to repaint before its picture is taken."""


@dataclass(frozen=True)
class Step:
    """`act` does the step and returns what it observed; it raises StepFailed where it did not happen."""

    name: str
    act: Callable[[], str]


class Stage:
    """Where a tour plays: the window to picture, the folder for the pictures, and where the lines go."""

    def __init__(self, window: QWidget, pictures: Path, report: Report) -> None:
        self._window = window
        self._pictures = pictures
        self._report = report
        self._taken = 0

    def run(self, steps: list[Step]) -> int:
        """Run the steps up to the first that does not happen, for each builds on those before; return how many did."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        happened = sum(1 for _ in itertools.takewhile(self._run, steps))
        self._report(f"{happened} of {len(steps)} steps happened; pictures in {self._pictures}")
        return happened

    def _run(self, step: Step) -> bool:
        started = time.monotonic()
        try:
            observed, word = step.act(), "ok"
        except StepFailed as failure:
            observed, word = str(failure), "FAIL"
        seconds = time.monotonic() - started
        self.picture(step.name)
        self._report(f"{word:<5}{seconds:6.1f} s  {step.name}: {observed}")
        return word == "ok"

    def picture(self, name: str, widget: QWidget | None = None) -> Path:
        """Save what the window, or another widget, looks like now.

        Raises:
            StepFailed: it cannot be saved.
        """
        rest(_SETTLE_SECONDS)
        self._taken += 1
        file = self._pictures / f"{self._taken:02d}-{name.replace(' ', '-')}.png"
        shown = widget or QApplication.activeModalWidget() or self._window
        if not shown.grab().save(str(file)):
            raise StepFailed(f"{file} could not be written")
        return file
