"""The steps of a model build: reported as they begin, timed, and the places where it can be paused and cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from indexer.analysis.control import Control
from indexer.core.events import EventSink, Notice, Progress, Stage, StageStarted
from indexer.core.language import mark
from indexer.spark.watch import Cancelled

STEPS = (
    mark("starting Spark"),
    mark("reading the features"),
    mark("learning from the features"),
    mark("making vectors"),
    mark("smoothing"),
    mark("choosing the tables"),
    mark("hashing"),
    mark("joining"),
    mark("measuring hubs"),
    mark("drawing the map"),
    mark("writing the model"),
)


class Steps:
    """Reports each of STEPS as it begins.

    Attributes:
        seconds: duration of every finished step, by name.
    """

    def __init__(self, on_event: EventSink, control: Control) -> None:
        self.seconds: dict[str, float] = {}
        self._on_event = on_event
        self._control = control
        self._started = time.monotonic()
        on_event(StageStarted(Stage.MODEL, total=len(STEPS)))

    @property
    def seconds_so_far(self) -> float:
        return round(time.monotonic() - self._started, 3)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Run one of STEPS.

        Raises:
            Cancelled: the build was, before this step.
        """
        self.wait_or_stop()
        done = STEPS.index(name)
        self._on_event(Progress(Stage.MODEL, done=done, total=len(STEPS), current=(name,)))
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 3)

    def wait_or_stop(self) -> None:
        """Wait while the build is paused.

        Raises:
            Cancelled: it was cancelled.
        """
        self._control.wait_while_paused()
        if self._control.is_cancelled:
            raise Cancelled

    def say(self, notice: Notice) -> None:
        """Tell the person."""
        self._on_event(notice)

    def finish(self) -> None:
        self._on_event(Progress(Stage.MODEL, done=len(STEPS), total=len(STEPS)))
