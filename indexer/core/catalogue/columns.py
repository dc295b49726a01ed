"""Columns that hold a hundred thousand values in little memory and sort and search at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from operator import ne
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.text import fold, identity, natural_key

_FIRST_CAPACITY = 1024


class NumberColumn:
    """Numbers by row, in an array that grows in place."""

    def __init__(self, dtype: type[np.generic], values: NDArray[Any] | None = None) -> None:
        """Start empty, or from `values`, shape (rows,), which belong to the column from now on."""
        self._data = np.empty(_FIRST_CAPACITY, dtype) if values is None else values.astype(dtype, copy=False)
        self._count = 0 if values is None else len(values)

    def __len__(self) -> int:
        return self._count

    @property
    def array(self) -> NDArray[Any]:
        """All values, shape (rows,); a view that is valid until the column grows."""
        return self._data[: self._count]

    def __getitem__(self, row: int) -> int | float:
        value: int | float = self._data[row].item()
        return value

    def __setitem__(self, row: int, value: float) -> None:
        self._data[row] = value

    def extend(self, values: Sequence[float]) -> None:
        end = self._count + len(values)
        if end > len(self._data):
            grown = np.empty(max(end, 2 * len(self._data)), self._data.dtype)
            grown[: self._count] = self.array
            self._data = grown
        self._data[self._count : end] = values
        self._count = end


class TextColumn:
    """Texts by row, each different one stored once; what is asked of the texts is asked of those few."""

    def __init__(
        self,
        values: list[str] | None = None,
        codes: NDArray[Any] | None = None,
        ranks: NDArray[np.int32] | None = None,
    ) -> None:
        """Start empty, or from different `values`, the `codes` (rows,) that point at them, and the values' ranks."""
        self._values = values or []
        self._codes = NumberColumn(np.int32, codes)
        self._code_of: dict[str, int] | None = None
        self._packed = PackedTexts()
        self._ranks = np.empty(0, np.int32) if ranks is None else ranks
        self._empty: int | None = None
        self._looked_for_empty = 0

    def __getitem__(self, row: int) -> str:
        text: str = self._values[self._codes._data[row]]  # noqa: SLF001 - painted cells come through here
        return text

    def __setitem__(self, row: int, text: str) -> None:
        self._codes[row] = self._code(text)

    def extend(self, texts: Iterable[str]) -> None:
        self._codes.extend([self._code(text) for text in texts])

    @property
    def values(self) -> list[str]:
        """The different texts, in order of first appearance."""
        return self._values

    @property
    def codes(self) -> NDArray[Any]:
        """Shape (rows,): place in `values` of each row's text."""
        return self._codes.array

    @property
    def folded(self) -> list[str]:
        """The different texts without case and accents, in the order of `values`: a new list at every call."""
        return self._searched().texts()

    def containing(self, needle: str) -> NDArray[np.bool_]:
        """Return shape (rows,): where the folded text holds the folded `needle`, or is empty if that is."""
        found: NDArray[np.bool_] = self._searched().holding(needle)[self.codes]
        return found

    def starting(self, beginning: str) -> NDArray[np.bool_]:
        """Return shape (rows,): where the folded text starts with the folded `beginning`."""
        found: NDArray[np.bool_] = self._searched().starting(beginning)[self.codes]
        return found

    def ranks(self) -> NDArray[np.int32]:
        """Return shape (values,): place of each value in natural order; texts of one identity share one.

        A few new values look for their places by halving, so that of the many that are there few are compared.
        """
        known, count = len(self._ranks), len(self._values)
        if known < count and (count - known) * known.bit_length() < known:
            self._ranks = self._ranks_with(self._values[known:])
        elif known < count:
            at_hand = len(self._packed) == count
            keys = list(map(_sort_key, self.folded if at_hand else map(fold, self._values), self._values))
            order = sorted(range(count), key=keys.__getitem__)
            self._ranks = np.empty(count, np.int32)
            self._ranks[order] = _steps([keys[code] for code in order])
        return self._ranks

    def sort_keys(self) -> NDArray[np.float64]:
        """Return shape (rows,): numbers that sort as the texts do, NaN for an empty one."""
        keys = self.ranks().astype(np.float64)
        empty = self._code_of_empty()
        if empty is not None:
            keys[empty] = np.nan
        found: NDArray[np.float64] = keys[self.codes]
        return found

    def row_ranks(self) -> NDArray[np.int64]:
        """Return shape (rows,): the rank of each row's text."""
        found: NDArray[np.int64] = self.ranks().astype(np.int64)[self.codes]
        return found

    def _ranks_with(self, fresh: Sequence[str]) -> NDArray[np.int32]:
        """The ranks there are, and those of `fresh` values behind them, each put where it belongs."""
        one_of = np.empty(int(self._ranks.max()) + 1, np.intp)  # a code for each rank
        one_of[self._ranks] = np.arange(len(self._ranks))
        keys = [_sort_key(fold(text), text) for text in fresh]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        place, places, is_new = 0, [], []
        for key in (keys[number] for number in order):
            place = bisect_left(one_of, key, lo=place, key=self._sort_key_of)
            places.append(place)
            is_new.append(place == len(one_of) or self._sort_key_of(one_of[place]) != key)
        begins = np.diff(_steps([keys[number] for number in order]), prepend=-1) > 0
        inserted = begins & is_new
        moved = np.searchsorted(np.array(places)[inserted], np.arange(len(one_of)), side="right")
        ranks = np.empty(len(self._ranks) + len(fresh), np.int32)
        ranks[: len(self._ranks)] = self._ranks + moved[self._ranks]
        ranks[len(self._ranks) :][order] = np.array(places) + np.cumsum(inserted) - is_new
        return ranks

    def _sort_key_of(self, code: np.intp) -> str:
        text = self._values[code]
        return _sort_key(fold(text), text)

    def _code(self, text: str) -> int:
        if self._code_of is None:  # of a library that nothing comes to it is never wanted
            self._code_of = {value: code for code, value in enumerate(self._values)}
        code = self._code_of.get(text)
        if code is None:
            code = self._code_of[text] = len(self._values)
            self._values.append(text)
        return code

    def _code_of_empty(self) -> int | None:
        """The code of the empty text; None while no row has it."""
        if self._empty is None:
            with suppress(ValueError):
                self._empty = self._values.index("", self._looked_for_empty)
            self._looked_for_empty = len(self._values)
        return self._empty

    def _searched(self) -> PackedTexts:
        """The different texts, folded, once they are asked for."""
        self._packed.extend(list(map(fold, self._values[len(self._packed) :])))
        return self._packed


