"""The folder of every track: kept per different path, so that only new paths are looked at."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from musicplayer.library.columns import TextColumn, holding
from musicplayer.library.folding import fold

Codes = NDArray[np.int32]


class FolderColumn:
    """What a `TextColumn` of the folders would be, derived from the one of the paths."""

    def __init__(self, paths: TextColumn) -> None:
        self._paths = paths
        self._code_of: dict[str, int] = {}
        self._folded: list[str] = []
        self._of_path = np.empty(0, np.int32)

    @property
    def values(self) -> list[str]:
        """The different folders, in order of first appearance."""
        self._follow()
        return list(self._code_of)

    @property
    def codes(self) -> Codes:
        """Shape (rows,): place in `values` of each row's folder."""
        self._follow()
        found: Codes = self._of_path[self._paths.codes]
        return found

    def containing(self, needle: str) -> NDArray[np.bool_]:
        """Return shape (rows,): where the folded path of the folder holds `needle`, or is empty if that is."""
        codes = self.codes
        self._folded += [fold(folder) for folder in self.values[len(self._folded) :]]
        found: NDArray[np.bool_] = holding(self._folded, needle)[codes]
        return found

    def _follow(self) -> None:
        """Look at the paths that came since the last time."""
        known, values = len(self._of_path), self._paths.values
        if known == len(values):
            return
        codes, separator = self._code_of, os.sep
        fresh = [codes.setdefault(path.rpartition(separator)[0], len(codes)) for path in values[known:]]
        self._of_path = np.concatenate((self._of_path, np.array(fresh, np.int32)))
