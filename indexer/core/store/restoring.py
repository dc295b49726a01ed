"""Brings the documents of a backup back into a database that may hold others: by union, or in their place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import bson

from indexer.core.store import words
from indexer.core.store.bulk import chunks, remove, save
from indexer.core.store.codec import Document
from indexer.core.store.collections import LISTENING
from indexer.core.store.connection import Connection
from indexer.core.store.opinions import FEEDBACK, renewed_hidden
from indexer.core.store.playlists import PLAYLISTS, renewed_playlist
from indexer.core.store.plays import PLAYS, renewed_play
from indexer.core.store.revisions import Revisions
from indexer.core.store.tracks import TrackStore
from indexer.core.tracks import TrackId, TrackState

EXACT = ("folders", "files", "problems", *LISTENING, "queue", "heirs")
_BATCH = 2_000
_LEAST_STEP = 0.001
"""Seconds between two versions of a playlist: the later one holds."""


@dataclass
class Restored:
    """Documents that a restore made, changed and took away."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: Restored) -> Restored:
        return Restored(self.added + other.added, self.changed + other.changed, self.removed + other.removed)


class RestoringStore:
    """Every method can be repeated, after a kill for one, and then finds nothing left to do.

    Attributes:
        exact: collections that after a replacement hold what the backup holds and nothing else.
    """

    exact = EXACT

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tracks = TrackStore(connection)
        self._revisions = {
            "tracks": Revisions(connection, "tracks", counted_by="state"),
            "features": Revisions(connection, "features", counted_by="key"),
            words.COLLECTION: Revisions(connection, words.COLLECTION, counted_by=words.SAYS),
        }

    def merge(self, name: str, documents: Iterable[bytes]) -> Restored:
        """Add what is missing.

        What is there stays, but for two things that can only have been lost: a track takes the earlier date of
        the two, and a playlist that was deleted comes back.
        """
        match name:
            case "tracks":
                return self._merge_tracks(documents)
            case "playlists":
                return self._merge_playlists(documents)
            case "features" | words.COLLECTION:
                return self._add_numbered(name, documents)
            case _:
                return self._add(name, documents)

    def replace(self, name: str, documents: Iterable[bytes], before: set[Any]) -> Restored:
        """Make a collection what the backup holds.

        Tracks and playlists that the backup does not know are marked as gone, so that whoever follows the database
        hears of it; genres, words, features and sounds stay: they belong to the sound of tracks and do no harm.

        Args:
            name: the collection.
            documents: those of the backup.
            before: ids of what was there before; only of these documents are taken away.
        """
        match name:
            case "tracks":
                return self._replace_tracks(documents)
            case "playlists":
                return self._replace_playlists(documents)
            case "features" | words.COLLECTION:
                return self._add_numbered(name, documents)
            case "sounds":
                return self._add(name, documents)
            case _:
                return self._replace(name, documents, before)

    # Any collection

    def _add(self, name: str, documents: Iterable[bytes]) -> Restored:
        done = Restored()
        for batch in _renewed(name, documents):
            known = self._known(name, batch, {"_id": 1})
            fresh = [document for document in batch if document["_id"] not in known]
            save(self._connection, name, fresh)
            done.added += len(fresh)
        return done

    def _replace(self, name: str, documents: Iterable[bytes], before: set[Any]) -> Restored:
        done, kept = Restored(), set[Any]()
        for batch in _renewed(name, documents):
            known = self._known(name, batch)
            changed = [document for document in batch if known.get(document["_id"]) != document]
            save(self._connection, name, changed)
            kept.update(document["_id"] for document in batch)
            done.added += sum(document["_id"] not in known for document in changed)
            done.changed += sum(document["_id"] in known for document in changed)
        surplus = before - kept if name in EXACT else set()
        remove(self._connection, name, "_id", surplus)
        done.removed += len(surplus)
        return done

    # Tracks and features: readers follow their revisions

    def _merge_tracks(self, documents: Iterable[bytes]) -> Restored:
        return sum((self._write_tracks(batch, _with_earlier_date) for batch in _decoded(documents)), Restored())

    def _replace_tracks(self, documents: Iterable[bytes]) -> Restored:
        done, kept = Restored(), set[TrackId]()
        for batch in _decoded(documents):
            done += self._write_tracks(batch, lambda _, saved: saved)
            kept.update(TrackId(document["_id"]) for document in batch)
        surplus = self._tracks.ids((TrackState.PRESENT, TrackState.AWAY)) - kept
        self._tracks.set_state(surplus, TrackState.GONE)
        done.removed += len(surplus)
        return done

    def _write_tracks(self, batch: list[Document], choose: Callable[[Document, Document], Document]) -> Restored:
        known = self._known("tracks", batch)
        wanted = [choose(known[saved["_id"]], saved) if saved["_id"] in known else saved for saved in batch]
        changed = [document for document in wanted if not _same_but(document, known.get(document["_id"]), "rev")]
        self._write("tracks", changed)
        fresh = sum(document["_id"] not in known for document in changed)
        return Restored(fresh, len(changed) - fresh)

    def _add_numbered(self, name: str, documents: Iterable[bytes]) -> Restored:
        done = Restored()
        for batch in _decoded(documents, size=_BATCH // 4):
            known = self._known(name, batch, {"_id": 1})
            fresh = [document for document in batch if document["_id"] not in known]
            self._write(name, fresh)
            done.added += len(fresh)
        return done

    def _write(self, name: str, documents: list[Document]) -> None:
        if documents:
            with self._revisions[name].next() as batch:
                numbered = ({**document, "rev": batch.rev} for document in documents)
                save(self._connection, name, numbered, tally=batch.tally)

    # Playlists: of two versions the later one holds, here and in every player

    def _merge_playlists(self, documents: Iterable[bytes]) -> Restored:
        done = Restored()
        for batch in _renewed(PLAYLISTS, documents):
            known = self._known("playlists", batch)
            for saved in batch:
                present = known.get(saved["_id"])
                if present is None:
                    save(self._connection, "playlists", [saved])
                    done.added += 1
                elif present.get("deleted") and not saved.get("deleted"):
                    self._write_playlist(saved, present)
                    done.changed += 1
                elif saved["updated_at"] > present["updated_at"]:
                    save(self._connection, "playlists", [saved])
                    done.changed += 1
        return done

    def _replace_playlists(self, documents: Iterable[bytes]) -> Restored:
        saved = {document["_id"]: document for batch in _renewed(PLAYLISTS, documents) for document in batch}
        done = Restored()
        for present in list(self._connection.read("playlists", {})):
            wanted = saved.pop(present["_id"], None) or {**present, "tracks": [], "deleted": True}
            if not _same_but(wanted, present, "updated_at"):
                self._write_playlist(wanted, present)
                done += Restored(removed=1) if wanted["deleted"] else Restored(changed=1)
        save(self._connection, "playlists", saved.values())
        done.added += len(saved)
        return done

    def _write_playlist(self, wanted: Document, present: Document) -> None:
        """Under a time after that of every version known, also where the clock was set back."""
        at = max(time.time(), float(present["updated_at"]) + _LEAST_STEP)
        save(self._connection, "playlists", [{**wanted, "updated_at": at}])

    def _known(self, name: str, batch: list[Document], fields: Document | None = None) -> dict[Any, Document]:
        wanted = {"_id": {"$in": [document["_id"] for document in batch]}}
        found = self._connection.read(name, wanted, projection=fields, batch_size=_BATCH + 1)
        return {document["_id"]: document for document in found}


def _decoded(documents: Iterable[bytes], size: int = _BATCH // 4) -> Iterable[list[Document]]:
    return chunks(map(bson.decode, documents), size)


def _renewed(name: str, documents: Iterable[bytes]) -> Iterable[list[Document]]:
    """Documents as they are kept now, also out of a backup of a version before."""
    renew = _RENEWED.get(name)
    return _decoded(documents) if renew is None else (list(map(renew, batch)) for batch in _decoded(documents))


_RENEWED: dict[str, Callable[[Document], Document]] = {
    PLAYS: renewed_play,
    PLAYLISTS: renewed_playlist,
    FEEDBACK: renewed_hidden,
}


def _with_earlier_date(present: Document, saved: Document) -> Document:
    return {**present, "added_at": min(present.get("added_at", 0.0), saved.get("added_at", 0.0))}


def _same_but(one: Document, other: Document | None, field: str) -> bool:
    return other is not None and {**one, field: None} == {**other, field: None}
