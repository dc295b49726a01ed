"""Finds the tracks of the library that a playlist file means, by ids and by the words of paths alone."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.library import TrackId
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.folding import fold
from musicplayer.library.playlist_entries import Entry, Listing, paths_of
from musicplayer.library.playlist_files import read_playlist

_TAIL = 2
"""File name and folder: what a path has left in common when a library was moved to another drive."""


@dataclass(frozen=True)
class Shelf:
    """Where every listed track is; taken in the main thread, used in another.

    Attributes:
        paths: of the files, as the catalogue has them.
        ids: of the tracks, in the same order.
    """

    paths: Sequence[str]
    ids: Sequence[TrackId]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Shelf:
        rows = catalogue.rows()
        texts = catalogue.texts("path")
        values = texts.values
        return cls([values[code] for code in texts.codes[rows].tolist()], catalogue.ids(rows.tolist()))


@dataclass(frozen=True)
class Imported:
    """A playlist file as the library understands it.

    Attributes:
        name: what the list is called.
        tracks: those that were found, in the file's order.
        missing: the entries that the library does not have.
        folder: the folder that all the missing files are under, where the file tells; nobody looked whether it exists.
    """

    name: str
    tracks: tuple[TrackId, ...]
    missing: tuple[Entry, ...]
    folder: str = ""


def import_playlist(path: Path, shelf: Shelf) -> Imported:
    """Read a playlist file and find its tracks. Only that file is opened.

    Raises:
        PlaylistFileError: it cannot be read or is no playlist.
    """
    here = path.absolute()
    folders = dict.fromkeys([str(here.parent), os.path.realpath(here.parent)])
    return matched(read_playlist(here), list(folders), shelf)


def matched(listing: Listing, folders: Sequence[str], shelf: Shelf) -> Imported:
    """The tracks that a listing means; relative paths start from `folders`, absolute ones."""
    finder = _Finder(shelf)
    found = [(entry, finder.find(entry, folders)) for entry in listing.entries]
    missing = tuple(entry for entry, track in found if track is None)
    tracks = tuple(track for _, track in found if track is not None)
    return Imported(listing.name, tracks, missing, _common_folder(missing, folders[:1]))


def tracks_below(shelf: Shelf, paths: Sequence[str]) -> tuple[list[TrackId], list[str]]:
    """The tracks of files and folders that were dropped, in their order, and the paths that hold none."""
    by_path = dict(zip(shelf.paths, shelf.ids, strict=True))
    tracks: list[TrackId] = []
    unknown: list[str] = []
    for path in map(os.path.normpath, paths):
        below = os.path.join(path, "")  # noqa: PTH118 - with the separator at the end
        found = (
            [by_path[path]]
            if path in by_path
            else [by_path[each] for each in sorted(by_path) if each.startswith(below)]
        )
        tracks += found
        if not found:
            unknown.append(path)
    return tracks, unknown


class _Finder:
    """Looks entries up: by id, by path, by path but for case and composition, by the end of a path that is unique."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._ids = set(shelf.ids)
        self._by_path = dict(zip(shelf.paths, shelf.ids, strict=True))
        self._by_look: dict[str, TrackId] | None = None
        self._by_tail: dict[str, TrackId | None] = {}

    def find(self, entry: Entry, folders: Sequence[str]) -> TrackId | None:
        if entry.track in self._ids:
            return entry.track
        paths = list(paths_of(entry, folders))
        for path in paths:
            if path in self._by_path:
                return self._by_path[path]
        by_look = self._looks()
        for path in paths:
            if (found := by_look.get(_look(path))) or (found := self._by_tail.get(_tail(path))):
                return found
        return None

    def _looks(self) -> dict[str, TrackId]:
        if self._by_look is None:
            self._by_look = {}
            for path, track in self._by_path.items():
                self._by_look[_look(path)] = track
                tail = _tail(path)
                self._by_tail[tail] = None if tail in self._by_tail else track
        return self._by_look


def _look(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _tail(path: str) -> str:
    return fold("/".join(path.replace("\\", "/").rsplit("/", _TAIL)[-_TAIL:]))


def _common_folder(missing: Iterable[Entry], folders: Sequence[str]) -> str:
    """Empty where the files share nothing but the root of a drive, or lie on another machine."""
    firsts = [next(paths_of(entry, folders), "") for entry in missing]
    parents = {os.path.dirname(path) for path in firsts if path and not path.startswith(("//", "\\\\"))}  # noqa: PTH120
    try:
        common = os.path.commonpath(parents) if parents else ""
    except ValueError:
        return ""
    return common if len(Path(common).parts) > _TAIL else ""
