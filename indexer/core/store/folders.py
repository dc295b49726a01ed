"""The folders that make up the library."""

from __future__ import annotations

import time
from collections.abc import Sequence

from indexer.core.store.codec import folder_of, pack_path
from indexer.core.store.connection import Connection
from indexer.core.store.records import LibraryFolder

COLLECTION = "folders"


class FolderStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, path: str) -> None:
        """Make `path` part of the library; nothing changes when it already is."""
        first = {"added_at": time.time(), "away": False}
        self._update(path, {"$setOnInsert": first}, upsert=True)

    def remove(self, path: str) -> None:
        """Forget the folder; its tracks and files stay until the next scan."""
        with self._connection.errors():
            self._connection.collection(COLLECTION).delete_one({"_id": pack_path(path)})

    def all(self) -> list[LibraryFolder]:
        """Every folder, in the order they were added."""
        found = map(folder_of, self._connection.read(COLLECTION, {}))
        return sorted(found, key=lambda folder: (folder.added_at, folder.path))

    def set_away(self, path: str, away: bool) -> None:
        self._update(path, {"$set": {"away": away}}, upsert=False)

    def set_excluded(self, path: str, excluded: Sequence[str]) -> None:
        """Leave exactly these folders below `path` out of the library, from the next scan on."""
        self._update(path, {"$set": {"excluded": [pack_path(each) for each in excluded]}}, upsert=False)

    def set_unknown(self, path: str, unknown: Sequence[tuple[str, int]]) -> None:
        """Note how many files of which endings are of kinds that are not known."""
        self._update(path, {"$set": {"unknown": [list(each) for each in unknown]}}, upsert=False)

    def set_encoding(self, path: str, encoding: str) -> None:
        """Read tags that do not say their encoding as this one, from the next scan on; empty to find it out."""
        self._update(path, {"$set": {"encoding": encoding}}, upsert=False)

    def _update(self, path: str, change: dict[str, object], *, upsert: bool) -> None:
        collection = self._connection.collection(COLLECTION)
        self._connection.once_more(lambda: collection.update_one({"_id": pack_path(path)}, change, upsert=upsert))
