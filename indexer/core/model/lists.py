"""The neighbour lists of a model, into which tracks are linked that came after the lists were made."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.exact import Found, in_order
from indexer.core.model.index.rows import RowArray
from indexer.core.model.scaling import SCALE_NEIGHBOURS, local_scales

_FOLD_AT = 100
"""So many links of one list are sorted into it and the farthest dropped, so that an answer never costs more."""


class _Links:
    """For every row a chain of (linked row, distance), the last one first, in a few long arrays.

    A list of Python objects for every row would be slower to add to, and a hundred thousand of them keep the garbage
    collector busy for a tenth of a second at a time.
    """

    def __init__(self, rows: int) -> None:
        """Begin without links."""
        self._last = RowArray(np.full(rows, -1, dtype=np.int32))
        self._counts = RowArray(np.zeros(rows, dtype=np.int32))
        self._before = RowArray(np.empty(0, dtype=np.int32))
        self._linked = RowArray(np.empty(0, dtype=np.int32))
        self._distances = RowArray(np.empty(0, dtype=np.float32))

    @property
    def counts(self) -> NDArray[np.int32]:
        """Number of links of each row, shape (rows,)."""
        return self._counts.rows

    def append_row(self) -> None:
        self._last.append(-1)
        self._counts.append(0)

    def add(self, rows: NDArray[np.intp], distances: NDArray[np.float32], linked: int) -> None:
        """Link the row `linked` to each of `rows`, at those distances."""
        first = len(self._linked)
        self._before.extend(self._last.rows[rows])
        self._linked.extend(np.full(len(rows), linked, dtype=np.int32))
        self._distances.extend(distances)
        self._last.rows[rows] = np.arange(first, first + len(rows), dtype=np.int32)
        self._counts.rows[rows] += 1

    def of(self, row: int) -> Found:
        """What is linked to a row, the last first."""
        places, before = np.empty(int(self.counts[row]), dtype=np.intp), self._before.rows
        place = int(self._last.rows[row])
        for number in range(len(places)):
            places[number] = place
            place = int(before[place])
        return self._linked.rows[places].astype(np.intp), self._distances.rows[places]

    def clear(self, row: int) -> None:
        self._last.rows[row] = -1
        self._counts.rows[row] = 0


class GrowingLists:
    """One list per row: the stored one, or one that was made since, and the links to tracks that belong in it.

    Attributes:
        length: of a full list.
    """

    def __init__(self, neighbours: NDArray[np.int32], distances: NDArray[np.float32], length: int, others: int) -> None:
        """Begin with stored lists.

        Args:
            neighbours: shape (rows, any length), best first, -1 where a list is shorter.
            distances: shape (rows, any length), infinite there.
            length: of a full list.
            others: tracks that could be in a list; a list that holds them all has room for any other.
        """
        self.length = length
        self._neighbours = neighbours
        self._distances = distances
        self._made: dict[int, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}
        self._links = _Links(len(neighbours))
        self._reach = RowArray(_reach_of(distances, length, others))

    @property
    def reach(self) -> NDArray[np.float32]:
        """Shape (rows,): whatever is nearer than this belongs in the row's list; infinite where a list has room."""
        return self._reach.rows

    def of(self, row: int) -> Found:
        """The list of a row, nearest first, with everything linked to it; removed tracks are still in it."""
        made = self._made.get(row)
        found = self._stored(row) if made is None else (made[0].astype(np.intp), made[1])
        return _joined(found, self._links.of(row), self.length) if self._links.counts[row] else found

    def append(self, found: Found) -> None:
        """Add a row with a list that was made for it."""
        self._made[len(self._reach)] = (found[0].astype(np.int32), found[1])
        self._links.append_row()
        self._reach.append(self._reach_of_found(found))

    def replace(self, row: int, found: Found) -> None:
        """Give a row another list; its links are part of it, or should not be."""
        self._made[row] = (found[0].astype(np.int32), found[1])
        self._links.clear(row)
        self._reach.rows[row] = self._reach_of_found(found)

    def link(self, rows: NDArray[np.intp], distances: NDArray[np.float32], added: int) -> None:
        """Put the row `added` into the lists of `rows`, at those distances, each less than the list's reach."""
        self._links.add(rows, distances, added)
        for row in rows[self._links.counts[rows] >= _FOLD_AT].tolist():
            self.replace(row, self.of(row))

    def _stored(self, row: int) -> Found:
        distances = self._distances[row, : self.length]
        if len(distances) and distances[-1] == np.inf:
            distances = distances[np.isfinite(distances)]
        return self._neighbours[row, : len(distances)].astype(np.intp), distances

    def _reach_of_found(self, found: Found) -> float:
        return float(found[1][-1]) if len(found[1]) >= self.length else np.inf


class Scales:
    """The local scale of every row, which follows what is added near it."""

    def __init__(self, scales: NDArray[np.float32], distances: NDArray[np.float32]) -> None:
        """Begin with scales, shape (rows,), and the distances of the lists they come from, shape (rows, any length)."""
        nearest = np.full((len(scales), SCALE_NEIGHBOURS), np.inf, dtype=np.float32)
        known = distances[:, :SCALE_NEIGHBOURS]
        nearest[:, : known.shape[1]] = known
        self._nearest = RowArray(nearest)
        self._scales = RowArray(np.asarray(scales))

    @property
    def rows(self) -> NDArray[np.float32]:
        """Shape (rows,); to be read only, until the next change."""
        return self._scales.rows

    def append(self, distances: NDArray[np.float32]) -> None:
        """Add a row whose neighbours are that far away, ascending."""
        nearest = np.full(SCALE_NEIGHBOURS, np.inf, dtype=np.float32)
        nearest[: len(distances)] = distances[:SCALE_NEIGHBOURS]
        self._nearest.append(nearest)
        self._scales.append(local_scales(nearest[np.newaxis])[0])

    def add_neighbour(self, rows: NDArray[np.integer[Any]], distances: NDArray[np.float32]) -> None:
        """Let the scales of `rows` take in a track that is added at those distances, shape (rows,) each."""
        nearest = self._nearest.rows
        touched = distances < nearest[rows, -1]
        rows = rows[touched]
        changed = nearest[rows]
        changed[:, -1] = distances[touched]
        changed.sort(axis=1)
        nearest[rows] = changed
        self._scales.rows[rows] = local_scales(changed)


def _reach_of(distances: NDArray[np.float32], length: int, others: int) -> NDArray[np.float32]:
    tracks, width = distances.shape
    if width >= min(length, others) and width < length:
        return np.full(tracks, np.inf, dtype=np.float32)
    if not width:
        return np.full(tracks, -np.inf, dtype=np.float32)
    return np.array(distances[:, min(width, length) - 1])


def _joined(found: Found, other: Found, length: int) -> Found:
    return in_order(np.concatenate([found[0], other[0]]), np.concatenate([found[1], other[1]]), length)
