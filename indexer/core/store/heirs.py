"""Which track stands for one that left: a new copy of a recording has the plays, lines and marks of the copy before.

Nothing is moved. What was kept of the track before stays under its id, and is read as being of its heir: an inheritance
is one small document, which is there or not whenever a program ends, and taking it back restores what was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from indexer.core.store.bulk import IDS, chunks, remove, save
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.records import Heir
from indexer.core.tracks import TrackId

COLLECTION = "heirs"


class HeirStore:
    """A document for each track that left and has an heir, or had one that a person took back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, heirs: Iterable[Heir]) -> None:
        """Keep that these tracks have heirs; doing it twice does no harm."""
        save(self._connection, COLLECTION, map(_document, heirs))

    def all(self) -> list[Heir]:
        """Every one, those that were taken back too, in the order they were found."""
        found = map(heir_of, self._connection.read(COLLECTION, {}))
        return sorted(found, key=lambda each: (each.at, each.track))

    def standing(self) -> dict[TrackId, TrackId]:
        """The track that stands for each that left, at the end of a chain of copies."""
        return resolved(self.all())

    def set_undone(self, tracks: Collection[TrackId], *, undone: bool) -> None:
        """Take back, or give again, what heirs of these tracks have of them."""
        self._change(tracks, {"undone": undone, "told": True})

    def set_told(self, tracks: Collection[TrackId]) -> None:
        """A person was told."""
        self._change(tracks, {"told": True})

    def forget(self, tracks: Iterable[TrackId]) -> None:
        """These tracks are there again and stand for themselves."""
        remove(self._connection, COLLECTION, "_id", tracks)

    def _change(self, tracks: Collection[TrackId], values: Document) -> None:
        collection = self._connection.collection(COLLECTION)
        for some in chunks(tracks, IDS):
            which = {"_id": {"$in": some}}
            self._connection.once_more(lambda which=which: collection.update_many(which, {"$set": values}))  # type: ignore[misc]


def resolved(heirs: Iterable[Heir]) -> dict[TrackId, TrackId]:
    """The last heir of each track, without what was taken back; a circle, which no scan makes, ends somewhere."""
    direct = {each.track: each.heir for each in heirs if not each.undone}
    return {track: _last(track, direct) for track in direct}


def _last(track: TrackId, direct: Mapping[TrackId, TrackId]) -> TrackId:
    seen = {track}
    while (following := direct.get(track)) is not None and following not in seen:
        seen.add(following)
        track = following
    return track


def _document(heir: Heir) -> Document:
    return {
        "_id": heir.track,
        "heir": heir.heir,
        "at": heir.at,
        "added_at": heir.added_at,
        "undone": heir.undone,
        "told": heir.told,
    }


def heir_of(document: Document) -> Heir:
    return Heir(
        TrackId(document["_id"]),
        TrackId(document["heir"]),
        float(document["at"]),
        float(document["added_at"]),
        undone=document.get("undone", False),
        told=document.get("told", False),
    )
