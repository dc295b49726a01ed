"""How loud every track is and what its waveform looks like, one document per track."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.core.store.bulk import IDS, chunks, remove, save
from indexer.core.store.codec import sound_document, sound_of
from indexer.core.store.connection import Connection
from indexer.core.store.records import SoundRecord
from indexer.core.tracks import Seconds, TrackId

COLLECTION = "sounds"
_READ_BATCH = 2_000
"""Records a reply: about 4 MB."""
_ID_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class TrackLoudness:
    """Loudness in LUFS, None for silence, the greatest sample, and how long it lasts."""

    loudness: float | None
    peak: float
    seconds: Seconds


class SoundStore:
    """At most one record per track: the latest."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def upsert(self, records: Iterable[SoundRecord]) -> None:
        save(self._connection, COLLECTION, map(sound_document, records))

    def get(self, ids: Sequence[TrackId]) -> dict[TrackId, SoundRecord]:
        """The records of those tracks that were measured."""
        found: dict[TrackId, SoundRecord] = {}
        for batch in chunks(ids, IDS):
            documents = self._connection.read(COLLECTION, {"_id": {"$in": batch}}, batch_size=_READ_BATCH)
            found.update((record.track, record) for record in map(sound_of, documents))
        return found

    def loudness(self, ids: Sequence[TrackId]) -> dict[TrackId, TrackLoudness]:
        """How loud those of the tracks are that were measured, without their waveforms."""
        fields = {"loudness": 1, "peak": 1, "seconds": 1}
        found: dict[TrackId, TrackLoudness] = {}
        for batch in chunks(ids, IDS):
            for document in self._connection.read(COLLECTION, {"_id": {"$in": batch}}, projection=fields):
                loud = TrackLoudness(document["loudness"], document["peak"], document["seconds"])
                found[TrackId(document["_id"])] = loud
        return found

    def all(self, version: int) -> Iterator[SoundRecord]:
        """The records of all tracks that were measured in this way, in no particular order."""
        return map(sound_of, self._connection.read(COLLECTION, {"version": version}, batch_size=_READ_BATCH))

    def lengths(self, version: int) -> dict[TrackId, Seconds]:
        """How long the tracks are that were measured in this way."""
        found = self._connection.read(COLLECTION, {"version": version}, projection={"seconds": 1}, batch_size=_ID_BATCH)
        return {TrackId(document["_id"]): document["seconds"] for document in found}

    def measured(self, version: int) -> set[TrackId]:
        """The tracks that were measured in this way."""
        found = self._connection.read(COLLECTION, {"version": version}, projection={"_id": 1}, batch_size=_ID_BATCH)
        return {TrackId(document["_id"]) for document in found}

    def missing(self, ids: Iterable[TrackId], version: int) -> list[TrackId]:
        """Those of the tracks that were not measured in this way, in the order given."""
        measured = self.measured(version)
        return [track for track in ids if track not in measured]

    def remove(self, ids: Iterable[TrackId]) -> None:
        """Forget what was measured of these tracks."""
        remove(self._connection, COLLECTION, "_id", ids)


def album_loudness(tracks: Iterable[TrackLoudness]) -> float | None:
    """The loudness of an album in LUFS: the mean power of its tracks, each for as long as it lasts.

    It is what measuring the tracks one after the other gives, but for the relative gate, which then falls on softer
    tracks as a whole. None where nothing is to be heard.
    """
    audible = [(10 ** (track.loudness / 10), track.seconds) for track in tracks if track.loudness is not None]
    seconds = sum(length for _, length in audible)
    if seconds <= 0:
        return None
    return 10 * math.log10(sum(power * length for power, length in audible) / seconds)
