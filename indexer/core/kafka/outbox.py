"""A journal for the database, and for a broker where one is set: whether it is, and the thread that tells it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Journal, Sink
from indexer.core.home import Home
from indexer.core.kafka.address import Address, AddressRefused, kafka_address
from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    from indexer.core.kafka.telling import Telling

_log = logging.getLogger(__name__)

STOP_SECONDS: Seconds = 1.0
"""That the end of a program waits for a broker; the journal keeps what that did not take."""


class Outbox:
    """What a program has to tell, and who is told. For the thread that made it, but for the journal.

    Attributes:
        journal: what is to be told; for all threads.
    """

    def __init__(self, home: Home, file: Path, kafka: str, *, trouble: Callable[[SegueError], None]) -> None:
        """Open the journal in `file`; nobody is told before `start`.

        Args:
            home: of whose library it is. What belongs to one that another machine shares is told by that machine.
            file: of the journal.
            kafka: the broker's address as the settings have it.
            trouble: is called with what hinders, once each; in any thread.
        """
        self._home = home
        self._trouble = trouble
        self._said: set[str] = set()
        self._is_away = False
        self._address: Address | None = None
        self._refusal: AddressRefused | None = None
        self._telling: Telling | None = None
        self._ending: Telling | None = None
        self.journal = Journal(file, self._sinks(kafka))

    def start(self) -> None:
        """Tell the broker, if there is one."""
        if self._refusal is not None:
            _log.warning("broker: %s", self._refusal.code)
            self._say(self._refusal)
        elif self._address is not None and self._telling is None:
            from indexer.core.kafka.telling import Telling  # noqa: PLC0415 - only where a broker is set

            self._telling = Telling(self._address, self.journal, trouble=self._say)
            self._telling.start()

    def choose(self, kafka: str) -> None:
        """Tell this broker from now on, or none: then what waits for one alone is forgotten."""
        self.stop()
        self._said.clear()
        self._is_away = False
        self.journal.serve(self._sinks(kafka))
        self.start()

    def wake(self) -> None:
        """There is something new in the journal."""
        if self._telling is not None:
            self._telling.wake()

    def stop(self) -> None:
        """Have it end; it may be started again."""
        self._ending, self._telling = self._telling, None
        if self._ending is not None:
            self._ending.stop()

    def join(self) -> None:
        """Wait until it has ended, but not for long, and not for a broker that is known to be away."""
        if self._ending is not None and not self._is_away:
            self._ending.join(STOP_SECONDS)

    def _sinks(self, kafka: str) -> list[Sink]:
        """Find out who is told; an address with a slip keeps what is to be told until it is put right."""
        self._address, self._refusal = None, None
        if self._home.server_file.exists():
            return [Sink.DATABASE]
        try:
            self._address = kafka_address(self._home, kafka)
        except AddressRefused as error:
            self._refusal = error
        return [Sink.DATABASE] if self._address is None and self._refusal is None else list(Sink)

    def _say(self, error: SegueError | None) -> None:
        """Say each thing once; called in the thread that tells, too."""
        self._is_away = error is not None
        if error is not None and error.code not in self._said:
            self._said.add(error.code)
            self._trouble(error)
