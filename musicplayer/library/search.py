"""The search language of the library: `artist:boards year>1998 length<4:00 "live at" -remix`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.errors import SegueError
from musicplayer.library.catalogue import Catalogue, Rows
from musicplayer.library.fields import MISSING
from musicplayer.library.folding import fold

_ANYWHERE = ("title", "artist", "album", "album_artist", "genre", "genres")
_TEXT_FIELDS = {
    "title": ("title",),
    "artist": ("artist", "album_artist"),
    "album": ("album",),
    "genre": ("genre", "genres"),
    "path": ("path",),
}
_NUMBER_FIELDS = {"year": "year", "length": "seconds", "plays": "plays"}
_EXAMPLES = {"year": "year>1998", "length": "length<4:00", "plays": "plays:0"}

_TERM = re.compile(
    r"""\s*(?P<minus>-?)
        (?:(?P<field>[A-Za-z]+)(?P<operator>[<>]=?|[:=]))?
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

    def accepts(self, text: str) -> bool:
        return self.needle in text if self.needle else not text


@dataclass(frozen=True)
class NumberTerm:
    """Tracks whose number lies between `low` and `high`, both included; a missing number never does."""

    field: str
    low: float
    high: float
    negated: bool = False


Term = TextTerm | NumberTerm


@dataclass(frozen=True)
class Query:
    """All terms have to hold. No terms: every track."""

    terms: tuple[Term, ...] = ()

    @property
    def needles(self) -> tuple[TextTerm, ...]:
        """The texts that a match shows, to highlight them in the fields they were asked in."""
        return tuple(term for term in self.terms if isinstance(term, TextTerm) and term.needle and not term.negated)


def parse(text: str) -> Query:
    """Read a search.

    A word or a "phrase" is found anywhere; `artist:` `album:` `title:` `genre:` `path:` look in one place;
    `year` `length` `plays` compare with `:` `<` `>` `<=` `>=`, or lie in a range, `year:1990-1999`; `-` excludes.

    Raises:
        QueryError: a quotation mark is not closed, or a number is none.
    """
    terms: list[Term] = []
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
    return Query(tuple(terms))


def match(catalogue: Catalogue, query: Query) -> Rows:
    """Return the listed rows that a search finds, ascending."""
    found = np.zeros(catalogue.row_count, np.bool_)
    found[catalogue.rows()] = True
    for term in query.terms:
        hit = _text_hits(catalogue, term) if isinstance(term, TextTerm) else _number_hits(catalogue, term)
        found &= ~hit if term.negated else hit
    return np.flatnonzero(found)


def _text_hits(catalogue: Catalogue, term: TextTerm) -> NDArray[np.bool_]:
    hits = [catalogue.texts(field).where(term.accepts) for field in term.fields]
    combined: NDArray[np.bool_] = np.logical_or.reduce(hits) if term.needle else np.logical_and.reduce(hits)
    return combined


def _number_hits(catalogue: Catalogue, term: NumberTerm) -> NDArray[np.bool_]:
    values = catalogue.numbers(term.field).array
    hits: NDArray[np.bool_] = (values != MISSING) & (values >= term.low) & (values <= term.high)
    return hits


def _term(match: re.Match[str]) -> Term | None:
    if match["phrase"] is not None and not match["end"]:
        raise QueryError("A quotation mark is not closed.", 'Close it: "live at".')
    value = match["phrase"] if match["phrase"] is not None else match["word"]
    field, operator, negated = (match["field"] or "").lower(), match["operator"], bool(match["minus"])
    if field in _NUMBER_FIELDS:
        return _number_term(field, operator, value, negated=negated)
    if field in _TEXT_FIELDS and operator in {":", "="}:
        if not value and match["phrase"] is None:
            return None  # still being typed
        return TextTerm(_TEXT_FIELDS[field], fold(value), negated)
    if field:  # a title may well hold a colon
        value = f"{match['field']}{operator}{value}"
    return TextTerm(_ANYWHERE, fold(value), negated) if value else None


def _number_term(field: str, operator: str, value: str, *, negated: bool) -> NumberTerm:
    low_text, dash, high_text = value.partition("-")
    low = _number(field, low_text)
    high = _number(field, high_text) if dash else low
    if field == "length" and operator in {":", "="} and not dash:
        high = math.nextafter(low + 0.5, 0)  # what the table rounds to this length
        low = low - 0.5
    above, below = math.nextafter(high, math.inf), math.nextafter(low, -math.inf)
    bounds = {
        ":": (low, high),
        "=": (low, high),
        ">": (above, math.inf),
        ">=": (low, math.inf),
        "<": (-math.inf, below),
        "<=": (-math.inf, high),
    }
    return NumberTerm(_NUMBER_FIELDS[field], *bounds[operator], negated)


def _number(field: str, text: str) -> float:
    found = _CLOCK.fullmatch(text)
    if found is None or (field != "length" and not text.isdecimal()):
        raise QueryError(
            f"{field} wants a number, not “{text}”." if text else f"{field} wants a number.",
            f"For example {_EXAMPLES[field]}.",
        )
    hours, minutes, seconds = found.groups()
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds)
