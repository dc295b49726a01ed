"""Hash tables in flat arrays: every bucket of every table is one slice, found by binary search; made to be mapped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Tables:
    """Buckets of rows (compressed sparse rows).

    Attributes:
        keys: shape (buckets,), ascending, each once; the tables share one range of keys.
        starts: shape (buckets + 1,); bucket i holds rows[starts[i]:starts[i + 1]].
        rows: shape (tracks * tables,); ascending within a bucket.
    """

    keys: NDArray[np.int64]
    starts: NDArray[np.int64]
    rows: Rows

    @classmethod
    def build(cls, keys: NDArray[np.int64]) -> Tables:
        """Tables of the keys of all tracks, shape (tracks, tables); a track's row is its position."""
        tracks, tables = keys.shape
        flat = keys.ravel()
        order = np.argsort(flat, kind="stable")
        rows = np.repeat(np.arange(tracks, dtype=np.int32), tables)[order]
        return cls._of_sorted(flat[order], rows)

    def merged(self, keys: NDArray[np.int64], first_row: int) -> Tables:
        """These tables with more tracks, in rows `first_row`, `first_row` + 1, …: the same as built with them at once.

        Args:
            keys: shape (new tracks, tables).
            first_row: greater than every row that is already there.
        """
        added = Tables.build(keys)
        present = np.repeat(self.keys, np.diff(self.starts))
        new = np.repeat(added.keys, np.diff(added.starts))
        places = np.searchsorted(present, new, side="right")
        rows = np.insert(self.rows, places, added.rows + np.int32(first_row))
        return Tables._of_sorted(np.insert(present, places, new), rows)

    def candidates(self, keys: NDArray[np.int64], tracks: int) -> NDArray[np.intp]:
        """The rows in the buckets of `keys`, each once, ascending; `tracks` is the number of rows there are."""
        found = np.searchsorted(self.keys, keys)
        found[found == len(self.keys)] = 0
        buckets = found[self.keys[found] == keys] if len(self.keys) else found[:0]
        seen = np.zeros(tracks, dtype=bool)
        for start, end in zip(self.starts[buckets].tolist(), self.starts[buckets + 1].tolist(), strict=True):
            seen[self.rows[start:end]] = True
        return np.flatnonzero(seen)

    @property
    def largest_bucket(self) -> int:
        """Number of rows in the fullest bucket."""
        return int(np.diff(self.starts).max(initial=0))

    @classmethod
    def _of_sorted(cls, keys: NDArray[np.int64], rows: Rows) -> Tables:
        unique, first = np.unique(keys, return_index=True)
        starts = np.append(first, len(keys)).astype(np.int64)
        return cls(unique, starts, rows.astype(np.int32, copy=False))
