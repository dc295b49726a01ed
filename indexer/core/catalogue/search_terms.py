"""What a search asks of a track: texts, numbers, choices and times, and groups of them; answered from columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.fields import MISSING
from indexer.core.catalogue.search_dates import DateTerm
from indexer.core.errors import SegueError

Own = Mapping[str, NDArray[Any]]
"""Numbers by name, each of shape (rows,), that hold in place of those of the catalogue."""

Hits = NDArray[np.bool_]

ME = ("me", "ich")
"""What listeners call themselves."""


class QueryError(SegueError):
    """What was typed is not a search."""


@dataclass(frozen=True)
class TextTerm:
    """Tracks that have the folded `needle` in one of `fields`; an empty needle asks for an empty field.

    Of this and the other kinds, `said` is what was typed for it.
    """

    fields: tuple[str, ...]
    needle: str
    negated: bool = False
    said: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True)
class NumberTerm:
    """Tracks whose number lies between `low` and `high`, both included; a missing number never does.

    Attributes:
        field: of the catalogue.
        low: the least.
        high: the greatest.
        negated: find the others.
        digits: after the point, to which numbers are rounded first: as exact as was typed; None for as they are.
        missing: find those without a number in place of those within.
        said: what was typed for it.
    """

    field: str
    low: float
    high: float
    negated: bool = False
    digits: int | None = None
    missing: bool = False
    said: str = dataclasses.field(default="", compare=False)

    def hits(self, values: NDArray[Any]) -> Hits:
        """Return shape (rows,): where the number fits."""
        known: Hits = ~np.isnan(values) if values.dtype.kind == "f" else values != MISSING
        if self.missing:
            return ~known
        rounded = values if self.digits is None or values.dtype.kind != "f" else np.round(values, self.digits)
        found: Hits = known & (rounded >= self.low) & (rounded <= self.high)
        return found


@dataclass(frozen=True)
class ChoiceTerm:
    """Tracks whose number in `field` is one of `values`."""

    field: str
    values: tuple[int, ...]
    negated: bool = False
    said: str = dataclasses.field(default="", compare=False)

    def hits(self, values: NDArray[Any]) -> Hits:
        """Return shape (rows,): where the number is one of them."""
        found: Hits = values == self.values[0] if len(self.values) == 1 else np.isin(values, self.values)
        return found


@dataclass(frozen=True)
class HeardTerm:
    """Tracks that the listener of a folded `name` played at least once so far that it counts."""

    name: str
    negated: bool = False
    said: str = dataclasses.field(default="", compare=False)

    @property
    def field(self) -> str:
        """What it looks at, which every listener has of their own."""
        return "plays"


@dataclass(frozen=True)
class Group:
    """What stands in brackets or beside an OR: tracks that fit all `parts`, or any of them."""

    parts: tuple[Part, ...]
    any_of: bool = False
    negated: bool = False
    said: str = dataclasses.field(default="", compare=False)


Term = TextTerm | NumberTerm | ChoiceTerm | DateTerm | HeardTerm
Part = Term | Group


def leaves(parts: tuple[Part, ...], *, negated: bool = False) -> Iterator[tuple[Term, bool]]:
    """The terms in all brackets, and of each whether it is excluded, which two minus signs take back."""
    for part in parts:
        turned = negated is not part.negated
        if isinstance(part, Group):
            yield from leaves(part.parts, negated=turned)
        else:
            yield part, turned


def hits_of(catalogue: Catalogue, part: Part, own: Own) -> Hits:
    """Return shape (all rows,): where a part of a search holds."""
    found = _group_hits(catalogue, part, own) if isinstance(part, Group) else _term_hits(catalogue, part, own)
    return ~found if part.negated else found


def _group_hits(catalogue: Catalogue, group: Group, own: Own) -> Hits:
    first, *others = group.parts
    found = hits_of(catalogue, first, own)
    for part in others:
        if group.any_of:
            found = found | hits_of(catalogue, part, own)
        elif found.any():
            found = found & hits_of(catalogue, part, own)
    return found


def _term_hits(catalogue: Catalogue, term: Term, own: Own) -> Hits:
    if isinstance(term, TextTerm):
        return text_hits(catalogue, term)
    if isinstance(term, HeardTerm):
        return _heard_hits(catalogue, term, own)
    values = own[term.field] if term.field in own else catalogue.numbers(term.field).array
    return term.hits(values)


def _heard_hits(catalogue: Catalogue, term: HeardTerm, own: Own) -> Hits:
    """Of another listener than the owner nothing is told but to themselves, who ask with numbers of their own."""
    if term.name in ME:
        played: Hits = (own["plays"] if "plays" in own else catalogue.numbers("plays").array) > 0
        return played
    return np.zeros(catalogue.row_count, np.bool_) if own else catalogue.heard_by(term.name)


def text_hits(catalogue: Catalogue, term: TextTerm) -> Hits:
    """Return shape (all rows,): where the text stands, whether that is asked for or excluded."""
    hits = [catalogue.searched(name).containing(term.needle) for name in term.fields]
    combined: Hits = np.logical_or.reduce(hits) if term.needle else np.logical_and.reduce(hits)
    return combined