def _steps(ordered: list[str]) -> NDArray[np.int32]:
    """Shape (n,): numbers from 0 on of sorted texts, equal ones sharing theirs."""
    steps = np.fromiter(map(ne, ordered[1:], ordered), np.int32, max(len(ordered) - 1, 0))
    return np.concatenate(([0], np.cumsum(steps)))[: len(ordered)].astype(np.int32)


def _sort_key(folded: str, text: str) -> str:
    """Accents decide where nothing else does, so that no two names share a place."""
    return natural_key(folded) if text.isascii() else f"{natural_key(folded)}\0{identity(text)}"


_NOT_YET = -1


class Names:
    """Numbers the names in one or several columns, all spellings of one alike, as they are asked for.

    Attributes:
        names: by number, as first written.
    """

    def __init__(self, columns: Mapping[str, TextColumn], name_in: Mapping[str, Callable[[str], str]]) -> None:
        """Number the values of those of `columns` that `name_in` has, by what it finds in each of them."""
        self.names: list[str] = []
        self._number_of: dict[str, int] = {}
        self._sources = {field: (columns[field], find, NumberColumn(np.intp)) for field, find in name_in.items()}

    def of_rows(self, field: str, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return shape (n,): the number of the name that each of `rows`, shape (n,), has in a field."""
        column, find, numbers = self._sources[field]
        numbers.extend([_NOT_YET] * (len(column.values) - len(numbers)))
        codes = column.codes[rows]
        for code in np.unique(codes[numbers.array[codes] == _NOT_YET]).tolist():
            numbers[code] = self._number(find(column.values[code]))
        found: NDArray[np.intp] = numbers.array[codes]
        return found

    def number_of(self, name: str) -> int:
        """The number of a name, which it gets if it has none."""
        return self._number(name)

    def _number(self, name: str) -> int:
        number = self._number_of.setdefault(identity(name), len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number


_END = "\0"  # in no path and in no cleaned tag


class PackedTexts:
    """Texts one behind the other in one array of bytes, in which all of them are searched at once."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._bytes = np.empty(0, np.uint8)
        self._ends = np.empty(0, np.int32)
        self.extend(list(texts))

    def __len__(self) -> int:
        return len(self._ends)

    def extend(self, texts: Sequence[str]) -> None:
        """Put further texts behind those that are there."""
        if texts:
            joined = "".join(f"{text.replace(_END, ' ')}{_END}" for text in texts)
            fresh = np.frombuffer(joined.encode("utf-8", "surrogatepass"), np.uint8)
            ends = (np.flatnonzero(fresh == 0) + len(self._bytes)).astype(np.int32)
            self._bytes, self._ends = np.concatenate((self._bytes, fresh)), np.concatenate((self._ends, ends))

    def texts(self) -> list[str]:
        """All of them."""
        return self._bytes.tobytes().decode("utf-8", "surrogatepass").split(_END)[: len(self)]

    def holding(self, needle: str) -> NDArray[np.bool_]:
        """Return shape (texts,): which hold `needle`, or are empty if it is."""
        wanted = needle.encode("utf-8", "surrogatepass")
        room = len(self._bytes) - len(wanted) + 1
        if not wanted:
            empty: NDArray[np.bool_] = self._ends == self._starts()
            return empty
        if room <= 0 or _END in needle:
            return np.zeros(len(self), np.bool_)
        here = self._bytes[:room] == wanted[0]
        if len(wanted) == 1:
            found: NDArray[np.bool_] = np.logical_or.reduceat(here, self._starts())
            return found
        here &= self._bytes[1 : room + 1] == wanted[1]
        places = np.flatnonzero(here)
        for step, byte in enumerate(wanted[2:], 2):
            places = places[self._bytes[places + step] == byte]
        found = np.zeros(len(self), np.bool_)
        found[np.searchsorted(self._ends, places)] = True
        return found

    def holding_all(self, needles: Iterable[str]) -> NDArray[np.bool_]:
        """Return shape (texts,): which hold each of `needles`, wherever; all of them if there is none."""
        found = np.ones(len(self), np.bool_)
        for needle in needles:
            found &= self.holding(needle)
        return found

    def starting(self, beginning: str) -> NDArray[np.bool_]:
        """Return shape (texts,): which start with `beginning`."""
        wanted, starts = beginning.encode("utf-8", "surrogatepass"), self._starts()
        found: NDArray[np.bool_] = self._ends - starts >= len(wanted)
        for step, byte in enumerate(wanted):
            found[found] = self._bytes[starts[found] + step] == byte
        return found

    def _starts(self) -> NDArray[np.int32]:
        return np.concatenate((np.zeros(1, np.int32), self._ends[:-1] + 1))[: len(self)]
