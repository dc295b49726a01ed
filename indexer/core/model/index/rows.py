"""An array to which rows are added one at a time, at a cost that does not grow with its length."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)

_SPARE_ROWS = 1_000
_SPARE_SHARE = 0.25


class RowArray(Generic[Number]):
    """Rows of one shape in one piece of memory, which is a quarter longer than needed whenever it has to grow."""

    def __init__(self, first: NDArray[Number]) -> None:
        """Begin with a copy of `first`, shape (rows, …)."""
        self._count = len(first)
        self._held = self._grown(first)

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> NDArray[Number]:
        """All rows, shape (rows, …): a view to read and write, valid until the next `append`."""
        return self._held[: self._count]

    def append(self, row: NDArray[Number] | Any) -> None:
        if self._count == len(self._held):
            self._held = self._grown(self._held, 1)
        self._held[self._count] = row
        self._count += 1

    def extend(self, rows: NDArray[Number]) -> None:
        """Append several, shape (n, …)."""
        end = self._count + len(rows)
        if end > len(self._held):
            self._held = self._grown(self._held[: self._count], len(rows))
        self._held[self._count : end] = rows
        self._count = end

    def _grown(self, first: NDArray[Number], more: int = 0) -> NDArray[Number]:
        room = len(first) + more + max(_SPARE_ROWS, int(_SPARE_SHARE * len(first)))
        held: NDArray[Number] = np.empty((room, *first.shape[1:]), dtype=first.dtype)
        held[: len(first)] = first
        return held
