"""What a page of tracks shows when nothing is searched: a part of the library, in an order, under a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.fields import DERIVED
from indexer.core.catalogue.search import TextTerm, match, parse
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark

Filter = Callable[[Rows], Rows]


@dataclass(frozen=True)
class Emptiness:
    """What is said where a part of the library has no tracks; the texts are translated when they are shown."""

    glyph: str
    headline: str
    detail: str


NO_TRACKS = Emptiness("music-notes", mark("No tracks here"), mark("Choose something else on the left."))


@dataclass(frozen=True)
class Scope:
    """A part of the library.

    Attributes:
        key: whose search and order are kept apart from those of other scopes; a place's key.
        filter: given rows of the catalogue, returns those that belong; None for all.
        column: what it is sorted by at first.
        descending: in which direction.
        empty: said where it has no tracks.
        told: the column that says why a track is here, shown even where it was not chosen; None for no other one.
        query: what belongs in the language of the search, if that has words for it; a smart playlist begins with it.
    """

    key: str
    filter: Filter | None = None
    column: Column = Column.ARTIST
    descending: bool = False
    empty: Emptiness = NO_TRACKS
    told: Column | None = None
    query: str = ""

    @property
    def by_plays(self) -> bool:
        """Whether a play changes what belongs."""
        terms = parse(self.query).leaves
        return any(term.field in DERIVED for term in terms if not isinstance(term, TextTerm))


EVERYTHING = Scope("tracks")


def recently_added(catalogue: Catalogue) -> Scope:
    return _found(catalogue, "recent", "", Column.ADDED, Column.ADDED)


def most_played(catalogue: Catalogue) -> Scope:
    empty = Emptiness(
        "chart-bar", mark("Nothing has been played yet"), mark("What you hear to the end is counted and listed here.")
    )
    return _found(catalogue, "most-played", "plays>0", Column.PLAYS, Column.LAST_PLAYED, empty)


def never_played(catalogue: Catalogue) -> Scope:
    empty = Emptiness(
        "check-circle", mark("You have heard it all"), mark("Every track of your library was played at least once.")
    )
    return _found(catalogue, "never-played", "plays:0", Column.ADDED, Column.ADDED, empty)


def _found(
    catalogue: Catalogue, key: str, query: str, column: Column, told: Column, empty: Emptiness = NO_TRACKS
) -> Scope:
    """What a search finds, the newest, the longest or the most played first."""

    def belong(rows: Rows) -> Rows:
        found = np.zeros(catalogue.row_count, np.bool_)
        found[match(catalogue, parse(query))] = True
        return rows[found[rows]]

    return Scope(key, belong if query else None, column, descending=True, empty=empty, told=told, query=query)
