"""From a track's features to its vector: a chain of named steps, applied alike by Spark's workers and here.

Every step is a small frozen object of arrays with one method, so a new kind of learning is a new step and nothing else
changes: the chain is stored by its names and arrays and read back from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.errors import ModelCorrupt

Rows = NDArray[np.float64]
"""One row per track."""

_TINY = 1e-12
"""A row shorter than this has no direction; it stays as it is instead of becoming noise."""


class Step(Protocol):
    """One step of a transform."""

    name: ClassVar[str]

    def apply(self, rows: Rows) -> Rows:
        """The rows after this step; never changes its argument."""


@dataclass(frozen=True, eq=False)
class Select:
    """Keeps `columns`, shape (kept,), of the profile's columns."""

    name: ClassVar[str] = "select"
    columns: NDArray[np.int64]

    def apply(self, rows: Rows) -> Rows:
        return rows[:, self.columns]


@dataclass(frozen=True, eq=False)
class Scale:
    """Subtracts `offset` and multiplies by `factor`, both of shape (columns,); a constant column has the factor 0."""

    name: ClassVar[str] = "scale"
    offset: NDArray[np.float32]
    factor: NDArray[np.float32]

    def apply(self, rows: Rows) -> Rows:
        return (rows - self.offset) * self.factor


@dataclass(frozen=True, eq=False)
class Clip:
    """Limits every value to -`limit` … `limit`: one outlying column must not decide over a track."""

    name: ClassVar[str] = "clip"
    limit: NDArray[np.float64]

    def apply(self, rows: Rows) -> Rows:
        return np.clip(rows, -float(self.limit), float(self.limit))


