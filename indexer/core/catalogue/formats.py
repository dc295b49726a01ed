"""The format of every track by the ending of its file: kept per path, so that only new paths are looked at."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.columns import TextColumn

_LONGEST = 5


class FormatColumn:
    """What a `TextColumn` of the formats would be, derived from the one of the paths."""

    def __init__(self, paths: TextColumn) -> None:
        self._paths = paths
        self._code_of: dict[str, int] = {}
        self._formats = TextColumn()
        self._of_path = np.empty(0, np.int32)

    def __getitem__(self, row: int) -> str:
        self._follow()
        return self._formats[int(self._of_path[self._paths.codes[row]])]

    def containing(self, needle: str) -> NDArray[np.bool_]:
        """Return shape (rows,): where the format holds the folded `needle`, or is not known if that is empty."""
        codes = self._codes()
        found: NDArray[np.bool_] = self._formats.containing(needle)[codes]
        return found

    def starting(self, beginning: str) -> NDArray[np.bool_]:
        """Return shape (rows,): where the format starts with the folded `beginning`."""
        codes = self._codes()
        found: NDArray[np.bool_] = self._formats.starting(beginning)[codes]
        return found

    def sort_keys(self) -> NDArray[np.float64]:
        """Return shape (rows,): numbers that sort as the formats do, NaN for one that is not known."""
        codes = self._codes()
        found: NDArray[np.float64] = self._formats.sort_keys()[codes]
        return found

    def _codes(self) -> NDArray[np.int32]:
        self._follow()
        found: NDArray[np.int32] = self._of_path[self._paths.codes]
        return found

    def _follow(self) -> None:
        """Look at the paths that came since the last time."""
        known, values = len(self._of_path), self._paths.values
        if known == len(values):
            return
        fresh = [self._code(format_of(path)) for path in values[known:]]
        self._of_path = np.concatenate((self._of_path, np.array(fresh, np.int32)))

    def _code(self, name: str) -> int:
        if name not in self._code_of:
            self._code_of[name] = len(self._code_of)
            self._formats.extend([name])
        return self._code_of[name]


def format_of(path: str) -> str:
    """`FLAC` for what ends in ".flac"; empty for a name without an ending."""
    name = path.rpartition(os.sep)[2]
    stem, dot, ending = name.rpartition(".")
    is_one = stem and dot and ending.isalnum() and len(ending) <= _LONGEST
    return ending.upper() if is_one else ""
