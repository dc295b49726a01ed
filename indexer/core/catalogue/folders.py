"""The folder of every track: kept per different path, so that only new paths are looked at."""

from __future__ import annotations

import os
import re

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.columns import PackedTexts, TextColumn
from indexer.core.text import fold

Codes = NDArray[np.int32]

_DISCS = r"cd|disc|disk|disque|disco|dvd|lp|platte|диск|ディスク"
_COUNTED = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(_COUNTED)})"
_DISC = re.compile(
    rf"(?:(?P<album>.*\S)?[\s._\-(\[{{]+|^)(?:{_DISCS})[\s._#-]*{_NUMBER}(?:\s*(?:of|/)\s*\d+)?[)\]}}]?(?:[\s\-:,._(].*)?",
    re.IGNORECASE,
)
"""A folder of one disc: "CD1", "Disc 2 - Live", "The Wall (CD 2)"."""

_BETWEEN = " ._-,:([{"


class FolderColumn:
    """What a `TextColumn` of the folders would be, derived from the one of the paths."""

    def __init__(self, paths: TextColumn) -> None:
        self._paths = paths
        self._code_of: dict[str, int] = {}
        self._packed = PackedTexts()
        self._of_path = np.empty(0, np.int32)
        self._album_numbers: dict[str, int] = {}
        self._albums: dict[int, tuple[int, int]] = {}

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

    def discs(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The folder of the album that each row's folder belongs to, and the disc of it that the folder is.

        Args:
            rows: shape (n,).

        Returns:
            Both of shape (n,): a number that folders of discs of one album share, and which disc, 0 for no such folder.
        """
        codes, values = self.codes[rows], list(self._code_of)
        for code in np.setdiff1d(codes, list(self._albums)).tolist():
            album, disc = disc_of(values[code])
            self._albums[code] = self._album_numbers.setdefault(album, len(self._album_numbers)), disc
        different, places = np.unique(codes, return_inverse=True)
        found = np.array([self._albums[code] for code in different.tolist()], np.intp).reshape(-1, 2)[places]
        return found[:, 0], found[:, 1]

    def containing(self, needle: str) -> NDArray[np.bool_]:
        """Return shape (rows,): where the folded path of the folder holds `needle`, or is empty if that is."""
        codes = self.codes
        self._packed.extend(list(map(fold, self.values[len(self._packed) :])))
        found: NDArray[np.bool_] = self._packed.holding(needle)[codes]
        return found

    def _follow(self) -> None:
        """Look at the paths that came since the last time."""
        known, values = len(self._of_path), self._paths.values
        if known == len(values):
            return
        codes, separator = self._code_of, os.sep
        fresh = [codes.setdefault(path.rpartition(separator)[0], len(codes)) for path in values[known:]]
        self._of_path = np.concatenate((self._of_path, np.array(fresh, np.int32)))


def disc_of(folder: str) -> tuple[str, int]:
    """The folder of the whole album, and the number of the disc that `folder` is; 0 where it is no disc's own."""
    above, _, name = folder.rpartition(os.sep)
    found = _DISC.fullmatch(name)
    if found is None:
        return folder, 0
    number = found["number"].lower()
    beside = (found["album"] or "").rstrip(_BETWEEN)
    return (f"{above}{os.sep}{beside}" if beside else above), _COUNTED.get(number) or int(number)
