"""Random-projection hashes, equal to those of Spark's BucketedRandomProjectionLSH, joined into keys of hash tables.

A single projection hardly selects: half of all unit vectors share its bucket. So `hashes` projections together make
the key of one table (all must agree), and several tables are looked into (one suffices).

Sources: Datar et al., "Locality-sensitive hashing scheme based on p-stable distributions", SCG 2004;
Lv et al., "Multi-probe LSH", VLDB 2007.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]

MOST_UNCERTAIN = 7
"""Probes change some of this many hashes of a table, those nearest to a border: 127 combinations, enough for all."""

ROWS_AT_ONCE = 8_192
"""Vectors hashed at once: the positions along 576 projections of a million would take 4 GB."""

_TRACKS_PER_BUCKET = 6.5
"""Aimed at on average by `usual_hashes`; real buckets are uneven, and tracks meet in ones several times as full."""

MOST_HASHES = 20

_MIXING_SEED = 0x5E69E
"""Of the odd factors that join hashes into a key; a part of the format, not of a model."""


def usual_hashes(tracks: int) -> int:
    """As many hashes as leave a few tracks to a bucket: 5 at 265 tracks, 14 at 106,574."""
    return min(max(round(math.log2(max(tracks, 1) / _TRACKS_PER_BUCKET)), 1), MOST_HASHES)


@dataclass(frozen=True, eq=False)
class HashFamily:
    """The projections of all tables.

    Attributes:
        projections: shape (tables * hashes, dims), rows of unit length; table t begins at row t * hashes.
        tables: number of hash tables.
        bucket_length: width of a bucket, in the unit of the vectors.
    """

    projections: NDArray[np.float64]
    tables: int
    bucket_length: float

    @classmethod
    def drawn(cls, dims: int, hashes: int, tables: int, seed: int, bucket_length: float = 1.0) -> HashFamily:
        """Projections like Spark's: independent normal numbers, scaled to unit length."""
        drawn = np.random.default_rng(seed).standard_normal((hashes * tables, dims))
        return cls(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), tables, bucket_length)

    @property
    def hashes(self) -> int:
        """Projections per table."""
        return len(self.projections) // max(self.tables, 1)

    def first(self, tables: int) -> HashFamily:
        """The same family with only its first `tables` tables."""
        return HashFamily(self.projections[: tables * self.hashes], tables, self.bucket_length)

    def positions(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Where vectors lie along the projections, in buckets: shape (n, tables * hashes)."""
        positions: NDArray[np.float64] = vectors.astype(np.float64) @ self.projections.T * (1.0 / self.bucket_length)
        return positions

    def buckets(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """The hashes, floor(x·v / bucket_length), shape (n, tables * hashes): Spark's, value for value."""
        return np.floor(self.positions(vectors))

    def keys(self, vectors: NDArray[np.float32]) -> Keys:
        """One key per vector and table, shape (n, tables). Keys of different tables differ."""
        keys = np.empty((len(vectors), self.tables), dtype=np.int64)
        for start in range(0, len(vectors), ROWS_AT_ONCE):
            own = slice(start, start + ROWS_AT_ONCE)
            keys[own] = self.keys_of_buckets(self.buckets(vectors[own]))
        return keys

    def keys_of_buckets(self, buckets: NDArray[np.float64]) -> Keys:
        """The keys of hashes that were computed elsewhere, by Spark for one; shapes as in `buckets` and `keys`."""
        whole = buckets.astype(np.int64).reshape(len(buckets), self.tables, self.hashes)
        joined: Keys = np.einsum("ntk,tk->nt", whole, self._factors) + self._salts
        return joined

    def probe_keys(self, vector: NDArray[np.float32], probes: int) -> Keys:
        """Keys to look up for one vector: its own in every table, then `probes` of likely neighbouring buckets a table.

        A neighbouring bucket is reached by moving hashes over their nearest border; the smaller the sum of squared
        distances to those borders, the likelier are near vectors behind them.

        Returns:
            Shape (tables * (1 + probes),), without order; fewer where there are fewer combinations.
        """
        positions = self.positions(vector[np.newaxis])[0].reshape(self.tables, self.hashes)
        buckets = np.floor(positions)
        own: Keys = np.einsum("tk,tk->t", buckets.astype(np.int64), self._factors) + self._salts
        moves = _moves(min(self.hashes, MOST_UNCERTAIN))
        probes = min(probes, len(moves))
        if probes == 0:
            return own
        past = positions - buckets
        gaps = np.minimum(past, 1.0 - past)
        uncertain = np.argsort(gaps, axis=1, kind="stable")[:, : moves.shape[1]]
        costs = np.take_along_axis(gaps, uncertain, axis=1) ** 2 @ moves.T
        cheapest = np.argsort(costs, axis=1, kind="stable")[:, :probes]
        steps = np.where(past < 0.5, -1, 1) * self._factors  # noqa: PLR2004 - the middle of a bucket
        shifts = np.take_along_axis(steps, uncertain, axis=1) @ moves.T.astype(np.int64)
        return np.concatenate([own, (own[:, np.newaxis] + np.take_along_axis(shifts, cheapest, axis=1)).ravel()])

    @cached_property
    def _factors(self) -> Keys:
        """Odd random factors, shape (tables, hashes); sums of products wrap around, which keeps them spread."""
        generator = np.random.Generator(np.random.PCG64(_MIXING_SEED))
        drawn = generator.integers(-(2**62), 2**62, size=(self.tables, self.hashes + 1)) * 2 + 1
        return drawn[:, : self.hashes]

    @cached_property
    def _salts(self) -> Keys:
        """One per table, shape (tables,), so that equal hashes of two tables do not share a bucket."""
        generator = np.random.Generator(np.random.PCG64(_MIXING_SEED + 1))
        return generator.integers(-(2**62), 2**62, size=self.tables)


_MOVES: dict[int, NDArray[np.float64]] = {}


def _moves(positions: int) -> NDArray[np.float64]:
    """All ways to move some of `positions` hashes: shape (2**positions - 1, positions) of 0 and 1."""
    if positions not in _MOVES:
        numbers = np.arange(1, 2**positions)
        _MOVES[positions] = ((numbers[:, np.newaxis] >> np.arange(positions)) & 1).astype(np.float64)
    return _MOVES[positions]
