"""The thread that holds the player's only database connection: orders first, changes in between, back after a loss."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.core.errors import SegueError
from indexer.core.files.redaction import nameless
from indexer.core.follow.changes import Changes
from indexer.core.follow.journal import Journal, Note
from indexer.core.follow.orders import carry_out, replaced_by, tracks_in
from indexer.core.home import Home
from indexer.core.shared.server import read_server
from indexer.core.tracks import TrackState

if TYPE_CHECKING:
    from indexer.core.store import Database

_log = logging.getLogger(__name__)

POLL_SECONDS = 0.7
CONNECT_SECONDS = 15.0
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 30.0
SILENT_RETRY_SECONDS = 3.0
"""The same for a server that somebody else runs: to look whether it is back costs nothing, and it is found soon."""
_SILENT = frozenset({"database-silent", "shared-silent", "shared-trouble"})
REFUSED_SECONDS = 5.0
"""Until the database is told again what it refused."""
MOST_WAITING = 1_000
"""Orders kept while there is no database, besides those that must succeed."""

Send = Callable[[Callable[[], None]], None]


@dataclass(frozen=True)
class Order:
    """Something to do with the database.

    Attributes:
        work: does it, in the thread.
        then: is given the result, in the main thread.
        must_succeed: kept and tried again when the database is lost, rather than forgotten.
        instead: where not empty, an order of the same name that waits is forgotten: this one says all that it said.
    """

    work: Callable[[Database], Any]
    then: Callable[[Any], None] | None = None
    must_succeed: bool = False
    instead: str = ""


class DatabaseThread(threading.Thread):
    """Runs until told to stop. A daemon: a server that does not answer must not keep the program from ending."""

    def __init__(
        self,
        home: Home,
        uri: str | None,
        changes: Changes,
        journal: Journal,
        *,
        connected: Callable[[], None],
        unavailable: Callable[[str, str], None],
        refused: Callable[[str, str], None],
        send: Send,
        after: DatabaseThread | None = None,
    ) -> None:
        """Follow `changes` and tell what is in the `journal`, once the thread `after` has ended.

        All functions are called in this thread, `send` with what to call in the main one.
        """
        super().__init__(name="segue-database", daemon=True)
        self._home = home
        self._uri = uri
        self._changes = changes
        self._journal = journal
        self._aside = Journal(home.set_aside_file)
        self._connected = connected
        self._unavailable = unavailable
        self._refused = refused
        self._send = send
        self._after = after
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._orders: deque[Order] = deque()
        self._ordering = threading.Lock()
        self._complaint: dict[str, Any] = {}
        self._refusal: dict[str, Any] = {}
        self._tell_again_at = 0.0
        self._serving = False

    @property
    def is_connected(self) -> bool:
        return self._serving

    def put(self, order: Order) -> None:
        """Take an order, from any thread."""
        with self._ordering:
            if order.instead:
                self._orders = deque(other for other in self._orders if other.instead != order.instead)
            self._orders.append(order)
            if len(self._orders) > MOST_WAITING:
                self._forget_one()
        self._wake.set()

    def _forget_one(self) -> None:
        """The oldest order that is of no use to anyone who has waited so long; none of those that must succeed."""
        for place, order in enumerate(self._orders):
            if not order.must_succeed:
                del self._orders[place]
                return

    def wake(self) -> None:
        """There is something to tell in the journal."""
        self._wake.set()

    def stop(self) -> None:
        """Carry out the orders at hand, then end."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        if self._after is not None:
            self._after.join(LONGEST_RETRY_SECONDS if self._after.is_connected else 0)
            self._after = None
        retry = FIRST_RETRY_SECONDS
        while not self._stopping.is_set():
            began, longest = time.monotonic(), LONGEST_RETRY_SECONDS
            try:
                self._serve()
            except SegueError as error:
                self._complain(error)
                longest = SILENT_RETRY_SECONDS if error.code in _SILENT else LONGEST_RETRY_SECONDS
            except Exception as error:  # noqa: BLE001 - reported below; the thread is the only one there is
                _log.exception("the thread of the database failed")
                self._complain(SegueError("library-unreadable", error=error))
            if time.monotonic() - began > LONGEST_RETRY_SECONDS:
                retry = FIRST_RETRY_SECONDS
            self._stopping.wait(min(retry, longest))
            retry = min(2 * retry, longest)

    def _serve(self) -> None:
        """Work with one connection until it is lost or the thread is to end."""
        with self._opened() as database:
            self._serving = not self._stopping.is_set()
            try:
                if self._serving:
                    self._work(database)
            finally:
                self._serving = False

    def _opened(self) -> Database:
        """The database of the home, which is a server's where the library is on another machine."""
        # Imported here: the driver takes a third of a second, which the first paint need not wait for.
        from indexer.core.shared.database import open_shared  # noqa: PLC0415
        from indexer.core.store import open_database  # noqa: PLC0415

        server = read_server(self._home)
        return open_shared(server) if server else open_database(self._home, uri=self._uri, wait=CONNECT_SECONDS)

    def _work(self, database: Database) -> None:
        self._tell_once_more(database)
        self._tell(
            database
        )  # before the rest, so that what was played before this start is counted in what is told now
        self._changes.begin(database)
        self._complaint = {}
        self._connected()
        while True:
            self._wake.clear()
            self._tell(database)
            self._carry_out(database)
            if self._stopping.is_set():
                return
            self._changes.follow(database, stopped=self._stopping.is_set)
            self._wake.wait(POLL_SECONDS)

    def _tell(self, database: Database) -> None:
        """Tell what the journal holds. What the database refuses, its disk being full for one, is kept for later."""
        from indexer.core.store.faults import DatabaseUnavailable, NotTaken  # noqa: PLC0415 - loaded by now

        if time.monotonic() < self._tell_again_at:
            return
        for note in self._journal.open_notes():
            try:
                carry_out(database, note)
            except DatabaseUnavailable:
                raise
            except NotTaken as error:
                self._set_aside(note, error)
            except SegueError as error:
                self._tell_again_at = time.monotonic() + REFUSED_SECONDS
                self._refuse(error)
                return
            else:
                self._aside.strike_out(*replaced_by(note, self._aside.open_notes()))
                self._refusal = {}
            self._journal.strike_out(note)

    def _tell_once_more(self, database: Database) -> None:
        """Tell what was set aside of tracks that are in the library again."""
        from indexer.core.store.faults import DatabaseUnavailable  # noqa: PLC0415 - loaded by now

        notes = self._aside.open_notes()
        found = database.tracks.get(sorted({track for note in notes for track in tracks_in(note)}))
        there = {track.id for track in found.values() if track.state is not TrackState.GONE}
        for note in notes:
            if not tracks_in(note) <= there:
                continue
            try:
                carry_out(database, note)
            except DatabaseUnavailable:
                raise
            except SegueError as error:
                _log.info("still refused by the database: %s", error.code)
            else:
                self._aside.strike_out(note)

    def _set_aside(self, note: Note, error: SegueError) -> None:
        """Keep what is refused for good where it hinders nothing that comes after it; said of the first one alone."""
        if not len(self._aside):
            self._refuse(error)
        try:
            self._aside.add(note)
        except OSError as fault:
            _log.warning("what was refused could not be set aside: %s", fault.strerror)

    def _refuse(self, error: SegueError) -> None:
        """Say it once for as long as it stays the same."""
        if error.told != self._refusal:
            self._refusal = error.told
            _log.warning("refused by the database: %s: %s", error.code, nameless(str(error)))
            self._refused(error.message, error.advice)

    def _carry_out(self, database: Database) -> None:
        from indexer.core.store import DatabaseUnavailable  # noqa: PLC0415 - loaded by now

        while (order := self._next_order()) is not None:
            try:
                result = order.work(database)
            except DatabaseUnavailable:
                if order.must_succeed:
                    with self._ordering:
                        self._orders.appendleft(order)
                raise
            except SegueError as error:
                self._refused(error.message, error.advice)
                continue
            if order.then is not None:
                self._answer(order.then, result)

    def _next_order(self) -> Order | None:
        with self._ordering:
            return self._orders.popleft() if self._orders else None

    def _answer(self, then: Callable[[Any], None], result: Any) -> None:
        self._send(lambda: then(result))

    def _complain(self, error: SegueError) -> None:
        """Say what is wrong, once for as long as it stays the same."""
        if error.told != self._complaint and not self._stopping.is_set():
            self._complaint = error.told
            _log.warning("no database: %s: %s", error.code, nameless(str(error)))
            self._unavailable(error.message, error.advice)
