"""Makes of what tags say values that are the same in every file: the track, the disc, the year, the genres."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from indexer.core.text import clean

_LONGEST = 100
"""Characters that are looked at; no number stands behind more."""

_HIGHEST = 9999
_MOST_DISCS = 99
_MOST_GENRES = 20

_YEAR = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?:\d\d(?:\d\d(?:\d{4}|\d{6})?)?)?(?!\d)")
"""A year of recorded music on its own or at the front of more digits, as in 2009, 11/26/2009, 20091126."""

_DAY_FIRST = re.compile(r"(?<!\d)[0-3]\d[01]\d((?:1[89]|20)\d\d)(?!\d)")
_SHORT_DATE = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-](\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"['’‘`](\d\d)(?!\d)")
_ROMAN_YEAR = re.compile(r"(?<![A-Za-z])(M{1,2}[MDCLXVI]{0,11})(?![A-Za-z])")
_EARLIEST_SHORT = 30
"""Of a year of two digits, which can only be one of the last century: before, there was hardly a recording."""

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERA_YEAR = re.compile(rf"({'|'.join(_ERAS)})\s*(\d{{1,2}}|元)")

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN_NUMBER = re.compile(r"(?:X[LC]|L?X{0,3})(?:I[VX]|V?I{0,3})")

_TOTAL = r"(?:\s*[/\\|].*|\s+(?:of|out of|von|av|de|sur|di|из)\b.*)?"
_END = r"\s*[.):\]]?\s*"
_WORD = r"(?:[^\W\d_]{2,12}\.?\s*)?(?:[#№(\[]\s*)?"
_DISC_WORD = r"(?:cd|disc|disk|dvd|lp|d|vol\.?|side)\s*"
_NUMBERED = re.compile(rf"{_WORD}(\d{{1,4}})(?!\d)")
_ON_DISC = re.compile(rf"{_DISC_WORD}(\d{{1,2}})\s*[-–./:, ]\s*(?:track\s*|t)?(\d{{1,3}}){_TOTAL}{_END}", re.IGNORECASE)
_PAIR = re.compile(rf"(\d{{1,2}})\s*[-–.:]\s*(\d{{1,3}}){_TOTAL}{_END}")
_SIDE = re.compile(rf"(?:side\s*)?([A-Z])(\1)?\s*[-–.:/ ]?\s*(\d{{1,3}})?(?:\.?[a-z])?{_TOTAL}{_END}", re.IGNORECASE)


class Position(NamedTuple):
    """Where a track stands: its number, from 1 on, and its disc, each None where it is not said.

    `is_side` tells that the disc is a side of a record: A is 1, B is 2.
    """

    number: int | None = None
    disc: int | None = None
    is_side: bool = False


NOWHERE = Position()


def parse_position(text: str) -> Position:
    """Number and disc in `3`, `3/12`, `03 of 12`, `#3`, `1.03`, `1-03`, `CD 2, 3`, `B3`, `IV`."""
    plain = _plain(text).strip()
    if (found := _ON_DISC.fullmatch(plain)) or (found := _PAIR.fullmatch(plain)):
        first, second = int(found[1]), int(found[2])
        if second == 0:  # a spreadsheet's 3.0
            return _numbered(first)
        return Position(second, first or None)
    if (roman := _roman(plain.rstrip(" ."))) is not None:
        return _numbered(roman)
    if found := _SIDE.fullmatch(plain):
        side = ord(found[1].upper()) - ord("A") + (2 if found[2] else 1)
        number = int(found[3]) if found[3] else 1
        return Position(number or None, side, is_side=True)
    found = _NUMBERED.match(plain)
    return _numbered(int(found[1])) if found else NOWHERE


def parse_number(text: str) -> int | None:
    """The number of a track, without its disc; None where it is not one from 1 to 9999."""
    return parse_position(text).number


def parse_disc(text: str) -> int | None:
    """The number of a disc, in `2`, `1/2`, `CD 2`, `B`."""
    found = parse_position(text)
    return found.disc if found.is_side else found.number


def parse_year(text: str) -> int | None:
    """The year in a date of any usual notation, None where there is none after 1800."""
    plain = _plain(text)
    if found := _YEAR.search(plain) or _DAY_FIRST.search(plain):
        return int(found[1])
    if found := _SHORT_DATE.search(plain) or _SHORT_YEAR.search(plain):
        return 1900 + int(found[1]) if int(found[1]) >= _EARLIEST_SHORT else None
    if era := _ERA_YEAR.search(plain):
        return _ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))
    for word in _ROMAN_YEAR.findall(plain):
        if 1800 <= (year := _roman_value(word)) <= 2099:  # noqa: PLR2004 - as above
            return year
    return None


def tidy_genres(names: Iterable[str]) -> tuple[str, ...]:
    """Clean names of genres, each once whatever its case; several in one text are parted at semicolons."""
    tidy: dict[str, str] = {}
    for name in names:
        for part in name.replace("\x00", ";").split(";"):
            if (genre := clean(part)) and len(tidy) < _MOST_GENRES:
                tidy.setdefault(genre.casefold(), genre)
    return tuple(tidy.values())


def _plain(text: str) -> str:
    """`text` with the usual digits, whatever script they are of."""
    text = text[:_LONGEST]
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def _numbered(number: int) -> Position:
    return Position(number) if 1 <= number <= _HIGHEST else NOWHERE


def _roman(text: str) -> int | None:
    word = text.upper()
    return _roman_value(word) if word and set(word) <= set("IVXL") and _ROMAN_NUMBER.fullmatch(word) else None


def _roman_value(word: str) -> int:
    """The value of a Roman number, well formed or as clocks have it."""
    values = [_ROMAN[letter] for letter in word]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
