"""The search language of the library: `artist:boards (year>1998 OR bpm:120-130) "live at" -remix sort:-added`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.search_dates import DateTerm
from indexer.core.catalogue.search_fields import ANYWHERE
from indexer.core.catalogue.search_grammar import Reader, Sorting
from indexer.core.catalogue.search_terms import (
    ChoiceTerm,
    Group,
    NumberTerm,
    Own,
    Part,
    QueryError,
    Term,
    TextTerm,
    hits_of,
    leaves,
    text_hits,
)
from indexer.core.language import tr

__all__ = [
    "ChoiceTerm",
    "Group",
    "NumberTerm",
    "Own",
    "Part",
    "Query",
    "QueryError",
    "Sorting",
    "Term",
    "TextTerm",
    "made_ready",
    "match",
    "ordered",
    "parse",
    "read",
]

_ANYTHING = "a"
_NO_OWN: Own = {}


@dataclass(frozen=True)
class Query:
    """All terms have to hold. No terms: every track.

    Attributes:
        terms: what is asked, brackets as one `Group`.
        unknown: what stands before a colon like a field and is none, as typed; it is looked for as words.
        refused: what is wrong with what was typed; such a search finds nothing.
        sorting: the order that was asked for, the weightiest column first; none for any.
        notes: what was not understood, and is looked for as words or left out.
    """

    terms: tuple[Part, ...] = ()
    unknown: tuple[str, ...] = ()
    refused: QueryError | None = None
    sorting: tuple[Sorting, ...] = ()
    notes: tuple[QueryError, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether it may leave tracks out."""
        return bool(self.terms) or self.refused is not None

    @property
    def hint(self) -> str:
        """What a person who typed it should know, empty where it was understood."""
        if self.refused is not None:
            return f"{self.refused.message} {self.refused.advice}".strip()
        if self.notes:
            return f"{self.notes[0].message} {self.notes[0].advice}".strip()
        if not self.unknown:
            return ""
        return tr("There is no field “{field}”, so this is looked for as words.", field=self.unknown[0])

    @property
    def leaves(self) -> tuple[Term, ...]:
        """The terms in all brackets."""
        return tuple(term for term, _ in leaves(self.terms))

    @property
    def needles(self) -> tuple[TextTerm, ...]:
        """The texts that a match shows, to highlight them in the fields they were asked in."""
        found = (term for term, negated in leaves(self.terms) if not negated)
        return tuple(term for term in found if isinstance(term, TextTerm) and term.needle)

    @property
    def changes_by_itself(self) -> bool:
        """Whether it finds others as time goes by."""
        return any(isinstance(term, DateTerm) and term.ages for term in self.leaves)


def parse(text: str) -> Query:
    """Read a search.

    A word or a "phrase" is found anywhere; `artist:` `albumartist:` `album:` `title:` `genre:` `path:` `folder:`
    `licence:` `format:` look in one place; `year` `length` `plays` `track` `disc` `rating` `bpm` `loudness` `bitrate`
    `samplerate` `channels` compare with `:` `<` `>` `<=` `>=`, or lie in a range, `year:1990-1999`; `added` and
    `played` with an age, `added<7d`, or a date, `added>2024`; `key:Am` or `key:8A`; `is:favourite` and other states;
    `listener:anna` is what that listener played;
    `-` and NOT exclude, OR and `|` find either, brackets hold together; `sort:-added` is the order.

    Raises:
        QueryError: a quotation mark is not closed, a number is none, or there is no such field.
    """
    found = Reader(text).read()
    return Query(found.parts, found.unknown, None, found.sorting, found.notes)


def read(text: str) -> Query:
    """Read what is being typed; what `parse` refuses becomes a search that finds nothing and says why."""
    try:
        return parse(text)
    except QueryError as error:
        return Query(refused=error)


def match(catalogue: Catalogue, query: Query, own: Own = _NO_OWN) -> Rows:
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
    for part in query.terms:
        found &= hits_of(catalogue, part, own)
    return np.flatnonzero(found)


def ordered(catalogue: Catalogue, rows: Rows, query: Query, own: Own = _NO_OWN) -> Rows:
    """Return `rows` in the order that a search asks for; as they are where it asks for none."""
    sorting = [(one.column, one.descending) for one in query.sorting]
    return catalogue.sorted_by(rows, sorting, own) if sorting else rows


def made_ready(catalogue: Catalogue) -> Iterator[None]:
    """Work out what the first search would wait for, a step at a time; of a large library each takes a while."""
    for field in (*ANYWHERE, "format"):
        text_hits(catalogue, TextTerm((field,), _ANYTHING))
        yield
