"""What was listened to, and when; plays of a track that left count for its heir."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from bson.objectid import ObjectId
from pymongo.errors import DuplicateKeyError

from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.heirs import HeirStore
from indexer.core.tracks import Seconds, TrackId

COLLECTION = "plays"


class PlayStore:
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
            self._connection.collection(COLLECTION).insert_one(document)
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
            found = self._connection.collection(COLLECTION).aggregate(pipeline)
            return {TrackId(document["_id"]): document["value"] for document in found}
