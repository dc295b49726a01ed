"""The player's way to the database: a thread of its own that follows changes and takes orders, never waited for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from indexer.core.errors import SegueError
from indexer.core.follow.changes import Changes, Known, Listeners
from indexer.core.follow.database_thread import DatabaseThread, Order
from indexer.core.follow.journal import Journal, Note, NoteKind, Sink
from indexer.core.follow.orders import (
    features_of,
    forget_folder,
    load_queue,
    missing_features,
    save_queue,
)
from indexer.core.home import Home
from indexer.core.kafka.outbox import Outbox
from indexer.core.language import tr, trn
from indexer.core.plays import OWNER, Play
from indexer.core.store.records import Matter
from indexer.core.tracks import Measurement, Seconds, TrackId

if TYPE_CHECKING:
    from indexer.core.store import Database, FeatureRecord
    from indexer.core.store.records import News

Work = Callable[["Database"], Any]
Then = Callable[[Any], None]

SHUTDOWN_SECONDS = 5.0
QUEUE_NAME = "player"

FEATURES_AT_ONCE = 200
"""Of a large profile, 3 MB."""


class DatabaseClient(QObject):
    """Signals what the database holds and what changes in it; all of them arrive in the thread of this object.

    Signals:
        connected: the database answers, for the first time or again.
        unavailable: message and advice; tried again by itself.
        refused: message and advice; an order could not be carried out, its disk is full for one, or a broker does not
            take what it is told.
        reset: this is not the database that the catalogue was read from; everything comes again.
        tracks_changed: list of Track, at most a few thousand, some times a second.
        caught_up: a revision; every track changed up to it has been sent.
        features_arrived: list of FeatureRecord.
        missing_arrived: list of FeatureRecord on `fetch_missing_features`, how many more can be asked for with
            `fetch_more_missing`, and the revision that features had when these were looked for.
        tracks_left: set of TrackId that are known and analysed no more, on `fetch_missing_features`.
        counts_changed: a LibraryCounts.
        plays_changed: dict of TrackId to number of plays.
        last_played_loaded: dict of TrackId to seconds since 1970, of all tracks that were ever played.
        last_played_changed: the same of tracks that were played just now.
        folders_changed: list of LibraryFolder.
        problems_loaded: list of Problem, on `load_problems`.
        queue_loaded: the saved queue's state, on `load_queue`.
        restored: a backup was restored into the database, by this program or another.
        news: frozenset of Matter, what of the owner another program wrote; numbers and times of plays were sent before.
        others_played: frozenset of ListenerId, other listeners than the owner whose plays are others now.
        heirs_changed: list of Heir, all tracks that left and have a new copy.
    """

    connected = Signal()
    unavailable = Signal(str, str)
    refused = Signal(str, str)
    reset = Signal()
    tracks_changed = Signal(object)
    caught_up = Signal(int)
    features_arrived = Signal(object)
    missing_arrived = Signal(object, int, int)
    tracks_left = Signal(object)
    counts_changed = Signal(object)
    plays_changed = Signal(object)
    last_played_loaded = Signal(object)
    last_played_changed = Signal(object)
    folders_changed = Signal(object)
    problems_loaded = Signal(object)
    queue_loaded = Signal(object)
    restored = Signal()
    heirs_changed = Signal(object)
    news = Signal(object)
    others_played = Signal(object)

    _arrived = Signal(object)

    def __init__(
        self,
        home: Home,
        profile_key: str = "sonic:1",
        *,
        uri: str | None = None,
        kafka: str = "",
        parent: QObject | None = None,
    ) -> None:
        """Prepare a way to the database of `home`, or at the address `uri`; nothing happens before `start`.

        What is kept for the database is also told to the broker at the address `kafka`, empty for none.
        """
        super().__init__(parent)
        self._home = home
        self._profile_key = profile_key
        self._uri = uri
        self._kafka = kafka
        self._outbox: Outbox | None = None
        self._changes: Changes | None = None
        self._thread: DatabaseThread | None = None
        self._complained = False
        self._asked: object = None
        self._missing: list[TrackId] = []
        self._missing_rev = 0
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, known: Known | None = None, *, after: DatabaseThread | None = None) -> None:
        """Connect in the background, when the thread `after` has ended, and send everything that is not `known` yet."""
        self._changes = Changes(self._profile_key, known or Known(), self._listeners())
        self._thread = DatabaseThread(
            self._home,
            self._uri,
            self._changes,
            self._opened_outbox().journal,
            connected=lambda: self._send(self.connected.emit),
            unavailable=lambda message, advice: self._send(lambda: self.unavailable.emit(message, advice)),
            refused=lambda message, advice: self._send(lambda: self.refused.emit(message, advice)),
            send=self._send,
            after=after,
        )
        self._thread.start()
        self._opened_outbox().start()

    def choose_broker(self, kafka: str) -> None:
        """Tell the broker at this address from now on, empty for none; what only another one lacks is forgotten."""
        self._kafka = kafka
        if self._outbox is not None:
            self._outbox.choose(kafka)

    def move_to(self, uri: str | None, known: Known) -> None:
        """Leave the database for the one at the address `uri`, or for the managed one; what is `known` may not hold.

        Returns at once: the thread of the new one waits for that of the old one to carry out what it was given.
        """
        before, self._thread = self._thread, None
        if before is not None:
            before.stop()
        self._uri = uri
        self.start(known, after=before)

    def shutdown(self) -> None:
        """End the connection and the thread; orders given before are carried out if the database answers.

        A thread that is still trying to connect is not waited for; it says nothing more. What the broker does not have
        by then it is told after the next start.
        """
        outbox = self._opened_outbox()
        outbox.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            thread.join(SHUTDOWN_SECONDS if thread.is_connected else 0)
        outbox.join()

    def ask(self, work: Work, then: Then | None = None, *, must_succeed: bool = False) -> None:
        """Do `work` with the database in the database thread, and give its result to `then` in this object's.

        With `must_succeed` it is kept and tried again when the database is lost, rather than forgotten.
        """
        self._order(Order(work, then, must_succeed))

    def keep(self, note: Note) -> None:
        """Tell the database something as soon as it answers, at a later start if need be."""
        outbox = self._opened_outbox()
        try:
            outbox.journal.add(note)
        except OSError as error:
            self._on_unwritten(error)
        if self._thread is not None:
            self._thread.wake()
        outbox.wake()

    def untold(self) -> list[Note]:
        """What was kept and the database does not have yet, the oldest first; safe in any thread."""
        return self._opened_outbox().journal.open_notes()

    def forget_told(self) -> None:
        """Have no broker be told any more what waits for it: it was erased where it was told."""
        journal = self._opened_outbox().journal
        if Sink.STREAM in journal.sinks:
            journal.strike_out(*journal.open_notes(Sink.STREAM), sink=Sink.STREAM)

    def record_play(self, play: Play) -> None:
        """Keep what was heard of a track."""
        self.keep(Note(NoteKind.PLAY, play.as_record(), play.id))
        self.last_played_changed.emit({play.track: play.at})
        if play.finished:
            self._order(Order(lambda database: database.plays.counts(), self.plays_changed.emit))

    def recount_plays(self) -> None:
        """Tell how often and when tracks were played once more: many plays came or went at once."""
        self._order(Order(lambda database: database.plays.counts(), self.plays_changed.emit))
        self._order(Order(lambda database: database.plays.last_played(), self.last_played_loaded.emit))

    def look_for_news(self) -> None:
        """Have `news` told now rather than within two seconds: somebody knows that there is some."""
        if self._changes is not None:
            self._order(Order(self._changes.follow_news, instead="news"))

    def keep_length(self, track: TrackId, seconds: Seconds) -> None:
        """Keep how long a track was found to be when it was played; what the indexer counted holds before that."""
        self._order(Order(lambda database: database.tracks.measure({track: Measurement(seconds)})))

    def save_queue(self, state: dict[str, Any]) -> None:
        """Keep the queue, for the case that its file is lost."""
        self._order(Order(lambda database: save_queue(database, QUEUE_NAME, state), must_succeed=True, instead="queue"))

    def load_queue(self) -> None:
        self._order(Order(lambda database: load_queue(database, QUEUE_NAME), self.queue_loaded.emit))

    def load_problems(self) -> None:
        self._order(Order(lambda database: list(database.problems.all()), self.problems_loaded.emit))

    def forget_folder(self, path: str) -> None:
        """Take a folder out of the library; its files stay where they are."""
        self._order(Order(lambda database: forget_folder(database, path), must_succeed=True))

    def fetch_missing_features(self, known: Collection[TrackId], since: int = 0) -> None:
        """Tell which of the `known` tracks count no more, and send the features of those that count and are not known.

        Only some are sent, with `missing_arrived`; `fetch_more_missing` asks for the next ones, so that no more of them
        wait in memory than whoever takes them can take.

        Args:
            known: tracks whose features up to revision `since` are known.
            since: of these too, what has changed since then is sent; 0 where that is of no interest.
        """
        key, asked = self._profile_key, object()
        self._asked, self._missing = asked, []

        def begin(found: tuple[frozenset[TrackId], int, list[TrackId]]) -> None:
            if asked is self._asked:
                left, self._missing_rev, self._missing = found
                self.tracks_left.emit(left)
                self.fetch_more_missing()

        self._order(Order(lambda database: missing_features(database, key, known, since), begin, must_succeed=True))

    def fetch_more_missing(self) -> None:
        """Send the next features that are missing; nothing where all were sent."""
        some, self._missing = self._missing[:FEATURES_AT_ONCE], self._missing[FEATURES_AT_ONCE:]
        if not some:
            return
        key, asked, rev, left = self._profile_key, self._asked, self._missing_rev, len(self._missing)

        def send(records: list[FeatureRecord]) -> None:
            if asked is self._asked:
                self.missing_arrived.emit(records, left, rev)

        self._order(Order(lambda database: features_of(database, key, some), send, must_succeed=True))

    def fetch_features(self, tracks: Collection[TrackId]) -> None:
        """Send the features of these tracks once more, for those that were analysed."""
        key, wanted = self._profile_key, list(tracks)
        for at in range(0, len(wanted), FEATURES_AT_ONCE):
            work = partial(features_of, key=key, tracks=wanted[at : at + FEATURES_AT_ONCE])
            self._order(Order(work, self.features_arrived.emit))

    def _opened_outbox(self) -> Outbox:
        if self._outbox is None:
            self._outbox = Outbox(self._home, self._home.journal_file, self._kafka, trouble=self._on_broker)
            if self._outbox.journal.set_aside:
                self._tell_odd(self._outbox.journal)
        return self._outbox

    def _on_broker(self, error: SegueError) -> None:
        """Run in the thread of the broker: it is no trouble of the database's."""
        self._send(lambda: self.refused.emit(error.message, error.advice))

    def _tell_odd(self, journal: Journal) -> None:
        message = trn(
            "{number} note of what was played or hidden could not be understood.",
            "{number} notes of what was played or hidden could not be understood.",
            journal.set_aside,
        )
        self.refused.emit(message, tr("It was set aside in {file}; all others are kept.", file=journal.odd_file))

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
            last_played=self._on_last_played,
            restored=lambda: self._send(self.restored.emit),
            heirs=self._sending(self.heirs_changed),
            news=self._on_news,
        )

    def _on_news(self, news: frozenset[News]) -> None:
        """Run in the database thread."""
        matters = frozenset(matter for listener, matter in news if listener == OWNER)
        if matters:
            self._send(lambda: self.news.emit(matters))
        others = frozenset(listener for listener, matter in news if matter is Matter.PLAYS and listener != OWNER)
        if others:
            self._send(lambda: self.others_played.emit(others))

    def _on_last_played(self, times: dict[TrackId, float]) -> None:
        """Run in the database thread: what the database has not been told yet counts all the same."""
        plays = (note.content for note in self.untold() if note.kind is NoteKind.PLAY)
        untold = {TrackId(play["track"]): float(play["at"]) for play in plays}
        told = {track: max(at, times.get(track, 0.0)) for track, at in untold.items()}
        self._send(lambda: self.last_played_loaded.emit({**times, **told}))

    def _sending(self, signal: SignalInstance) -> Callable[[Any], None]:
        return lambda value: self._send(lambda: signal.emit(value))

    def _send(self, call: Callable[[], None]) -> None:
        """Run in the database thread: have `call` made in this object's."""
        self._arrived.emit(call)

    def _deliver(self, call: Callable[[], None]) -> None:
        if self._thread is not None:
            call()
