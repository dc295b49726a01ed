"""Search in an index of vectors: candidates from the hash tables, exact distances, wider until enough are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.model.hashing import MOST_UNCERTAIN, HashFamily
from indexer.model.ranking import nearest
from indexer.model.tables import Tables


@dataclass(frozen=True, eq=False)
class SearchIndex:
    """Vectors with the hash tables over them.

    Attributes:
        vectors: shape (tracks, dims).
        family: the hashes of the tables.
        tables: the buckets of all rows of `vectors`.
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

    def extended(self, vectors: NDArray[np.float32]) -> SearchIndex:
        """This index with more vectors after its own, shape (new, dims); same as built with them at once."""
        tables = self.tables.merged(self.family.keys(vectors), len(self))
        return SearchIndex(np.concatenate([self.vectors, vectors]), self.family, tables, self.probes)

    def candidates(self, vector: NDArray[np.float32], probes: int | None = None) -> NDArray[np.intp]:
        """Rows that share a bucket with `vector`, ascending; with as many probes as the index has unless told."""
        keys = self.family.probe_keys(vector, self.probes if probes is None else probes)
        return self.tables.candidates(keys, len(self))

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
        allowed = np.empty(0, dtype=np.intp)
        for rows in self._wider_and_wider(vector):
            allowed = rows if excluded is None else rows[~excluded[rows]]
            if len(allowed) >= k:
                break
        return nearest(self.vectors, allowed, vector, k)

    def _wider_and_wider(self, vector: NDArray[np.float32]) -> Iterator[NDArray[np.intp]]:
        yield self.candidates(vector)
        yield self.candidates(vector, 2**MOST_UNCERTAIN)
        yield np.arange(len(self))
