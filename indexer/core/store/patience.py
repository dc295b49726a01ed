"""Waits out a database that does not answer for a while, so that a long job goes on where it was."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from indexer.core.events import EventSink, Notice
from indexer.core.store.faults import DatabaseUnavailable
from indexer.core.tracks import Seconds

LIMIT: Seconds = 600.0
"""A server that is restarted, or a network that is plugged in again, is back within minutes."""

_FIRST_PAUSE: Seconds = 0.25
_LONGEST_PAUSE: Seconds = 10.0
_LOOK_EVERY: Seconds = 0.25
"""How soon a person who cancels is heard."""

Answer = TypeVar("Answer")


def patiently(
    work: Callable[[], Answer],
    *,
    on_event: EventSink,
    cancelled: Callable[[], bool],
    limit: Seconds = LIMIT,
) -> Answer:
    """The answer of `work`, which is asked again while the database does not answer.

    Args:
        work: what may be done twice: half of it may have been written before the connection broke. It reads its
            answers to the end; an iterator that it hands out could break later, out of reach.
        on_event: told when waiting begins, and when the database answers again.
        cancelled: whether to wait no longer.
        limit: for how long after the first failure it is asked again, in seconds; the pauses between grow to 10 s.

    Raises:
        DatabaseUnavailable: the limit is reached or the job was cancelled.
        DatabaseError: the server answered that it would not; that is not waited out.
    """
    try:
        return work()
    except DatabaseUnavailable as error:
        on_event(Notice("database-waiting", {"what": error.told}))
        answer = _ask_again(work, error, cancelled, time.monotonic() + limit)
    on_event(Notice("database-back"))
    return answer


@dataclass(frozen=True)
class Patience:
    """`patiently` for a job that asks in many places; the arguments are the same."""

    on_event: EventSink
    cancelled: Callable[[], bool]
    limit: Seconds = LIMIT

    def __call__(self, work: Callable[[], Answer]) -> Answer:
        return patiently(work, on_event=self.on_event, cancelled=self.cancelled, limit=self.limit)


def _ask_again(
    work: Callable[[], Answer], error: DatabaseUnavailable, cancelled: Callable[[], bool], until: Seconds
) -> Answer:
    pause = _FIRST_PAUSE
    while _sleep(min(pause, until - time.monotonic()), cancelled):
        try:
            return work()
        except DatabaseUnavailable as again:
            error = again
        pause = min(2 * pause, _LONGEST_PAUSE)
    raise error


def _sleep(pause: Seconds, cancelled: Callable[[], bool]) -> bool:
    """Sleep for `pause` seconds; False at once where no time is left, and soon after the job was cancelled."""
    until = time.monotonic() + pause
    while (left := until - time.monotonic()) > 0 and not cancelled():
        time.sleep(min(left, _LOOK_EVERY))
    return pause > 0 and not cancelled()
