"""Playlists, each a document of its own; of two versions the later one stays, whichever is written last."""

from __future__ import annotations

from collections.abc import Iterable

from pymongo.errors import DuplicateKeyError

from indexer.core.store.codec import Document, clean_text
from indexer.core.store.connection import Connection
from indexer.core.tracks import Playlist, PlaylistKind, TrackId

COLLECTION = "playlists"


class PlaylistStore:
    """Fifty thousand tracks take 2 MB of the 16 that a document may have, so that an edit writes the whole."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, playlists: Iterable[Playlist]) -> None:
        """Keep these, tombstones too, unless a later version is there; doing it twice does no harm."""
        for playlist in playlists:
            document = _document(playlist)
            self._connection.once_more(lambda document=document: self._replace(document))  # type: ignore[misc]

    def all(self) -> list[Playlist]:
        """Every playlist, tombstones too, in the order of their positions."""
        found = map(playlist_of, self._connection.read(COLLECTION, {}))
        return sorted(found, key=lambda playlist: (playlist.position, playlist.id))

    def _replace(self, document: Document) -> None:
        older = {"_id": document["_id"], "updated_at": {"$lte": document["updated_at"]}}
        try:
            self._connection.collection(COLLECTION).replace_one(older, document, upsert=True)
        except DuplicateKeyError:
            return  # A later version is there, so that the condition found nothing to replace.


def _document(playlist: Playlist) -> Document:
    return {
        "_id": playlist.id,
        "name": clean_text(playlist.name),
        "kind": playlist.kind.value,
        "tracks": list(playlist.tracks),
        "query": clean_text(playlist.query),
        "order": playlist.order,
        "descending": playlist.descending,
        "limit": playlist.limit,
        "position": playlist.position,
        "updated_at": playlist.updated_at,
        "deleted": playlist.deleted,
    }


def playlist_of(document: Document) -> Playlist:
    return Playlist(
        id=document["_id"],
        name=document.get("name", ""),
        kind=PlaylistKind(document.get("kind", PlaylistKind.LIST)),
        tracks=tuple(map(TrackId, document.get("tracks", ()))),
        query=document.get("query", ""),
        order=document.get("order", ""),
        descending=document.get("descending", False),
        limit=document.get("limit", 0),
        position=document.get("position", 0.0),
        updated_at=document.get("updated_at", 0.0),
        deleted=document.get("deleted", False),
    )
