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
    def build(cls, keys: NDArray[np.int64], rows: Rows | None = None) -> Tables:
        """Tables of the keys of tracks, shape (tracks, tables).

        Args:
            keys: of the tracks that can be found.
            rows: the tracks' rows, ascending, shape (tracks,); their positions unless told.
        """
        tracks, tables = keys.shape
        flat = keys.ravel()
        order = np.argsort(flat, kind="stable")
        own = np.arange(tracks, dtype=np.int32) if rows is None else rows
        return cls._of_sorted(flat[order], np.repeat(own, tables)[order])

    @classmethod
    def empty(cls) -> Tables:
        """Tables of no track."""
        return cls(np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int32))

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

    def entries(self, keys: NDArray[np.int64]) -> Rows:
        """The rows in the buckets of `keys`, without order: a row is there once for every bucket it is met in."""
        if not len(self.keys):
            return np.empty(0, dtype=np.int32)
        keys = np.sort(keys)  # neighbouring searches then walk through the same memory: half the time
        found = np.searchsorted(self.keys, keys)
        found[found == len(self.keys)] = 0
        buckets = found[self.keys[found] == keys]
        starts = self.starts[buckets]
        lengths = self.starts[buckets + 1] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        rows: Rows = self.rows.take(np.repeat(starts - ends + lengths, lengths) + np.arange(total))
        return rows

    def candidates(self, keys: NDArray[np.int64]) -> Rows:
        """The rows in the buckets of `keys`, each once, ascending."""
        return np.unique(self.entries(keys))

    @property
    def largest_bucket(self) -> int:
        """Number of rows in the fullest bucket."""
        return int(np.diff(self.starts).max(initial=0))

    @classmethod
    def _of_sorted(cls, keys: NDArray[np.int64], rows: Rows) -> Tables:
        is_first = np.ones(len(keys), dtype=bool)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        first = np.flatnonzero(is_first)
        return cls(keys[first], np.append(first, len(keys)).astype(np.int64), rows.astype(np.int32, copy=False))
