"""The database for a process that waits for it: opened when it is needed, again after it was lost, and told of once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from indexer.core.files.redaction import nameless
from indexer.core.home import Home
from indexer.core.store import Database, open_database
from indexer.core.store.address import database_uri
from indexer.core.store.faults import DatabaseError, DatabaseFailed, NotTaken
from indexer.core.tracks import Seconds

_log = logging.getLogger(__name__)

FIRST_PAUSE: Seconds = 0.25
LONGEST_PAUSE: Seconds = 5.0
OPENED_WITHIN: Seconds = 5.0

Answer = TypeVar("Answer")


class Stopped(Exception):
    """The process is to end, and the database did not answer until then."""


class PatientDatabase:
    """Asks until there is an answer; for one thread.

    Attributes:
        trouble: the code of what hinders it; empty while it answers.
    """

    def __init__(self, home: Home, pause: Callable[[Seconds], bool]) -> None:
        """Of a home; `pause` waits so long at the most, and says whether to go on."""
        self.trouble = ""
        self._home = home
        self._pause = pause
        self._database: Database | None = None

    def __call__(self, work: Callable[[Database], Answer], *, hears_no: bool = False) -> Answer:
        """The answer of `work`, which may be done twice.

        Raises:
            NotTaken, DatabaseFailed: it answered that it would not, where `hears_no`; all else is waited out.
            Stopped: the process is to end.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                if self._database is None:
                    self._database = open_database(self._home, uri=database_uri(self._home), wait=OPENED_WITHIN)
                answer = work(self._database)
            except DatabaseError as error:
                if hears_no and isinstance(error, NotTaken | DatabaseFailed):
                    raise
                self._complain(error)
            else:
                self._relieve()
                return answer
            self.close()
            if not self._pause(pause):
                raise Stopped
            pause = min(2 * pause, LONGEST_PAUSE)

    def close(self) -> None:
        """Hang up."""
        database, self._database = self._database, None
        if database is not None:
            database.close()

    def _complain(self, error: DatabaseError) -> None:
        if error.code != self.trouble:
            self.trouble = error.code
            _log.warning("no database: %s: %s", error.code, nameless(error.english))

    def _relieve(self) -> None:
        if self.trouble:
            self.trouble = ""
            _log.warning("the database answers again")
