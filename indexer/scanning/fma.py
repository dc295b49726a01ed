"""Joins what the Free Music Archive data set says about its tracks to the files of its layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.core.files import disk
from indexer.core.tags.values import parse_number, parse_year, tidy_genres
from indexer.core.text import clean
from indexer.core.tracks import Genre, Track
from indexer.scanning.fma_tables import COLUMNS, Genres, Row, header_of, read_genres, read_rows

METADATA_FOLDER = "fma_metadata"
TRACKS_FILE = "tracks.csv"
GENRES_FILE = "genres.csv"

_ID = re.compile(r"\d{6}")
_NUMBERS = re.compile(r"(?<!\d)\d{1,9}(?!\d)")


@dataclass(frozen=True, slots=True)
class FmaRow:
    """One track of the data set; texts are clean, empty where the data set says nothing."""

    fma_id: int
    title: str = ""
    artist: str = ""
    album: str = ""
    genre: str = ""
    genres: tuple[str, ...] = ()
    year: int | None = None
    track_number: int | None = None
    licence: str = ""
    subset: str = ""


class FmaMetadata:
    """The tables `tracks.csv` and `genres.csv` of one `fma_metadata` folder, read when they are first asked."""

    def __init__(self, folder: Path) -> None:
        """Check the header of the tables in `folder`.

        Raises:
            MetadataError: `tracks.csv` cannot be read or lacks columns.
        """
        self.path = folder / TRACKS_FILE
        header_of(self.path)
        self._genres_path = folder / GENRES_FILE
        self._genres: Genres | None = None
        self._rows: dict[int, Row] | None = None

    @classmethod
    def find(cls, folder: Path) -> FmaMetadata | None:
        """Open the metadata that lies in `folder`, beside it or one level above that; None where there is none.

        Raises:
            MetadataError: there is a `tracks.csv` that cannot be read or lacks columns.
        """
        path = tracks_file_near(folder)
        return None if path is None else cls(path.parent)

    def lookup(self, fma_id: int) -> FmaRow | None:
        """The row of a track, None where the data set has none.

        Raises:
            MetadataError: a table is damaged.
        """
        if self._rows is None:
            self._rows = {row[0]: row for row in read_rows(self.path)}
        row = self._rows.get(fma_id)
        return None if row is None else self._described(row)

    def rows(self) -> Iterator[FmaRow]:
        """All rows in the order of the file, without keeping them.

        Raises:
            MetadataError: a table is damaged.
        """
        return map(self._described, read_rows(self.path))

    def genres(self) -> list[Genre]:
        """The tree of genres, empty where there is no table of them.

        Raises:
            MetadataError: the table is damaged.
        """
        table = self._genre_table()
        return [Genre(number, clean(table.title(number)), parent) for number, parent in table.parents.items()]

    def _described(self, row: Row) -> FmaRow:
        values = dict(zip(COLUMNS, row[1:], strict=True))
        ids = [int(number) for number in _NUMBERS.findall(values["genres"])]
        genres = self._genre_table()
        genre = clean(values["genre_top"]) or next((top for id_ in ids if (top := genres.top(id_))), "")
        return FmaRow(
            fma_id=row[0],
            title=clean(values["title"]),
            artist=clean(values["artist"]),
            album=clean(values["album"]),
            genre=genre,
            genres=tidy_genres(filter(None, [genre, *(genres.title(id_) for id_ in ids)])),
            year=parse_year(values["released"]) or parse_year(values["recorded"]),
            track_number=parse_number(values["number"]),
            licence=clean(values["licence"]),
            subset=clean(values["subset"]),
        )

    def _genre_table(self) -> Genres:
        if self._genres is None:
            self._genres = read_genres(self._genres_path) if disk.is_file(self._genres_path) else Genres({})
        return self._genres


def tracks_file_near(folder: Path) -> Path | None:
    """The `tracks.csv` that belongs to a music folder, None where there is none."""
    absolute = folder.absolute()
    for place in (absolute, *absolute.parents[:2]):
        candidate = place / METADATA_FOLDER / TRACKS_FILE
        if disk.is_file(candidate):
            return candidate
    return None


def fma_id_of(path: Path | str) -> int | None:
    """The FMA id in a path of the form `NNN/NNNNNN.mp3` whose first three digits agree, else None."""
    path = Path(path)
    name = path.stem
    if path.suffix.lower() != ".mp3" or not _ID.fullmatch(name) or not name.isascii() or path.parent.name != name[:3]:
        return None
    return int(name)


def join(track: Track, row: FmaRow) -> Track:
    """`track` with what `row` knows in place of its tags."""
    return replace(
        track,
        title=row.title or track.title,
        artist=row.artist or track.artist,
        artists=() if row.artist else track.artists,
        album=row.album or track.album,
        genre=row.genre or track.genre,
        genres=row.genres or track.genres,
        year=row.year or track.year,
        track_number=row.track_number or track.track_number,
        licence=row.licence or track.licence,
        subset=row.subset or track.subset,
        fma_id=row.fma_id,
    )
