"""The one search: what a vector is compared with, and the nearest of that, in an index that may grow after its build.

Builds, tuning and evaluation measure it, engines are compared with it, and the player answers from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.exact import Found, distances_to, nearest_by, squares_of
from indexer.core.model.index.hashing import MOST_UNCERTAIN, HashFamily, Keys
from indexer.core.model.index.rows import RowArray
from indexer.core.model.index.tables import Tables

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]
Rows = NDArray[np.int32]

PROBES = 31
"""Neighbouring buckets that a question looks into per table, at least. Tables are chosen to find the nearest of tracks
of the library by plain distance; new files lie half as far again from everything, and are asked for by scaled distance
after they were drawn to their nearest. With the 3 probes of such a model their recall@10 was 0.87, with 31 it is 0.96,
from 2.2 % of the library instead of 0.8 % (106,574 tracks, 0.2 ms more)."""

EXACT_BELOW = 20_000
"""Rows up to which every row is compared, which is as fast as looking into the tables: an answer took 0.33 ms against
0.36 at 20,000 tracks, 0.59 against 0.55 at 30,000 and 1.10 against 0.47 at 60,000 (one thread, 64 dimensions)."""

MERGE_AT = 1_000
"""Added vectors are compared one by one until there are this many, then merged into the delta's tables."""

_ENOUGH = 1_000
"""Where as many rows share two buckets or more with a query, those that share just one are not compared: at 106,574
tracks they are three quarters of the work and hold 16 in 1,000 of the true ten nearest."""

_EVERY_PROBE = 2**MOST_UNCERTAIN
"""More probes than there are."""

_ROUNDING = 1e-5
"""Error of a squared distance that was computed in float32."""


@dataclass(frozen=True, eq=False)
class BuiltIndex:
    """Vectors with the hash tables over them, as a build made them.

    Attributes:
        vectors: shape (tracks, dims).
        family: the hashes of the tables.
        tables: the buckets of all rows of `vectors` that can be found.
        probes: neighbouring buckets that a question looks into per table.
    """

    vectors: Vectors
    family: HashFamily
    tables: Tables
    probes: int

    @classmethod
    def build(cls, vectors: Vectors, family: HashFamily, probes: int) -> BuiltIndex:
        return cls(vectors, family, Tables.build(family.keys(vectors)), probes)

    @classmethod
    def without_tables(cls, vectors: Vectors) -> BuiltIndex:
        """An index that compares every row."""
        return cls(vectors, HashFamily(np.empty((0, vectors.shape[1])), 0, 1.0), Tables.empty(), 0)

    def __len__(self) -> int:
        return len(self.vectors)

    @cached_property
    def squares(self) -> NDArray[np.float32]:
        """Squared lengths of the vectors, shape (tracks,)."""
        return squares_of(self.vectors)

    @property
    def nbytes(self) -> int:
        """What the vectors and the tables take."""
        tables = self.tables
        arrays = (self.vectors, self.family.projections, tables.keys, tables.starts, tables.rows)
        return sum(array.nbytes for array in arrays)


@dataclass(frozen=True, eq=False)
class Compared:
    """What a vector was compared with.

    Attributes:
        vector: shape (dims,).
        rows: shape (n,), ascending.
        squares: shape (n,), squared distances to them, to about 1e-6.
        vectors_at: the vectors of some positions of `rows`, which are ascending.
        toward: the same rows compared with another vector, shape (dims,).
    """

    vector: Vector
    rows: Rows
    squares: NDArray[np.float32]
    vectors_at: Callable[[NDArray[np.intp]], Vectors]
    toward: Callable[[Vector], Compared]

    def nearest(self, k: int) -> Found:
        """The `k` nearest, by exact distance, best first, equals by row."""
        return nearest_by(self.rows, self.squares, self._measured, k)

    def within(self, reach: NDArray[np.float32]) -> Found:
        """All that are nearer than `reach`, shape (n,), with their exact distances; rows ascending."""
        chosen = np.flatnonzero(self.squares <= np.square(reach) + _ROUNDING)
        rows, distances = self.rows[chosen].astype(np.intp), self._measured(chosen)
        belongs = distances < reach[chosen]
        return rows[belongs], distances[belongs]

    def _measured(self, chosen: NDArray[np.intp]) -> NDArray[np.float32]:
        return distances_to(self.vectors_at(chosen), self.vector)


