"""Single values of records that others wrote: names, counts, stars and times, and what is none of these."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from indexer.core.plays import Named
from indexer.core.recordings.ids import isrc_in, mbid_in
from indexer.core.text import clean
from indexer.core.tracks import Seconds

_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?")
_DATES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M",
)
"""How exports write times besides ISO 8601, English months and seconds since 1970; all in UTC."""

_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
           "nov": 11, "dec": 12}  # fmt: skip
_ENGLISH = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))?")
_MILLISECONDS = 100_000_000_000
"""Numbers from here on are milliseconds: as seconds they lie beyond the year 5000."""

_STARS = 5

DAY: Seconds = 86_400.0


class Unfit(Exception):
    """A record is no play; the code of the sentence says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def named_of(
    artist: Any,
    title: Any,
    *,
    album: Any = "",
    mbid: Any = "",
    artist_mbid: Any = "",
    isrc: Any = "",
    seconds: Any = None,
) -> Named:
    """Names of whatever a record has in these places; what is no text, id or length is left out.

    Raises:
        Unfit: neither artist nor id is there, or no title beside the artist.
    """
    found = Named(
        artist=text_of(artist),
        title=text_of(title),
        album=text_of(album),
        mbid=mbid_in(text_of(mbid)),
        artist_mbid=mbid_in(text_of(artist_mbid)),
        isrc=isrc_in(text_of(isrc)),
        seconds=_length_of(seconds),
    )
    if not found.artist and not found.mbid:
        raise Unfit("history-artist")
    if not found.title and not found.mbid:
        raise Unfit("history-title")
    return found


def text_of(value: Any) -> str:
    """A text on one line and never long; empty for what is none."""
    return clean(value) if isinstance(value, str) else ""


def number_of(value: Any) -> float | None:
    """A number, or a text that is one; None for everything else, below zero too."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**15:
        return None
    return float(value)


def count_of(value: Any) -> int:
    """A whole number of plays, 0 where there is none.

    Raises:
        Unfit: there is something else.
    """
    if value is None or value in ("", -1):
        return 0
    found = number_of(value)
    if found is None or found != int(found):
        raise Unfit("history-count")
    return int(found)


def stars_of(value: float | None, *, of: float) -> float | None:
    """Stars, 1 to 5 in halves, of a rating whose best is `of`; None for none, and for what is no rating."""
    if value is None or not 0 < value <= of:
        return None
    return max(0.5, round(value / of * 2 * _STARS) / 2)


def time_of(value: Any) -> float:
    """When something was, seconds since 1970: of such a number, of thousandths of seconds, or of a date in UTC.

    Raises:
        Unfit: it is no time.
    """
    found = number_of(value)
    if found is not None:
        return found / 1000 if found >= _MILLISECONDS else found
    text = text_of(value)
    moment = _english(text) or _iso(text) or _other_date(text)
    if moment is None:
        raise Unfit("history-time")
    return moment.timestamp()


def _length_of(value: Any) -> Seconds | None:
    found = number_of(value)
    return found if found and found < DAY else None


def _english(text: str) -> datetime | None:
    """Dates with the English name of a month, in any language of the machine."""
    found = _ENGLISH.fullmatch(text)
    month = _MONTHS.get(found[2].lower()) if found else None
    if found is None or month is None:
        return None
    return _made(int(found[3]), month, int(found[1]), int(found[4]), int(found[5]), int(found[6] or 0))


def _made(*parts: int) -> datetime | None:
    try:
        return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _other_date(text: str) -> datetime | None:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None
