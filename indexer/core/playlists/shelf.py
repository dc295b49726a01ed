"""Where every track of the library is and what it is, in the order in which lines of playlists are looked up."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.playlists.evidence import About, words
from indexer.core.tracks import Seconds, TrackId

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_AFTER = "\U0010ffff"
T = TypeVar("T")


@dataclass(frozen=True)
class Shelf:
    """The listed tracks as columns; taken in the main thread, used in another, which makes the indexes once.

    Attributes:
        paths: of the files, as the catalogue has them; tracks of a cue sheet share one.
        ids: of the tracks, in the same order.
        artists: likewise, as are all that follow; empty columns where nothing is known about the files.
        album_artists: empty where it is the artist.
        titles: of the tracks.
        albums: of the tracks.
        seconds: lengths, NaN where nobody knows.
        starts: where the tracks begin in their files, in seconds.
    """

    paths: Sequence[str]
    ids: Sequence[TrackId]
    artists: Sequence[str] = ()
    album_artists: Sequence[str] = ()
    titles: Sequence[str] = ()
    albums: Sequence[str] = ()
    seconds: Sequence[Seconds] = ()
    starts: Sequence[Seconds] = field(default=())

    @classmethod
    def of(cls, catalogue: Catalogue) -> Shelf:
        rows = catalogue.rows()
        ids, _ = catalogue.ids_by_row()

        def texts(name: str) -> _Picked[str]:
            column = catalogue.texts(name)
            return _Picked(list(column.values), column.codes[rows])

        return cls(
            texts("path"),
            _Picked(ids, rows.copy()),
            texts("artist"),
            texts("album_artist"),
            texts("title"),
            texts("album"),
            catalogue.numbers("seconds").array[rows].tolist(),
            catalogue.numbers("start").array[rows].tolist(),
        )

    def about(self, row: int) -> About:
        if not self.titles:
            return About()
        seconds = self.seconds[row]
        known = seconds if seconds == seconds else None  # noqa: PLR0124 - NaN is not equal to itself
        return About(self.artists[row], self.album_artists[row], self.titles[row], self.albums[row], known)

    @cached_property
    def at_path(self) -> dict[str, list[int]]:
        """Rows by path; several where a file holds several tracks."""
        found: dict[str, list[int]] = {}
        for row, path in enumerate(self.paths):
            found.setdefault(path, []).append(row)
        for rows in found.values():
            if len(rows) > 1 and self.starts:
                rows.sort(key=self.starts.__getitem__)
        return found

    @cached_property
    def known_ids(self) -> dict[TrackId, int]:
        return {track: row for row, track in enumerate(self.ids)}

    @cached_property
    def ends(self) -> Ends:
        return Ends(self.at_path)

    @cached_property
    def by_title(self) -> dict[str, list[int]]:
        """Rows by title as words."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row, title in enumerate(self.titles):
            if title:
                found[words(title)].append(row)
        return found

    @cached_property
    def in_order(self) -> list[str]:
        """Paths, each once, in order."""
        return sorted(self.at_path)

    def below(self, path: str) -> list[TrackId]:
        """The tracks of a file, or of all files in a folder, in order."""
        if path in self.at_path:
            return [self.ids[row] for row in self.at_path[path]]
        start = os.path.join(path, "")  # noqa: PTH118 - with the separator at the end
        found = self.in_order[bisect_left(self.in_order, start) : bisect_left(self.in_order, start + _AFTER)]
        return [self.ids[row] for each in found for row in self.at_path[each]]


class _Picked(Sequence[T]):
    """Values by codes: copied in no time, and put together where there is time."""

    def __init__(self, values: Sequence[T], codes: NDArray[np.integer[Any]]) -> None:
        self._values = values
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return [self._values[code] for code in self._codes[at].tolist()]
        return self._values[int(self._codes[at])]

    def __iter__(self) -> Iterator[T]:
        return map(self._values.__getitem__, self._codes.tolist())


class Ends:
    """Finds the paths that end as another one does, however much of the end that is."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Put `paths` in the order of their ends."""
        folders: dict[str, str] = {}
        entries = sorted([(_key(path, folders), path) for path in paths])
        self._keys = [key for key, _ in entries]
        self._paths = [path for _, path in entries]

    def longest(self, parts: Sequence[str]) -> int:
        """How many of `parts`, those of a path from its end, the path with the longest common end shares."""
        key = _joined(parts)
        at = bisect_left(self._keys, key)
        return max((_common(key, near) for near in self._keys[max(0, at - 1) : at + 1]), default=0)

    def with_end(self, parts: Sequence[str]) -> list[str]:
        """All paths that end in these parts."""
        key = _joined(parts)
        return self._paths[bisect_left(self._keys, key) : bisect_left(self._keys, key + _AFTER)]


def parts_of(path: str) -> list[str]:
    """A path with slashes as words from its end: the stem of the file, its folder, and so on."""
    *folders, name = [part for part in path.split("/") if part and part != "."] or [""]
    return [words(stem_of(name)), *map(words, reversed(folders))]


def stem_of(name: str) -> str:
    """The name of a file without its ending, if it has one."""
    return _ENDING.sub("", name.strip()) or name


def ending_of(path: str) -> str:
    found = _ENDING.search(path.strip())
    return found[0].lower() if found else ""


def _key(path: str, folders: dict[str, str]) -> str:
    """The parts of a path as one text; `folders` keeps those of folders that were met before."""
    folder, _, name = path.rpartition("/")
    above = folders.get(folder)
    if above is None:
        above = folders[folder] = _joined(parts_of(f"{folder}/x")[1:])
    return f"{words(stem_of(name))}/{above}"


def _joined(parts: Sequence[str]) -> str:
    return "/".join((*parts, "")) if parts else ""


def _common(key: str, other: str) -> int:
    """Parts that two keys share at their beginning."""
    return os.path.commonprefix((key, other)).count("/")  # noqa: RUF071 - of words with a slash after each
