"""What readers of histories give, and how they make lines of text and single values of files that others wrote."""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from indexer.core.errors import SegueError
from indexer.core.plays import (
    OWNER,
    ListenerId,
    Named,
    Play,
    PlayContext,
    PlaySource,
    Tally,
    Thumb,
    names_of,
    stable_id,
)
from indexer.core.tags.encodings import decoded, likely_encoding
from indexer.core.text import clean, identity
from indexer.core.tracks import Seconds

CHUNK = 1 << 18
"""Bytes that are read at a time."""

LONGEST_LINE = 1 << 20
"""Bytes of a line; the longest that a service writes have some ten thousand."""

LONGEST_RECORD = 1 << 20
"""Characters of one record of JSON."""

EARLIEST = 946_684_800.0
"""2000-01-01: no program kept histories before; a play of 1970 had a clock that nobody had set."""

_AHEAD = 86_400.0
"""Seconds by which clocks and time zones may let a play lie in the future."""

_JUDGED_LINES = 200
"""Lines that are no UTF-8 by which the encoding of a file is told."""

_ENDS = re.compile(rb"\r\n|\n|\r")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_JUDGED_BYTES = 512
_MANY_ZEROS = 0.3
"""Share of zeros in one of two places by which text in UTF-16 is told that does not say so; other text has none."""

_MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
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

MOST_PLAYS = 10_000_000
"""Of one piece of music by one listener; more is no count."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line, or a record that begins on it, that is no play.

    Attributes:
        line: the first of the file is 1.
        code: of the sentence that says why; it has places for the line and the file.
    """

    line: int
    code: str


Found = Play | Tally | Refused

LEFT_OUT = frozenset({"history-podcast", "history-playing", "history-unplayed"})
"""Reasons that are no faults: what is told there is sound, and no play of music."""


class HistoryUnreadable(SegueError):
    """A file of listening history cannot be read as a whole."""


class Unfit(Exception):
    """A record is no play; the code of the sentence says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Source:
    """One file of a history, wherever it lies.

    Attributes:
        name: as it is shown.
        size: in bytes, as far as it is known.
        open: gives its content from the beginning.
        path: where it lies; None within a zip.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    path: Path | None = None


@dataclass(frozen=True)
class Teller:
    """Makes plays and tallies of what records say, all of one listener and one format.

    Attributes:
        client: the format, as plays keep it.
        listener: whose they are.
        now: when they are read, seconds since 1970.
    """

    client: str
    listener: ListenerId = OWNER
    now: float = field(default_factory=time.time)

    def play(
        self,
        at: float,
        named: Named,
        *,
        heard: Seconds | None = None,
        finished: bool = True,
        skipped: bool = False,
    ) -> Play:
        """The play of named music; the same one, told by several services, has one id.

        Raises:
            Unfit: its time is none.
        """
        if not at >= EARLIEST:  # not a number is not, either
            raise Unfit("history-time-old")
        if at > self.now + _AHEAD:
            raise Unfit("history-time-ahead")
        return Play(
            stable_id("play", self.listener, int(at), identity(named.artist), identity(named.title)),
            at,
            named=named,
            seconds_heard=heard,
            seconds=named.seconds,
            finished=finished,
            skipped=skipped,
            listener=self.listener,
            context=PlayContext(PlaySource.IMPORT, client=self.client),
        )

    def tally(
        self,
        named: Named,
        plays: int,
        *,
        skips: int = 0,
        last_at: float | None = None,
        rating: float | None = None,
        thumb: Thumb = Thumb.NONE,
    ) -> Tally:
        """What another program kept of named music.

        Raises:
            Unfit: it says nothing, or a number is none.
        """
        if not (0 <= plays <= MOST_PLAYS and 0 <= skips <= MOST_PLAYS):
            raise Unfit("history-count")
        if not plays and not skips and rating is None and thumb is Thumb.NONE:
            raise Unfit("history-unplayed")
        is_time = last_at is not None and EARLIEST <= last_at <= self.now + _AHEAD
        return Tally(
            id=stable_id("tally", self.listener, self.client, *names_of(named)),
            origin=self.client,
            named=named,
            plays=plays,
            skips=skips,
            last_at=last_at if is_time else None,
            thumb=thumb,
            rating=rating,
            listener=self.listener,
        )


