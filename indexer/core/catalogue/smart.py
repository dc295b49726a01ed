"""Smart playlists: a search, an order and a limit, answered from the catalogue each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from zlib import crc32

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.search import Query, QueryError, match, ordered, parse
from indexer.core.catalogue.shown import Column
from indexer.core.playlist import Playlist

RANDOM = "random"
MOST = 1_000_000


@dataclass(frozen=True)
class SmartRule:
    """What a smart playlist finds.

    Attributes:
        query: in the search language; empty for everything.
        order: name of a column, "random", or empty for the order of the shelf.
        descending: from the end of the alphabet, the newest, the longest.
        limit: at most so many of the first; 0 for all.
    """

    query: str
    order: str = ""
    descending: bool = False
    limit: int = 0

    @classmethod
    def of(cls, playlist: Playlist) -> Self:
        return cls(playlist.query, playlist.order, playlist.descending, playlist.limit)

    def parsed(self) -> Query:
        """The search that the text stands for.

        Raises:
            QueryError: it stands for none; the message says what is wrong with it.
        """
        return parse(self.query)


def find(catalogue: Catalogue, rule: SmartRule, seed: str = "") -> Rows:
    """Return the rows that a rule finds, in its order, shape (tracks,).

    Args:
        catalogue: where to look.
        rule: what for; where its search asks for an order, that goes before the rule's.
        seed: an order by chance is the same for the same seed.

    Raises:
        QueryError: its search is none.
    """
    query = rule.parsed()
    rows = match(catalogue, query) if query.terms else catalogue.rows()
    found = ordered(catalogue, rows, query) if query.sorting else _in_order(catalogue, rows, rule, seed)
    return found[: rule.limit] if rule.limit > 0 else found


def find_or_nothing(catalogue: Catalogue, rule: SmartRule, seed: str = "") -> Rows:
    """The same, and no rows for a search that is none, one that a later version of the language made for example."""
    try:
        return find(catalogue, rule, seed)
    except QueryError:
        return np.empty(0, np.intp)


def _in_order(catalogue: Catalogue, rows: Rows, rule: SmartRule, seed: str) -> Rows:
    if rule.order == RANDOM:
        chance = np.random.default_rng(crc32(seed.encode())).random(catalogue.row_count)
        return rows[np.argsort(chance[rows], kind="stable")]
    return catalogue.sort_order(rows, _column(rule.order), rule.descending)


def _column(name: str) -> Column:
    try:
        return Column(name)
    except ValueError:
        return Column.ARTIST
