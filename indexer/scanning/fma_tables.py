"""Reads the few columns that are wanted from FMA's tables, fast and in little memory."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from indexer.core.errors import SegueError
from indexer.core.files import disk
from indexer.core.text import shown_path

COLUMNS: Mapping[str, tuple[str, str]] = {
    "title": ("track", "title"),
    "artist": ("artist", "name"),
    "album": ("album", "title"),
    "genre_top": ("track", "genre_top"),
    "genres": ("track", "genres"),
    "released": ("album", "date_released"),
    "recorded": ("track", "date_recorded"),
    "number": ("track", "number"),
    "licence": ("track", "license"),
    "subset": ("set", "subset"),
}
"""Our names for columns of `tracks.csv`, whose names take two header rows."""

Row = tuple[int, *tuple[str, ...]]
"""A track's id and its texts in the order of COLUMNS, as they stand in the file."""

_GENRE_COLUMNS = ("genre_id", "title", "top_level")
_PARENT_COLUMN = "parent"
_LONGEST_FIELD = 2**31 - 1
"""Biographies exceed what the csv module allows at first; more than this does not fit C's long everywhere."""

_LONGEST_ID = 9

_AT_ONCE = 1_000
"""Records read for one answer of the disk."""


class MetadataError(SegueError):
    """A table of the metadata that cannot be used; the music is taken in without it."""


@dataclass(frozen=True, slots=True)
class Genres:
    """Genres by id: title and id of the genre at the top of its branch; and of the one right above it, 0 at the top."""

    entries: Mapping[int, tuple[str, int]]
    parents: Mapping[int, int] = field(default_factory=dict)

    def title(self, genre: int) -> str:
        """The name of a genre, empty where it is not known."""
        return self.entries.get(genre, ("", 0))[0]

    def top(self, genre: int) -> str:
        """The name of the genre at the top of a genre's branch, its own where that is not known."""
        title, top = self.entries.get(genre, ("", 0))
        return self.title(top) or title


def is_id(text: str) -> bool:
    """Whether a text is a number that can be an id; one of a thousand digits fits no database."""
    return text.isdecimal() and len(text) <= _LONGEST_ID


def header_of(path: Path) -> list[int]:
    """Return where the columns of COLUMNS are in `tracks.csv`, in that order.

    Raises:
        MetadataError: the file cannot be read or lacks some of them; it names them.
    """
    return _positions(path, _records(path))


def read_rows(path: Path) -> Iterator[Row]:
    """Read the wanted columns of `tracks.csv`; rows without a number for an id or cut short are passed over.

    Raises:
        MetadataError: the file cannot be read or lacks columns.
    """
    records = _records(path)
    positions = _positions(path, records)
    last = max(positions)
    next(records, None)  # the third header row says "track_id"
    for record in records:
        if len(record) > last and is_id(record[0]):
            # Artists, albums, licences and genres repeat: one string for all that are equal saves most of the memory.
            yield (int(record[0]), *(sys.intern(record[position]) for position in positions))


def read_genres(path: Path) -> Genres:
    """Read `genres.csv`.

    Raises:
        MetadataError: the file cannot be read or lacks columns.
    """
    records = _records(path)
    header = next(records, [])
    missing = [name for name in _GENRE_COLUMNS if name not in header]
    if missing:
        raise _lacking(path, missing)
    number, title, top = (header.index(name) for name in _GENRE_COLUMNS)
    above = header.index(_PARENT_COLUMN) if _PARENT_COLUMN in header else top
    entries, parents = {}, {}
    for record in records:
        if len(record) > max(number, title, top, above) and is_id(record[number]):
            genre = int(record[number])
            entries[genre] = (record[title], _id_in(record[top]))
            parents[genre] = _id_in(record[above]) if record[above] != record[number] else 0
    return Genres(entries, parents)


def _id_in(text: str) -> int:
    return int(text) if is_id(text) else 0


def _positions(path: Path, records: Iterator[list[str]]) -> list[int]:
    groups, names = next(records, []), next(records, [])
    found = {pair: position for position, pair in enumerate(zip(groups, names, strict=False))}
    missing = [f"{group}.{name}" for group, name in COLUMNS.values() if (group, name) not in found]
    if missing:
        raise _lacking(path, missing)
    return [found[pair] for pair in COLUMNS.values()]


def _lacking(path: Path, missing: Sequence[str]) -> MetadataError:
    return MetadataError("table-without-columns", file=shown_path(path), columns=missing)


def _records(path: Path) -> Iterator[list[str]]:
    """The records of a CSV file, with every way that reading may fail turned into a MetadataError."""
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        # One field in another encoding is no reason to lose the other hundred thousand rows.
        opened = partial(path.open, encoding="utf-8-sig", errors="replace", newline="")
        with disk.ask(path, opened) as file:
            reader = csv.reader(file)
            while some := disk.ask(path, lambda: list(islice(reader, _AT_ONCE)), wait=disk.READ_SECONDS):
                yield from some
    except csv.Error as error:
        raise MetadataError("table-broken", file=shown_path(path), error=error) from error
    except OSError as error:
        raise MetadataError("table-unreadable", file=shown_path(path), reason=error.strerror) from error
