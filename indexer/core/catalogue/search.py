"""The search language of the library: `artist:boards year>1998 length<4:00 "live at" -remix`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.fields import MISSING
from indexer.core.catalogue.search_dates import DateTerm, date_term
from indexer.core.errors import SegueError
from indexer.core.language import tr
from indexer.core.text import fold


@dataclass(frozen=True)
class _Compared:
    """A field of numbers or dates: its name in the catalogue, what a search for it looks like, whether 4.5 is one."""

    field: str
    example: str
    has_parts: bool = False


_ANYTHING = "a"
_ANYWHERE = ("title", "artist", "artists", "album", "album_artist", "album_artists", "genre", "genres")
_TEXT_FIELDS = {
    "title": ("title",),
    "artist": ("artist", "artists", "album_artist", "album_artists"),
    "albumartist": ("album_artist", "album_artists"),
    "album": ("album",),
    "genre": ("genre", "genres"),
    "path": ("path",),
    "folder": ("folder",),
    "licence": ("licence",),
}
_NUMBER_FIELDS = {
    "year": _Compared("year", "year>1998"),
    "length": _Compared("seconds", "length<4:00"),
    "plays": _Compared("plays", "plays:0"),
    "track": _Compared("track_number", "track:1"),
    "disc": _Compared("disc_number", "disc:2"),
    "rating": _Compared("stars", "rating>=4", has_parts=True),
}
_DATE_FIELDS = {
    "added": _Compared("added_at", "added<7d"),
    "played": _Compared("last_played", "played>30d"),
}
_FIELDS = (*_TEXT_FIELDS, *_NUMBER_FIELDS, *_DATE_FIELDS)
_SAME = 0.004
"""Numbers with parts that differ by less are one; they have two decimals."""

_SIMILAR = 0.75
"""Names of fields that are at least so alike are taken for each other; tried on swapped and missing letters."""

_TERM = re.compile(
    r"""\s*(?P<minus>-?)
        (?:(?P<field>[A-Za-z]+)(?P<operator>:?[<>]=?|[:=]))?
        (?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>\S*))""",
    re.VERBOSE,
)
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d+)?)")


class QueryError(SegueError):
    """What was typed is not a search."""


@dataclass(frozen=True)
class TextTerm:
    """Tracks that have the folded `needle` in one of `fields`; an empty needle asks for an empty field."""

    fields: tuple[str, ...]
    needle: str
    negated: bool = False


@dataclass(frozen=True)
class NumberTerm:
    """Tracks whose number lies between `low` and `high`, both included; a missing number never does."""

    field: str
    low: float
    high: float
    negated: bool = False


Term = TextTerm | NumberTerm | DateTerm


@dataclass(frozen=True)
class Query:
    """All terms have to hold. No terms: every track.

    Attributes:
        terms: what is asked.
        unknown: what stands before a colon like a field and is none, as typed; it is looked for as words.
        refused: what is wrong with what was typed; such a search finds nothing.
    """

    terms: tuple[Term, ...] = ()
    unknown: tuple[str, ...] = ()
    refused: QueryError | None = None

    @property
    def narrows(self) -> bool:
        """Whether it may leave tracks out."""
        return bool(self.terms) or self.refused is not None

    @property
    def hint(self) -> str:
        """What a person who typed it should know, empty where it was understood."""
        if self.refused is not None:
            return f"{self.refused.message} {self.refused.advice}".strip()
        if not self.unknown:
            return ""
        return tr("There is no field “{field}”, so this is looked for as words.", field=self.unknown[0])

    @property
    def needles(self) -> tuple[TextTerm, ...]:
        """The texts that a match shows, to highlight them in the fields they were asked in."""
        return tuple(term for term in self.terms if isinstance(term, TextTerm) and term.needle and not term.negated)


def parse(text: str) -> Query:
    """Read a search.

    A word or a "phrase" is found anywhere; `artist:` `albumartist:` `album:` `title:` `genre:` `path:` `folder:`
    `licence:` look in one place; `year` `length` `plays` `track` `disc` `rating` compare with `:` `<` `>` `<=` `>=`, or
    lie in a range, `year:1990-1999`; `added` and `played` with an age, `added<7d`, or a date, `added>2024`; `-`
    excludes.

    Raises:
        QueryError: a quotation mark is not closed, a number is none, or there is no such field.
    """
    terms: list[Term] = []
    unknown: list[str] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or match.end() == position:  # pragma: no cover - the expression takes any rest
            break
        position = match.end()
        term = _term(match)
        if term is not None:
            terms.append(term)
        if match["field"] and match["field"].lower() not in _FIELDS and (match["word"] or match["phrase"]):
            unknown.append(match["field"])
    return Query(tuple(terms), tuple(unknown))


def read(text: str) -> Query:
    """Read what is being typed; what `parse` refuses becomes a search that finds nothing and says why."""
    try:
        return parse(text)
    except QueryError as error:
        return Query(refused=error)


def match(catalogue: Catalogue, query: Query, own: Mapping[str, NDArray[Any]] = {}) -> Rows:
    """Return the listed rows that a search finds, ascending.

    Args:
        catalogue: the tracks.
        query: what is asked.
        own: numbers by name, each of shape (rows,), that hold in place of those of the catalogue: what another
            listener than the owner of the library played.
    """
    if query.refused is not None:
        return np.empty(0, np.intp)
    if not query.terms:
        return catalogue.rows()
    found = np.zeros(catalogue.row_count, np.bool_)
    found[catalogue.rows()] = True
    for term in query.terms:
        hit = _hits(catalogue, term, own)
        found &= ~hit if term.negated else hit
    return np.flatnonzero(found)


def made_ready(catalogue: Catalogue) -> Iterator[None]:
    """Work out what the first search would wait for, a step at a time; of a large library each takes a while."""
    for field in _ANYWHERE:
        _text_hits(catalogue, TextTerm((field,), _ANYTHING))
        yield


def _hits(catalogue: Catalogue, term: Term, own: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    if isinstance(term, TextTerm):
        return _text_hits(catalogue, term)
    values = own[term.field] if term.field in own else catalogue.numbers(term.field).array
    return term.hits(values) if isinstance(term, DateTerm) else _number_hits(values, term)


def _text_hits(catalogue: Catalogue, term: TextTerm) -> NDArray[np.bool_]:
    columns = [catalogue.folders() if field == "folder" else catalogue.texts(field) for field in term.fields]
    hits = [column.containing(term.needle) for column in columns]
    combined: NDArray[np.bool_] = np.logical_or.reduce(hits) if term.needle else np.logical_and.reduce(hits)
    return combined


def _number_hits(values: NDArray[Any], term: NumberTerm) -> NDArray[np.bool_]:
    hits: NDArray[np.bool_] = (values != MISSING) & (values >= term.low) & (values <= term.high)
    return hits


def _term(match: re.Match[str]) -> Term | None:
    if match["phrase"] is not None and not match["end"]:
        raise QueryError("query-quotation")
    value = match["phrase"] if match["phrase"] is not None else match["word"]
    field, operator, negated = (match["field"] or "").lower(), match["operator"] or "", bool(match["minus"])
    if len(operator) > 1:
        operator = operator.removeprefix(":")
    if field in _NUMBER_FIELDS:
        return _number_term(field, operator, value, negated=negated)
    if field in _DATE_FIELDS:
        return _date_term(field, operator, value, negated=negated)
    if field:
        _check_field(field, operator, value)
    if field in _TEXT_FIELDS:
        if not value and match["phrase"] is None:
            return None  # still being typed
        return TextTerm(_TEXT_FIELDS[field], fold(value), negated)
    if field:  # a title may well hold a colon
        value = f"{match['field']}{match['operator']}{value}"
    return TextTerm(_ANYWHERE, fold(value), negated) if value else None


def _check_field(field: str, operator: str, value: str) -> None:
    """Refuse what looks like a field and is none, and comparing what has no size.

    Raises:
        QueryError: with the name that was probably meant.
    """
    compares = operator not in {":", "="}
    if field in _TEXT_FIELDS:
        if compares:
            raise QueryError("query-compares-words", field=field, operator=operator, value=value or "…")
        return
    meant = get_close_matches(field, _FIELDS, 1, _SIMILAR)
    if compares or (meant and value):
        if meant:
            raise QueryError("query-field-meant", field=field, meant=meant[0])
        raise QueryError("query-field", field=field)


def _date_term(field: str, operator: str, value: str, *, negated: bool) -> DateTerm:
    term = date_term(_DATE_FIELDS[field].field, operator, value, negated=negated)
    if term is None:
        examples = {"one": _DATE_FIELDS[field].example, "other": f"{field}>2024-05"}
        if not value:
            raise QueryError("query-date-missing", field=field, **examples)
        raise QueryError("query-date", field=field, value=value, **examples)
    return term


def _number_term(field: str, operator: str, value: str, *, negated: bool) -> NumberTerm:
    low_text, dash, high_text = value.partition("-")
    low = _number(field, low_text)
    high = _number(field, high_text) if dash else low
    if field == "length" and operator in {":", "="} and not dash:
        high = math.nextafter(low + 0.5, 0)  # what the table rounds to this length
        low = low - 0.5
    if _NUMBER_FIELDS[field].has_parts:  # of which a column keeps as much as float32 can
        low, high = low - _SAME, high + _SAME
    above, below = math.nextafter(high, math.inf), math.nextafter(low, -math.inf)
    bounds = {
        ":": (low, high),
        "=": (low, high),
        ">": (above, math.inf),
        ">=": (low, math.inf),
        "<": (-math.inf, below),
        "<=": (-math.inf, high),
    }
    return NumberTerm(_NUMBER_FIELDS[field].field, *bounds[operator], negated)


def _number(field: str, text: str) -> float:
    found = _CLOCK.fullmatch(text)
    is_plain = text.isdecimal() or (_NUMBER_FIELDS[field].has_parts and ":" not in text)
    if found is None or (field != "length" and not is_plain):
        if not text:
            raise QueryError("query-number-missing", field=field, example=_NUMBER_FIELDS[field].example)
        raise QueryError("query-number", field=field, text=text, example=_NUMBER_FIELDS[field].example)
    hours, minutes, seconds = found.groups()
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds)
