"""Finds the tracks of the library that a playlist file means, by ids, paths and names, and never another artist's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from indexer.core.playlists import evidence
from indexer.core.playlists.entries import Entry, Listing, paths_of
from indexer.core.playlists.evidence import About, Says
from indexer.core.playlists.files import read_playlist
from indexer.core.playlists.shelf import Shelf, ending_of, parts_of, stem_of
from indexer.core.text import path_identity
from indexer.core.tracks import TrackId

_FRAME = 1 / 75
"""Seconds that the parts of a file differ by at least."""

_SHORTEST = 2
"""Parts that a moved file has in common with a line at least: its name and its album's folder."""


class How(StrEnum):
    """How a line was found, or why it was not."""

    EXACT = "exact"
    MOVED = "moved"
    ENDING = "ending"
    NAME = "name"
    SEVERAL = "several"
    ARTIST = "artist"
    STREAM = "stream"
    MISSING = "missing"


@dataclass(frozen=True)
class Line:
    """A line of a playlist file and what it is in the library.

    Attributes:
        entry: what the file says.
        how: how it was found, or why it was not.
        tracks: what it stands for: none, one, or all of a file that holds several.
        path: of what was found.
    """

    entry: Entry
    how: How = How.MISSING
    tracks: tuple[TrackId, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Imported:
    """A playlist file as the library understands it.

    Attributes:
        name: what the list is called.
        lines: in the file's order.
        folder: the folder that all the missing files are under, where the file tells; nobody looked whether it exists.
    """

    name: str
    lines: tuple[Line, ...] = ()
    folder: str = ""
    folders: tuple[str, ...] = field(default=(), compare=False)

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        """Those that were found, in order."""
        return tuple(track for line in self.lines for track in line.tracks)

    @property
    def missing(self) -> tuple[Entry, ...]:
        """What the library does not have."""
        return tuple(line.entry for line in self.lines if not line.tracks)


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
    finder = _Finder(shelf, folders)
    lines = finder.settled([finder.find(entry) for entry in listing.entries])
    missing = [line.entry for line in lines if not line.tracks]
    return Imported(listing.name, lines, _common_folder(missing, folders[:1]), tuple(folders))


def tracks_below(shelf: Shelf, paths: Sequence[str]) -> tuple[list[TrackId], list[str]]:
    """The tracks of files and folders that were dropped, in their order, and the paths that hold none."""
    tracks: list[TrackId] = []
    unknown: list[str] = []
    for path in map(os.path.normpath, paths):
        found = shelf.below(path)
        tracks += found
        if not found:
            unknown.append(path)
    return tracks, unknown


@dataclass(frozen=True)
class _Reach:
    """The files whose paths end most as that of a line does.

    Attributes:
        path: of the line, in the spelling that reached farthest.
        parts: the words of that path from its end.
        depth: how many of them are common.
        files: paths of the library.
    """

    path: str
    parts: list[str]
    depth: int
    files: list[str]


@dataclass(frozen=True)
class _Likely:
    """What a line would be if both libraries lay under different folders: their own, and the line's, from the end."""

    line: Line
    path: str
    move: tuple[tuple[str, ...], tuple[str, ...]]
    album: str


class _Finder:
    """Looks lines up, surest first: by id, by path, by the longest common end of a path, by names."""

    def __init__(self, shelf: Shelf, folders: Sequence[str]) -> None:
        self._shelf = shelf
        self._folders = folders

    def find(self, entry: Entry) -> Line | _Likely:
        """What a line is; likely only where nothing but the end of its path speaks for it."""
        row = self._shelf.known_ids.get(entry.track) if entry.track else None
        if row is not None:
            return Line(entry, How.EXACT, (self._shelf.ids[row],), self._shelf.paths[row])
        paths = list(dict.fromkeys(paths_of(entry, self._folders)))
        for path in entry.locations if entry.is_address else paths:  # tracks of a shared library have addresses
            if rows := [row for row in self._shelf.at_path.get(path, ()) if not self._is_denied(entry, row)]:
                return self._line(entry, How.EXACT, rows)
        if entry.is_address:
            return Line(entry, How.STREAM)
        reach = self._farthest(paths)
        found = self._by_path(entry, reach) if reach is not None else Line(entry)
        if isinstance(found, _Likely) or found.tracks:
            return found
        named = self._by_name(entry, reach.path if reach is not None else next(reversed(paths), ""))
        return named if named is not None else found

    def settled(self, found: Sequence[Line | _Likely]) -> tuple[Line, ...]:
        """Believe in a move of a whole library where two albums at least came by it."""
        albums: dict[object, set[str]] = {}
        for each in found:
            if isinstance(each, _Likely):
                albums.setdefault(each.move, set()).add(each.album)
        return tuple(
            each if isinstance(each, Line) else each.line if len(albums[each.move]) > 1 else self._unlikely(each)
            for each in found
        )

    def _unlikely(self, likely: _Likely) -> Line:
        entry = likely.line.entry
        return self._by_name(entry, likely.path) or Line(entry, How.ARTIST)

    # By the end of the path

    def _farthest(self, paths: Sequence[str]) -> _Reach | None:
        best: _Reach | None = None
        for path in paths:
            parts = parts_of(path)
            depth = self._shelf.ends.longest(parts)
            if depth > (best.depth if best is not None else 0):
                best = _Reach(path, parts, depth, self._shelf.ends.with_end(parts[:depth]))
        return best

    def _by_path(self, entry: Entry, reach: _Reach) -> Line | _Likely:
        files = [path for path in reach.files if _whole(path, reach)] or reach.files
        is_whole = _whole(files[0], reach)
        if not is_whole and reach.depth < _least(reach.parts):
            return Line(entry)
        rows = [row for path in files for row in self._shelf.at_path[path]]
        fitting = [row for row in rows if self._fits(entry, row)]
        if not fitting:
            return Line(entry, How.ARTIST)
        chosen = self._chosen(entry, fitting, reach)
        if not chosen:
            return Line(entry, How.SEVERAL)
        path = self._shelf.paths[chosen[0]]
        line = self._line(entry, _how(path, reach, is_whole=is_whole), chosen)
        if is_whole or self._is_vouched_for(entry, chosen[0], reach):
            return line
        theirs, ours = tuple(reach.parts[reach.depth :]), tuple(parts_of(path)[reach.depth :])
        if ours and evidence.names_artist(ours[0], self._shelf.about(chosen[0])):
            return Line(entry, How.ARTIST)
        return _Likely(line, reach.path, (theirs, ours), reach.parts[reach.depth - 1])

    def _is_denied(self, entry: Entry, row: int) -> bool:
        """Whether all that the line says is of something else than what lies in its place."""
        about = self._shelf.about(row)
        return (
            evidence.same_artist(entry, about) is Says.NO
            and evidence.same_title(entry, about) is Says.NO
            and evidence.same_length(entry, about) is not Says.YES
        )

    def _fits(self, entry: Entry, row: int) -> bool:
        about = self._shelf.about(row)
        if evidence.same_artist(entry, about) is Says.NO:
            return False
        title = evidence.same_title(entry, about)
        return title is Says.YES or evidence.same_length(entry, about) is not Says.NO or title is Says.NOTHING

    def _is_vouched_for(self, entry: Entry, row: int, reach: _Reach) -> bool:
        """Whether the line tells the artist of the track, or nothing of any artist."""
        about = self._shelf.about(row)
        if evidence.same_artist(entry, about) is Says.YES:
            return True
        common, rest = reach.parts[: reach.depth], reach.parts[reach.depth :]
        if reach.depth > _least(reach.parts) and not evidence.is_shelf(common[-1]):
            return True
        if any(evidence.names_artist(part, about) for part in common[1:]):
            return True
        return not rest or evidence.is_shelf(rest[0])

    def _chosen(self, entry: Entry, rows: list[int], reach: _Reach) -> list[int]:
        """The one of several that a line means, all that are parts of one file; none where it is not told."""
        tests: tuple[Callable[[int], bool], ...] = (
            lambda row: ending_of(self._shelf.paths[row]) == ending_of(reach.path),
            lambda row: _tail(self._shelf.paths[row], reach.depth) == _tail(reach.path, reach.depth),
            lambda row: evidence.same_title(entry, self._shelf.about(row)) is Says.YES,
            lambda row: evidence.same_length(entry, self._shelf.about(row)) is Says.YES,
        )
        for test in tests:
            rows = [row for row in rows if test(row)] or rows
        return rows if len({self._shelf.paths[row] for row in rows}) == 1 else self._one_of_copies(rows)

    def _one_of_copies(self, rows: list[int]) -> list[int]:
        """The first of several that are the same by name and length, as a library with copies has them."""
        first = self._shelf.about(rows[0])
        if not first.title or any(not _is_copy(first, self._shelf.about(row)) for row in rows[1:]):
            return []
        return [min(rows, key=lambda row: (len(self._shelf.paths[row]), self._shelf.paths[row]))]

    # By names

    def _by_name(self, entry: Entry, path: str) -> Line | None:
        parts = parts_of(path) if path else []
        for artist, title in evidence.names_told(entry, parts, stem_of(path.rpartition("/")[2])):
            told = replace(entry, artist=artist, title=title, readings=())
            rows = [
                row
                for row in self._shelf.by_title.get(evidence.words(title), ())
                if evidence.same_artist(told, self._shelf.about(row)) is Says.YES
                and self._is_that_version(told, parts[1:], self._shelf.about(row))
            ]
            if rows:
                chosen = self._chosen(told, rows, _Reach(path, parts, 0, [])) if len(rows) > 1 else rows
                return self._line(entry, How.NAME, chosen) if len(chosen) == 1 else Line(entry, How.SEVERAL)
        return None

    def _is_that_version(self, entry: Entry, folders: Sequence[str], about: About) -> bool:
        """A title that many albums have is no proof unless the album is the same; no length may speak against it."""
        length = evidence.same_length(entry, about)
        album = evidence.same_album(entry, folders[:2], about)
        if length is Says.NO:
            return False
        return not evidence.is_generic(evidence.words(about.title)) or album is Says.YES

    def _line(self, entry: Entry, how: How, rows: Sequence[int]) -> Line:
        """Rows are of one file; the line means the one of them that it names, or all."""
        named = [row for row in rows if self._begins(entry, row)] or [
            row for row in rows if evidence.same_title(entry, self._shelf.about(row)) is Says.YES
        ]
        chosen = named if len(rows) > 1 and named else rows
        return Line(entry, how, tuple(self._shelf.ids[row] for row in chosen), self._shelf.paths[chosen[0]])

    def _begins(self, entry: Entry, row: int) -> bool:
        """Whether the line names a part of a file, and the row is that part."""
        return (
            entry.start is not None and bool(self._shelf.starts) and abs(self._shelf.starts[row] - entry.start) < _FRAME
        )


def _least(parts: Sequence[str]) -> int:
    """Parts from the end of a path through the folder of the album, above that of a disc."""
    return _SHORTEST + (len(parts) > 1 and evidence.is_disc(parts[1]))


def _whole(path: str, reach: _Reach) -> bool:
    """Whether nothing but case, signs or the ending differs, from the root on."""
    return reach.depth == len(reach.parts) and len(parts_of(path)) == reach.depth


def _how(path: str, reach: _Reach, *, is_whole: bool) -> How:
    if ending_of(path) != ending_of(reach.path):
        return How.ENDING
    return How.EXACT if is_whole and path_identity(path) == path_identity(reach.path) else How.MOVED


def _is_copy(about: About, other: About) -> bool:
    names = [
        (evidence.words(each.artist), evidence.words(each.title), evidence.words(each.album)) for each in (about, other)
    ]
    if names[0] != names[1] or about.seconds is None or other.seconds is None:
        return False
    return abs(about.seconds - other.seconds) <= evidence.CLOSE


def _tail(path: str, depth: int) -> str:
    """The common part of a path, as it is written."""
    return path_identity("/".join(path.rstrip("/").rsplit("/", max(depth, 1))[-max(depth, 1) :]))


def _common_folder(missing: Iterable[Entry], folders: Sequence[str]) -> str:
    """Empty where the files share nothing but the root of a drive, or lie on another machine."""
    firsts = [next(paths_of(entry, folders), "") for entry in missing]
    parents = {os.path.dirname(path) for path in firsts if path and not path.startswith(("//", "\\\\"))}  # noqa: PTH120
    try:
        common = os.path.commonpath(parents) if parents else ""
    except ValueError:
        return ""
    return common if len(Path(common).parts) > _SHORTEST else ""
