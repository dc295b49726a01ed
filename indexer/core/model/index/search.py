"""Search in an index of vectors: candidates from the hash tables, exact distances, wider until enough are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.hashing import MOST_UNCERTAIN, HashFamily
from indexer.core.model.index.ranking import nearest
from indexer.core.model.index.tables import Tables

Rows = NDArray[np.int32]

ENOUGH = 1_000
"""Where as many rows share two buckets or more with a query, those that share just one are not compared: at 106,574
tracks they are three quarters of the work and hold 16 in 1,000 of the true ten nearest."""

EVERY_PROBE = 2**MOST_UNCERTAIN
"""More probes than there are."""


@dataclass(frozen=True, eq=False)
class SearchIndex:
    """Vectors with the hash tables over them.

    Attributes:
        vectors: shape (tracks, dims).
        family: the hashes of the tables.
        tables: the buckets of all rows of `vectors` that can be found.
        probes: neighbouring buckets looked into per table.
    """

    vectors: NDArray[np.float32]
    family: HashFamily
    tables: Tables
    probes: int

    @classmethod
    def build(cls, vectors: NDArray[np.float32], family: HashFamily, probes: int) -> SearchIndex:
        return cls(vectors, family, Tables.build(family.keys(vectors)), probes)

    def __len__(self) -> int:
        return len(self.vectors)

    @cached_property
    def squares(self) -> NDArray[np.float32]:
        """Squared lengths of the vectors, shape (tracks,)."""
        return squares_of(self.vectors)

    def candidates(self, vector: NDArray[np.float32], probes: int | None = None) -> Rows:
        """Rows to compare with `vector`, ascending; with as many probes as the index has unless told."""
        keys = self.family.probe_keys(vector, self.probes if probes is None else probes)
        return agreeing(self.tables.entries(keys))

    def nearest(
        self, vector: NDArray[np.float32], k: int, excluded: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The `k` nearest rows that are found, best first, with their distances.

        Where the buckets hold fewer than `k`, neighbouring ones are added, and at last every row is compared; so fewer
        than `k` are returned only if there are no more.

        Args:
            vector: shape (dims,).
            k: how many.
            excluded: shape (tracks,), True for rows that must not be found.
        """
        allowed = np.empty(0, dtype=np.int32)
        for rows in self._wider_and_wider(vector):
            allowed = rows if excluded is None else rows[~excluded[rows]]
            if len(allowed) >= k:
                break
        return nearest(self.vectors, allowed, vector, k)

    def _wider_and_wider(self, vector: NDArray[np.float32]) -> Iterator[Rows]:
        yield self.candidates(vector)
        yield self.tables.candidates(self.family.probe_keys(vector, EVERY_PROBE))
        yield np.arange(len(self), dtype=np.int32)


def agreeing(entries: Rows) -> Rows:
    """The rows met in two buckets or more, if those are enough, else all that were met; each once, ascending.

    Args:
        entries: rows as `Tables.entries` gives them, one for each bucket they were met in.
    """
    ordered = np.sort(entries)
    again = ordered[1:] == ordered[:-1]
    is_second = again.copy()
    is_second[1:] &= ~again[:-1]
    often: Rows = ordered[1:][is_second]
    if len(often) >= ENOUGH:
        return often
    return ordered[np.append(~again, True)] if len(ordered) else ordered


def squares_of(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared lengths of rows, shape (n,), of vectors of shape (n, dims)."""
    squares: NDArray[np.float32] = np.einsum("ij,ij->i", vectors, vectors)
    return squares
