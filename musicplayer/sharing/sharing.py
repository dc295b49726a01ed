"""Shares what is played, where a person wants that: notes plays down as they happen, and has a thread send them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal

from indexer.core.files.redaction import conceal
from indexer.core.follow.journal import Journal, Note, NoteKind
from indexer.core.home import Home
from indexer.core.language import tr, trn
from indexer.core.plays import Named, Play
from indexer.core.settings import Settings
from indexer.core.tracks import Seconds, Track
from musicplayer.sharing.listenbrainz import PlaysRefused, Server, SharingError
from musicplayer.sharing.sender import FIRST_RETRY, Sender

SHUTDOWN_SECONDS: Seconds = 0.5
"""That a submission on its way is waited for at the end; without its answer it is made again at the next start."""

_FIELDS = {"sharing", "sharing_server", "sharing_token"}
_SOLVED_BY_TIME = {"sharing-away", "sharing-later"}
"""Nobody is told of these but who looks into the settings: plays wait, and go when they can."""


class Sharing(QObject):
    """Plays of the library that count, from the moment on when sharing is switched on.

    Signals:
        changed: another number of plays waits, or something else hinders them.
        failed: message and advice about what only a person can mend.
    """

    changed = Signal()
    failed = Signal(str, str)

    _answered = Signal(object)

    def __init__(
        self, home: Home, settings: Settings, parent: QObject | None = None, *, first_retry: Seconds = FIRST_RETRY
    ) -> None:
        """Look at what is yet to be sent; nothing is sent before `start`."""
        super().__init__(parent)
        self._home = home
        self._settings = settings
        self._first_retry = first_retry
        self._outbox = Journal(home.sharing_file)
        self._refused = Journal(home.refused_plays_file)
        self._sender: Sender | None = None
        self._trouble: SharingError | None = None
        self._complaint = ""
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    @property
    def waiting(self) -> int:
        """How many plays are yet to be sent."""
        return len(self._outbox)

    @property
    def refused(self) -> int:
        """How many plays were refused, and lie in a file of their own."""
        return len(self._refused)

    @property
    def trouble(self) -> SharingError | None:
        """What the server said last, None where it took the plays."""
        return self._trouble

    def start(self) -> None:
        """Send what waits, in a thread of its own, where plays are shared."""
        if self._outbox.set_aside:
            self._tell_odd()
        self._apply()

    def take(self, play: Play, track: Track | None) -> None:
        """Note a play of a track down to be sent, if it counts and has the names that servers ask for."""
        if not self._settings.sharing or not play.finished or track is None or not (track.artist and track.title):
            return
        named = Named(artist=track.artist, title=track.title, album=track.album, seconds=play.seconds or track.seconds)
        note = Note(NoteKind.PLAY, replace(play, named=named).as_record(), play.id)
        try:
            self._outbox.add(note)
        except OSError as error:
            self.failed.emit(
                tr("What was played cannot be saved to {file}: {error}.", file=self._home.sharing_file, error=error),
                tr("Free some space there, or it is not shared if the server does not answer before Segue ends."),
            )
        if self._sender is not None:
            self._sender.wake()
        self.changed.emit()

    def forget(self) -> None:
        """Send nothing of what was played until now, and keep nothing of it."""
        for kept in (self._outbox, self._refused):
            kept.strike_out(*kept.open_notes())
        self.changed.emit()

    def on_setting(self, field: str) -> None:
        """Send elsewhere, or no more, when the settings say so."""
        if field in _FIELDS and self._sender is not None:
            self._trouble, self._complaint = None, ""
            self._apply()
            self.changed.emit()

    def shutdown(self) -> None:
        """End the thread; what was not acknowledged is sent at the next start."""
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.stop()
            sender.join(SHUTDOWN_SECONDS)

    def _apply(self) -> None:
        conceal(self._settings.sharing_token.strip())
        if self._sender is None:
            self._sender = Sender(
                self._outbox, self._refused, answered=self._answered.emit, first_retry=self._first_retry
            )
            self._sender.start()
        settings = self._settings
        server = Server(settings.sharing_server, settings.sharing_token)
        self._sender.use(server if settings.sharing and settings.sharing_token.strip() else None)

    def _on_answered(self, error: SharingError | None) -> None:
        """Say what hinders only once for as long as it stays the same."""
        complaint = "" if error is None else f"{error.code} {error.values.get('reason', '')}"
        is_new = complaint != self._complaint
        self._trouble, self._complaint = error, complaint
        if error is not None and is_new and error.code not in _SOLVED_BY_TIME:
            set_aside = tr("It was set aside in {file}.", file=self._home.refused_plays_file)
            self.failed.emit(error.message, set_aside if isinstance(error, PlaysRefused) else error.advice)
        self.changed.emit()

    def _tell_odd(self) -> None:
        message = trn(
            "{number} note of what is to be shared could not be understood.",
            "{number} notes of what is to be shared could not be understood.",
            self._outbox.set_aside,
        )
        self.failed.emit(message, tr("It was set aside in {file}; all others are kept.", file=self._outbox.odd_file))
