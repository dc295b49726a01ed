"""The features of every track, for every profile, one document per track and profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.store.analysed import AnalysedLists
from indexer.core.store.bulk import IDS, chunks, remove, save
from indexer.core.store.codec import Document, feature_document, feature_of
from indexer.core.store.connection import Connection
from indexer.core.store.records import FeatureRecord
from indexer.core.store.revisions import Revisions, page
from indexer.core.tracks import TrackId

COLLECTION = "features"
_READ_BATCH = 1_000
"""Records a reply: about 5 MB."""
_ID_BATCH = 20_000
_REVISIONS = 100
"""Revisions asked for at once: sorting more would take the server too much memory."""


class FeatureStore:
    """Records are grouped by a `key`, a profile's name and version: "sonic:1"."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._revisions = Revisions(connection, COLLECTION, counted_by="key")
        self._lists = AnalysedLists(connection)

    def upsert(self, records: Iterable[FeatureRecord]) -> int:
        """Write records under one new revision, which is returned.

        Raises:
            ValueError: values that are not shaped (windows, dims) or not finite; nothing is written then.
        """
        written = list(records)
        documents = [feature_document(record, rev=0) for record in written]
        if not documents:
            return self.rev()
        with self._revisions.next() as batch:
            numbered = ({**document, "rev": batch.rev} for document in documents)
            save(self._connection, COLLECTION, numbered, tally=batch.tally)
            self._lists.note(written, batch.rev)
        return batch.rev

    def rev(self) -> int:
        """The newest revision that is wholly written."""
        return self._revisions.settled()

    def newest_rev(self) -> int:
        """The newest revision that was begun: what is written from then on has a greater one."""
        return self._revisions.newest()

    def analysed(self, key: str) -> set[TrackId]:
        """The tracks that have features of this profile."""
        return set(self.coverage(key))

    def coverage(self, key: str) -> dict[TrackId, bool]:
        """The tracks that have features of this profile, and whether they are analysed from end to end."""
        rev, number = self.rev(), self.count(key)
        listed = self._lists.read(key)
        if len(listed) >= number:
            return listed
        analysed = self._read_coverage(key)
        self._lists.replace(key, analysed, rev)
        return analysed

    def written_since(self, key: str, ids: Sequence[TrackId], rev: int) -> set[TrackId]:
        """Those of the tracks whose features of this profile were written after revision `rev`."""
        found: set[TrackId] = set()
        for batch in chunks(ids, IDS):
            wanted = {"_id": {"$in": [f"{key}:{track}" for track in batch]}, "rev": {"$gt": rev}}
            documents = self._connection.read(COLLECTION, wanted, projection={"_id": 0, "track": 1})
            found.update(TrackId(document["track"]) for document in documents)
        return found

    def get(self, key: str, ids: Sequence[TrackId]) -> dict[TrackId, NDArray[np.float32]]:
        """Values of those tracks that have them, each of shape (windows, dims), read-only."""
        return {record.track: record.values for record in self.records(key, ids)}

    def records(self, key: str, ids: Sequence[TrackId]) -> Iterator[FeatureRecord]:
        """The records of those tracks that have them, in no particular order."""
        for batch in chunks(ids, IDS):
            yield from self._read({"_id": {"$in": [f"{key}:{track}" for track in batch]}})

    def iterate(self, key: str, *, low: str | None = None, high: str | None = None) -> Iterator[FeatureRecord]:
        """Records of a profile, in no particular order.

        Args:
            key: profile and version, "sonic:1".
            low: the first track id wanted, or any text that sorts like one.
            high: the track id to stop before; with `low` it cuts a library into parts.
        """
        bounds = {"$gte": low, "$lt": high}
        given = {operator: bound for operator, bound in bounds.items() if bound is not None}
        return self._read({"key": key, "track": given} if given else {"key": key})

    def changed_since(self, key: str, rev: int) -> Iterator[FeatureRecord]:
        """Records with a greater revision than `rev`, in the order of their revisions; only whole batches."""
        settled = self.rev()
        for low in range(rev, settled, _REVISIONS):
            high = min(low + _REVISIONS, settled)
            yield from self._read({"key": key, "rev": {"$gt": low, "$lte": high}}, sort=[("rev", 1)])

    def page(self, key: str, rev: int, size: int) -> list[FeatureRecord]:
        """The first `size` of what `changed_since` gives, and all others with the revision of the last of them."""

        def between(low: int, high: int, most: int) -> Iterator[FeatureRecord]:
            return self._read({"key": key, "rev": {"$gt": low, "$lte": high}}, sort=[("rev", 1)], limit=most)

        return page(rev, self.rev(), size, between)

    def changed_ids(self, key: str, rev: int) -> set[TrackId]:
        """The tracks whose features of this profile have a greater revision than `rev`."""
        query = {"key": key, "rev": {"$gt": rev}}
        found = self._connection.read(COLLECTION, query, projection={"_id": 0, "track": 1}, batch_size=_ID_BATCH)
        return {TrackId(document["track"]) for document in found}

    def count(self, key: str) -> int:
        """How many tracks have features of this profile; kept up to date, so that asking costs little."""
        return self._revisions.counts().get(key, 0)

    def remove(self, ids: Iterable[TrackId]) -> None:
        """Delete the features of these tracks."""
        removed = list(ids)
        if removed:
            with self._revisions.next() as batch:
                self._lists.forget()
                remove(self._connection, COLLECTION, "track", removed, tally=batch.tally)
                self._lists.forget()  # once more: somebody may have made them anew from what was still there

    def _read_coverage(self, key: str) -> dict[TrackId, bool]:
        """As `coverage`, from the features themselves, in the order they lie on disk: by the index it takes longer."""
        projection = {"_id": 0, "track": 1, "whole": 1}
        options: dict[str, Any] = {"projection": projection, "batch_size": _ID_BATCH, "hint": [("$natural", 1)]}
        found = self._connection.read(COLLECTION, {"key": key}, **options)
        return {TrackId(document["track"]): document.get("whole", False) for document in found}

    def _read(
        self, query: Document, *, sort: Sequence[tuple[str, int]] | None = None, limit: int = 0
    ) -> Iterator[FeatureRecord]:
        """Records that a query finds, the first `limit` of them; 0 for all."""
        found = self._connection.read(COLLECTION, query, sort=sort, limit=limit, batch_size=_READ_BATCH)
        return map(feature_of, found)
