"""A search index that grows and shrinks after it was built: rows added behind its own, rows struck out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.library import TrackId
from indexer.model.ranking import distances_to
from indexer.model.search import SearchIndex

Found = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Rows, best first, and their distances."""

MERGE_AT = 1_000
"""Added vectors are compared one by one until there are this many (0.05 ms), then hashed into the tables (5 ms)."""


class Growth:
    """The index of a model with what came and went since.

    Rows 0 … n - 1 are those of the index as built, further ones are added in the order of insertion. Rows are never
    reused: a removed track keeps its row, marked in `removed`.
    """

    def __init__(self, index: SearchIndex, ids: NDArray[np.bytes_]) -> None:
        self.removed = np.zeros(len(ids) + MERGE_AT, dtype=bool)
        self._ids = ids
        self._index = index
        self._pending = np.empty((MERGE_AT, index.vectors.shape[1]), dtype=np.float32)
        self._pending_count = 0
        self._added: list[TrackId] = []
        self._added_rows: dict[TrackId, int] = {}
        self._removed_count = 0

    def __len__(self) -> int:
        return self._rows - self._removed_count

    @property
    def _rows(self) -> int:
        return len(self._ids) + len(self._added)

    def tracks(self) -> list[TrackId]:
        return [self.track_at(int(row)) for row in np.flatnonzero(~self.removed[: self._rows])]

    def track_at(self, row: int) -> TrackId:
        built = len(self._ids)
        return self._added[row - built] if row >= built else TrackId(self._ids[row].decode("ascii"))

    def row_of(self, track: TrackId) -> int | None:
        """The row of a track, None for one that is unknown or removed."""
        row = self._added_rows.get(track)
        if row is None:
            row = self._built_row_of(track)
        return None if row is None or self.removed[row] else row

    def vector_at(self, row: int) -> NDArray[np.float32]:
        indexed = len(self._index)
        vector: NDArray[np.float32] = self._index.vectors[row] if row < indexed else self._pending[row - indexed]
        return vector

    def insert(self, track: TrackId, vector: NDArray[np.float32]) -> None:
        """Add a vector, shape (dims,), in place of the one the track had, if any."""
        self.remove(track)
        if self._pending_count == MERGE_AT:
            self._merge()
        self._pending[self._pending_count] = vector
        self._pending_count += 1
        self._added_rows[track] = self._rows
        self._added.append(track)

    def remove(self, track: TrackId) -> None:
        row = self.row_of(track)
        if row is not None:
            self.removed[row] = True
            self._removed_count += 1

    def search(self, vector: NDArray[np.float32], k: int, excluded: Sequence[int] = ()) -> Found:
        """The `k` rows nearest to a vector, shape (dims,), but removed and `excluded` ones."""
        out = self.removed[: self._rows].copy()
        out[list(excluded)] = True
        indexed = len(self._index)
        found = self._index.nearest(vector, k, out[:indexed])
        pending = np.flatnonzero(~out[indexed:]) + indexed
        return _joined(found, self._measured(pending, vector), k)

    def with_added(self, listed: Found, vector: NDArray[np.float32], k: int) -> Found:
        """The `k` nearest of a neighbour list and of all rows added since it was made, the vector's own excepted."""
        built = len(self._ids)
        added = np.flatnonzero(~self.removed[built : self._rows]) + built
        return _joined(listed, self._measured(added, vector), k)

    def _measured(self, rows: NDArray[np.intp], vector: NDArray[np.float32]) -> Found:
        indexed = len(self._index)
        merged, pending = rows[rows < indexed], rows[rows >= indexed] - indexed
        vectors = np.concatenate([self._index.vectors[merged], self._pending[pending]])
        return rows, distances_to(vectors, vector)

    def _merge(self) -> None:
        self._index = self._index.extended(self._pending)
        self.removed = np.concatenate([self.removed, np.zeros(MERGE_AT, dtype=bool)])
        self._pending_count = 0

    def _built_row_of(self, track: TrackId) -> int | None:
        name = np.bytes_(track.encode("utf-8", "replace"))
        row = int(np.searchsorted(self._ids, name))
        return row if row < len(self._ids) and self._ids[row] == name else None


def _joined(one: Found, other: Found, k: int) -> Found:
    rows = np.concatenate([one[0], other[0]])
    distances = np.concatenate([one[1], other[1]])
    best = np.lexsort((rows, distances))[:k]
    return rows[best], distances[best]
