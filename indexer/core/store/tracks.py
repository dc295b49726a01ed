"""The tracks of the library in the database."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo import UpdateOne

from indexer.core.store.bulk import IDS, LONGEST_RUN, chunks, runs_of, save
from indexer.core.store.codec import (
    HEARD,
    Document,
    measurement_document,
    measurement_of,
    pack_path,
    seconds_of,
    track_document,
    track_of,
    unpack_path,
)
from indexer.core.store.connection import Connection
from indexer.core.store.records import TrackFile
from indexer.core.store.revisions import Batch, Revisions, page
from indexer.core.tracks import Measurement, Tone, Track, TrackId, TrackState

COLLECTION = "tracks"
_ID_BATCH = 50_000
_READ_BATCH = 5_000
"""Tracks a reply: about 2 MB."""
_KEPT = ("added_at", "measured", "speech", *HEARD)
"""What a scan does not know: a file that was read again keeps them, since its sound is what the id is made of."""
_NOTHING: Mapping[TrackId, Any] = {}
_SAME_SECONDS = 0.01
"""Readers are told of a length that was measured where it differs by more from what they have."""
CHANGED = 5_000
"""Tracks that change their state under one revision: readers hear of them some thousand at a time."""
SWEPT = 1_000
SWEPT_SHARE = 8
"""From so many tracks on, if they are such a part of the library, reading all of it costs less than asking by id."""


class TrackStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._revisions = Revisions(connection, COLLECTION, counted_by="state")

    def upsert(self, tracks: Iterable[Track]) -> int:
        """Write tracks under one new revision; existing ones keep their `added_at` and what was measured of them.

        Returns:
            The revision; the last one where there was nothing to write.
        """
        written = list(tracks)
        if not written:
            return self.rev()
        now = time.time()
        dated = (track if track.added_at else replace(track, added_at=now) for track in written)
        with self._revisions.next() as batch:
            documents = (track_document(track, batch.rev) for track in dated)
            save(self._connection, COLLECTION, documents, keep=_KEPT, tally=batch.tally)
        return batch.rev

    def measure(self, found: Mapping[TrackId, Measurement]) -> None:
        """Keep what decoding found; it holds from then on, whatever headers say.

        Where samples were counted, only another count replaces it. Tracks whose length is another than readers know
        get a new revision, all of them one.
        """
        fresh, told = self._fresh(found)
        self._set_measured({track: measured for track, measured in fresh.items() if track not in told}, {})
        if told:
            with self._revisions.next() as batch:
                self._set_measured({track: fresh[track] for track in told}, {"rev": batch.rev})

    def note_speech(self, ids: Iterable[TrackId]) -> None:
        """Keep that tracks sound like speech, those of which it is new under one revision."""
        for some in chunks(ids, IDS):
            which = {"_id": {"$in": some}, "speech": {"$ne": True}}
            fresh = [document["_id"] for document in self._connection.read(COLLECTION, which, projection={"_id": 1})]
            if fresh:
                with self._revisions.next() as batch:
                    change = {"$set": {"speech": True, "rev": batch.rev}}
                    collection = self._connection.collection(COLLECTION)
                    self._connection.once_more(lambda: collection.update_many({"_id": {"$in": fresh}}, change))  # noqa: B023 - called at once

    def note_heard(
        self, tones: Mapping[TrackId, Tone] = _NOTHING, loudness: Mapping[TrackId, float | None] = _NOTHING
    ) -> None:
        """Keep tempo and key of tracks, and how loud they are in LUFS, None for silence, as far as it is new.

        All of it is written under one revision, and each track once.
        """
        found: dict[TrackId, Document] = {
            track: {"tempo": tone.tempo or 0.0, "key": tone.key or ""} for track, tone in tones.items()
        }
        for track, level in loudness.items():
            found.setdefault(track, {})["loudness"] = level
        fresh: dict[TrackId, Document] = {}
        for some in chunks(found, IDS):
            known = {"_id": {"$in": some}}
            for document in self._connection.read(COLLECTION, known, projection=dict.fromkeys(HEARD, 1)):
                new = found[TrackId(document["_id"])]
                if any(name not in document or document[name] != value for name, value in new.items()):
                    fresh[TrackId(document["_id"])] = new
        if not fresh:
            return
        collection = self._connection.collection(COLLECTION)
        with self._revisions.next() as batch:
            for each in chunks(fresh.items()):
                changes = [UpdateOne({"_id": track}, {"$set": {**heard, "rev": batch.rev}}) for track, heard in each]
                self._connection.once_more(lambda: collection.bulk_write(changes, ordered=True))  # noqa: B023 - called at once

    def lacking(self, field: str) -> set[TrackId]:
        """The tracks of which "tempo" or "loudness" was never noted, not even that they have none."""
        found = self._connection.read(COLLECTION, {}, projection={field: 1}, batch_size=_ID_BATCH)
        return {TrackId(document["_id"]) for document in found if field not in document}

    def measured(self, ids: Sequence[TrackId]) -> dict[TrackId, Measurement]:
        """What decoding found of those of the tracks that were measured."""
        found: dict[TrackId, Measurement] = {}
        for some in chunks(ids, IDS):
            documents = self._connection.read(COLLECTION, {"_id": {"$in": some}}, projection={"measured": 1})
            each = ((TrackId(document["_id"]), measurement_of(document)) for document in documents)
            found.update((track, measured) for track, measured in each if measured is not None)
        return found

    def set_state(self, ids: Iterable[TrackId], state: TrackState) -> int:
        """Change only the state of tracks, some thousand under each revision; the last one is returned."""
        changed = set(ids)
        if not changed:
            return self.rev()
        if len(changed) < SWEPT or len(changed) < self.count() // SWEPT_SHARE:
            return self._set_state_by_id(sorted(changed), state)
        return self._set_state_by_path(changed, state)

    def set_added_at(self, dates: Mapping[TrackId, float]) -> None:
        """Change only when tracks came into the library, under one new revision."""
        if not dates:
            return
        collection = self._connection.collection(COLLECTION)
        together: dict[float, list[TrackId]] = {}  # tracks of one batch have one date
        for track, added_at in dates.items():
            together.setdefault(added_at, []).append(track)
        with self._revisions.next() as batch:
            for added_at, tracks in together.items():
                change = {"$set": {"added_at": added_at, "rev": batch.rev}}
                for some in chunks(tracks, IDS):
                    which = {"_id": {"$in": some}}
                    self._connection.once_more(
                        lambda which=which, change=change: collection.update_many(which, change)  # type: ignore[misc]
                    )

    def rev(self) -> int:
        """The newest revision that is wholly written."""
        return self._revisions.settled()

    def changed_since(self, rev: int) -> Iterator[Track]:
        """Tracks with a greater revision than `rev`, in the order of their revisions; only whole batches."""
        settled = self.rev()
        if settled > rev:
            yield from self._read({"rev": {"$gt": rev, "$lte": settled}}, sort=[("rev", 1)])

    def page(self, rev: int, size: int) -> list[Track]:
        """The first `size` of what `changed_since` gives, and all others with the revision of the last of them."""

        def between(low: int, high: int, most: int) -> Iterator[Track]:
            return self._read({"rev": {"$gt": low, "$lte": high}}, sort=[("rev", 1)], limit=most)

        return page(rev, self.rev(), size, between)

    def all(self, *, states: Collection[TrackState] | None = None) -> Iterator[Track]:
        """Every track, in no particular order.

        The greatest `rev` among them is where `changed_since` can go on: tracks of a batch that is still being
        written are given with the revision before it, and so come again when it is whole.
        """
        settled = self.rev()
        query = {} if states is None else {"state": {"$in": [state.value for state in states]}}
        for track in self._read(query):
            yield track if track.rev <= settled else replace(track, rev=settled)

    def places(self, states: Collection[TrackState]) -> Iterator[TrackFile]:
        """Where the tracks in one of those states lie, in no particular order; three times faster than `all`."""
        query = {"state": {"$in": [state.value for state in states]}}
        projection = dict.fromkeys(("path", "root", "seconds", "start", "end", "measured.seconds"), 1)
        for document in self._connection.read(COLLECTION, query, projection=projection, batch_size=_READ_BATCH):
            path, root = unpack_path(document["path"]), unpack_path(document["root"])
            start, end = document.get("start", 0.0), document.get("end")
            is_measured = bool(document.get("measured"))
            yield TrackFile(TrackId(document["_id"]), path, root, seconds_of(document), start, end, is_measured)

    def ids(self, states: Collection[TrackState]) -> set[TrackId]:
        """The ids of all tracks in one of those states; several times faster than reading the tracks."""
        query = {"state": {"$in": [state.value for state in states]}}
        found = self._connection.read(COLLECTION, query, projection={"_id": 1}, batch_size=_ID_BATCH)
        return {TrackId(document["_id"]) for document in found}

    def get(self, ids: Sequence[TrackId]) -> dict[TrackId, Track]:
        """The tracks of those ids that exist."""
        return {track.id: track for batch in chunks(ids, IDS) for track in self._read({"_id": {"$in": batch}})}

    def each(self, ids: Collection[TrackId]) -> Iterator[Track]:
        """The tracks of those ids that exist, in no particular order; of any number, without holding them all."""
        if len(ids) < SWEPT or len(ids) < self.count() // SWEPT_SHARE:
            return (track for batch in chunks(ids, IDS) for track in self._read({"_id": {"$in": batch}}))
        wanted = frozenset(ids)
        return (track for track in self._read({}) if track.id in wanted)

    def by_path(self, path: str) -> Track | None:
        """The track of a file, the first of one that is divided; a present one before one that was there before."""
        found = list(self._read({"path": pack_path(path)}))
        return min(found, key=lambda track: (track.state is TrackState.GONE, track.start, -track.rev), default=None)

    def at(self, paths: Iterable[str]) -> list[TrackId]:
        """The tracks of these files that are not gone."""
        found: list[TrackId] = []
        for some in chunks(map(pack_path, paths), IDS):
            which = {"path": {"$in": some}, "state": {"$ne": TrackState.GONE.value}}
            documents = self._connection.read(COLLECTION, which, projection={"_id": 1})
            found += (TrackId(document["_id"]) for document in documents)
        return found

    def count(self, state: TrackState | None = None) -> int:
        """How many tracks there are, in one state or in all; kept up to date, so that asking costs little."""
        counts = self._revisions.counts()
        return sum(counts.values()) if state is None else counts.get(state.value, 0)

    def _fresh(self, found: Mapping[TrackId, Measurement]) -> tuple[dict[TrackId, Measurement], set[TrackId]]:
        """What says more than is known, and for which of these tracks the length is another one."""
        fresh: dict[TrackId, Measurement] = {}
        told: set[TrackId] = set()
        for some in chunks(found, IDS):
            fields = {"seconds": 1, "measured": 1}
            for document in self._connection.read(COLLECTION, {"_id": {"$in": some}}, projection=fields):
                track = TrackId(document["_id"])
                known, new = measurement_of(document), found[track]
                if known == new or (known is not None and known.samples is not None and new.samples is None):
                    continue
                fresh[track] = new
                shown = seconds_of(document)
                if shown is None or abs(shown - new.seconds) > _SAME_SECONDS:
                    told.add(track)
        return fresh, told

    def _set_measured(self, found: Mapping[TrackId, Measurement], also: Document) -> None:
        collection = self._connection.collection(COLLECTION)
        for some in chunks(found.items()):
            changes = [
                UpdateOne({"_id": track}, {"$set": {"measured": measurement_document(measured), **also}})
                for track, measured in some
            ]
            self._connection.once_more(lambda: collection.bulk_write(changes, ordered=True))  # noqa: B023 - called at once

    def _set_state_by_id(self, ids: list[TrackId], state: TrackState) -> int:
        rev = 0
        for many in chunks(ids, CHANGED):
            with self._revisions.next() as batch:
                rev = batch.rev
                for some in chunks(many, IDS):
                    which = {"_id": {"$in": some}}
                    before = self._connection.read(COLLECTION, which, projection={"state": 1})
                    states = {document["_id"]: document["state"] for document in before}
                    self._update(which, states, state, batch)
        return rev

    def _set_state_by_path(self, ids: Collection[TrackId], state: TrackState) -> int:
        """For most of a library: all of it is read once, and changed in ranges of paths that lie side by side."""
        fields = {"path": 1, "state": 1, "rev": 1}
        states: dict[str, str] = {}
        paths: list[tuple[str, str]] = []
        newest = 0
        for document in self._connection.read(COLLECTION, {}, projection=fields, batch_size=_READ_BATCH):
            newest = max(newest, document["rev"])
            states[document["_id"]] = document["state"]
            if isinstance(document["path"], str):
                paths.append((document["path"], document["_id"]))
        wanted = {track for track in ids if states.get(track, state) != state}
        rev = 0
        runs = (run for run in runs_of(paths, wanted) if len(run.ids) > IDS)
        for some in chunks(runs, CHANGED // LONGEST_RUN):
            with self._revisions.next() as batch:
                rev = batch.rev
                for run in some:
                    # What another writer put there since is newer, and not what was read.
                    which = {"path": {"$gte": run.low, "$lte": run.high}, "rev": {"$lte": newest}}
                    self._update(which, {track: states[track] for track in run.ids}, state, batch)
            wanted.difference_update(*(run.ids for run in some))
        return self._set_state_by_id(sorted(wanted), state) or rev or self.rev()

    def _update(self, which: Document, states: Mapping[str, str], state: TrackState, batch: Batch) -> None:
        """Give the tracks of a query a state; `states` are those that they had."""
        change = {"$set": {"state": state.value, "rev": batch.rev}}
        collection = self._connection.collection(COLLECTION)
        done = self._connection.once_more(lambda: collection.update_many(which, change))
        batch.tally.certain &= done.matched_count == len(states)
        batch.tally.take({"state": before} for before in states.values())
        batch.tally.add({"state": state.value} for _ in states)

    def _read(
        self, query: Document, *, sort: Sequence[tuple[str, int]] | None = None, limit: int = 0
    ) -> Iterator[Track]:
        """Tracks that a query finds, the first `limit` of them; 0 for all."""
        documents = self._connection.read(COLLECTION, query, sort=sort, limit=limit, batch_size=_READ_BATCH)
        return (track_of(document) for document in documents)
