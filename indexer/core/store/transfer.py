"""Whole collections in and out of a database, as the bytes that the server keeps: for backups and for moving."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

from indexer.core.store import analysed, schema
from indexer.core.store.bulk import save
from indexer.core.store.codec import Document, feature_of, file_of, folder_of, problem_of, sound_of, track_of
from indexer.core.store.collections import COLLECTIONS, MISSED
from indexer.core.store.connection import Connection
from indexer.core.store.faults import DatabaseError
from indexer.core.store.heirs import heir_of
from indexer.core.store.opinions import impression_of, opinion_of
from indexer.core.store.playlists import playlist_of
from indexer.core.store.plays import play_of, tally_of
from indexer.core.store.revisions import META
from indexer.core.store.words import words_of

_TAKEN_ALONG = ("revisions:", "erased:")
_RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
_READ_BATCH = 1_000
_HASH_BITS = 256


@dataclass(frozen=True)
class Fingerprint:
    """What a collection holds, whatever the order: the number of documents, and the sum of their SHA-256."""

    documents: int
    digest: str


class TransferStore:
    """Reads and writes documents without knowing what they mean, and notes about how far that has come."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def documents(self, name: str) -> Iterator[bytes]:
        """Every document of a collection as BSON, fetched as they are consumed."""
        collection = self._connection.collection(name).with_options(codec_options=_RAW)
        with self._connection.errors(), collection.find({}, batch_size=_READ_BATCH) as cursor:
            for document in cursor:
                yield document.raw

    def ids(self, name: str) -> set[Any]:
        """The ids of every document of a collection."""
        found = self._connection.read(name, {}, projection={"_id": 1}, batch_size=50 * _READ_BATCH)
        return {document["_id"] for document in found}

    def count(self, name: str) -> int:
        """About how many documents a collection has: the server's own figure, which costs nothing."""
        with self._connection.errors():
            return self._connection.collection(name).estimated_document_count()

    def is_empty(self) -> bool:
        """Whether there is nothing that a person would miss."""
        with self._connection.errors():
            return not any(self._connection.collection(name).find_one({}, {"_id": 1}) for name in MISSED)

    def put(self, name: str, documents: Iterable[bytes]) -> None:
        """Write documents as they are, each in place of the one with its id; doing it twice does no harm."""
        save(self._connection, name, map(bson.decode, documents))

    def fingerprint(self, name: str, step: Callable[[], None] = lambda: None) -> Fingerprint:
        """Of all documents of a collection, the same on any server that holds the same; `step` is called for each."""
        total, number = 0, 0
        for raw in self.documents(name):
            document = bson.decode(raw)
            in_order = bson.encode({key: document[key] for key in sorted(document)})
            total += int.from_bytes(hashlib.sha256(in_order).digest(), "big")
            number += 1
            step()
        return Fingerprint(number, f"{total % 2**_HASH_BITS:064x}")

    def clear(self) -> None:
        """Make the database as it was before the first track."""
        for name in (analysed.COLLECTION, *COLLECTIONS, META):
            with self._connection.errors():
                self._connection.collection(name).drop()
        schema.migrate(self._connection)

    def revisions(self) -> list[Document]:
        """The counters that tell readers what changed, without who writes; and before when plays were erased."""
        found = self._connection.read(META, {})
        return [
            {key: value for key, value in document.items() if key != "writers"}
            for document in found
            if str(document["_id"]).startswith(_TAKEN_ALONG)
        ]

    def put_revisions(self, documents: Iterable[Document]) -> None:
        save(self._connection, META, documents)

    def note(self, key: str, values: Mapping[str, Any]) -> None:
        """Keep plain values under a key of the database's own notes."""
        self._connection.replace(META, {"_id": key, **values})

    def noted(self, key: str) -> Document | None:
        """What was kept under a key."""
        with self._connection.errors():
            return self._connection.collection(META).find_one({"_id": key})

    def forget(self, key: str) -> None:
        meta = self._connection.collection(META)
        self._connection.once_more(lambda: meta.delete_one({"_id": key}))


def check(name: str, raw: bytes) -> None:
    """Return when a document can be one of a collection.

    Raises:
        ValueError: it cannot; nothing that reads the collection would know what to do with it.
    """
    try:
        document = bson.decode(raw)
        hash(document["_id"])
        _READERS[name](document)
    except (BSONError, KeyError, TypeError, ValueError, OverflowError, AttributeError, DatabaseError) as error:
        raise ValueError(f"not a document of {name}: {type(error).__name__}") from error


_READERS: dict[str, Callable[[Document], Any]] = {
    "folders": folder_of,
    "genres": lambda document: (int(document["_id"]), str(document["title"]), int(document["parent"])),
    "tracks": track_of,
    "words": words_of,
    "files": file_of,
    "problems": problem_of,
    "plays": play_of,
    "tallies": tally_of,
    "playlists": playlist_of,
    "feedback": lambda document: (document["seed"], document["track"], float(document["at"])),
    "opinions": opinion_of,
    "impressions": impression_of,
    "queue": lambda document: dict(document["state"]),
    "heirs": heir_of,
    "features": feature_of,
    "sounds": sound_of,
}