@dataclass(frozen=True, eq=False)
class WhitenBlocks:
    """Turns each block of columns to the directions in which tracks differ and windows of one track do not.

    A block's own length counts with its square root only: blocks in which a track is unlike all others must not
    decide alone, nor be levelled to those in which it is like all others.

    Attributes:
        names: shape (blocks,), ASCII.
        sizes, kept: shape (blocks,), columns of each block before and after.
        weights: shape (blocks,), factor of each block.
        centre: shape (columns,), subtracted.
        axes: shape (columns, largest of `kept`), of each block its own rows; zeros where fewer directions are kept.
    """

    name: ClassVar[str] = "whiten"
    names: NDArray[np.bytes_]
    sizes: NDArray[np.int64]
    kept: NDArray[np.int64]
    weights: NDArray[np.float64]
    centre: NDArray[np.float64]
    axes: NDArray[np.float64]

    def apply(self, rows: Rows) -> Rows:
        centred, parts, start = rows - self.centre, [], 0
        for size, kept in zip(self.sizes.tolist(), self.kept.tolist(), strict=True):
            parts.append(centred[:, start : start + size] @ self.axes[start : start + size, :kept])
            start += size
        joined = np.concatenate(parts, axis=1)
        # All blocks at once: for a single track, of which the player waits, a dozen steps cost more than the products.
        lengths = np.sqrt(np.add.reduceat(joined * joined, np.cumsum(self.kept) - self.kept, axis=1))
        factors = self.weights / np.sqrt(np.where(lengths > _TINY, lengths, 1.0))
        return joined * np.repeat(factors, self.kept, axis=1)

    def by_block(self, row: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        """The parts of one row of what `apply` returned."""
        parts = np.split(row, np.cumsum(self.kept)[:-1])
        return {name.decode("ascii"): part for name, part in zip(self.names.tolist(), parts, strict=True)}


@dataclass(frozen=True, eq=False)
class Project:
    """Subtracts `centre`, shape (columns,), and projects on `axes`, shape (columns, dims)."""

    name: ClassVar[str] = "project"
    centre: NDArray[np.float64]
    axes: NDArray[np.float64]

    def apply(self, rows: Rows) -> Rows:
        return (rows - self.centre) @ self.axes


@dataclass(frozen=True, eq=False)
class UnitLength:
    """Divides every row by its length."""

    name: ClassVar[str] = "unit"

    def apply(self, rows: Rows) -> Rows:
        return _unit(rows)


_STEPS: dict[str, type[Any]] = {step.name: step for step in (Select, Scale, Clip, WhitenBlocks, Project, UnitLength)}


@dataclass(frozen=True, eq=False)
class Transform:
    """Steps in the order in which they are applied."""

    steps: tuple[Step, ...] = ()

    def then(self, *steps: Step) -> Transform:
        return Transform(self.steps + steps)

    def apply(self, means: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Vectors of tracks.

        Args:
            means: shape (tracks, profile columns), the mean of each track's windows.

        Returns:
            Shape (tracks, dims). Values that are not finite count as 0.
        """
        vectors: NDArray[np.float32] = self.apply_exactly(means).astype(np.float32)
        return vectors

    def apply_exactly(self, means: NDArray[np.floating[Any]]) -> Rows:
        """The same before rounding to float32, for learning the next step."""
        rows: Rows = np.nan_to_num(np.asarray(means, dtype=np.float64), posinf=0.0, neginf=0.0)
        for step in self.steps:
            rows = step.apply(rows)
        return rows

    def vector(self, windows: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """The vector, shape (dims,), of one track whose features have the shape (windows, profile columns)."""
        vector: NDArray[np.float32] = self.apply(mean_of_windows(windows)[np.newaxis])[0]
        return vector

    @property
    def blocks(self) -> tuple[str, ...]:
        """Names of the blocks that are weighed against each other; none where columns are compared as they are."""
        return tuple(
            name.decode("ascii") for step in self.steps if isinstance(step, WhitenBlocks) for name in step.names
        )

    def joined(self, windows: NDArray[np.floating[Any]]) -> dict[str, NDArray[np.float64]]:
        """The weighed blocks of one track by name, before they are projected; empty for a transform without blocks.

        Squared distances between two tracks before the projection are the sums of those of their blocks.

        Args:
            windows: shape (windows, profile columns).
        """
        for count, step in enumerate(self.steps, start=1):
            if isinstance(step, WhitenBlocks):
                row = Transform(self.steps[:count]).apply_exactly(mean_of_windows(windows)[np.newaxis])[0]
                return step.by_block(row)
        return {}

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Every array of every step, named `transform.<position>.<step>.<array>`."""
        arrays: dict[str, NDArray[Any]] = {}
        for position, step in enumerate(self.steps):
            prefix = f"transform.{position}.{step.name}"
            arrays[prefix] = np.zeros(0)  # so that a step without arrays is there too
            arrays |= {f"{prefix}.{entry.name}": getattr(step, entry.name) for entry in fields(step)}  # type: ignore[arg-type]
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Transform:
        """The inverse of `to_arrays`; other names are ignored.

        Raises:
            ModelCorrupt: a step this version does not know, or one whose arrays do not fit it.
        """
        found: dict[tuple[int, str], dict[str, NDArray[Any]]] = {}
        for name, array in arrays.items():
            parts = name.split(".")
            if parts[0] == "transform":
                step = found.setdefault((int(parts[1]), parts[2]), {})
                step |= {parts[3]: array} if len(parts) > 3 else {}  # noqa: PLR2004
        try:
            return cls(tuple(_STEPS[name](**found[position, name]) for position, name in sorted(found)))
        except (KeyError, TypeError) as error:
            raise ModelCorrupt("model-kind-unknown") from error


def means_of_windows(features: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Shape (tracks, columns), from (tracks, windows, columns); equal to the last bit in Spark and in the player."""
    means: NDArray[np.float32] = np.asarray(features).mean(axis=1, dtype=np.float64).astype(np.float32)
    return means


def mean_of_windows(windows: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Shape (columns,), from (windows, columns) of one track."""
    mean: NDArray[np.float32] = means_of_windows(np.asarray(windows)[np.newaxis])[0]
    return mean


def _unit(rows: Rows) -> Rows:
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, np.newaxis]
    return rows * np.where(lengths > _TINY, 1.0 / np.maximum(lengths, _TINY), 1.0)
