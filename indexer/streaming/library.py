"""The library as a process of the stream sees it: what may be recommended, and whose memory of what is out of date."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.songs import SongSense, song_rules
from indexer.core.errors import SegueError
from indexer.core.files.redaction import nameless
from indexer.core.follow.changes import SAMPLE_SIZE, Changes, Known, Listeners
from indexer.core.home import Home
from indexer.core.model.embedding.registry import profile_key
from indexer.core.settings import Settings
from indexer.core.store import open_database
from indexer.core.store.heirs import resolved
from indexer.core.store.records import Heir, Matter, News
from indexer.core.taste.recommending import Stock, stock_of
from indexer.core.tracks import Seconds, Track, TrackId
from indexer.streaming.held import Held

_log = logging.getLogger(__name__)

POLL_SECONDS: Seconds = 0.7
_RETRY_SECONDS: Seconds = 2.0
_COST_SHARE = 20
"""What may be recommended of a library that changes all the time takes at most one in so many of the seconds."""


class FollowedLibrary:
    """A catalogue that follows the database; for one thread, with another one that reads.

    Attributes:
        is_read: whether all tracks are here.
        heirs: the track that stands for each that left.
    """

    def __init__(self, home: Home, held: Held) -> None:
        """Of a home; tells `held` what it knows no more."""
        settings = Settings.load(home)
        self.is_read = False
        self.heirs: Mapping[TrackId, TrackId] = {}
        self._home = home
        self._dirty = False
        self._held = held
        self._catalogue = Catalogue()
        damage = self._catalogue.load_snapshot(home.catalogue_snapshot)
        if damage:
            _log.warning("%s", damage)
        self._songs = SongSense(self._catalogue, song_rules(settings))
        self._stock: Stock | None = None
        self._again_at = 0.0
        self._calls: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        known = Known(self._catalogue.rev, self._catalogue.sample(SAMPLE_SIZE))
        changes = Changes(profile_key(home, settings.profile), known, self._listeners())
        self._reader = _Reader(home, settings.database_uri, changes)

    def start(self) -> None:
        """Follow from now on."""
        self._reader.start()

    def stop(self) -> None:
        """Follow no more, and keep the catalogue for the next start."""
        self._reader.stop()
        self._keep()

    def take_in(self) -> None:
        """Take in what was read meanwhile."""
        while not self._calls.empty():
            self._calls.get()()

    def stock(self) -> Stock:
        """What may be recommended now."""
        began = time.monotonic()
        outdated = self._stock is None or self._stock.changes != self._catalogue.changes
        if self._stock is None or (outdated and began >= self._again_at):
            self._stock = stock_of(self._catalogue, self._songs.kinds(), None)
            self._again_at = began + _COST_SHARE * (time.monotonic() - began)
        return self._stock

    def _listeners(self) -> Listeners:
        def sending(call: Callable[..., object]) -> Callable[..., None]:
            return lambda *values: self._calls.put(lambda: call(*values))

        def nothing(_: object) -> None:
            return None

        return Listeners(
            reset=sending(self._on_reset),
            tracks=sending(self._on_tracks),
            caught_up=sending(lambda rev: setattr(self._catalogue, "rev", rev)),
            features=nothing,
            counts=sending(lambda _: self._on_counts()),  # tracks are told before they are counted
            folders=nothing,
            plays=nothing,
            restored=sending(self._held.clear),
            heirs=sending(self._on_heirs),
            news=sending(self._on_news),
        )

    def _on_reset(self) -> None:
        self._catalogue.clear()
        self._held.clear()

    def _on_tracks(self, tracks: list[Track]) -> None:
        if self._catalogue.upsert(tracks):
            self._dirty = True

    def _on_counts(self) -> None:
        if not self.is_read:
            self.is_read = True
            self._keep()

    def _keep(self) -> None:
        """As player and server do: to read a large library from the database takes many times as long."""
        if self._dirty and self.is_read:
            try:
                self._catalogue.save_snapshot(self._home.catalogue_snapshot)
                self._dirty = False
            except OSError as error:
                _log.warning("the list of tracks could not be saved: %s", error.strerror)

    def _on_heirs(self, heirs: list[Heir]) -> None:
        self.heirs = resolved(heirs)
        self._held.clear()

    def _on_news(self, news: frozenset[News]) -> None:
        self._held.hear_opinions(who for who, matter in news if matter is Matter.OPINIONS)
        self._held.hear_plays(who for who, matter in news if matter is Matter.PLAYS)


class _Reader(threading.Thread):
    """Has a connection of its own, so that reading a library holds nothing up. A daemon."""

    def __init__(self, home: Home, uri: str | None, changes: Changes) -> None:
        super().__init__(name="segue-library", daemon=True)
        self._home = home
        self._uri = uri
        self._changes = changes
        self._stopping = threading.Event()
        self._complaint = ""

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read()
            except SegueError as error:
                if error.code != self._complaint:
                    self._complaint = error.code
                    _log.warning("the library cannot be followed: %s: %s", error.code, nameless(error.english))
            except Exception:  # noqa: BLE001 - reported; the thread is the only one there is
                _log.exception("following the library failed")
            self._stopping.wait(_RETRY_SECONDS)

    def _read(self) -> None:
        with open_database(self._home, uri=self._uri) as database:
            self._changes.begin(database)
            self._complaint = ""
            while not self._stopping.is_set():
                self._changes.follow(database, stopped=self._stopping.is_set)
                self._stopping.wait(POLL_SECONDS)
