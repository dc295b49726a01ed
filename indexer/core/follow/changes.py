"""Follows what changes in the database: reads what is new since the last look, in batches of a size to be painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from indexer.core.plays import OWNER
from indexer.core.store.collections import RESTORED
from indexer.core.store.records import Matter
from indexer.core.tracks import Track, TrackId, TrackState

if TYPE_CHECKING:
    from indexer.core.store import Database, FeatureRecord, Heir, LibraryFolder
    from indexer.core.store.records import News

T = TypeVar("T")

FIRST_BATCH = 500
LARGEST_BATCH = 2_000
BATCH_SECONDS = 0.25
"""A batch goes out when it is this old, so that the table fills smoothly, or when it would take long to take in."""

COUNT_SECONDS = 2.0
"""Counting walks an index on the server; more often than this nobody reads the numbers."""

SAMPLE_SIZE = 16
"""Tracks by which a database is known again."""

NEWS_SECONDS = 2.0
"""A person who goes from one device to another takes longer."""


@dataclass(frozen=True)
class LibraryCounts:
    """How many tracks are in the library, have been analysed, and how many files have problems.

    `uncomparable` tracks were not analysed because of a problem, and will not be for as long as it stands.
    """

    tracks: int = 0
    analysed: int = 0
    problems: int = 0
    uncomparable: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing left to analyse."""
        return self.tracks > 0 and self.analysed + self.uncomparable >= self.tracks


