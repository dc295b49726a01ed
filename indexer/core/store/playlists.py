"""What listeners put together: playlists and queues."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from indexer.core.playlist import Playlist
from indexer.core.plays import OWNER, ListenerId
from indexer.core.store.codec import Document, clean_text
from indexer.core.store.connection import Connection
from indexer.core.store.news import NewsStore
from indexer.core.store.records import Matter

PLAYLISTS = "playlists"
QUEUE = "queue"


class PlaylistStore:
    """Playlists, each a document of its own; of two versions the later one stays, whichever is written last.

    Fifty thousand tracks take 2 MB of the 16 that a document may have, so that an edit writes the whole.
    """

    def __init__(self, connection: Connection, news: NewsStore) -> None:
        self._connection = connection
        self._news = news

    def save(self, playlists: Iterable[Playlist]) -> None:
        """Keep these, tombstones too, unless a later version is there; doing it twice does no harm."""
        for playlist in playlists:
            document = _playlist_document(playlist)
            self._connection.once_more(lambda document=document: self._replace(document))  # type: ignore[misc]
            self._news.tell(Matter.PLAYLISTS, [playlist.owner])

    def all(self) -> list[Playlist]:
        """Those of every listener, tombstones too, in the order of their positions."""
        return self._read({})

    def of(self, listener: ListenerId = OWNER) -> list[Playlist]:
        """Those of a listener, tombstones too, in the order of their positions."""
        return self._read({"owner": listener})

    def _read(self, wanted: Document) -> list[Playlist]:
        found = map(playlist_of, self._connection.read(PLAYLISTS, wanted))
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
    texts = {name: clean_text(record[name]) for name in ("name", "query", "comment")}
    return {"_id": record.pop("id"), **record, **texts}


def playlist_of(document: Document) -> Playlist:
    return Playlist.of_record({**_LACKING, **document, "id": document["_id"]})


def renewed_playlist(document: Document) -> Document:
    """A playlist as it is kept now, of one from a version that knew one listener alone."""
    return {"owner": OWNER, **document}


class QueueStore:
    """Play queues by name, as whoever plays left them."""

    def __init__(self, connection: Connection, news: NewsStore) -> None:
        self._connection = connection
        self._news = news

    def save(self, name: str, state: Mapping[str, Any], listener: ListenerId = OWNER) -> None:
        """Keep the `state` of a listener's queue, plain values only, in place of what was kept under `name`."""
        self._connection.replace(QUEUE, {"_id": name, "state": dict(state), "saved_at": time.time()})
        self._news.tell(Matter.QUEUE, [listener])

    def load(self, name: str) -> dict[str, Any] | None:
        """What was kept under `name`."""
        with self._connection.errors():
            document = self._connection.collection(QUEUE).find_one({"_id": name})
        return None if document is None else dict(document["state"])
