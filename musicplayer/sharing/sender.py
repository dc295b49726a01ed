"""The thread that sends plays: in their order, each until the server has it, and never faster than the server likes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from indexer.core.follow.journal import Journal, Note
from indexer.core.plays import Play
from indexer.core.tracks import Seconds
from musicplayer.sharing.listenbrainz import (
    MOST_AT_ONCE,
    NotNow,
    PlaysRefused,
    Server,
    SharingError,
    TokenRefused,
)

_log = logging.getLogger(__name__)

FIRST_RETRY: Seconds = 5.0
LONGEST_RETRY: Seconds = 1_800.0
"""A pause is twice as long as the one before up to this, which also bounds what a server asks for."""


class Sender(threading.Thread):
    """Tells a server what is in the outbox, and strikes out what it took.

    Where a submission was not acknowledged, the server may have its plays all the same. They are told again one by
    one: ListenBrainz and maloja know a play by when it began and keep it once, but maloja passes over all that follows
    such a play in one submission, and says that all is well. The oldest ones are told one by one at a start too, for
    a player that was killed does not know what its last submission came to.

    A daemon: a server that does not answer must not keep the program from ending.
    """

    def __init__(
        self,
        outbox: Journal,
        refused: Journal,
        *,
        answered: Callable[[SharingError | None], None],
        first_retry: Seconds = FIRST_RETRY,
    ) -> None:
        """Make the thread, which waits for a server to `use`.

        Args:
            outbox: plays with names, to be told.
            refused: takes the plays that the server will never take.
            answered: is called in the thread: the server took what it was told, or did not, and why.
            first_retry: seconds until it is told again for the first time.
        """
        super().__init__(name="segue-sharing", daemon=True)
        self._outbox = outbox
        self._refused = refused
        self._answered = answered
        self._first_retry = first_retry
        self._server: Server | None = None
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._begin_anew()

    def use(self, server: Server | None) -> None:
        """Send to this server from now on, at once, or to none."""
        with self._lock:
            self._server = server
            self._begin_anew()
        self._wake.set()

    def wake(self) -> None:
        """There is something in the outbox."""
        self._wake.set()

    def stop(self) -> None:
        """End when the submission at hand is answered."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            server, pause = self._server, self._due - time.monotonic()
            if server is None or self._halted or not len(self._outbox):
                self._wake.wait()
            elif pause > 0:
                self._wake.wait(pause)
            else:
                self._send(server)

    def _begin_anew(self) -> None:
        self._halted = False
        self._due = 0.0
        self._retry = self._first_retry
        self._doubtful = MOST_AT_ONCE

    def _send(self, server: Server) -> None:
        notes = self._outbox.open_notes()[: 1 if self._doubtful else MOST_AT_ONCE]
        try:
            server.submit([Play.of_record(note.id, note.content) for note in notes])
        except SharingError as error:
            with self._lock:
                is_told = server is self._server and self._on_error(notes, error)
            if is_told:
                self._answered(error)
        except Exception as error:  # noqa: BLE001 - logged and told; the thread is the only one there is
            _log.exception("the thread that shares plays failed")
            with self._lock:
                self._doubtful = MOST_AT_ONCE
                self._wait(0.0)
            self._answered(NotNow("sharing-failed", error=repr(error)))
        else:
            self._outbox.strike_out(*notes)
            with self._lock:
                self._retry = self._first_retry
                self._doubtful = max(0, self._doubtful - 1)
            self._answered(None)

    def _on_error(self, notes: list[Note], error: SharingError) -> bool:
        """Do what the answer asks for, and return whether it is told; plays stay where they are unless refused."""
        self._doubtful = max(self._doubtful, len(notes))
        if isinstance(error, PlaysRefused):
            if len(notes) > 1:
                return False  # one of them: it is found by telling them one by one
            self._set_aside(notes[0])
        elif isinstance(error, TokenRefused):
            self._halted = True
        else:
            self._wait(error.pause if isinstance(error, NotNow) else 0.0)
        _log.warning("plays are not taken: %s", error.code)
        return True

    def _set_aside(self, note: Note) -> None:
        """Keep a play that is refused apart from those that are to be sent."""
        try:
            self._refused.add(note)
        except OSError as error:
            _log.warning("a play that was refused cannot be set aside: %s", error.strerror)
            self._wait(0.0)
            return
        self._outbox.strike_out(note)
        self._doubtful -= 1

    def _wait(self, asked: Seconds) -> None:
        self._due = time.monotonic() + min(max(asked, self._retry), LONGEST_RETRY)
        self._retry = min(2 * self._retry, LONGEST_RETRY)
