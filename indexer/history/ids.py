"""Gives ids their places in the order in which they come, very many at once and in little memory."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST_ID = 64
"""Bytes."""

Words = NDArray[np.uint64]
"""Ids of shape (ids, words): eight bytes a word, with zeros after the end of each; no id has zeros of its own.

Rows of them are had by `take`, which is many times as fast as brackets."""

_WORD = 8
_MOST_WORDS = LONGEST_ID // _WORD
_FIRST_SLOTS = 1 << 10
_ROOM = 4
"""Slots for each id, so that two seldom want the same; of four bytes each."""

_FACTORS = np.frombuffer(os.urandom(LONGEST_ID), np.uint64) | np.uint64(1)
"""Drawn anew by each process: no file can be made whose ids all want the same slot."""


def _masks() -> Words:
    """The bytes that belong to an id, by its length; shape (lengths, words)."""
    return (np.arange(LONGEST_ID) < np.arange(LONGEST_ID + 1)[:, None]).astype(np.uint8).view(np.uint64) * np.uint64(
        255
    )


_MASKS = _masks()


def words_of(ids: Sequence[bytes]) -> Words:
    """Ids, none of them longer than LONGEST_ID."""
    width = _width(max(map(len, ids), default=0))
    return np.array(ids, f"S{width * _WORD}").view(np.uint64).reshape(len(ids), width)


def words_in(text: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Words:
    """Ids that are in a text, after the last of which come LONGEST_ID bytes or more.

    Args:
        text: with the ids.
        starts: shape (ids,), where each begins.
        lengths: shape (ids,), how many bytes each has, up to LONGEST_ID.
    """
    longest = int(lengths.max(initial=0))
    width = _width(longest)
    everywhere = np.ndarray((len(text) - width * _WORD + 1,), f"V{width * _WORD}", text, strides=(1,))
    words: Words = everywhere[starts].view(np.uint64).reshape(starts.size, width)
    is_same = longest == lengths.min(initial=LONGEST_ID)
    words &= _MASKS[longest, :width] if is_same else _MASKS[:, :width].take(lengths, axis=0)
    return words


class Places:
    """A table of ids with open addressing; memory is that of the ids and 16 to 32 bytes for each."""

    def __init__(self) -> None:
        self._count = 0
        self._ids: Words = np.zeros((1, 1), np.uint64)
        self._slots = np.full(_FIRST_SLOTS, -1, np.int32)

    def __len__(self) -> int:
        return self._count

    def ids(self) -> list[bytes]:
        """By their places."""
        ids = self._ids[: self._count]
        return np.ascontiguousarray(ids).view(f"S{ids.shape[1] * _WORD}").ravel().tolist() if self._count else []

    def of(self, ids: Words) -> NDArray[np.int32]:
        """The place of each, counted from 0; those that were not known get the next ones in their order."""
        known, count = self._count, len(ids)
        self._make_room(ids)
        ids = _widened(ids, self._ids.shape[1])
        self._ids[known : known + count] = ids  # for the time being: all of them, as if all were new
        places, found_in = np.empty(count, np.int32), np.empty(count, np.int64)
        rows, slots = np.arange(count), self._wanted(ids)
        while rows.size:
            free = np.flatnonzero(self._slots[slots] < 0)[::-1]
            self._slots[slots[free]] = (
                known + rows[free]
            )  # of several that want one the last in this order, the first row
            there = self._slots[slots]
            is_same = _is_same(self._ids.take(there, axis=0), ids if rows.size == count else ids.take(rows, axis=0))
            same = np.flatnonzero(is_same)
            places[rows[same]], found_in[rows[same]] = there[same], slots[same]
            others = np.flatnonzero(~is_same)
            rows, slots = rows[others], slots[others] + 1 & self._slots.size - 1
        new = np.flatnonzero(places == np.arange(known, known + count))
        self._ids[known : known + new.size] = ids.take(new, axis=0)
        self._slots[found_in[new]] = known + np.arange(new.size)
        self._count += new.size
        is_new = np.flatnonzero(places >= known)
        places[is_new] = known + np.searchsorted(new, places[is_new] - known)
        return places

    def known(self, ids: Words) -> NDArray[np.int32]:
        """The place of each, -1 of those that have none."""
        self._make_room(ids[:0])
        ids = _widened(ids, self._ids.shape[1])
        places = np.full(len(ids), -1, np.int32)
        rows, slots = np.arange(len(ids)), self._wanted(ids)
        while rows.size:
            taken = np.flatnonzero(self._slots[slots] >= 0)
            rows, slots = rows[taken], slots[taken]
            there = self._slots[slots]
            is_same = _is_same(self._ids.take(there, axis=0), ids.take(rows, axis=0))
            places[rows[is_same]] = there[is_same]
            rows, slots = rows[~is_same], slots[~is_same] + 1 & self._slots.size - 1
        return places

    def _make_room(self, ids: Words) -> None:
        """For ids all of which may be new."""
        count, width = self._count + len(ids), max(self._ids.shape[1], ids.shape[1])
        if count > len(self._ids) or width > self._ids.shape[1]:
            larger = np.zeros((max(count, len(self._ids) + len(self._ids) // 2), width), np.uint64)
            larger[: self._count, : self._ids.shape[1]] = self._ids[: self._count]
            self._ids = larger
        if self._count * _ROOM > self._slots.size or count * 2 > self._slots.size:
            size = self._slots.size
            while size < max(self._count * _ROOM, count * 2):
                size *= 2
            self._slots = np.full(size, -1, np.int32)
            self._seat()

    def _seat(self) -> None:
        """Put all ids into a table that is empty."""
        rows, slots = np.arange(self._count, dtype=np.int32), self._wanted(self._ids[: self._count])
        while rows.size:
            free = np.flatnonzero(self._slots[slots] < 0)
            self._slots[slots[free]] = rows[free]
            others = np.flatnonzero(self._slots[slots] != rows)
            rows, slots = rows[others], slots[others] + 1 & self._slots.size - 1

    def _wanted(self, ids: Words) -> NDArray[np.int64]:
        """The slot where each is looked for first: the upper bits of a sum of products with factors (multiply-shift).

        Source: Dietzfelbinger et al., "A reliable randomized algorithm for the closest-pair problem", J. Algorithms 25
        (1997); words that are 0 change nothing, so that it is the same however wide the table is.
        """
        mixed: NDArray[np.uint64] = ids[:, 0] * _FACTORS[0]
        for word in range(1, ids.shape[1]):
            mixed += ids[:, word] * _FACTORS[word]
        mixed ^= mixed >> np.uint64(32)
        mixed *= _FACTORS[0]
        mixed >>= np.uint64(64 - (self._slots.size - 1).bit_length())
        return mixed.astype(np.int64)


def same_as_before(ids: Words) -> NDArray[np.bool_]:
    """Which ids are those that come before them; the first is none."""
    return np.concatenate([np.zeros(min(len(ids), 1), bool), _is_same(ids[1:], ids[:-1])])


def _width(length: int) -> int:
    return max(-(-length // _WORD), 1)


def _widened(ids: Words, width: int) -> Words:
    return ids if ids.shape[1] == width else np.pad(ids, ((0, 0), (0, width - ids.shape[1])))


def _is_same(some: Words, others: Words) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = some[:, 0] == others[:, 0]
    for word in range(1, some.shape[1]):
        same &= some[:, word] == others[:, word]
    return same
