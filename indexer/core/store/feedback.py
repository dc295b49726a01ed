"""What a person said about answers: tracks that were hidden for a seed."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.store.bulk import remove, save
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.heirs import HeirStore
from indexer.core.tracks import TrackId

COLLECTION = "feedback"


class FeedbackStore:
    """A document for each seed and track, whose id is made of both, so that there is never a second one."""

    def __init__(self, connection: Connection, heirs: HeirStore) -> None:
        self._connection = connection
        self._heirs = heirs

    def hide(self, seed: TrackId, tracks: Iterable[TrackId], at: float) -> None:
        """Keep that tracks are not wanted for a seed since the time `at`, seconds since 1970."""
        save(self._connection, COLLECTION, (_document(seed, track, at) for track in tracks))

    def restore(self, seed: TrackId, tracks: Iterable[TrackId]) -> None:
        """Forget that tracks, or copies that they stand for, were hidden for a seed; does nothing for others."""
        before: dict[TrackId, list[TrackId]] = {}
        for track, heir in self._heirs.standing().items():
            before.setdefault(heir, []).append(track)
        seeds = [seed, *before.get(seed, ())]
        copies = [copy for track in tracks for copy in (track, *before.get(track, ()))]
        remove(self._connection, COLLECTION, "_id", [_id(each, copy) for each in seeds for copy in copies])

    def hidden(self) -> dict[TrackId, frozenset[TrackId]]:
        """What is hidden, by seed; of tracks that left, their heirs."""
        heirs = self._heirs.standing()
        found: dict[TrackId, set[TrackId]] = {}
        for document in self._connection.read(COLLECTION, {}):
            seed, track = TrackId(document["seed"]), TrackId(document["track"])
            seed, track = heirs.get(seed, seed), heirs.get(track, track)
            if seed != track:
                found.setdefault(seed, set()).add(track)
        return {seed: frozenset(tracks) for seed, tracks in found.items()}


def _id(seed: TrackId, track: TrackId) -> str:
    return f"{seed}:{track}"


def _document(seed: TrackId, track: TrackId, at: float) -> Document:
    return {"_id": _id(seed, track), "seed": seed, "track": track, "at": at}
