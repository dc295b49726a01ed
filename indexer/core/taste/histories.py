"""Who heard what, and how much: the rows that everything that learns from listening begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Histories:
    """A sparse matrix of listeners by items, in compressed rows.

    An item is whatever is recommended: a track of a library, an artist, a song of a public data set. Within a row
    items are in ascending order, each once.

    Attributes:
        offsets: shape (listeners + 1,), int64; the entries of listener i are those from offsets[i] to offsets[i + 1].
        items: shape (entries,), int32, below `item_count`.
        plays: shape (entries,), float32; how often it was heard, > 0. Rows of weights that were made of plays have the
            same form, and are negative where something was not liked.
        item_count: how many items there are, heard or not.
    """

    offsets: NDArray[np.int64]
    items: NDArray[np.int32]
    plays: NDArray[np.float32]
    item_count: int

    def __len__(self) -> int:
        """How many listeners there are."""
        return self.offsets.size - 1

    def row(self, listener: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """What a listener heard, and how often; both of shape (entries of the row,)."""
        start, end = self.offsets[listener], self.offsets[listener + 1]
        return self.items[start:end], self.plays[start:end]

    def of(self, listeners: Sequence[int] | NDArray[np.intp]) -> Histories:
        """The rows of these listeners, in this order."""
        return Histories.of_rows([self.row(int(listener)) for listener in listeners], self.item_count)

    def listeners_of_entries(self) -> NDArray[np.int32]:
        """Shape (entries,): which row each entry is in."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offsets))

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[NDArray[np.int32], NDArray[np.float32]]], item_count: int) -> Histories:
        """Histories of rows as `row` gives them."""
        held = list(rows)
        lengths = [items.size for items, _ in held]
        return cls(
            np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
            np.concatenate([np.empty(0, np.int32), *(items for items, _ in held)]).astype(np.int32),
            np.concatenate([np.empty(0, np.float32), *(plays for _, plays in held)]).astype(np.float32),
            item_count,
        )

    @classmethod
    def of_entries(
        cls,
        listeners: NDArray[np.integer],
        items: NDArray[np.integer],
        plays: NDArray[np.floating],
        shape: tuple[int, int],
    ) -> Histories:
        """Histories of single entries in any order, all of shape (entries,); of the same pair the plays are added.

        Args:
            listeners: below shape[0].
            items: below shape[1].
            plays: how often.
            shape: how many listeners and how many items there are.
        """
        keys = listeners.astype(np.int64) * shape[1] + items
        unique, place = np.unique(keys, return_inverse=True)
        added = np.bincount(place, weights=plays, minlength=unique.size).astype(np.float32)
        rows = unique // shape[1]
        offsets = np.searchsorted(rows, np.arange(shape[0] + 1))
        return cls(offsets.astype(np.int64), (unique % shape[1]).astype(np.int32), added, shape[1])
