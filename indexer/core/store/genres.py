"""The tree of genres that the metadata near the music gave."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.store.bulk import save
from indexer.core.store.connection import Connection
from indexer.core.tracks import Genre

COLLECTION = "genres"


class GenreStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, genres: Iterable[Genre]) -> None:
        """Keep genres, each in place of the one with its id."""
        documents = ({"_id": genre.id, "title": genre.title, "parent": genre.parent} for genre in genres)
        save(self._connection, COLLECTION, documents)

    def all(self) -> list[Genre]:
        """Every genre, by id."""
        found = self._connection.read(COLLECTION, {})
        genres = [Genre(int(item["_id"]), str(item["title"]), int(item["parent"])) for item in found]
        return sorted(genres, key=lambda genre: genre.id)
