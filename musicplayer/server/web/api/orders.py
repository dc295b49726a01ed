"""Tracks in the order that somebody wants them: worked out once for all who ask, until tracks change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.search import Query, match, ordered
from indexer.core.catalogue.shown import SHOWN, Column
from indexer.core.plays import Opinion
from indexer.core.tracks import TrackId

K = TypeVar("K")

MOST_ORDERS = 8
"""Orders that are kept, 0.9 MB each at 106,574 tracks."""

MOST_FOUND = 16
"""Searches whose rows are kept: to turn the page asks for the same ones again."""

Numbers = Mapping[str, NDArray[Any]]

_OWN = frozenset({"plays", "last_played", "stars", "favourite", "thumb"})
"""Numbers that every listener has of their own."""


@dataclass(frozen=True)
class Wanted:
    """Which tracks, in which order; one that the search asks for goes before."""

    query: Query
    column: Column
    descending: bool


class Orders:
    """Sorts the tracks of one catalogue; for one thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._of_changes = -1
        self._places: OrderedDict[tuple[Column, bool], Rows] = OrderedDict()
        self._found: OrderedDict[Wanted, Rows] = OrderedDict()

    def rows(self, wanted: Wanted, own: Callable[[], Numbers]) -> Rows:
        """The rows that a search finds, in an order.

        Args:
            wanted: what is asked.
            own: gives the numbers of the listener who asks, see `own_numbers`; called where they matter.
        """
        self._follow()
        if wanted.query.sorting:
            numbers = own()
            return ordered(self._catalogue, match(self._catalogue, wanted.query, numbers), wanted.query, numbers)
        field = SHOWN[wanted.column].field
        if field in _OWN:
            numbers = own()
            rows = match(self._catalogue, wanted.query, numbers)
            return self._catalogue.sort_order(rows, wanted.column, wanted.descending, numbers[field])
        if _is_own(wanted.query):
            return self._sorted(match(self._catalogue, wanted.query, own()), wanted)
        if wanted not in self._found:
            self._found[wanted] = self._sorted(match(self._catalogue, wanted.query), wanted)
        return _kept(self._found, wanted, MOST_FOUND)

    def _sorted(self, rows: Rows, wanted: Wanted) -> Rows:
        order = self._order(wanted.column, wanted.descending)
        found: NDArray[np.bool_] = np.zeros(self._catalogue.row_count, np.bool_)
        found[rows] = True
        return order[found[order]]

    def _order(self, column: Column, descending: bool) -> Rows:
        key = (column, descending)
        if key not in self._places:
            self._places[key] = self._catalogue.sort_order(self._catalogue.rows(), column, descending)
        return _kept(self._places, key, MOST_ORDERS)

    def _follow(self) -> None:
        if self._of_changes != self._catalogue.changes:
            self._of_changes = self._catalogue.changes
            self._places.clear()
            self._found.clear()


def own_numbers(
    catalogue: Catalogue,
    plays: Mapping[TrackId, int],
    last_played: Mapping[TrackId, float],
    opinions: Mapping[TrackId, Opinion],
    *,
    takes_files_stars: bool,
) -> Numbers:
    """What a listener did and said, by the names of the catalogue's numbers, each of shape (rows,).

    A track that was never played was so last at 0; one without stars has NaN, or those that its file has.
    """
    stars = np.full(catalogue.row_count, np.nan, np.float32)
    if takes_files_stars:
        stars[:] = catalogue.numbers("rating").array
    marks = np.zeros(catalogue.row_count, np.int8)
    rated = {track: said.rating for track, said in opinions.items() if said.rating is not None}
    return {
        "plays": _column(catalogue, np.zeros(catalogue.row_count, np.int32), plays),
        "last_played": _column(catalogue, np.zeros(catalogue.row_count, np.float64), last_played),
        "stars": _column(catalogue, stars, rated),
        "favourite": _column(catalogue, marks.copy(), {track: said.favourite for track, said in opinions.items()}),
        "thumb": _column(catalogue, marks, {track: int(said.thumb) for track, said in opinions.items()}),
    }


def _column(catalogue: Catalogue, column: NDArray[Any], values: Mapping[TrackId, float]) -> NDArray[Any]:
    for track, value in values.items():
        row = catalogue.row_of(track)
        if row is not None:
            column[row] = value
    return column


def _is_own(query: Query) -> bool:
    """Whether what it finds is another thing for every listener, or in another moment."""
    fields = {getattr(term, "field", "") for term in query.leaves}
    return not _OWN.isdisjoint(fields) or query.changes_by_itself


def _kept(kept: OrderedDict[K, Rows], key: K, most: int) -> Rows:
    """What is kept under a key, as what was asked for last; what was not asked for longest goes."""
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]
