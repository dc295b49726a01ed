"""Describes the tracks of one library folder from the FMA metadata near it, where there is any."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from indexer.core.store import Database
from indexer.core.tracks import FileRecord, Problem, ProblemKind, Track, TrackId
from indexer.scanning.fma import FmaMetadata, FmaRow, fma_id_of, join, tracks_file_near
from indexer.scanning.fma_tables import MetadataError

SAMPLE = 20
"""Rows compared to see whether a table changed since its tracks were taken in: reading all takes seconds."""

BATCH = 500


class FolderMetadata:
    """The metadata of one library folder; a table that turns out damaged is reported once and used no more.

    Attributes:
        path: the `tracks.csv` in question, None where there is none.
        problem: what is wrong with it, None while nothing is.
        joined: how many tracks got a row of it.
    """

    def __init__(self, root: str) -> None:
        self.path = tracks_file_near(Path(root))
        self.problem: Problem | None = None
        self.joined = 0
        self._metadata = self._open()

    def describe(self, track: Track) -> Track:
        """`track` with what the metadata knows about it."""
        number = fma_id_of(track.path)
        if self._metadata is None or number is None:
            return track
        try:
            row = self._metadata.lookup(number)
        except MetadataError as error:
            self._give_up(error)
            return track
        if row is None:
            return track
        self.joined += 1
        return join(track, row)

    def refresh(self, database: Database, unchanged: Iterable[FileRecord]) -> int:
        """Describe tracks anew whose files did not change but whose rows did; returns how many.

        Raises:
            DatabaseError: the database failed.
        """
        if self._metadata is None:
            return 0
        tracks = {number: file.track for file in unchanged if (number := fma_id_of(file.path)) is not None}
        if not tracks:
            return 0
        try:
            rows = self._rows_of(tracks)
            sample = list(islice(rows, SAMPLE))
            if not _changed(database, sample, tracks):
                return 0
            return self._refresh_all(database, tracks, rows, sample)
        except MetadataError as error:
            self._give_up(error)
            return 0

    def keep_genres(self, database: Database) -> None:
        """Write the tree of genres, where it is another one than the database has.

        Raises:
            DatabaseError: the database failed.
        """
        if self._metadata is None:
            return
        try:
            genres = self._metadata.genres()
        except MetadataError as error:
            self._give_up(error)
            return
        known = set(database.genres.all()) if genres else set()
        database.genres.put(genre for genre in genres if genre not in known)

    def _open(self) -> FmaMetadata | None:
        if self.path is None:
            return None
        try:
            return FmaMetadata(self.path.parent)
        except MetadataError as error:
            self._give_up(error)
            return None

    def _rows_of(self, tracks: dict[int, TrackId]) -> Iterator[FmaRow]:
        if self._metadata is None:
            return iter(())
        return (row for row in self._metadata.rows() if row.fma_id in tracks)

    def _refresh_all(
        self, database: Database, tracks: dict[int, TrackId], rows: Iterator[FmaRow], sample: list[FmaRow]
    ) -> int:
        """The sample last: as long as it is not written, whoever comes after a kill sees that there is work left."""
        count = 0
        while batch := list(islice(rows, BATCH)):
            count += _refresh(database, batch, tracks)
        count += _refresh(database, sample, tracks)
        self.joined += count
        return count

    def _give_up(self, error: MetadataError) -> None:
        self._metadata = None
        self.problem = Problem(str(self.path), ProblemKind.METADATA, error.code, error.values, time.time())


def _refresh(database: Database, rows: list[FmaRow], tracks: dict[int, TrackId]) -> int:
    changed = _changed(database, rows, tracks)
    database.tracks.upsert(changed)
    return len(changed)


def _changed(database: Database, rows: list[FmaRow], tracks: dict[int, TrackId]) -> list[Track]:
    """The tracks that would differ if they were joined with `rows` now.

    FMA holds some recordings twice: of the rows of one track, the one of its own path counts.
    """
    known = database.tracks.get([tracks[row.fma_id] for row in rows])
    pairs = [(known[tracks[row.fma_id]], row) for row in rows if tracks[row.fma_id] in known]
    own = [(track, row) for track, row in pairs if fma_id_of(track.path) == row.fma_id]
    return [joined for track, row in own if (joined := join(track, row)) != track]
