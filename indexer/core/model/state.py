"""The tracks a model knows, with vectors, lists and scales that follow what comes and goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.arrays import ModelArrays
from indexer.core.model.between import rows_between
from indexer.core.model.index.exact import Found, in_order
from indexer.core.model.index.rows import RowArray
from indexer.core.model.index.search import EXACT_BELOW, Compared, SearchIndex
from indexer.core.model.lists import GrowingLists, Scales
from indexer.core.model.members import Members
from indexer.core.model.picture.layout import place_among
from indexer.core.model.scaling import SCALE_NEIGHBOURS, scaled_pair_distances
from indexer.core.model.smoothing import SMOOTHED_BY, smoothed_one
from indexer.core.tracks import TrackId

Vector = NDArray[np.float32]


ASKED_POOL = 2
"""So many full lists of the nearest by plain distance compete, by scaled distance, for an answer about what is in no
list; measured at 106,574 tracks: with one list, three of a hundred true nearest are missed."""

_REDRAWN = 2_000
"""Pairs of a growing library: the standard error of a share is below 0.011."""


class ModelState:
    """Keeps `members`, `index`, `lists` and `scales` in step, row by row.

    An added track is found at once: it gets a list and a scale of its own neighbours, and is linked into the lists it
    belongs in, so that an answer costs the same however many were added.
    """

    def __init__(
        self,
        arrays: ModelArrays,
        pool: int,
        *,
        smooth: bool = False,
        redraws: bool = False,
        exact_below: int = EXACT_BELOW,
    ) -> None:
        """Begin with what was built.

        Args:
            arrays: of a model.
            pool: length of a full list.
            smooth: whether vectors were drawn to their nearest, as those that come then are too.
            redraws: whether random pairs are drawn anew as the library grows.
            exact_below: number of rows up to which all are compared.
        """
        self.members = Members(arrays.ids, arrays.comparable)
        self.index = SearchIndex(arrays.index, exact_below=exact_below)
        self.lists = GrowingLists(arrays.neighbours, arrays.distances, pool, self.members.open_count - 1)
        self.scales = Scales(arrays.scales, arrays.distances)
        self._smooth = smooth
        self._pairs, self._redraws, self._drawn_of = arrays.pairs, redraws, 0
        self._plain = arrays.plain
        self._plain_added = RowArray(np.empty((0, self.index.dims), dtype=np.float16))
        self._layout = None if arrays.layout is None else RowArray(np.asarray(arrays.layout))

    @property
    def layout(self) -> NDArray[np.float32] | None:
        """Places of all rows in the picture of the library, shape (rows, 2); None where none was made."""
        return None if self._layout is None else self._layout.rows

    def listed(self, row: int, k: int) -> Found:
        """The nearest comparable tracks of a row, nearest first: as many as a full list holds, or `k` if that is more.

        A list that has lost tracks is made anew by a search, once.
        """
        found = _allowed(self.lists.of(row), self.members.open)
        wanted = min(max(k, self.lists.length), self.members.open_count - int(self.members.open[row]))
        if len(found[0]) >= wanted:
            return found
        searched = self.search(self.index.vector_at(row), k, excluded=[row])
        mended = _united(found, searched, max(k, self.lists.length))
        if k <= self.lists.length:
            self.lists.replace(row, mended)
        return mended

    def search(self, vector: Vector, k: int, excluded: Sequence[int] = ()) -> Found:
        """The comparable tracks nearest to any vector, shape (dims,), nearest first, as many as `listed` gives."""
        return self._compared(vector, k, excluded).nearest(max(k, self.lists.length))

    def ask(self, vector: Vector, k: int, excluded: Sequence[int] = ()) -> Found:
        """The same for a vector as the transform makes it, of what is not in this world."""
        compared = self._compared(vector, k, excluded)
        if self._smooth:
            # Looked for again where it was drawn to: four more of a hundred true nearest are found for half a
            # millisecond at 106,574 tracks.
            compared = self._compared(self._as_drawn(compared).vector, k, excluded)
        return compared.nearest(max(k, ASKED_POOL * self.lists.length))

    def drawn(self, vector: Vector) -> Vector:
        """What is looked for when a vector is asked for, shape (dims,): where the world is smooth, not itself."""
        return self._as_drawn(self._compared(vector, self.lists.length, ())).vector

    def _compared(self, vector: Vector, k: int, excluded: Sequence[int]) -> Compared:
        allowed = self.members.open
        if excluded:
            allowed = allowed.copy()
            allowed[list(excluded)] = False
        return self.index.compared(vector, allowed, max(k, self.lists.length))

    def _as_drawn(self, compared: Compared) -> Compared:
        """What is compared with a vector, compared with it drawn to the nearest of them by scaled distance.

        As in the build, those are chosen among as many as make a scale, the nearest by plain distance. The rows stay
        those of the vector before it was drawn: to look for others costs as much again and finds 0.6 % more of the
        ten nearest.
        """
        if not self._smooth:
            return compared
        rows, distances = compared.nearest(SCALE_NEIGHBOURS)
        # The scale of the vector itself is the same for all, so it does not change the order.
        ranked = np.argsort(distances / np.sqrt(self.scales.rows.take(rows)), kind="stable")[:SMOOTHED_BY]
        return compared.toward(smoothed_one(compared.vector, self.index.vectors(np.sort(rows[ranked]))))

    def measured(self, one: int, other: int) -> Found:
        """The row `other` alone, with its distance from `one`."""
        row = np.array([other])
        return row, self.index.distances(self.index.vector_at(one), row)

    def between(self, ends: tuple[int, int], places: int, count: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """About `count` comparable rows around the line between two, and where on it each lies; see `rows_between`."""
        first, last = (self.index.vector_at(end) for end in ends)
        allowed = self.members.open.copy()
        allowed[list(ends)] = False
        from_start = self.index.squared_distances(first)
        rows, share = rows_between(
            from_start,
            self.index.squared_distances(last),
            self.scales.rows,
            allowed,
            apart=float(from_start[ends[1]]),
            places=places,
            count=count,
        )
        return rows, share[rows]

    def plain(self, rows: NDArray[np.intp]) -> Vector:
        """Vectors of rows as the transform made them, before smoothing, shape (rows, dims)."""
        return self._plain_at(rows)

    def apart(self, one: int, others: NDArray[np.intp]) -> NDArray[np.float32]:
        """Euclidean distances of a row to others, shape (others,), as the transform made them, before smoothing."""
        differences = self._plain_at(others) - self._plain_at(np.array([one]))
        distances: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", differences, differences))
        return distances

    def closeness(self, distances: NDArray[np.float32]) -> NDArray[np.float64]:
        """What near and far mean here: share of random pairs of comparable tracks that are farther apart.

        Args:
            distances: shape (n,), scaled.

        Returns:
            Shape (n,); 1 where there are no pairs.
        """
        self._redraw()
        nearer = np.searchsorted(self._pairs, distances, side="right")
        shares: NDArray[np.float64] = 1.0 - nearer / max(len(self._pairs), 1)
        return shares

    def typical(self) -> float:
        """Scaled distance of a typical pair of comparable tracks, the median; infinite where there are no pairs."""
        self._redraw()
        count = len(self._pairs)
        return float(self._pairs[count // 2]) if count else np.inf

    def _redraw(self) -> None:
        """Draw random pairs anew where the library has grown to twice as many tracks."""
        if self._redraws and self.members.open_count >= max(2 * self._drawn_of, 2):
            rows = np.flatnonzero(self.members.open)
            self._drawn_of = len(rows)
            vectors = self.index.vectors(np.arange(len(self.index)))
            self._pairs = scaled_pair_distances(vectors, self.scales.rows, rows, seed=0, count=_REDRAWN)

    def add(self, track: TrackId, vector: Vector, *, comparable: bool) -> None:
        """Add a track that is not there, by its vector as the transform makes it, shape (dims,).

        One that is not comparable asks and is never an answer.
        """
        compared = self._as_drawn(self._compared(vector, self.lists.length, ()))
        found = compared.nearest(self.lists.length)
        if comparable:
            self._link(compared.within(self.lists.reach.take(compared.rows)))
            if len(self.members.askers):
                self._link(self._askers_near(compared.vector))
        self.members.append(track, comparable=comparable, changed=not self._is_as_built(track, vector))
        self.index.append(compared.vector)
        self._plain_added.append(vector)
        self.lists.append(found)
        self.scales.append(found[1])
        if self._layout is not None:
            self._layout.append(place_among(self._layout.rows, found[0], len(self._layout)))

    def _is_as_built(self, track: TrackId, vector: Vector) -> bool:
        """Whether a track has come back with the vector that it was built with, as far as half precision tells."""
        row = self.members.built_row_of(track)
        if row is None or (self._plain is None and self._smooth):
            return False
        return bool(np.allclose(self._plain_at(np.array([row]))[0], vector, rtol=2e-3, atol=2e-3))

    def _plain_at(self, rows: NDArray[np.intp]) -> Vector:
        """Vectors of rows before smoothing, shape (rows, dims); of a model that kept none, those after it."""
        built = len(self.index) - len(self._plain_added)
        if self._plain is None:
            order = np.argsort(rows, kind="stable")
            known = np.empty((len(rows), self.index.dims), dtype=np.float32)
            known[order] = self.index.vectors(rows[order])
        else:
            known = self._plain.take(np.minimum(rows, built - 1), axis=0).astype(np.float32)
        added = rows >= built
        if added.any():
            known[added] = self._plain_added.rows[rows[added] - built]
        return known

    def _link(self, near: Found) -> None:
        """Put the next row to come into the lists of rows near it."""
        if len(near[0]):
            self.lists.link(*near, len(self.index))
            self.scales.add_neighbour(*near)

    def _askers_near(self, vector: Vector) -> Found:
        """Rows that are never found, and in whose lists a vector belongs."""
        rows = self.members.askers
        distances = self.index.distances(vector, rows)
        belongs = distances < self.lists.reach.take(rows)
        return rows[belongs], distances[belongs]


def _allowed(found: Found, allowed: NDArray[np.bool_]) -> Found:
    kept = allowed.take(found[0])
    return found if kept.all() else (found[0][kept], found[1][kept])


def _united(one: Found, other: Found, k: int) -> Found:
    rows, first = np.unique(np.concatenate([one[0], other[0]]), return_index=True)
    return in_order(rows, np.concatenate([one[1], other[1]])[first], k)
