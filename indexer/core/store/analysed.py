"""Lists of the tracks that are analysed for each profile, kept beside the features, which take seconds to read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from indexer.core.store.bulk import chunks, remove, save
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.records import FeatureRecord
from indexer.core.tracks import TrackId

COLLECTION = "analysed"
LIST = 100_000
"""Tracks of one document: 3.3 MB of the 16 MB that one may have."""
MOST_LISTS = 300
"""Every batch of features leaves a list; more of them than this are joined when they are read."""


class AnalysedLists:
    """A list says which tracks are analysed for a profile, and which of them from end to end.

    A list is written after the features it speaks of, so that none names a track that was not analysed. One that is
    missing, its writer having been killed, is noticed by the number of tracks; the lists are made again then.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, records: Iterable[FeatureRecord], rev: int) -> None:
        """List what was written under a revision."""
        by_key = sorted(records, key=lambda record: record.key)
        save(
            self._connection,
            COLLECTION,
            (
                _document(f"{key}:{rev}", key, rev, {record.track: record.whole for record in some})
                for key, some in groupby(by_key, key=lambda record: record.key)
            ),
        )

    def read(self, key: str) -> dict[TrackId, bool]:
        """The listed tracks of a profile, and whether from end to end; of two lists the newer one holds."""
        documents = sorted(self._connection.read(COLLECTION, {"key": key}), key=lambda document: int(document["rev"]))
        listed = {track: whole for document in documents for track, whole in _tracks(document)}
        if len(documents) > MOST_LISTS + len(listed) // LIST:
            self._write(key, listed, documents[-1]["rev"], documents)
        return listed

    def replace(self, key: str, analysed: Mapping[TrackId, bool], rev: int) -> None:
        """Put `analysed`, which was true of revision `rev`, in the place of the lists up to it."""
        known = self._connection.read(COLLECTION, {"key": key}, projection={"rev": 1})
        self._write(key, analysed, rev, [document for document in known if document["rev"] <= rev])

    def forget(self) -> None:
        """Delete all lists."""
        collection = self._connection.collection(COLLECTION)
        self._connection.once_more(lambda: collection.delete_many({}))

    def _write(self, key: str, analysed: Mapping[TrackId, bool], rev: int, instead_of: Iterable[Document]) -> None:
        """The joined lists first: whoever reads meanwhile finds a track twice, not never."""
        replaced = [document["_id"] for document in instead_of]
        token = uuid.uuid4().hex
        for number, some in enumerate(chunks(analysed.items(), LIST)):
            save(self._connection, COLLECTION, [_document(f"{key}:{token}:{number}", key, rev, dict(some))])
        remove(self._connection, COLLECTION, "_id", replaced)


def _document(identity: str, key: str, rev: int, analysed: Mapping[TrackId, bool]) -> Document:
    """One text of ids: a list of the database's own would take it ten times as long to read."""
    parts = {"whole": True, "parts": False}
    texts = {
        name: "\n".join(track for track, all_ in analysed.items() if all_ is whole) for name, whole in parts.items()
    }
    return {"_id": identity, "key": key, "rev": rev, **texts}


def _tracks(document: Document) -> Iterator[tuple[TrackId, bool]]:
    for name, whole in (("parts", False), ("whole", True)):
        yield from ((TrackId(track), whole) for track in document[name].split("\n") if track)
