"""Hash tables in flat arrays: every bucket of every table is one slice, found by binary search; made to be mapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]

_DIRECTORY_FROM = 4_096
"""Fewer keys lie in a cache near enough to be searched as they are."""

_KEYS_PER_SLOT = 2


@dataclass(frozen=True, eq=False)
class _Directory:
    """Where among many keys to look for one: keys spread evenly, so their first bits tell to within a few places.

    A binary search in two million keys waits for memory twenty times; this way it is twice.

    Attributes:
        starts: shape (slots + 1,); keys whose first bits are i lie from starts[i] to starts[i + 1].
        shift: bits of a key that are not among the first.
    """

    starts: NDArray[np.int32]
    shift: np.uint64

    @classmethod
    def of(cls, keys: NDArray[np.int64]) -> _Directory:
        """The directory of keys, shape (n,), ascending."""
        bits = max(1, (len(keys) // _KEYS_PER_SLOT).bit_length())
        shift = np.uint64(64 - bits)
        counts = np.bincount(_first_bits(keys, shift), minlength=2**bits)
        return cls(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), shift)

    def places(self, keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.intp]:
        """Positions in `keys`, those the directory is of, of `wanted`, as far as they are there."""
        slots = _first_bits(wanted, self.shift)
        places, counts = ranges(self.starts.take(slots), self.starts.take(slots + 1))
        there: NDArray[np.intp] = places[keys.take(places) == np.repeat(wanted, counts)]
        return there


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
        buckets = self._buckets_of(keys)
        return self.rows.take(ranges(self.starts.take(buckets), self.starts.take(buckets + 1))[0])

    def _buckets_of(self, keys: NDArray[np.int64]) -> NDArray[np.intp]:
        """Positions in `self.keys` of those of `keys` that are there."""
        if not len(self.keys):
            return np.empty(0, dtype=np.intp)
        if len(self.keys) >= _DIRECTORY_FROM:
            return self._directory.places(self.keys, keys)
        found = np.searchsorted(self.keys, keys)
        found[found == len(self.keys)] = 0
        there: NDArray[np.intp] = found[self.keys.take(found) == keys]
        return there

    @cached_property
    def _directory(self) -> _Directory:
        return _Directory.of(self.keys)

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


def _first_bits(keys: NDArray[np.int64], shift: np.uint64) -> NDArray[np.intp]:
    """Numbers from 0 on that ascend with the keys."""
    unsigned = keys.view(np.uint64) ^ np.uint64(1 << 63)
    return (unsigned >> shift).astype(np.intp)


def ranges(
    starts: NDArray[np.integer[Any]], ends: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All numbers from starts[i] to below ends[i], for every i one after the other, and how many each gives."""
    counts = (ends - starts).astype(np.intp)
    before = np.cumsum(counts)
    total = int(before[-1]) if len(before) else 0
    return np.repeat(starts - before + counts, counts) + np.arange(total), counts
