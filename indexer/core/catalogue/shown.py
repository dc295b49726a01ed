"""What the library table can show: its columns, the field that each shows, and how a value is written."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import Any

from indexer.core.catalogue.fields import names_in
from indexer.core.language import number
from indexer.core.musical_keys import key_written, name_of_code
from indexer.core.phrases import MINUS, short_key
from indexer.core.tracks import Seconds


class Column(StrEnum):
    """What the library table can show, by the name that settings keep it under; in this order at first."""

    ARTIST = "artist"
    TITLE = "title"
    ALBUM = "album"
    GENRE = "genre"
    YEAR = "year"
    LENGTH = "length"
    PLAYS = "plays"
    ADDED = "added"
    PATH = "path"
    ALBUM_ARTIST = "album_artist"
    NUMBER = "number"
    DISC = "disc"
    GENRES = "genres"
    LAST_PLAYED = "last_played"
    LICENCE = "licence"
    RATING = "rating"
    FAVOURITE = "favourite"
    BPM = "bpm"
    KEY = "key"
    LOUDNESS = "loudness"
    FORMAT = "format"
    BIT_RATE = "bit_rate"
    SAMPLE_RATE = "sample_rate"
    CHANNELS = "channels"
    GAIN = "gain"
    RECORDING_ID = "recording_id"
    ALBUM_ID = "album_id"
    ARTIST_ID = "artist_id"


class Kind(Enum):
    """What the values of a column are; a cell is written as `written` has it."""

    TEXT = auto()
    NAMES = auto()  # several in one text
    COUNT = auto()  # 0 is a value, and stays an empty cell
    WHOLE = auto()  # known from 1 on
    LENGTH = auto()  # seconds, NaN where not known
    DATE = auto()  # seconds since 1970
    STARS = auto()  # above 0 and up to 5, NaN where not known
    MARK = auto()  # 1 for yes
    KEY = auto()  # as `indexer.core.musical_keys` numbers them, -1 where not known
    TENTHS = auto()  # a number of any sign, NaN where not known
    ROUNDED = auto()  # the same without parts
    KILO = auto()  # thousands, known from 1 on

    @property
    def is_text(self) -> bool:
        """Whether it is kept as text, and may take the room that numbers leave."""
        return self in (Kind.TEXT, Kind.NAMES)

    @property
    def is_number(self) -> bool:
        """Whether it is read by its digits, one below the other."""
        return self in (Kind.COUNT, Kind.WHOLE, Kind.LENGTH, Kind.TENTHS, Kind.ROUNDED, Kind.KILO)

    @property
    def known_from_one(self) -> bool:
        """Whether a value of less than one says that it is not known."""
        return self in (Kind.WHOLE, Kind.DATE, Kind.MARK, Kind.KILO)

    @property
    def known_from_zero(self) -> bool:
        """Whether a value of less than zero says that it is not known."""
        return self is Kind.KEY


@dataclass(frozen=True)
class Shown:
    """What a column shows: a field of `Track`, or one of `DERIVED`."""

    field: str
    kind: Kind = Kind.TEXT


SHOWN = {
    Column.ARTIST: Shown("artist"),
    Column.TITLE: Shown("title"),
    Column.ALBUM: Shown("album"),
    Column.GENRE: Shown("genre"),
    Column.YEAR: Shown("year", Kind.WHOLE),
    Column.LENGTH: Shown("seconds", Kind.LENGTH),
    Column.PLAYS: Shown("plays", Kind.COUNT),
    Column.ADDED: Shown("added_at", Kind.DATE),
    Column.PATH: Shown("path"),
    Column.ALBUM_ARTIST: Shown("album_artist"),
    Column.NUMBER: Shown("track_number", Kind.WHOLE),
    Column.DISC: Shown("disc_number", Kind.WHOLE),
    Column.GENRES: Shown("genres", Kind.NAMES),
    Column.LAST_PLAYED: Shown("last_played", Kind.DATE),
    Column.LICENCE: Shown("licence"),
    Column.RATING: Shown("stars", Kind.STARS),
    Column.FAVOURITE: Shown("favourite", Kind.MARK),
    Column.BPM: Shown("tempo", Kind.ROUNDED),
    Column.KEY: Shown("key", Kind.KEY),
    Column.LOUDNESS: Shown("loudness", Kind.TENTHS),
    Column.FORMAT: Shown("format"),
    Column.BIT_RATE: Shown("bit_rate", Kind.WHOLE),
    Column.SAMPLE_RATE: Shown("sample_rate", Kind.KILO),
    Column.CHANNELS: Shown("channels", Kind.WHOLE),
    Column.GAIN: Shown("track_gain", Kind.TENTHS),
    Column.RECORDING_ID: Shown("mbid"),
    Column.ALBUM_ID: Shown("album_mbid"),
    Column.ARTIST_ID: Shown("artist_mbid"),
}


def written(value: Any, kind: Kind) -> str:
    """What a cell says; empty for what is not known."""
    return _WRITTEN[kind](value)


def format_length(seconds: Seconds | None) -> str:
    """Minutes and seconds, with hours where there are any; empty for a length that is not known."""
    if seconds is None or math.isnan(seconds):
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_stars(rating: float | None) -> str:
    """Stars, to the nearest half; empty for what is not rated."""
    if rating is None or math.isnan(rating):
        return ""
    halves = max(1, round(2 * rating))
    return "★" * (halves // 2) + "½" * (halves % 2)


def _whole(value: int) -> str:
    return str(value) if value > 0 else ""


def _real(value: float, digits: int) -> str:
    if math.isnan(value):
        return ""
    rounded = round(float(value), digits)
    return f"{MINUS if rounded < 0 else ''}{number(abs(rounded), digits)}"


def _date(value: float) -> str:
    return datetime.fromtimestamp(value).strftime("%Y-%m-%d") if value > 0 else ""  # noqa: DTZ006 - for a reader here


def _key(code: int) -> str:
    """`Am · 8A`, the key as the language calls it."""
    _, dot, place = key_written(code).partition(" · ")
    return f"{short_key(name_of_code(code))}{dot}{place}"


_WRITTEN: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: str,
    Kind.NAMES: lambda text: ", ".join(names_in(text)),
    Kind.COUNT: _whole,
    Kind.WHOLE: _whole,
    Kind.LENGTH: format_length,
    Kind.DATE: _date,
    Kind.STARS: format_stars,
    Kind.MARK: lambda value: "♥" if value else "",
    Kind.KEY: _key,
    Kind.TENTHS: lambda value: _real(value, 1),
    Kind.ROUNDED: lambda value: _real(value, 0),
    Kind.KILO: lambda value: number(value / 1_000, 0 if value % 1_000 == 0 else 1) if value > 0 else "",
}
