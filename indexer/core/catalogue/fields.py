"""How each field of a track is kept in a column, and read back as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.core.catalogue.columns import NumberColumn, TextColumn
from indexer.core.musical_keys import NO_KEY, code_of_name, name_of_code
from indexer.core.tracks import TrackState

MISSING = -1
"""Stands for None among whole numbers; NaN does among seconds."""

STATES = (TrackState.PRESENT, TrackState.AWAY, TrackState.GONE)
BETWEEN = "\x1f"
"""Between the names in one text of a column."""


@dataclass(frozen=True)
class Field:
    """One field of `Track`: its name, and what turns its value into a column's and back."""

    name: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _write_whole(value: int | None) -> int:
    return MISSING if value is None else value


def _read_whole(value: int) -> int | None:
    return None if value == MISSING else value


def _write_seconds(value: float | None) -> float:
    return float("nan") if value is None else value


def _read_seconds(value: float) -> float | None:
    return value if value == value else None  # noqa: PLR0124 - NaN is not equal to itself


def _read_rounded(value: float) -> float | None:
    """As the tags have it: two decimals of a decibel or of stars and six of a peak, which float32 nearly keeps."""
    return round(value, 5) if value == value else None  # noqa: PLR0124 - NaN is not equal to itself


def _write_names(value: tuple[str, ...]) -> str:
    return BETWEEN.join(value)


def names_in(value: str) -> tuple[str, ...]:
    """The names that a text of a column of several holds: of genres or artists."""
    return tuple(value.split(BETWEEN)) if value else ()


MBIDS = ("mbid", "album_mbid", "artist_mbid")
"""Ids at MusicBrainz."""

_PLAIN_TEXTS = ("path", "root", "title", "artist", "album", "album_artist", "genre", "licence", "subset", *MBIDS)
GAINS = ("track_gain", "album_gain", "track_peak", "album_peak")
"""What tags say about loudness, NaN where they do not."""

_NAMES = ("genres", "artists", "album_artists")
"""Several names of each track."""

HEADERS = ("bit_rate", "sample_rate", "channels")
"""What the header of a file says of its sound."""

_WHOLE_NUMBERS = ("year", "track_number", "disc_number", "fma_id")

FIELDS = (
    *(Field(name, _same, _same) for name in _PLAIN_TEXTS),
    *(Field(name, _write_names, names_in) for name in _NAMES),
    *(Field(name, _write_whole, _read_whole) for name in (*_WHOLE_NUMBERS, *HEADERS)),
    Field("seconds", _write_seconds, _read_seconds),
    Field("start", _same, _same),
    Field("end", _write_seconds, _read_seconds),
    Field("compilation", int, bool),
    Field("speech", int, bool),
    Field("state", STATES.index, STATES.__getitem__),
    Field("added_at", _same, _same),
    Field("rev", _same, _same),
    *(Field(name, _write_seconds, _read_rounded) for name in (*GAINS, "rating", "tempo", "loudness")),
    Field("key", code_of_name, name_of_code),
)
TEXT_FIELDS = frozenset((*_PLAIN_TEXTS, *_NAMES))
NUMBER_TYPES: dict[str, type[np.generic]] = {
    **dict.fromkeys(_WHOLE_NUMBERS, np.int64),
    "seconds": np.float64,
    "state": np.int8,
    "added_at": np.float64,
    "rev": np.int64,
    "plays": np.int32,
    **dict.fromkeys(GAINS, np.float32),
    "rating": np.float32,
    "stars": np.float32,
    "favourite": np.int8,
    "thumb": np.int8,
    "tempo": np.float32,
    "loudness": np.float32,
    "key": np.int8,
    "bit_rate": np.int32,
    "sample_rate": np.int32,
    "channels": np.int8,
    "last_played": np.float64,
    "compilation": np.int8,
    "speech": np.int8,
    "start": np.float64,
    "end": np.float64,
}
LATER_TEXTS = frozenset({"artists", "album_artists", *MBIDS})
LATER_NUMBERS: dict[str, float] = {
    "compilation": 0,
    "speech": 0,
    **dict.fromkeys(GAINS, np.nan),
    "rating": np.nan,
    "tempo": np.nan,
    "loudness": np.nan,
    "key": NO_KEY,
    **dict.fromkeys(HEADERS, MISSING),
    "start": 0.0,
    "end": np.nan,
}
"""What snapshots of earlier versions do not have, and what stands for it until files are read again."""

DERIVED = frozenset({"plays", "last_played", "stars", "favourite", "thumb"})
"""Numbers that are no fields of `Track`: what was heard and said of it; its stars are the listener's before its file's.
Thumbs are 1 up and -1 down."""


def new_columns() -> tuple[dict[str, TextColumn], dict[str, NumberColumn]]:
    """Empty columns of texts and of numbers, by name."""
    return (
        {name: TextColumn() for name in sorted(TEXT_FIELDS)},
        {name: NumberColumn(dtype) for name, dtype in NUMBER_TYPES.items()},
    )
