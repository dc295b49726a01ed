"""What listeners did: plays, playlists, queues, and the answers that they hid."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from bson.objectid import ObjectId
from pymongo.errors import DuplicateKeyError

from indexer.core.store.bulk import remove, save
from indexer.core.store.codec import Document, clean_text
from indexer.core.store.connection import Connection
from indexer.core.store.heirs import HeirStore
from indexer.core.tracks import Playlist, Seconds, TrackId

PLAYS = "plays"
PLAYLISTS = "playlists"
QUEUE = "queue"
FEEDBACK = "feedback"


class PlayStore:
    """What was listened to, and when; plays of a track that left count for its heir."""

    def __init__(self, connection: Connection, heirs: HeirStore) -> None:
        self._connection = connection
        self._heirs = heirs

    def add(
        self, track: TrackId, at: float, seconds_heard: Seconds, finished: bool, *, play: str | None = None
    ) -> None:
        """Record that `seconds_heard` of a track were heard from the time `at` on, seconds since 1970.

        With the same `play`, 24 hexadecimal digits, it is recorded once however often it is told.
        """
        document = {
            "_id": ObjectId(play),
            "track": track,
            "at": at,
            "seconds_heard": seconds_heard,
            "finished": finished,
        }
        self._connection.once_more(lambda: self._insert(document))

    def counts(self) -> dict[TrackId, int]:
        """How often each track was played so far that it counts; tracks that never were are left out."""
        found: Counter[TrackId] = Counter()
        for track, count in self._grouped({"$sum": 1}, {"finished": True}):
            found[track] += count
        return dict(found)

    def own_counts(self, tracks: Collection[TrackId]) -> dict[TrackId, int]:
        """How often these tracks themselves were played so far that it counts, whoever stands for them."""
        counts = self._by_track({"$sum": 1}, {"finished": True})
        return {track: counts[track] for track in tracks if track in counts}

    def last_played(self) -> dict[TrackId, float]:
        """When each track was last heard, however briefly, seconds since 1970."""
        found: dict[TrackId, float] = {}
        for track, at in self._grouped({"$max": "$at"}, {}):
            found[track] = max(at, found.get(track, at))
        return found

    def _insert(self, document: Document) -> None:
        try:
            self._connection.collection(PLAYS).insert_one(document)
        except DuplicateKeyError:
            return  # The connection broke after the first try was written.

    def _grouped(self, accumulator: Document, wanted: Document) -> Iterator[tuple[TrackId, Any]]:
        """Values by the track that stands for the one that was played; several for one with copies before it."""
        heirs = self._heirs.standing()
        for track, value in self._by_track(accumulator, wanted).items():
            yield heirs.get(track, track), value

    def _by_track(self, accumulator: Document, wanted: Document) -> dict[TrackId, Any]:
        pipeline = [{"$match": wanted}, {"$group": {"_id": "$track", "value": accumulator}}]
        with self._connection.errors():
            found = self._connection.collection(PLAYS).aggregate(pipeline)
            return {TrackId(document["_id"]): document["value"] for document in found}


class PlaylistStore:
    """Playlists, each a document of its own; of two versions the later one stays, whichever is written last.

    Fifty thousand tracks take 2 MB of the 16 that a document may have, so that an edit writes the whole.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, playlists: Iterable[Playlist]) -> None:
        """Keep these, tombstones too, unless a later version is there; doing it twice does no harm."""
        for playlist in playlists:
            document = _playlist_document(playlist)
            self._connection.once_more(lambda document=document: self._replace(document))  # type: ignore[misc]

    def all(self) -> list[Playlist]:
        """Every playlist, tombstones too, in the order of their positions."""
        found = map(playlist_of, self._connection.read(PLAYLISTS, {}))
        return sorted(found, key=lambda playlist: (playlist.position, playlist.id))

    def _replace(self, document: Document) -> None:
        older = {"_id": document["_id"], "updated_at": {"$lte": document["updated_at"]}}
        try:
            self._connection.collection(PLAYLISTS).replace_one(older, document, upsert=True)
        except DuplicateKeyError:
            return  # A later version is there, so that the condition found nothing to replace.


_LACKING = Playlist("", "").as_record()
"""What stands for fields that documents of earlier versions lack."""


def _playlist_document(playlist: Playlist) -> Document:
    record = playlist.as_record()
    named = {"_id": record.pop("id"), **record}
    return named | {"name": clean_text(playlist.name), "query": clean_text(playlist.query)}


def playlist_of(document: Document) -> Playlist:
    return Playlist.of_record({**_LACKING, **document, "id": document["_id"]})


class QueueStore:
    """Play queues by name, as the player left them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, name: str, state: Mapping[str, Any]) -> None:
        """Keep `state`, plain values only, in place of what was kept under `name`."""
        self._connection.replace(QUEUE, {"_id": name, "state": dict(state), "saved_at": time.time()})

    def load(self, name: str) -> dict[str, Any] | None:
        """What was kept under `name`."""
        with self._connection.errors():
            document = self._connection.collection(QUEUE).find_one({"_id": name})
        return None if document is None else dict(document["state"])


class FeedbackStore:
    """Tracks that a person hid for a seed.

    There is a document for each seed and track, whose id is made of both, so that there is never a second one.
    """

    def __init__(self, connection: Connection, heirs: HeirStore) -> None:
        self._connection = connection
        self._heirs = heirs

    def hide(self, seed: TrackId, tracks: Iterable[TrackId], at: float) -> None:
        """Keep that tracks are not wanted for a seed since the time `at`, seconds since 1970."""
        save(self._connection, FEEDBACK, (_hidden(seed, track, at) for track in tracks))

    def restore(self, seed: TrackId, tracks: Iterable[TrackId]) -> None:
        """Forget that tracks, or copies that they stand for, were hidden for a seed; does nothing for others."""
        before: dict[TrackId, list[TrackId]] = {}
        for track, heir in self._heirs.standing().items():
            before.setdefault(heir, []).append(track)
        seeds = [seed, *before.get(seed, ())]
        copies = [copy for track in tracks for copy in (track, *before.get(track, ()))]
        remove(self._connection, FEEDBACK, "_id", [_hidden_id(each, copy) for each in seeds for copy in copies])

    def hidden(self) -> dict[TrackId, frozenset[TrackId]]:
        """What is hidden, by seed; of tracks that left, their heirs."""
        heirs = self._heirs.standing()
        found: dict[TrackId, set[TrackId]] = {}
        for document in self._connection.read(FEEDBACK, {}):
            seed, track = TrackId(document["seed"]), TrackId(document["track"])
            seed, track = heirs.get(seed, seed), heirs.get(track, track)
            if seed != track:
                found.setdefault(seed, set()).add(track)
        return {seed: frozenset(tracks) for seed, tracks in found.items()}


def _hidden_id(seed: TrackId, track: TrackId) -> str:
    return f"{seed}:{track}"


def _hidden(seed: TrackId, track: TrackId, at: float) -> Document:
    return {"_id": _hidden_id(seed, track), "seed": seed, "track": track, "at": at}