def told(line: int, make: Callable[[], Play | Tally]) -> Found:
    """What `make` gives, or why it refused."""
    try:
        return make()
    except Unfit as unfit:
        return Refused(line, unfit.code)


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
        mbid=_matching(_MBID, text_of(mbid).lower()),
        artist_mbid=_matching(_MBID, text_of(artist_mbid).lower()),
        isrc=_matching(_ISRC, text_of(isrc).upper().replace("-", "")),
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


def lines_of(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """The lines of a file that have something in them, with their numbers; None for one that is too long.

    UTF-8, UTF-16 and encodings of before are told by content; memory stays flat however long file and lines are.
    """
    number, legacy = 0, ""
    for lines in _split(_as_bytes(stream)):
        if not legacy and (strange := [line for line in lines if line is not None and not _is_utf8(line)]):
            legacy = likely_encoding(strange[:_JUDGED_LINES])
        for line in lines:
            number += 1
            if line is None:
                yield number, None
            elif line.strip(b" \t\0"):
                yield number, _decoded(line, legacy)


def texts_of(stream: BinaryIO) -> Iterator[str]:
    """The text of a file in pieces of any size: in UTF-8, in UTF-16, or where it is neither, in Western letters."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    is_western = False
    for chunk in _as_bytes(stream):
        if not is_western:
            before, _ = decoder.getstate()
            try:
                yield decoder.decode(chunk)
                continue
            except UnicodeDecodeError:
                is_western = True
                yield before.decode("latin-1")
        yield chunk.decode("cp1252", "replace")


def _as_bytes(stream: BinaryIO) -> Iterator[bytes]:
    """The content in UTF-8, or in the encoding of before that it is in, without a mark at its beginning."""
    first = stream.read(CHUNK)
    codec = _MARKS.get(first[:2]) or _utf16_in(first)
    decoder = codecs.getincrementaldecoder(codec)("replace") if codec else None
    chunk = first if decoder is None else first.removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    chunk = chunk.removeprefix(codecs.BOM_UTF8)
    while chunk:
        yield chunk if decoder is None else decoder.decode(chunk).encode("utf-8", "replace")
        chunk = stream.read(CHUNK)
    if decoder is not None:
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _utf16_in(first: bytes) -> str:
    """The kind of UTF-16 that text without a mark is in, by where its zeros are; empty where it is none."""
    judged = first[: min(_JUDGED_BYTES, len(first) // 2 * 2)]
    high, low = judged[::2].count(0), judged[1::2].count(0)
    if min(high, low) > 0 or max(high, low) < _MANY_ZEROS * len(judged) / 2 + 1:
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def _split(chunks: Iterator[bytes]) -> Iterator[list[bytes | None]]:
    """Whole lines by the chunk; a line that is too long is None, and takes no memory."""
    rest, is_long = b"", False
    for chunk in chunks:
        *lines, rest = _ENDS.split(rest + chunk)
        if chunk.endswith(b"\r"):  # its other half may be yet to come
            last = lines.pop()
            rest = last + b"\r"
        whole: list[bytes | None] = list(lines)
        if is_long and whole:
            whole[0], is_long = None, False
        yield [None if line is None or len(line) > LONGEST_LINE else line for line in whole]
        if len(rest) > LONGEST_LINE:
            rest, is_long = rest[-1:] if rest.endswith(b"\r") else b"", True
    if is_long:
        yield [None]
    elif rest:
        yield [rest.removesuffix(b"\r")]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(line: bytes, legacy: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return decoded(line, legacy or "latin-1") or line.decode("latin-1")


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _length_of(value: Any) -> Seconds | None:
    found = number_of(value)
    return found if found and found < _AHEAD else None


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
