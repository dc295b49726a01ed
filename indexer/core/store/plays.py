"""Plays of all listeners, and how often they played what only a number is known of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from time import time
from typing import Any

from bson.errors import InvalidId
from bson.objectid import ObjectId
from pymongo import UpdateOne

from indexer.core.plays import LATEST, OWNER, ListenerId, Play, Tally
from indexer.core.store.bulk import BATCH, IDS, chunks, insert_missing, insert_new, remove_all, save
from indexer.core.store.codec import Document, storable
from indexer.core.store.connection import Connection
from indexer.core.store.heirs import HeirStore
from indexer.core.store.news import NewsStore
from indexer.core.store.records import Matter
from indexer.core.store.revisions import META
from indexer.core.tracks import TrackId

PLAYS = "plays"
TALLIES = "tallies"
_ERASED = "erased:"
_BEHIND_ERASED = "erased;"


class PlayStore:
    """What was listened to, and when; plays of a track that left count for its heir."""

    def __init__(self, connection: Connection, heirs: HeirStore, news: NewsStore) -> None:
        self._connection = connection
        self._heirs = heirs
        self._news = news

    def add(self, plays: Iterable[Play]) -> int:
        """Record plays, each once however often it is told; returns how many were not there before.

        Raises:
            ValueError: the id of one is not 24 hexadecimal digits, or its time is before 1970 or no date.
        """
        listeners: set[ListenerId] = set()

        def documents() -> Iterator[Document]:
            for play in plays:
                listeners.add(play.listener)
                yield _play_document(play)

        added = insert_missing(self._connection, PLAYS, documents())
        self._news.tell(Matter.PLAYS, listeners)
        return added

    def record(self, plays: Iterable[Play]) -> set[str]:
        """Record plays of many listeners; returns the ids of those that were not there before. Tells no news.

        Raises:
            ValueError: as `add` does, and nothing is recorded.
        """
        return set(map(str, insert_new(self._connection, PLAYS, list(map(_play_document, plays)))))

    def of(self, listener: ListenerId = OWNER, *, since: float | None = None) -> Iterator[Play]:
        """Plays of a listener, all or since a time, the oldest first, each of the track that stands for its own."""
        heirs = self._heirs.standing()
        wanted: Document = {"listener": listener}
        if since is not None:
            wanted["at"] = {"$gte": since}
        for document in self._connection.read(PLAYS, wanted, sort=[("at", 1)], batch_size=4 * BATCH):
            play = play_of(document)
            heir = None if play.track is None else heirs.get(play.track)
            yield play if heir is None else replace(play, track=heir)

    def listeners(self) -> dict[ListenerId, int]:
        """How many plays there are of each listener."""
        return _listeners(self._connection, PLAYS)

    def erase(self, listener: ListenerId, *, before: float | None = None) -> int:
        """Forget the plays of a listener, all or those before a time; returns how many those were.

        Until when is kept, for who finds plays of the listener elsewhere: see `erased`.
        """
        wanted: Document = {"listener": listener}
        if before is not None:
            wanted["at"] = {"$lt": before}
        mark = {"$max": {"before": time() if before is None else before}, "$set": {"listener": listener}}
        meta = self._connection.collection(META)
        self._connection.once_more(lambda: meta.update_one({"_id": f"{_ERASED}{listener}"}, mark, upsert=True))
        erased = remove_all(self._connection, PLAYS, wanted)
        self._news.tell(Matter.PLAYS, [listener])
        return erased

    def from_client(self, client: str, listener: ListenerId = OWNER) -> int:
        """How many plays of a listener one program told of."""
        wanted = {"listener": listener, "client": client}
        return sum(1 for _ in self._connection.read(PLAYS, wanted, batch_size=4 * BATCH))

    def take_back(self, client: str, listener: ListenerId = OWNER) -> int:
        """Forget the plays of a listener that one program told of; returns how many those were."""
        taken = remove_all(self._connection, PLAYS, {"listener": listener, "client": client})
        self._news.tell(Matter.PLAYS, [listener])
        return taken

    def erased(self) -> dict[ListenerId, float]:
        """By listener of whom plays were erased, before when all of them were: seconds since 1970."""
        found = self._connection.read(META, {"_id": {"$gte": _ERASED, "$lt": _BEHIND_ERASED}})
        return {ListenerId(each["listener"]): float(each["before"]) for each in found}

    def counts(self, listener: ListenerId = OWNER) -> dict[TrackId, int]:
        """How often each track was played so far that it counts; tracks that never were are left out."""
        found: Counter[TrackId] = Counter()
        for track, count in self._grouped({"$sum": 1}, {"listener": listener, "finished": True}):
            found[track] += count
        return dict(found)

    def own_counts(self, tracks: Collection[TrackId]) -> dict[TrackId, int]:
        """How often these tracks themselves were played so far that it counts, whoever stands for them."""
        counts = self._by_track({"$sum": 1}, {"finished": True})
        return {track: counts[track] for track in tracks if track in counts}

    def last_played(self, listener: ListenerId = OWNER) -> dict[TrackId, float]:
        """When each track was last heard, however briefly, seconds since 1970."""
        found: dict[TrackId, float] = {}
        for track, at in self._grouped({"$max": "$at"}, {"listener": listener}):
            found[track] = max(at, found.get(track, at))
        return found

    def played(self) -> set[TrackId]:
        """The tracks that any listener played, as they were called then."""
        return set(self._by_track({"$sum": 1}, {}))

    def awaiting(self) -> Iterator[Play]:
        """Plays of music that nothing in the library matched so far."""
        return map(play_of, self._connection.read(PLAYS, {"track": None}, batch_size=4 * BATCH))

    def match(self, tracks: Mapping[str, TrackId]) -> None:
        """Plays, by id, are of these tracks."""
        _match(self._connection, PLAYS, {ObjectId(play): track for play, track in tracks.items()})
        self._news.tell(Matter.PLAYS, self.listeners() if tracks else ())

    def _grouped(self, accumulator: Document, wanted: Document) -> Iterator[tuple[TrackId, Any]]:
        """Values by the track that stands for the one that was played; several for one with copies before it."""
        heirs = self._heirs.standing()
        for track, value in self._by_track(accumulator, wanted).items():
            yield heirs.get(track, track), value

    def _by_track(self, accumulator: Document, wanted: Document) -> dict[TrackId, Any]:
        pipeline = [{"$match": wanted}, {"$group": {"_id": "$track", "value": accumulator}}]
        with self._connection.errors():
            found = self._connection.collection(PLAYS).aggregate(pipeline)
            return {TrackId(each["_id"]): each["value"] for each in found if each["_id"] is not None}


class TallyStore:
    """How often listeners played what they brought from elsewhere without times."""

    def __init__(self, connection: Connection, heirs: HeirStore, news: NewsStore) -> None:
        self._connection = connection
        self._heirs = heirs
        self._news = news

    def save(self, tallies: Iterable[Tally]) -> None:
        """Keep these, each in place of the one with its id; what one matched before it still does."""
        kept = list(tallies)
        save(self._connection, TALLIES, map(_tally_document, kept), keep=("track",))
        self._news.tell(Matter.PLAYS, [tally.listener for tally in kept])

    def of(self, listener: ListenerId = OWNER) -> Iterator[Tally]:
        """Those of a listener, each of the track that stands for its own."""
        heirs = self._heirs.standing()
        for document in self._connection.read(TALLIES, {"listener": listener}, batch_size=4 * BATCH):
            tally = tally_of(document)
            yield tally if tally.track is None else replace(tally, track=heirs.get(tally.track, tally.track))

    def listeners(self) -> dict[ListenerId, int]:
        """How many there are of each listener."""
        return _listeners(self._connection, TALLIES)

    def awaiting(self) -> Iterator[Tally]:
        """Those of music that nothing in the library matched so far."""
        return map(tally_of, self._connection.read(TALLIES, {"track": None}, batch_size=4 * BATCH))

    def match(self, tracks: Mapping[str, TrackId]) -> None:
        """Tallies, by id, are of these tracks."""
        _match(self._connection, TALLIES, tracks)
        self._news.tell(Matter.PLAYS, self.listeners() if tracks else ())

    def erase(self, listener: ListenerId) -> int:
        """Forget those of a listener; returns how many they were."""
        erased = remove_all(self._connection, TALLIES, {"listener": listener})
        self._news.tell(Matter.PLAYS, [listener])
        return erased


def play_of(document: Document) -> Play:
    """The play of a document; raises what `Play.of_record` does."""
    return Play.of_record(str(document["_id"]), document)


def renewed_play(document: Document) -> Document:
    """A play as it is kept now, of one from a version that knew one listener alone."""
    return {"listener": OWNER, **document}


def tally_of(document: Document) -> Tally:
    """The tally of a document; raises what `Tally.of_record` does."""
    return Tally.of_record(document["_id"], document)


def _listeners(connection: Connection, name: str) -> dict[ListenerId, int]:
    pipeline = [{"$group": {"_id": "$listener", "value": {"$sum": 1}}}]
    with connection.errors():
        found = connection.collection(name).aggregate(pipeline)
        return {ListenerId(document["_id"]): int(document["value"]) for document in found}


def _play_document(play: Play) -> Document:
    if not 0 <= play.at <= LATEST:
        raise ValueError(f"not a time of a play: {play.at!r}")
    try:
        return {"_id": ObjectId(play.id), **storable(play.as_record())}
    except InvalidId as error:
        raise ValueError(f"not the id of a play: {play.id!r}") from error


def _tally_document(tally: Tally) -> Document:
    return {"_id": tally.id, **storable(tally.as_record())}


def _match(connection: Connection, name: str, tracks: Mapping[Any, TrackId]) -> None:
    for some in chunks(tracks.items(), IDS):
        updates = [UpdateOne({"_id": identity}, {"$set": {"track": track}}) for identity, track in some]
        connection.once_more(lambda updates=updates: connection.collection(name).bulk_write(updates, ordered=False))  # type: ignore[misc]
