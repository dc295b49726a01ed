"""The library as requests see it: a catalogue that follows the database, and a journal of what it is yet to be told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue import snapshot
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.errors import SegueError
from indexer.core.follow.changes import SAMPLE_SIZE, Changes, Known, LibraryCounts, Listeners
from indexer.core.follow.database_thread import DatabaseThread, Order
from indexer.core.follow.journal import Note
from indexer.core.home import Home
from indexer.core.kafka.outbox import Outbox
from indexer.core.model.embedding.registry import profile_key
from indexer.core.settings import Settings
from indexer.core.store import DatabaseUnavailable
from indexer.core.tracks import Seconds, Stretch, Track, TrackId
from musicplayer.server.view import LibraryView

if TYPE_CHECKING:
    from indexer.core.store import Database, FeatureRecord, LibraryFolder
    from indexer.core.store.records import News

_log = logging.getLogger(__name__)
T = TypeVar("T")

ANSWER_SECONDS: Seconds = 4.0
"""Until a database that does not answer is said to be away."""

_SAVE_SECONDS: Seconds = 60.0
_SHUTDOWN_SECONDS: Seconds = 5.0
_READY_SECONDS: Seconds = 0.05
"""That an answer waits for albums and artists of now rather than of a moment ago: for more tracks than some thousand
they take longer, and answers do not wait."""

_COST_SHARE = 20
"""What is worked out of a library that changes all the time takes at most one in so many of the seconds."""


class DatabaseAway(SegueError):
    """The database does not answer; what was to be kept waits in the journal."""


class SharedLibrary:
    """Tracks, albums, artists and genres, true within a second of every change; for the thread of the event loop.

    Attributes:
        catalogue: the tracks; plays and times in it are the owner's.
        counts: how far the analysis is.
        folders: those that the library lies in.
        on_tracks, on_features, on_counts, on_reset: who is told of what comes from the database.
        on_news: are told what other programs wrote for listeners.
        on_gap: are told that there may be more than that: the database was away, a backup was restored, or other tracks
            stand for some that left.
        on_change: is told in a word what is other than before.
        is_read: is set once the tracks are here: at the start, or as soon as the database has told them.
        trouble: what hinders the database, in sentences; empty while it answers.
    """

    def __init__(self, home: Home, settings: Settings) -> None:
        """Prepare; nothing is read before `start`."""
        self.catalogue = Catalogue()
        self.counts = LibraryCounts()
        self.folders: list[LibraryFolder] = []
        self.key = profile_key(home, settings.profile)
        self.on_tracks: Callable[[list[Track]], None] = lambda _: None
        self.on_features: Callable[[list[FeatureRecord]], None] = lambda _: None
        self.on_counts: Callable[[LibraryCounts], None] = lambda _: None
        self.on_reset: Callable[[], None] = lambda: None
        self.on_news: list[Callable[[frozenset[News]], None]] = []
        self.on_gap: list[Callable[[], None]] = []
        self.on_change: Callable[[str], None] = lambda _: None
        self.trouble: str = ""
        self.is_read = asyncio.Event()
        self._home = home
        self._uri = settings.database_uri
        self._outbox = Outbox(home, home.server_journal_file, settings.kafka, trouble=lambda _: None)  # the log has it
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: DatabaseThread | None = None
        self._changes = Changes(self.key, Known(), self._listeners())
        self._dirty = False
        self._saved_at = time.monotonic()
        self._view: LibraryView | None = None
        self._making: asyncio.Task[None] | None = None
        self._again_at = 0.0
        self._lives = 0
        self._sizes: NDArray[np.int64] = np.zeros(0, np.int64)

    def start(self) -> None:
        """Read the snapshot of the catalogue, then follow the database; for the thread of a running event loop."""
        self._loop = asyncio.get_running_loop()
        damage = self.catalogue.load_snapshot(self._home.catalogue_snapshot)
        if damage:
            _log.warning("%s", damage)
        if len(self.catalogue):
            self.is_read.set()
        journal = self._outbox.journal
        if journal.set_aside:
            _log.warning("%d lines of the journal were no notes: %s", journal.set_aside, journal.odd_file)
        known = Known(self.catalogue.rev, self.catalogue.sample(SAMPLE_SIZE))
        self._changes = Changes(self.key, known, self._listeners())
        self._thread = DatabaseThread(
            self._home,
            self._uri,
            self._changes,
            journal,
            connected=lambda: self._send(self._on_connected),
            unavailable=lambda message, advice: self._send(lambda: self._on_trouble(message, advice)),
            refused=lambda message, advice: self._send(lambda: self._on_trouble(message, advice)),
            send=self._send,
        )
        self._thread.start()
        self._outbox.start()

    def close(self) -> None:
        """Tell database and broker what waits, if they answer, and keep the catalogue for the next start."""
        self._outbox.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            thread.join(_SHUTDOWN_SECONDS if thread.is_connected else 0)
        self._outbox.join()
        if self._dirty:
            self._dirty = False
            self._write(self.catalogue.freeze())

    @property
    def is_connected(self) -> bool:
        """Whether the database answers."""
        return self._thread is not None and self._thread.is_connected

    async def ask(self, work: Callable[[Database], T], *, wait: Seconds = ANSWER_SECONDS) -> T:
        """The result of `work` with the database, done in its thread.

        Raises:
            DatabaseAway: it does not answer in time, or is known to be away: then nobody waits.
            SegueError: it refuses.
        """
        answer: Future[T] = Future()

        def answered(database: Database) -> None:
            if not answer.set_running_or_notify_cancel():
                return  # nobody waits for it any more
            try:
                answer.set_result(work(database))
            except Exception as error:
                answer.set_exception(error)
                raise

        if self._thread is None or (self.trouble and not self._thread.is_connected):
            raise DatabaseAway("server-database-away")
        self._thread.put(Order(answered))
        try:
            async with asyncio.timeout(wait):  # `wait_for` forgets that it was cancelled when an answer comes just then
                return await asyncio.wrap_future(answer)
        except (TimeoutError, DatabaseUnavailable) as error:  # what that says of addresses is for the machine itself
            raise DatabaseAway("server-database-away") from error

    async def hear(self, *, wait: Seconds = ANSWER_SECONDS) -> None:
        """Have `on_news` and `on_gap` told all that other programs wrote until now; raises what `ask` does."""
        await self.ask(self._changes.follow_news, wait=wait)

    def order(self, order: Order) -> None:
        """Have something done with the database when it answers; forgotten where this was closed before."""
        if self._thread is not None:
            self._thread.put(order)

    def keep(self, *notes: Note) -> None:
        """Tell the database something as soon as it answers, at a later start if need be.

        Raises:
            SegueError: it cannot be written down; it is told all the same if the server lives until then.
        """
        try:
            for note in notes:
                self._outbox.journal.add(note)
        except OSError as error:
            _log.warning("nothing can be written to %s: %s", self._home.server_journal_file, error)
            raise SegueError("server-not-noted", reason=error.strerror or type(error).__name__) from error
        finally:
            if self._thread is not None:
                self._thread.wake()
            self._outbox.wake()

    def open_notes(self) -> list[Note]:
        """What the database is yet to be told, the oldest first."""
        return self._outbox.journal.open_notes()

    def folder_paths(self) -> list[str]:
        """Where files of the library may be read; nothing beside these is anybody's.

        Raises:
            DatabaseAway: it has not told yet; the tracks of the last time may be here by then.
        """
        if not self.folders and len(self.catalogue):
            raise DatabaseAway("server-database-away")
        return [folder.path for folder in self.folders]

    def track(self, track: TrackId) -> Track | None:
        """A track that is in the library, present or away; None for every other one."""
        row = self.row_of(track)
        return None if row is None else self.catalogue.track(row)

    def row_of(self, track: str) -> int | None:
        """The row of a track that is in the library; None for every other one."""
        row = self.catalogue.row_of(TrackId(track))
        return row if row is not None and self.catalogue.is_listed(row) else None

    def stretch_of(self, track: TrackId) -> Stretch | None:
        """Where the sound of a track of the library lies."""
        row = self.row_of(track)
        return None if row is None else self.catalogue.stretch(row)

    def bytes_of(self, row: int) -> int | None:
        """How large the file of a track is, of a part of one its share; None while that is not known."""
        size = int(self._sizes[row]) if row < len(self._sizes) else 0
        return size or None

    @property
    def view(self) -> LibraryView:
        """Albums, artists and genres, as they were when they were last worked out."""
        if self._view is None:
            self._view = LibraryView(self.catalogue)
        return self._view

    async def renew(self) -> None:
        """Have the view be that of now, where this takes no time; else it is worked out beside the answers.

        A library that changes all the time is looked at again only now and then.
        """
        view = self._view
        if view is not None and view.changes == self.catalogue.changes:
            return
        if self._making is None and (view is None or time.monotonic() >= self._again_at):
            self._making = asyncio.create_task(self._make_view())
        if self._making is not None:
            await asyncio.wait({self._making}, timeout=None if view is None else _READY_SECONDS)

    async def _make_view(self) -> None:
        began, life = time.monotonic(), self._lives
        try:
            frozen, changes = self.catalogue.freeze(), self.catalogue.changes
            made = await asyncio.to_thread(LibraryView.made_ready, self.catalogue, frozen, changes)
            if life == self._lives:
                self._view = made
        finally:
            self._making = None
            self._again_at = time.monotonic() + _COST_SHARE * (time.monotonic() - began)

    def _listeners(self) -> Listeners:
        def sending(call: Callable[[Any], object]) -> Callable[[Any], None]:
            return lambda value: self._send(lambda: call(value))

        return Listeners(
            reset=lambda: self._send(self._on_reset),
            tracks=sending(self._on_tracks),
            caught_up=sending(self._on_caught_up),
            features=sending(self._on_features),
            counts=sending(self._on_counts),
            folders=sending(self._on_folders),
            plays=sending(self.catalogue.set_plays),
            last_played=sending(self.catalogue.set_last_played),
            restored=lambda: self._send(self._on_restored),
            news=sending(self._on_news),
            heirs=sending(lambda _: self._tell_gap()),
        )

    def _send(self, call: Callable[[], object]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _on_connected(self) -> None:
        self.trouble = ""
        self._ask_sizes()
        self._tell_gap()
        self.on_change("connected")

    def _on_news(self, news: frozenset[News]) -> None:
        for tell in self.on_news:
            tell(news)

    def _tell_gap(self) -> None:
        for tell in self.on_gap:
            tell()

    def _on_restored(self) -> None:
        self._tell_gap()
        self.on_change("restored")

    def _on_trouble(self, message: str, advice: str) -> None:
        self.trouble = f"{message} {advice}".strip()
        self.on_change("trouble")

    def _on_tracks(self, tracks: list[Track]) -> None:
        if self.catalogue.upsert(tracks):
            self._dirty = True
            self._ask_sizes([track.id for track in tracks])
            self.on_tracks(tracks)
            self.on_change("library")

    def _ask_sizes(self, tracks: Sequence[TrackId] | None = None) -> None:
        """Learn how large files are, of all tracks or of some."""
        life, row_of = self._lives, self.catalogue.row_of

        def read(database: Database) -> NDArray[np.int64]:
            rows = ((row_of(track), size) for track, size in database.files.sizes(tracks))
            return np.array([(row, size) for row, size in rows if row is not None], np.int64).reshape(-1, 2)

        def take(found: NDArray[np.int64]) -> None:
            if life == self._lives:
                rows, sizes = found.T
                known, self._sizes = self._sizes, np.zeros(self.catalogue.row_count, np.int64)
                self._sizes[: len(known)] = known
                self._sizes[rows] = sizes

        self.order(Order(read, take))

    def _on_features(self, records: list[FeatureRecord]) -> None:
        self.on_features(records)

    def _on_caught_up(self, rev: int) -> None:
        self.catalogue.rev = rev
        self._dirty = True
        if time.monotonic() - self._saved_at > _SAVE_SECONDS and self._loop is not None:
            self._dirty, self._saved_at = False, time.monotonic()
            self._loop.run_in_executor(None, self._write, self.catalogue.freeze())

    def _on_counts(self, counts: LibraryCounts) -> None:
        self.counts = counts
        self.is_read.set()  # tracks are told before they are counted
        self.on_counts(counts)

    def _on_folders(self, folders: list[LibraryFolder]) -> None:
        self.folders = folders

    def _on_reset(self) -> None:
        self.catalogue.clear()
        self._view = None  # its rows are those of another library
        self._sizes = self._sizes[:0]
        self._lives += 1
        self.on_reset()
        self.on_change("library")

    def _write(self, frozen: snapshot.Frozen) -> None:
        try:
            snapshot.write(self._home.catalogue_snapshot, frozen)
        except OSError as error:
            self._dirty = True
            _log.warning("the list of tracks could not be saved: %s", error)
