"""Waits out a database that does not answer for a while, so that a long job goes on where it was."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from indexer.core.events import EventSink, Notice, nobody
from indexer.core.store.faults import DatabaseUnavailable
from indexer.core.tracks import Seconds

LIMIT: Seconds = 600.0
"""A server that is restarted, or a network that is plugged in again, is back within minutes."""

FIRST_PAUSE: Seconds = 0.25
LONGEST_PAUSE: Seconds = 10.0
LOOK_EVERY: Seconds = 0.25
"""How soon a person who cancels is heard."""

Answer = TypeVar("Answer")


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Patience:
    """Asks the database for a job, and asks again while it does not answer.

    Attributes:
        on_event: told when waiting begins, and when the database answers again.
        cancelled: whether to wait no longer.
        limit: for how long after the first failure it is asked again, in seconds; the pauses between grow to 10 s.
        slow_after: seconds of a single call after which `on_event` is told as well; None for never.
    """

    on_event: EventSink = nobody
    cancelled: Callable[[], bool] = _never
    limit: Seconds = LIMIT
    slow_after: Seconds | None = None

    def __call__(self, work: Callable[[], Answer]) -> Answer:
        """The answer of `work`, which may be done twice: half of it may have been written before the connection broke.

        It reads its answers to the end; an iterator that it hands out could break later, out of reach.

        Raises:
            DatabaseUnavailable: the limit is reached or the job was cancelled.
            DatabaseError: the server answered that it would not; that is not waited out.
        """
        with self._telling_when_slow():
            try:
                return work()
            except DatabaseUnavailable as error:
                self.on_event(Notice("database-waiting", {"what": error.told}))
                answer = _ask_again(work, error, self.cancelled, time.monotonic() + self.limit)
            self.on_event(Notice("database-back"))
            return answer

    @contextmanager
    def _telling_when_slow(self) -> Iterator[None]:
        """A server that is frozen refuses nothing: the call itself takes long, and only another thread can say so."""
        if self.slow_after is None:
            yield
            return
        slow = threading.Timer(self.slow_after, self.on_event, (Notice("database-slow"),))
        slow.daemon = True
        slow.start()
        try:
            yield
        finally:
            slow.cancel()


def _ask_again(
    work: Callable[[], Answer], error: DatabaseUnavailable, cancelled: Callable[[], bool], until: Seconds
) -> Answer:
    pause = FIRST_PAUSE
    while _sleep(min(pause, until - time.monotonic()), cancelled):
        try:
            return work()
        except DatabaseUnavailable as again:
            error = again
        pause = min(2 * pause, LONGEST_PAUSE)
    raise error


def _sleep(pause: Seconds, cancelled: Callable[[], bool]) -> bool:
    """Sleep for `pause` seconds; False at once where no time is left, and soon after the job was cancelled."""
    until = time.monotonic() + pause
    while (left := until - time.monotonic()) > 0 and not cancelled():
        time.sleep(min(left, LOOK_EVERY))
    return pause > 0 and not cancelled()
