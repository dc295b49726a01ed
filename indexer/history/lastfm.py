"""Reads what people get out of Last.fm: the usual tables with commas, and pages of its API."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.core.plays import Play
from indexer.history.json_records import Record, records_in
from indexer.history.lines import LONGEST_LINE, lines_of
from indexer.history.reading import Found, Refused, Source, Teller, told
from indexer.history.values import Unfit, named_of, text_of, time_of

CLIENT = "lastfm"

_NAMES = {
    "artist": ("artist", "artist name", "artist_name"),
    "album": ("album", "album name", "release", "album_name"),
    "title": ("title", "track", "track name", "song", "name", "track_name"),
    "at": ("uts", "timestamp", "unix timestamp", "date_uts", "date", "utc_time", "utc time", "time", "datetime",
           "date_time", "played at", "played_at", "scrobble time"),
    "mbid": ("track_mbid", "track mbid", "mbid", "recording_mbid"),
    "artist_mbid": ("artist_mbid", "artist mbid"),
}  # fmt: skip
"""What exports call their columns, the best first."""


@dataclass(frozen=True)
class Columns:
    """Places of the fields in a row, -1 for none."""

    artist: int
    title: int
    at: int
    album: int = -1
    mbid: int = -1
    artist_mbid: int = -1

    @property
    def least(self) -> int:
        """Fields that a row has at least."""
        return max(self.artist, self.title, self.at) + 1


BARE = Columns(artist=0, album=1, title=2, at=3)
"""Of a table without a header, as benjaminbenben.com/lastfm-to-csv writes it."""

BARE_WITHOUT_ALBUM = Columns(artist=0, title=1, at=2)


def read_table(source: Source, teller: Teller) -> Iterator[Found]:
    """A play for each row; a line is a row.

    Source: exports of benjaminbenben.com/lastfm-to-csv (artist, album, title, date) and of
    mainstream.ghan.nl/export.html (uts, utc_time, artist, artist_mbid, album, album_mbid, track, track_mbid).
    """
    csv.field_size_limit(LONGEST_LINE)
    columns: Columns | None = None
    sign = ""
    with source.open() as stream:
        for number, line in lines_of(stream):
            if line is None:
                yield Refused(number, "history-long")
                continue
            sign = sign or separator_of(line)
            row = row_of(line, sign)
            if row is None:
                yield Refused(number, "history-half")
                continue
            if columns is None:
                named = columns_of(row)
                columns = named or bare_columns(row)
                if named:
                    continue
            if columns is None:
                yield Refused(number, "history-columns")
            else:
                yield told(number, lambda row=row, columns=columns: _row(row, columns, teller))  # type: ignore[misc]


def read_pages(source: Source, teller: Teller) -> Iterator[Found]:
    """A play for each track of the pages of user.getRecentTracks, one after the other, in a list, or their tracks.

    Source: https://www.last.fm/api/show/user.getRecentTracks
    """
    with source.open() as stream:
        for found in records_in(stream):
            if isinstance(found, Refused):
                yield found
            else:
                line, record = found
                for each in tracks_of(record):
                    yield told(line, lambda each=each: _track(each, teller))  # type: ignore[misc]


def separator_of(line: str) -> str:
    """What stands between the fields of a table, by its first line."""
    return max(",;\t", key=line.count)


def row_of(line: str, sign: str) -> list[str] | None:
    """The fields of a line, None where a quotation mark is not closed."""
    try:
        return next(csv.reader([line], delimiter=sign, strict=True), [])
    except csv.Error:
        pass
    try:
        return next(csv.reader([line], delimiter=sign, quoting=csv.QUOTE_NONE), []) if line.count('"') == 1 else None
    except csv.Error:
        return None


def columns_of(row: Sequence[str]) -> Columns | None:
    """Where the fields are by the names in a header; None for what is no header of a history."""
    names = [name.strip().strip('"').lower().split("#")[0] for name in row]
    found = {field: next((names.index(name) for name in known if name in names), -1) for field, known in _NAMES.items()}
    return Columns(**found) if min(found["artist"], found["title"], found["at"]) >= 0 else None


def bare_columns(row: Sequence[str]) -> Columns | None:
    """Where the fields are by what is in them, in a table without a header."""
    for columns in (BARE, BARE_WITHOUT_ALBUM):
        if len(row) >= columns.least and _is_time(row[columns.at]):
            return columns
    return None


def tracks_of(record: Record) -> list[Record]:
    """The tracks of a page, or the record itself where it is one."""
    page = record.get("recenttracks", record)
    tracks = page.get("track") if isinstance(page, dict) else None
    if isinstance(tracks, dict):  # a page of one
        tracks = [tracks]
    if not isinstance(tracks, list):
        return [record]
    return [each if isinstance(each, dict) else {} for each in tracks]


def _row(row: Sequence[str], columns: Columns, teller: Teller) -> Play:
    if len(row) < columns.least:
        raise Unfit("history-columns")

    def field(place: int) -> str:
        return row[place] if 0 <= place < len(row) else ""

    named = named_of(
        field(columns.artist),
        field(columns.title),
        album=field(columns.album),
        mbid=field(columns.mbid),
        artist_mbid=field(columns.artist_mbid),
    )
    return teller.play(time_of(field(columns.at)), named)


def _track(record: Record, teller: Teller) -> Play:
    about = record.get("@attr")
    if isinstance(about, dict) and str(about.get("nowplaying")).lower() == "true":
        raise Unfit("history-playing")
    named = named_of(
        _name(record.get("artist")),
        record.get("name"),
        album=_name(record.get("album")),
        mbid=record.get("mbid"),
        artist_mbid=_of(record.get("artist"), "mbid"),
    )
    date = record.get("date")
    return teller.play(time_of(_of(date, "uts") or _of(date, "#text") or date), named)


def _name(value: Any) -> str:
    """Of an artist or album: a text, or an object of one of two kinds."""
    return text_of(value) or text_of(_of(value, "#text")) or text_of(_of(value, "name"))


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _is_time(text: str) -> bool:
    try:
        time_of(text)
    except Unfit:
        return False
    return True
