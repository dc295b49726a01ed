"""What was listened to, and when."""

from __future__ import annotations

from typing import Any

from bson.objectid import ObjectId
from pymongo.errors import DuplicateKeyError

from indexer.library import Seconds, TrackId
from indexer.store.codec import Document
from indexer.store.connection import Connection

COLLECTION = "plays"


class PlayStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
        return self._grouped({"$sum": 1}, {"finished": True})

    def last_played(self) -> dict[TrackId, float]:
        """When each track was last heard, however briefly, seconds since 1970."""
        return self._grouped({"$max": "$at"}, {})

    def _insert(self, document: Document) -> None:
        try:
            self._connection.collection(COLLECTION).insert_one(document)
        except DuplicateKeyError:
            return  # The connection broke after the first try was written.

    def _grouped(self, accumulator: Document, wanted: Document) -> dict[TrackId, Any]:
        pipeline = [{"$match": wanted}, {"$group": {"_id": "$track", "value": accumulator}}]
        with self._connection.errors():
            found = self._connection.collection(COLLECTION).aggregate(pipeline)
            return {TrackId(document["_id"]): document["value"] for document in found}
