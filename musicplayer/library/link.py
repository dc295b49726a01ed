"""The player's way to the database: a thread of its own that follows changes and takes orders, never waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from indexer.home import Home
from indexer.library import Seconds, TrackId
from musicplayer.language import tr
from musicplayer.library.changes import Changes, Known, Listeners
from musicplayer.library.journal import Journal, Note, NoteKind
from musicplayer.library.link_thread import LinkThread, Order
from musicplayer.library.orders import (
    forget_folder,
    load_queue,
    missing_features,
    save_queue,
    send_features,
)

if TYPE_CHECKING:
    from indexer.store import Database

Work = Callable[["Database"], Any]
Then = Callable[[Any], None]

SHUTDOWN_SECONDS = 5.0
QUEUE_NAME = "player"


class LibraryLink(QObject):
    """Signals what the database holds and what changes in it; all of them arrive in the thread of this object.

    Signals:
        connected: the database answers, for the first time or again.
        unavailable: message and advice; tried again by itself.
        refused: message and advice; an order could not be carried out, its disk is full for one.
        reset: this is not the database that the catalogue was read from; everything comes again.
        tracks_changed: list of Track, at most a few thousand, some times a second.
        caught_up: a revision; every track changed up to it has been sent.
        features_arrived: list of FeatureRecord.
        tracks_left: set of TrackId that are known and analysed no more, on `fetch_missing_features`.
        counts_changed: a LibraryCounts.
        plays_changed: dict of TrackId to number of plays.
        last_played_changed: dict of TrackId to seconds since 1970, of tracks that were played.
        folders_changed: list of LibraryFolder.
        problems_loaded: list of Problem, on `load_problems`.
        queue_loaded: the saved queue's state, on `load_queue`.
        restored: a backup was restored into the database, by this program or another.
        heirs_changed: list of Heir, all tracks that left and have a new copy.
    """

    connected = Signal()
    unavailable = Signal(str, str)
    refused = Signal(str, str)
    reset = Signal()
    tracks_changed = Signal(object)
    caught_up = Signal(int)
    features_arrived = Signal(object)
    tracks_left = Signal(object)
    counts_changed = Signal(object)
    plays_changed = Signal(object)
    last_played_changed = Signal(object)
    folders_changed = Signal(object)
    problems_loaded = Signal(object)
    queue_loaded = Signal(object)
    restored = Signal()
    heirs_changed = Signal(object)

    _arrived = Signal(object)

    def __init__(
        self, home: Home, profile_key: str = "sonic:1", *, uri: str | None = None, parent: QObject | None = None
    ) -> None:
        """Prepare a link to the database of `home`, or at the address `uri`; nothing happens before `start`."""
        super().__init__(parent)
        self._home = home
        self._profile_key = profile_key
        self._uri = uri
        self._journal: Journal | None = None
        self._thread: LinkThread | None = None
        self._complained = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, known: Known | None = None) -> None:
        """Connect in the background and send everything that is not `known` yet."""
        self._thread = LinkThread(
            self._home,
            self._uri,
            Changes(self._profile_key, known or Known(), self._listeners()),
            self._opened_journal(),
            connected=lambda: self._send(self.connected.emit),
            unavailable=lambda message, advice: self._send(lambda: self.unavailable.emit(message, advice)),
            refused=lambda message, advice: self._send(lambda: self.refused.emit(message, advice)),
            send=self._send,
        )
        self._thread.start()

    def move_to(self, uri: str | None, known: Known) -> None:
        """Leave the database for the one at the address `uri`, or for the managed one; what is `known` may not hold."""
        self.shutdown()
        self._uri = uri
        self.start(known)

    def shutdown(self) -> None:
        """End the connection and the thread; orders given before are carried out if the database answers.

        A thread that is still trying to connect is not waited for; it says nothing more.
        """
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            thread.join(SHUTDOWN_SECONDS if thread.is_connected else 0)

    def ask(self, work: Work, then: Then | None = None, *, must_succeed: bool = False) -> None:
        """Do `work` with the database in the link's thread, and give its result to `then` in this object's.

        With `must_succeed` it is kept and tried again when the database is lost, rather than forgotten.
        """
        self._order(Order(work, then, must_succeed))

    def keep(self, note: Note) -> None:
        """Tell the database something as soon as it answers, at a later start if need be."""
        try:
            self._opened_journal().add(note)
        except OSError as error:
            self._on_unwritten(error)
        if self._thread is not None:
            self._thread.wake()

    def record_play(self, track: TrackId, seconds_heard: Seconds, finished: bool) -> None:
        """Keep that a track was heard until now."""
        at = time.time() - seconds_heard
        play = {"track": track, "at": at, "seconds_heard": seconds_heard, "finished": finished}
        self.keep(Note(NoteKind.PLAY, play))
        self.last_played_changed.emit({track: at})
        if finished:
            self._order(Order(lambda database: database.plays.counts(), self.plays_changed.emit))

    def save_queue(self, state: dict[str, Any]) -> None:
        """Keep the queue, for the case that its file is lost."""
        self._order(Order(lambda database: save_queue(database, QUEUE_NAME, state), must_succeed=True))

    def load_queue(self) -> None:
        self._order(Order(lambda database: load_queue(database, QUEUE_NAME), self.queue_loaded.emit))

    def load_problems(self) -> None:
        self._order(Order(lambda database: list(database.problems.all()), self.problems_loaded.emit))

    def forget_folder(self, path: str) -> None:
        """Take a folder out of the library; its files stay where they are."""
        self._order(Order(lambda database: forget_folder(database, path), must_succeed=True))

    def fetch_missing_features(self, known: Collection[TrackId]) -> None:
        """Send the features of every analysed track that is not among `known`, and which of those count no more."""
        key, tell_left = self._profile_key, self._sending(self.tracks_left)
        self._order(Order(lambda database: missing_features(database, key, known, self._send_features, tell_left)))

    def fetch_features(self, tracks: Collection[TrackId]) -> None:
        """Send the features of these tracks once more, for those that were analysed."""
        key = self._profile_key
        self._order(Order(lambda database: send_features(database, key, tracks, self._send_features)))

    def _opened_journal(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(self._home.journal_file)
        return self._journal

    def _on_unwritten(self, error: OSError) -> None:
        if not self._complained:
            self._complained = True
            self.refused.emit(
                tr("What was played cannot be saved to {file}: {error}.", file=self._home.journal_file, error=error),
                tr("Free some space there, or it is lost if the database does not answer before Segue ends."),
            )

    def _order(self, order: Order) -> None:
        if self._thread is not None:
            self._thread.put(order)

    def _listeners(self) -> Listeners:
        return Listeners(
            reset=lambda: self._send(self.reset.emit),
            tracks=self._sending(self.tracks_changed),
            caught_up=self._sending(self.caught_up),
            features=self._sending(self.features_arrived),
            counts=self._sending(self.counts_changed),
            folders=self._sending(self.folders_changed),
            plays=self._sending(self.plays_changed),
            last_played=self._sending(self.last_played_changed),
            restored=lambda: self._send(self.restored.emit),
            heirs=self._sending(self.heirs_changed),
        )

    def _sending(self, signal: SignalInstance) -> Callable[[Any], None]:
        return lambda value: self._send(lambda: signal.emit(value))

    def _send_features(self, records: object) -> None:
        self._send(lambda: self.features_arrived.emit(records))

    def _send(self, call: Callable[[], None]) -> None:
        """Run in the link's thread: have `call` made in this object's."""
        self._arrived.emit(call)

    def _deliver(self, call: Callable[[], None]) -> None:
        if self._thread is not None:
            call()
