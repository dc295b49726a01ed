"""The folders of the library for those who browse by folder: named by ids that tell nothing of where they lie."""

from __future__ import annotations

import hashlib
import os

import numpy as np

from indexer.core.catalogue.catalogue import Rows
from indexer.core.catalogue.folder_tree import folders_of
from indexer.core.catalogue.grouping import NO_PARENT
from musicplayer.server.subsonic.errors import NotFound
from musicplayer.server.view import LibraryView, letters_of

_ID_BYTES = 9
_NUMBER_BYTES = 3
"""Of the number of a music folder, which apps keep as 32 bits."""


class FolderTree:
    """The folders of one state of a library. Folders without listed tracks are not there.

    Attributes:
        view: that state.
    """

    def __init__(self, view: LibraryView) -> None:
        self.view = view
        self._tree = folders_of(view.catalogue)
        listed = self._tree.counts(view.catalogue.rows()) > 0
        self._present = set(np.flatnonzero(listed).tolist())
        self._numbers = {_identity(key): number for number, key in enumerate(self._tree.keys)}
        self._indexed: dict[int, list[tuple[str, list[int]]]] = {}
        self._below: dict[int, list[int]] = {}
        for number, parent in enumerate(self._tree.parents.tolist()):
            if number in self._present:
                self._below.setdefault(parent, []).append(number)
        column = view.catalogue.folders()
        self._code_of = {folder: code for code, folder in enumerate(column.values)}
        self._tops = {_number(self._tree.keys[folder]): folder for folder in self._below.get(NO_PARENT, ())}

    @property
    def tops(self) -> dict[int, int]:
        """The folders that the library was given, by the numbers that apps know them by."""
        return self._tops

    def number(self, identity: str) -> int:
        """The folder of an id.

        Raises:
            NotFound: there is none, or nothing is in it any more.
        """
        number = self._numbers.get(identity)
        if number is None or number not in self._present:
            raise NotFound("subsonic-not-found")
        return number

    def top(self, number: int) -> int:
        """The folder that the library was given of a number; raises NotFound."""
        if number not in self._tops:
            raise NotFound("subsonic-not-found")
        return self._tops[number]

    def identity(self, folder: int) -> str:
        """What a folder is asked for by."""
        return _identity(self._tree.keys[folder])

    def name(self, folder: int) -> str:
        """The last part of its path: where the library lies is nobody's business."""
        label = self._tree.labels[folder]
        return label.rstrip(os.sep).rpartition(os.sep)[2] or label

    def parent(self, folder: int) -> int | None:
        """The folder above it, None at the top."""
        above = int(self._tree.parents[folder])
        return None if above == NO_PARENT else above

    def below(self, folder: int) -> list[int]:
        """The folders in it, by name."""
        return self._below.get(folder, [])

    def indexed(self, folder: int) -> list[tuple[str, list[int]]]:
        """The folders in it under their letters, as `letters_of` has names."""
        if folder not in self._indexed:
            below = self.below(folder)
            found = letters_of([self.name(one) for one in below])
            self._indexed[folder] = [(letter, [below[place] for place in places]) for letter, places in found]
        return self._indexed[folder]

    def rows_in(self, folder: int) -> Rows:
        """The listed tracks that lie in the folder itself, in the order of their files."""
        catalogue = self.view.catalogue
        code = self._code_of.get(self._tree.keys[folder])
        if code is None:
            return np.empty(0, np.intp)
        rows = catalogue.rows()
        found = rows[catalogue.folders().codes[rows] == code]
        in_order = sorted(found.tolist(), key=lambda row: (catalogue.path(row), catalogue.numbers("start")[row]))
        return np.array(in_order, np.intp)

    def rows_below(self, number: int) -> Rows:
        """The listed tracks of a folder that the library was given; raises NotFound."""
        return self._tree.rows_of([self.top(number)], self.view.catalogue.rows())


def _digest(path: str, size: int) -> bytes:
    return hashlib.blake2b(os.fsencode(path), digest_size=size).digest()


def _identity(path: str) -> str:
    return f"fo-{_digest(path, _ID_BYTES).hex()}"


def _number(path: str) -> int:
    return int.from_bytes(_digest(path, _NUMBER_BYTES))
