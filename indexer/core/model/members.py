"""Which tracks a model has, in which rows: those it was built of, those added since, and those struck out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.rows import RowArray
from indexer.core.tracks import TrackId


class Members:
    """Rows 0 … n - 1 are the tracks of the build, further ones are added in the order in which they came.

    Rows are never reused: a removed track keeps its row, and one that is added again gets another.
    """

    def __init__(self, ids: NDArray[np.bytes_], comparable: NDArray[np.bool_]) -> None:
        """Begin with ids, shape (n,), ascending, and which of them can be recommended, shape (n,)."""
        self._ids = ids
        self._added: list[TrackId] = []
        self._added_rows: dict[TrackId, int] = {}
        self._removed = RowArray(np.zeros(len(ids), dtype=bool))
        self._open = RowArray(np.asarray(comparable))
        self._askers = set(np.flatnonzero(~np.asarray(comparable)).tolist())
        self._open_count = int(np.count_nonzero(comparable))
        self._removed_count = 0
        self._changed: set[TrackId] = set()

    def __len__(self) -> int:
        return len(self._removed) - self._removed_count

    @property
    def open(self) -> NDArray[np.bool_]:
        """Shape (rows,), True for what can be an answer; to be read only, until the next change."""
        return self._open.rows

    @property
    def open_count(self) -> int:
        return self._open_count

    @property
    def askers(self) -> NDArray[np.intp]:
        """Rows that can ask and are never an answer, ascending."""
        return np.array(sorted(self._askers), dtype=np.intp)

    @property
    def changed(self) -> int:
        """Number of tracks that came, went or were analysed anew since the build."""
        return len(self._changed)

    def tracks(self) -> list[TrackId]:
        """Those that are not removed, in the order of their rows."""
        return [self.track_at(int(row)) for row in np.flatnonzero(~self._removed.rows)]

    def rows(self) -> tuple[NDArray[np.bytes_], tuple[TrackId, ...], NDArray[np.bool_]]:
        """Ids of the build, which never change, ids of those added since, and which rows were removed: a copy."""
        return self._ids, tuple(self._added), self._removed.rows.copy()

    def track_at(self, row: int) -> TrackId:
        built = len(self._ids)
        return self._added[row - built] if row >= built else TrackId(self._ids[row].decode("ascii"))

    def row_of(self, track: TrackId) -> int | None:
        """The row of a track, None for one that is unknown or removed."""
        row = self._added_rows.get(track)
        if row is None:
            row = self.built_row_of(track)
        return None if row is None or self._removed.rows[row] else row

    def rows_of(self, tracks: Sequence[TrackId]) -> NDArray[np.intp]:
        """The row of each of many tracks, shape (tracks,), -1 for one that is unknown or removed."""
        found = np.full(len(tracks), -1, dtype=np.intp)
        if len(self._ids) and len(tracks):
            names = np.array([track.encode("utf-8", "replace") for track in tracks], dtype=np.bytes_)
            rows = np.minimum(np.searchsorted(self._ids, names), len(self._ids) - 1)
            found = np.where(self._ids[rows] == names, rows, -1)
        for place, track in enumerate(tracks if self._added_rows else ()):
            found[place] = self._added_rows.get(track, found[place])
        known = np.flatnonzero(found >= 0)
        found[known[self._removed.rows[found[known]]]] = -1
        return found

    def built_row_of(self, track: TrackId) -> int | None:
        """The row in which a track was built, removed or not; None for one that came later."""
        name = np.bytes_(track.encode("utf-8", "replace"))
        row = int(np.searchsorted(self._ids, name))
        return row if row < len(self._ids) and self._ids[row] == name else None

    def append(self, track: TrackId, *, comparable: bool, changed: bool = True) -> int:
        """Add a track that is not there; returns its row. Not `changed` is one that is back as it was built."""
        row = len(self._removed)
        self._added.append(track)
        self._added_rows[track] = row
        if changed:
            self._changed.add(track)
        else:
            self._changed.discard(track)
        self._removed.append(False)
        self._open.append(comparable)
        if comparable:
            self._open_count += 1
        else:
            self._askers.add(row)
        return row

    def remove(self, track: TrackId) -> None:
        """Strike a track out; does nothing for one that is not there."""
        row = self.row_of(track)
        if row is None:
            return
        self._added_rows.pop(track, None)
        self._open_count -= int(self.open[row])
        self._askers.discard(row)
        self._removed.rows[row] = True
        self._open.rows[row] = False
        self._removed_count += 1
        if self.built_row_of(track) is None:
            self._changed.discard(track)
        else:
            self._changed.add(track)
