"""What a page of tracks shows when nothing is searched: a part of the library, in an order, under a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indexer.core.catalogue.catalogue import Catalogue, Rows
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
        by_plays: whether a play changes what belongs.
    """

    key: str
    filter: Filter | None = None
    column: Column = Column.ARTIST
    descending: bool = False
    empty: Emptiness = NO_TRACKS
    by_plays: bool = False


EVERYTHING = Scope("tracks")


def recently_added() -> Scope:
    return Scope("recent", None, Column.ADDED, descending=True)


def most_played(catalogue: Catalogue) -> Scope:
    empty = Emptiness(
        "chart-bar", mark("Nothing has been played yet"), mark("What you hear to the end is counted and listed here.")
    )
    plays = catalogue.numbers
    return Scope(
        "most-played", lambda rows: rows[plays("plays").array[rows] > 0], Column.PLAYS, True, empty, by_plays=True
    )


def never_played(catalogue: Catalogue) -> Scope:
    empty = Emptiness(
        "check-circle", mark("You have heard it all"), mark("Every track of your library was played at least once.")
    )
    plays = catalogue.numbers
    return Scope(
        "never-played", lambda rows: rows[plays("plays").array[rows] == 0], Column.ADDED, True, empty, by_plays=True
    )
