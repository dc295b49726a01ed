"""What leaves a process of the stream: lists and dead letters, each until the broker has it for certain."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from indexer.core.errors import SegueError
from indexer.core.files.redaction import nameless
from indexer.core.kafka.address import Address
from indexer.core.kafka.broker import KafkaAway, Outlet
from indexer.core.kafka.events import Written
from indexer.core.kafka.telling import SETTLED_SECONDS
from indexer.core.tracks import Seconds

_log = logging.getLogger(__name__)

MOST_ON_THEIR_WAY = 2_000
_RETRY_SECONDS: Seconds = 0.5


@dataclass(eq=False)
class Parcel:
    """A message, and who is told what became of it.

    Attributes:
        written: what is sent.
        arrived: is called once it is out.
        lost: is called where it may not be out, or the broker may have lost it again: it is to be made and sent anew.
    """

    written: Written
    arrived: Callable[[], None]
    lost: Callable[[bool], None]
    at: float | None = None


class Outgoing:
    """Sends by one connection after the other; for one thread.

    Attributes:
        trouble: the code of what hinders it; empty while the broker takes what it is told.
    """

    def __init__(self, address: Address) -> None:
        """Raises KafkaMissing or KafkaAway, where what is set cannot be."""
        self.trouble = ""
        self._address = address
        self._outlet = Outlet(address)
        self._on_their_way: dict[int, Parcel] = {}
        self._settling: deque[Parcel] = deque()
        self._failure: SegueError | None = None
        self._number = 0
        self._again_at = 0.0

    def __len__(self) -> int:
        """How many are on their way."""
        return len(self._on_their_way)

    @property
    def is_full(self) -> bool:
        """Whether others are better made later: many are on their way, or the broker takes nothing now."""
        if time.monotonic() < self._again_at:
            return True
        return len(self._on_their_way) >= (1 if self.trouble else MOST_ON_THEIR_WAY)

    def send(self, parcel: Parcel) -> None:
        """Send a message; what becomes of it is told by `work`."""
        self._number += 1
        number = self._number
        self._on_their_way[number] = parcel
        try:
            self._outlet.send(*parcel.written, lambda error: self._on_told(number, error))
        except KafkaAway as error:
            self._failure = error

    def work(self, seconds: Seconds = 0.0) -> None:
        """Tell what arrived; a connection that was lost is replaced, and what it took along is said to be lost."""
        self._outlet.work(seconds)
        settled = time.monotonic() - SETTLED_SECONDS
        while self._settling and (self._settling[0].at or 0.0) <= settled:
            self._settling.popleft()
        if (self._outlet.is_lost or self._failure is not None) and time.monotonic() >= self._again_at:
            self._begin_anew()

    def settle(self, seconds: Seconds) -> None:
        """Wait for what is on its way, for so long at the most."""
        self._outlet.settle(seconds)

    def close(self) -> None:
        """Forget what is on its way."""
        self._outlet.abandon()

    def _on_told(self, number: int, error: SegueError | None) -> None:
        parcel = self._on_their_way.get(number)
        if error is not None:
            self._failure = error
        elif parcel is not None:
            del self._on_their_way[number]
            parcel.at = time.monotonic()
            self._settling.append(parcel)
            parcel.arrived()
            if self.trouble:
                self.trouble = ""
                _log.warning("the broker takes what it is told again")

    def _begin_anew(self) -> None:
        """A broker that was killed may have lost what it confirmed a moment ago, so that goes out again as well."""
        failure = self._failure or KafkaAway("kafka-lost", address=str(self._address))
        if failure.code != self.trouble:
            self.trouble = failure.code
            _log.warning("broker: %s: %s", failure.code, nameless(failure.english))
        self._again_at = time.monotonic() + _RETRY_SECONDS
        waiting, settling = list(self._on_their_way.values()), list(self._settling)
        self._on_their_way, self._failure = {}, None
        self._settling.clear()
        self._outlet.abandon()
        self._outlet = Outlet(self._address)
        for parcel in settling:
            parcel.lost(True)
        for parcel in waiting:
            parcel.lost(False)
