"""The files of the library as they were when last looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indexer.core.store.bulk import IDS, chunks, remove, save
from indexer.core.store.codec import Document, file_document, file_of, pack_path
from indexer.core.store.connection import Connection
from indexer.core.tracks import FileRecord, TrackId

COLLECTION = "files"
_READ_BATCH = 10_000


class FileStore:
    """One document per path; two paths with the same content name the same track, or the same parts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, root: str | None = None) -> Iterator[FileRecord]:
        """Every file, or those of one library folder."""
        query = {} if root is None else {"root": pack_path(root)}
        return map(file_of, self._connection.read(COLLECTION, query, batch_size=_READ_BATCH))

    def upsert(self, records: Iterable[FileRecord]) -> None:
        save(self._connection, COLLECTION, map(file_document, records))

    def remove(self, paths: Iterable[str]) -> None:
        remove(self._connection, COLLECTION, "_id", map(pack_path, paths))

    def read_again(self, root: str) -> None:
        """Have the next scan open the files of a library folder, whether they changed or not."""
        collection = self._connection.collection(COLLECTION)
        self._connection.once_more(lambda: collection.update_many({"root": pack_path(root)}, {"$set": {"tags": 0}}))

    def doubled(self) -> dict[TrackId, list[FileRecord]]:
        """The files of each track that has several; of files that are divided alike those of the first in them."""
        several: list[Document] = [
            {"$group": {"_id": "$track", "files": {"$sum": 1}}},
            {"$match": {"files": {"$gt": 1}}},
        ]
        with self._connection.errors():
            found = self._connection.collection(COLLECTION).aggregate(several)
            ids = [TrackId(document["_id"]) for document in found]
        files: dict[TrackId, list[FileRecord]] = {}
        for batch in chunks(ids, IDS):
            for document in self._connection.read(COLLECTION, {"track": {"$in": batch}}, batch_size=_READ_BATCH):
                record = file_of(document)
                files.setdefault(record.tracks[0], []).append(record)
        return {track: records for track, records in files.items() if len(records) > 1}

    def by_track(self, ids: Sequence[TrackId]) -> dict[TrackId, list[FileRecord]]:
        """The files of each track that has any; those that are divided have only their parts."""
        wanted = set(ids)
        found: dict[TrackId, dict[str, FileRecord]] = {}
        for batch in chunks(ids, IDS):
            for field in ("track", "parts"):
                for document in self._connection.read(COLLECTION, {field: {"$in": batch}}, batch_size=_READ_BATCH):
                    record = file_of(document)
                    for track in wanted.intersection(record.tracks):
                        found.setdefault(track, {})[record.path] = record
        return {track: list(records.values()) for track, records in found.items()}
