"""Sums over tracks that a transform is learnt from: small, and the same whether one process adds them or a cluster.

Each kind is computed from a batch of features, of shape (tracks, windows, columns), and batches add up. Floating point
addition depends on its order: whoever wants the same model twice adds the same batches in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.space.transform import Transform, means_of_windows

Features = NDArray[np.floating[Any]]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sums:
    """Arrays that add up, one by one, with those of another batch."""

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, entry.name) + getattr(other, entry.name) for entry in fields(self)))

    def scaled(self, factor: float) -> Self:
        """The same as if every track had counted `factor` times."""
        return type(self)(*(getattr(self, entry.name) * factor for entry in fields(self)))

    def to_bytes(self) -> list[bytes]:
        """One string of float64 for each array."""
        return [np.asarray(getattr(self, entry.name), dtype=np.float64).tobytes() for entry in fields(self)]

    def from_bytes(self, parts: Sequence[bytes]) -> Self:
        """The inverse of `to_bytes` for sums of the same shapes as these."""
        shapes = [np.shape(getattr(self, entry.name)) for entry in fields(self)]
        arrays = [
            np.frombuffer(part, dtype=np.float64).reshape(shape) for part, shape in zip(parts, shapes, strict=True)
        ]
        return type(self)(*arrays)


@dataclass(frozen=True, eq=False)
class Moments(Sums):
    """Of every window.

    Attributes:
        windows: how many, shape ().
        totals, squares: shape (columns,), of the values and of their squares.
    """

    windows: FloatArray
    totals: FloatArray
    squares: FloatArray

    @classmethod
    def none(cls, columns: int) -> Moments:
        return cls(np.zeros(()), np.zeros(columns), np.zeros(columns))

    @classmethod
    def of(cls, transform: Transform, features: Features) -> Moments:
        """Of `transform` of every window."""
        rows = transform.apply_exactly(_windows(features))
        return cls(np.array(float(len(rows))), rows.sum(axis=0), np.square(rows).sum(axis=0))


@dataclass(frozen=True, eq=False)
class Scatter(Sums):
    """How windows differ, and how windows of one track differ, block of columns by block.

    Attributes:
        windows: how many, shape ().
        freedom: windows beyond the first of each track, shape ().
        totals: shape (columns,).
        products, within: the outer products of the windows, and of their deviations from the mean of their track;
            of each block the rows one after the other, all in one row of shape (sum of squared block sizes,).
    """

    windows: FloatArray
    freedom: FloatArray
    totals: FloatArray
    products: FloatArray
    within: FloatArray

    @classmethod
    def none(cls, sizes: Sequence[int]) -> Scatter:
        area = sum(size * size for size in sizes)
        return cls(np.zeros(()), np.zeros(()), np.zeros(sum(sizes)), np.zeros(area), np.zeros(area))

    @classmethod
    def of(cls, transform: Transform, sizes: Sequence[int], features: Features) -> Scatter:
        """Of `transform` of every window; `sizes` are those of the blocks, side by side."""
        tracks, windows, _ = features.shape
        rows = transform.apply_exactly(_windows(features))
        apart = rows.reshape(tracks, windows, -1)
        apart = (apart - apart.mean(axis=1, keepdims=True)).reshape(len(rows), -1)
        count, freedom = np.array(float(len(rows))), np.array(float(tracks * (windows - 1)))
        return cls(count, freedom, rows.sum(axis=0), _block_products(rows, sizes), _block_products(apart, sizes))


@dataclass(frozen=True, eq=False)
class Spread(Sums):
    """Of the vectors of tracks after all steps learnt so far.

    Attributes:
        tracks: how many, shape ().
        totals: shape (columns,).
        products: outer products, shape (columns, columns).
    """

    tracks: FloatArray
    totals: FloatArray
    products: FloatArray

    @classmethod
    def none(cls, columns: int) -> Spread:
        return cls(np.zeros(()), np.zeros(columns), np.zeros((columns, columns)))

    @classmethod
    def of(cls, transform: Transform, features: Features) -> Spread:
        """Of `transform` of every track."""
        rows = transform.apply_exactly(means_of_windows(features))
        return cls(np.array(float(len(rows))), rows.sum(axis=0), rows.T @ rows)

    def stretched(self, factors: FloatArray) -> Spread:
        """The same as if each column had been multiplied by its factor, shape (columns,)."""
        return Spread(self.tracks, self.totals * factors, self.products * np.outer(factors, factors))


def blocks_of(flat: FloatArray, sizes: Sequence[int]) -> list[FloatArray]:
    """The square matrices of each block, from one row as `Scatter` keeps them."""
    ends = np.cumsum([size * size for size in sizes])
    return [part.reshape(size, size) for part, size in zip(np.split(flat, ends[:-1]), sizes, strict=True)]


def _windows(features: Features) -> Features:
    return features.reshape(-1, features.shape[2])


def _block_products(rows: FloatArray, sizes: Sequence[int]) -> FloatArray:
    blocks = np.split(rows, np.cumsum(sizes)[:-1], axis=1)
    return np.concatenate([(block.T @ block).ravel() for block in blocks])
