"""The thread that tells a broker what a journal holds: each note until it is safe there, in the order it was made."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from indexer.core.errors import SegueError
from indexer.core.files.redaction import nameless
from indexer.core.follow.journal import Journal, Note, Sink
from indexer.core.kafka.address import Address
from indexer.core.kafka.broker import KafkaAway, KafkaLost, KafkaMissing, Outlet, make_topics
from indexer.core.kafka.events import event_of
from indexer.core.tracks import Seconds

_log = logging.getLogger(__name__)

SETTLED_SECONDS: Seconds = 10.0
"""Until what a broker confirmed is taken to be on its disk. One that is killed before may have lost it, and is told
again: a broker alone that lost power or was killed loses up to a second of what it confirmed."""

_LOOK_SECONDS: Seconds = 0.25
_FIRST_RETRY: Seconds = 0.5
_LONGEST_RETRY: Seconds = 30.0
_MOST_AT_ONCE = 10_000
"""Notes on their way; the journal has the others."""

Trouble = Callable[[SegueError | None], None]


@dataclass
class _OnItsWay:
    note: Note
    confirmed_at: float | None = None


class Telling(threading.Thread):
    """Runs until told to stop; nobody ever waits for it. A daemon, for a broker that does not answer."""

    def __init__(self, address: Address, journal: Journal, *, trouble: Trouble = lambda _: None) -> None:
        """Tell what the journal holds for its sink STREAM.

        `trouble` is called in this thread, once with what hinders it and once with None when it goes on.
        """
        super().__init__(name="segue-kafka", daemon=True)
        self._address = address
        self._journal = journal
        self._trouble = trouble
        self._troubled = ""
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._sent: dict[str, _OnItsWay] = {}
        self._failure: SegueError | None = None

    def wake(self) -> None:
        """There is something new in the journal."""
        self._wake.set()

    def stop(self) -> None:
        """Send what is at hand, if the broker takes it, then end; the journal keeps what it did not confirm."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        retry = _FIRST_RETRY
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                make_topics(self._address)
                self._tell_by(Outlet(self._address))
            except KafkaMissing as error:
                self._complain(error)
                return
            except KafkaLost as error:
                _log.info("broker: %s", error.code)  # brokers end connections that rest; only what lasts is told
            except SegueError as error:
                self._complain(error)
            except Exception as error:  # noqa: BLE001 - reported below; the thread is the only one there is
                _log.exception("the thread of the broker failed")
                self._complain(KafkaAway("kafka-away", address=str(self._address), reason=type(error).__name__))
            if time.monotonic() - began > _LONGEST_RETRY:
                retry = _FIRST_RETRY
            self._stopping.wait(retry)
            retry = min(2 * retry, _LONGEST_RETRY)

    def _tell_by(self, outlet: Outlet) -> None:
        """Tell everything from the oldest note on, until the connection is lost or this is to end.

        What was confirmed and is not settled yet is told once more by the next outlet, before anything newer: so a
        broker that lost it has everything in order again, and one that did not has some twice, with the same ids.
        """
        self._sent, self._failure = {}, None
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                self._send(outlet)
                outlet.work()
                if outlet.is_lost or self._failure is not None:
                    raise self._failure or KafkaLost("kafka-lost", address=str(self._address))
                self._strike_out()
                on_their_way = any(each.confirmed_at is None for each in self._sent.values())
                if on_their_way:
                    outlet.work(0.01)
                else:
                    self._wake.wait(_LOOK_SECONDS)
            self._send(outlet)
            outlet.settle(_LOOK_SECONDS * 4)
            self._strike_out()
        finally:
            outlet.abandon()

    def _send(self, outlet: Outlet) -> None:
        for note in self._journal.open_notes(Sink.STREAM):
            if len(self._sent) >= _MOST_AT_ONCE or outlet.is_lost:
                return
            if note.id not in self._sent:
                on_its_way = self._sent[note.id] = _OnItsWay(note)
                outlet.send(*event_of(note), lambda error, told=on_its_way: self._on_told(told, error))  # type: ignore[misc]

    def _on_told(self, told: _OnItsWay, error: SegueError | None) -> None:
        if error is not None:
            self._failure = error
            return
        told.confirmed_at = time.monotonic()
        self._relieve()

    def _strike_out(self) -> None:
        settled = time.monotonic() - SETTLED_SECONDS
        safe = [each.note for each in self._sent.values() if each.confirmed_at and each.confirmed_at <= settled]
        if safe:
            self._journal.strike_out(*safe, sink=Sink.STREAM)
            for note in safe:
                del self._sent[note.id]

    def _complain(self, error: SegueError) -> None:
        """Say it once for as long as it stays the same."""
        if error.code != self._troubled and not self._stopping.is_set():
            self._troubled = error.code
            _log.warning("broker: %s: %s", error.code, nameless(error.english))
            self._trouble(error)

    def _relieve(self) -> None:
        if self._troubled:
            self._troubled = ""
            _log.info("the broker takes what it is told again")
            self._trouble(None)
