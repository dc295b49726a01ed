"""Breaks inputs: flips, cuts, doubles, inflates and nests parts of whole ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.fuzz.target import LARGEST

_NUMBERS = (0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WIDE_NUMBERS = (*_NUMBERS, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF)
_MOST_CHANGES = 8
_DEEP = (3, 100, 5_000)


class Mutator:
    """Makes inputs of whole ones, the same for the same random numbers."""

    def __init__(self, seeds: Sequence[bytes], words: Sequence[bytes], chance: random.Random) -> None:
        self._seeds = list(seeds) or [b""]
        self._words = list(words) or [b"\x00", b"\xff"]
        self._chance = chance
        self._ways: list[Callable[[bytearray], bytearray]] = [
            self._flip,
            self._flip,
            self._set_number,
            self._set_number,
            self._truncate,
            self._remove,
            self._double,
            self._insert_word,
            self._overwrite_word,
            self._nest,
            self._splice,
            self._blank,
        ]

    def make(self) -> bytes:
        """One input: a whole one with one to eight changes."""
        data = bytearray(self._chance.choice(self._seeds))
        for _ in range(self._chance.randint(1, _MOST_CHANGES)):
            data = self._chance.choice(self._ways)(data)
        return bytes(data[:LARGEST])

    def _place(self, data: bytearray) -> int:
        """Anywhere, and half of the time near the start, where headers are."""
        if not data:
            return 0
        end = len(data) if self._chance.random() < 0.5 else min(len(data), 512)
        return self._chance.randrange(end)

    def _span(self, data: bytearray) -> slice:
        start = self._place(data)
        return slice(start, start + self._chance.choice((1, 2, 4, 8, 16, 64, 512, 4096)))

    def _flip(self, data: bytearray) -> bytearray:
        for _ in range(self._chance.choice((1, 1, 2, 8))):
            if data:
                data[self._place(data)] ^= 1 << self._chance.randrange(8)
        return data

    def _set_number(self, data: bytearray) -> bytearray:
        """A length, a count or an offset that lies."""
        size = self._chance.choice((1, 2, 4, 8))
        number = self._chance.choice(_WIDE_NUMBERS) & (256**size - 1)
        start = self._place(data)
        data[start : start + size] = number.to_bytes(size, self._chance.choice(("big", "little")))
        return data

    def _truncate(self, data: bytearray) -> bytearray:
        return data[: self._place(data)]

    def _remove(self, data: bytearray) -> bytearray:
        del data[self._span(data)]
        return data

    def _double(self, data: bytearray) -> bytearray:
        span = self._span(data)
        data[span.start : span.start] = bytes(data[span]) * self._chance.choice((1, 2, 50))
        return data

    def _insert_word(self, data: bytearray) -> bytearray:
        place = self._place(data)
        data[place:place] = self._chance.choice(self._words)
        return data

    def _overwrite_word(self, data: bytearray) -> bytearray:
        place, word = self._place(data), self._chance.choice(self._words)
        data[place : place + len(word)] = word
        return data

    def _nest(self, data: bytearray) -> bytearray:
        place, word = self._place(data), self._chance.choice(self._words)
        data[place:place] = (word * self._chance.choice(_DEEP))[:LARGEST]
        return data

    def _splice(self, data: bytearray) -> bytearray:
        other = self._chance.choice(self._seeds)
        return data[: self._place(data)] + bytearray(other[self._chance.randrange(len(other) + 1) :])

    def _blank(self, data: bytearray) -> bytearray:
        span = self._span(data)
        data[span] = bytes([self._chance.choice((0, 0xFF, 0x20))]) * len(data[span])
        return data