class SearchIndex:
    """An index as it was built, mapped and never written, with the vectors added since behind it.

    Added vectors are hashed as they come; their keys are merged a thousand at a time into tables of the added alone.
    """

    def __init__(self, built: BuiltIndex, *, exact_below: int = EXACT_BELOW) -> None:
        """Begin with what was built; with fewer than `exact_below` rows all are compared."""
        self._built = built
        self._exact_below = exact_below
        self._added = RowArray(np.empty((0, self.dims), dtype=np.float32))
        self._squares = RowArray(built.squares)
        self._waiting: list[Keys] = []
        self.delta = Tables.empty()

    def __len__(self) -> int:
        return len(self._squares)

    @property
    def dims(self) -> int:
        return int(self._built.vectors.shape[1])

    @property
    def is_exact(self) -> bool:
        """Whether every row is compared: there are few, or there are no tables."""
        return len(self) < self._exact_below or not self._built.family.tables

    def nearest(self, vector: Vector, k: int, allowed: NDArray[np.bool_] | None = None) -> Found:
        """The `k` nearest that are found, best first, equals by row; fewer only where there are no more.

        Args:
            vector: shape (dims,).
            k: how many.
            allowed: shape (rows,), False for rows that must not be found; all may be unless told.
        """
        return self.compared(vector, allowed, k).nearest(k)

    def compared(self, vector: Vector, allowed: NDArray[np.bool_] | None, wanted: int) -> Compared:
        """The rows a vector is compared with; arguments as of `nearest`.

        Where the buckets hold fewer than `wanted`, more buckets are opened, and at last every row is compared.
        """
        if self.is_exact:
            return self._all_compared(vector, allowed)
        for probes in (self._built.probes, _EVERY_PROBE):
            met = self.met(vector, probes)
            rows = met if allowed is None else met[allowed.take(met)]
            if len(rows) >= wanted:
                return self._these_compared(vector, rows, self.vectors(rows))
        return self._all_compared(vector, allowed)

    def met(self, vector: Vector, probes: int) -> Rows:
        """The rows in the buckets of a vector and in `probes` more per table, ascending, and those not hashed yet."""
        keys = self._built.family.probe_keys(vector, probes)
        entries = self._built.tables.entries(keys)
        if len(self.delta.keys):
            entries = np.concatenate([entries, self.delta.entries(keys)])
        rows = _agreeing(entries) if probes < _EVERY_PROBE else np.unique(entries)
        if not self._waiting:
            return rows
        return np.concatenate([rows, np.arange(len(self) - len(self._waiting), len(self), dtype=np.int32)])

    def vectors(self, rows: NDArray[np.integer[Any]]) -> Vectors:
        """The vectors of `rows`, which are ascending: shape (rows, dims)."""
        built = len(self._built)
        split = int(np.searchsorted(rows, built))
        taken = self._built.vectors.take(rows[:split], axis=0)
        if split == len(rows):
            return taken
        return np.concatenate([taken, self._added.rows.take(rows[split:] - built, axis=0)])

    def vector_at(self, row: int) -> Vector:
        built = len(self._built)
        vector: Vector = self._built.vectors[row] if row < built else self._added.rows[row - built]
        return vector

    def append(self, vector: Vector) -> None:
        """Add a vector, shape (dims,), in the next row."""
        self._added.append(vector)
        self._squares.append(vector @ vector)
        if self._built.family.tables:
            self._waiting.append(self._built.family.keys(vector[np.newaxis])[0])
        if len(self._waiting) == MERGE_AT:
            self._merge()

    def distances(self, vector: Vector, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Euclidean distances of a vector, shape (dims,), to `rows`, which are ascending."""
        return distances_to(self.vectors(rows), vector)

    def squared_distances(self, vector: Vector) -> NDArray[np.float32]:
        """Squared Euclidean distances of a vector, shape (dims,), to every row, shape (rows,), to about 1e-6."""
        products = self._built.vectors @ vector
        if len(self._added):
            products = np.concatenate([products, self._added.rows @ vector])
        distances: NDArray[np.float32] = self._squares.rows - 2 * products + vector @ vector
        return distances

    def _these_compared(self, vector: Vector, rows: Rows, vectors: Vectors) -> Compared:
        squares = self._squares.rows.take(rows) - 2 * (vectors @ vector) + vector @ vector
        return Compared(
            vector,
            rows,
            squares,
            vectors_at=lambda chosen: vectors.take(chosen, axis=0),
            toward=lambda other: self._these_compared(other, rows, vectors),
        )

    def _all_compared(self, vector: Vector, allowed: NDArray[np.bool_] | None) -> Compared:
        rows = np.arange(len(self), dtype=np.int32) if allowed is None else np.flatnonzero(allowed).astype(np.int32)
        squares = self.squared_distances(vector)
        return Compared(
            vector,
            rows,
            squares if allowed is None else squares.take(rows),
            vectors_at=lambda chosen: self.vectors(rows[chosen]),
            toward=lambda other: self._all_compared(other, allowed),
        )

    def _merge(self) -> None:
        first = len(self) - len(self._waiting)
        self.delta = self.delta.merged(np.array(self._waiting), first)
        self._waiting = []


def _agreeing(entries: Rows) -> Rows:
    """The rows met in two buckets or more, if those are enough, else all that were met; each once, ascending.

    Args:
        entries: rows as `Tables.entries` gives them, one for each bucket they were met in.
    """
    ordered = np.sort(entries)
    again = ordered[1:] == ordered[:-1]
    is_second = again.copy()
    is_second[1:] &= ~again[:-1]
    often: Rows = ordered[1:][is_second]
    if len(often) >= _ENOUGH:
        return often
    return ordered[np.append(~again, True)] if len(ordered) else ordered