@dataclass(frozen=True)
class Known:
    """What the catalogue holds already.

    Attributes:
        rev: all tracks changed up to this revision are there.
        sample: some of its tracks, with their revisions, to tell whether this is the same database.
    """

    rev: int = 0
    sample: Mapping[TrackId, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Listeners:
    """Who is told of what; called in the thread that follows.

    `plays` and `last_played` are the owner's, told again when there is news of them. `news` is what other programs
    wrote for any listener since this one connected; what it wrote itself is none.
    """

    reset: Callable[[], None]
    tracks: Callable[[list[Track]], None]
    caught_up: Callable[[int], None]
    features: Callable[[list[FeatureRecord]], None]
    counts: Callable[[LibraryCounts], None]
    folders: Callable[[list[LibraryFolder]], None]
    plays: Callable[[dict[TrackId, int]], None]
    last_played: Callable[[dict[TrackId, float]], None] = lambda _: None
    restored: Callable[[], None] = lambda: None
    heirs: Callable[[list[Heir]], None] = lambda _: None
    news: Callable[[frozenset[News]], None] = lambda _: None


class Changes:
    """Where reading has come to. It outlives a connection, so that nothing is read again after an interruption."""

    def __init__(self, profile_key: str, known: Known, tell: Listeners) -> None:
        self._key = profile_key
        self._known = known
        self._tell = tell
        self._rev = known.rev
        self._latest: dict[TrackId, int] = {}
        self._features_rev: int | None = None
        self._counts: LibraryCounts | None = None
        self._counted_at = -COUNT_SECONDS
        self._analysed: tuple[object, int] = (None, 0)
        self._folders: list[LibraryFolder] | None = None
        self._restored: object = None
        self._heirs: list[Heir] = []
        self._news: dict[News, int] = {}
        self._asked_at = -NEWS_SECONDS

    def begin(self, database: Database) -> None:
        """Look at a database for the first time since it was connected."""
        self._news = database.news.counters()  # first, so that what comes while the rest is read is news
        if not self._is_same(database):
            self._known, self._rev, self._latest, self._features_rev = Known(), 0, {}, None
            self._tell.reset()
            self._heirs = []
        if self._features_rev is None:
            self._features_rev = database.features.rev()
        self._counts, self._folders, self._analysed = None, None, (None, 0)
        self._counted_at = -COUNT_SECONDS
        self._restored = _last_restore(database)
        self._tell_plays(database)
        self._follow_heirs(database)

    def follow(self, database: Database, *, stopped: Callable[[], bool]) -> None:
        """Tell what changed since the last call; ends early, to go on another time, once `stopped`.

        Raises:
            DatabaseError: the database does not answer or refuses.
        """
        self._follow_tracks(database, stopped)
        self._follow_features(database, stopped)
        if time.monotonic() - self._asked_at >= NEWS_SECONDS:
            self.follow_news(database)
        self._count(database)

    def follow_news(self, database: Database) -> None:
        """Tell what others wrote for listeners, or brought back of a backup, since this was last asked.

        `follow` asks every two seconds.
        """
        self._asked_at = time.monotonic()
        news, self._news = database.news.since(self._news)
        if (OWNER, Matter.PLAYS) in news:
            self._tell_plays(database)
        if news:
            self._tell.news(news)
        self._look_for_restore(database)

    def _tell_plays(self, database: Database) -> None:
        self._tell.plays(database.plays.counts())
        self._tell.last_played(database.plays.last_played())

    def _is_same(self, database: Database) -> bool:
        """Whether what is known comes from it: neither was it emptied, nor set back to what it was before."""
        if database.tracks.rev() < self._rev or database.features.rev() < (self._features_rev or 0):
            return False
        known = {**self._known.sample, **self._latest}
        found = database.tracks.get(list(known))
        return all(track in found and found[track].rev >= rev for track, rev in known.items())

    def _follow_tracks(self, database: Database, stopped: Callable[[], bool]) -> None:
        if database.tracks.rev() < self._rev:
            self.begin(database)  # it was emptied, or another took its place, while it was connected
        newest = self._rev
        for batch in batches(database.tracks.changed_since(self._rev)):
            self._tell.tracks(batch)
            newest = batch[-1].rev
            self._latest = {batch[-1].id: newest}
            if len(self._known.sample) < SAMPLE_SIZE:
                self._known = replace(self._known, sample={**self._known.sample, batch[0].id: batch[0].rev})
            if stopped():
                return  # `newest` may be one that was sent in part
        if newest > self._rev:
            self._rev = newest
            self._tell.caught_up(newest)
            self._follow_heirs(database)  # they come and go with tracks

    def _follow_heirs(self, database: Database) -> None:
        heirs = database.heirs.all()
        before, self._heirs = self._heirs, heirs
        if heirs != before:
            self._tell.heirs(heirs)
            self._tell_plays(database)

    def _follow_features(self, database: Database, stopped: Callable[[], bool]) -> None:
        if database.features.rev() < (self._features_rev or 0):
            self.begin(database)  # likewise
        newest = self._features_rev or 0
        for batch in batches(database.features.changed_since(self._key, newest)):
            self._tell.features(batch)
            newest = batch[-1].rev
            if stopped():
                return
        self._features_rev = newest

    def _analysed_number(self, database: Database) -> int:
        """How many tracks count; not asked often: once one has left, the server reads all of them to tell."""
        of = (self._rev, self._features_rev, database.features.count(self._key))
        if of != self._analysed[0]:
            self._analysed = of, database.analysed_number(self._key)
        return self._analysed[1]

    def _count(self, database: Database) -> None:
        if time.monotonic() - self._counted_at < COUNT_SECONDS:
            return
        self._counted_at = time.monotonic()
        if not self._is_same(database):  # emptied and filled anew, up to the same revision
            self.begin(database)
            return
        counts = LibraryCounts(
            tracks=database.tracks.count(TrackState.PRESENT) + database.tracks.count(TrackState.AWAY),
            analysed=self._analysed_number(database),
            problems=database.problems.count(),
        )
        known = self._counts
        if known is not None and counts == replace(known, uncomparable=0):
            counts = known
        elif counts.problems and counts.analysed < counts.tracks:
            counts = replace(counts, uncomparable=database.uncomparable_number(self._key))
        if counts != self._counts:
            self._counts = counts
            self._tell.counts(counts)
        folders = database.folders.all()
        if folders != self._folders:
            self._folders = folders
            self._tell.folders(folders)

    def _look_for_restore(self, database: Database) -> None:
        """What has no revisions is told again after a backup was restored."""
        last = _last_restore(database)
        if last != self._restored:
            self._restored = last
            self._tell_plays(database)
            self._follow_heirs(database)
            self._tell.restored()


def _last_restore(database: Database) -> object:
    return (database.transfer.noted(RESTORED) or {}).get("token")


def batches(
    items: Iterable[T], *, first: int = FIRST_BATCH, largest: int = LARGEST_BATCH, seconds: float = BATCH_SECONDS
) -> Iterator[list[T]]:
    """Cut a stream into lists: a small first one for a quick first sight, then by time, never too large."""
    batch: list[T] = []
    limit, since = first, time.monotonic()
    for item in items:
        batch.append(item)
        if len(batch) >= limit or time.monotonic() - since >= seconds:
            yield batch
            batch, limit, since = [], largest, time.monotonic()
    if batch:
        yield batch
