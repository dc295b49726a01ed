"""A few albums to begin with, where nothing was played yet: of different artists, and of different genres first."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from indexer.core.catalogue.album_rule import album_rows
from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.text import fold

_LOOKED_AT = 60
"""Tracks that albums are drawn by: a large library is not gone through, and long albums come up more often."""


def beginnings(catalogue: Catalogue, seed: int, most: int) -> list[int]:
    """Draw albums by chance, the same for a seed as long as the library stays; fewer than `most` in a small one.

    Returns:
        The row of one track of each; what else is on its album costs more to find, see `whole_album`.
    """
    listed = catalogue.rows()
    if not len(listed):
        return []
    places = random.Random(seed).sample(range(len(listed)), min(_LOOKED_AT, len(listed)))  # noqa: S311 - no secret
    drawn = listed[places].tolist()
    genres = catalogue.texts("genre")
    there = [row for row in drawn if catalogue.album(row) and not catalogue.is_away(row)]
    return _different(there, lambda row: fold(genres[row]), lambda row: fold(catalogue.artist(row)), most)


def whole_album(catalogue: Catalogue, row: int) -> Rows:
    """The rows of the album that a row belongs to, of shape (tracks,), in the order of its discs."""
    rows = album_rows(catalogue, row)
    discs, places = (catalogue.numbers(field).array[rows] for field in ("disc_number", "track_number"))
    ordered: Rows = rows[np.lexsort((rows, places, discs))]
    return ordered


def _different(rows: Sequence[int], genre: Callable[[int], str], artist: Callable[[int], str], most: int) -> list[int]:
    """Rows of which no two have one artist: first those of genres that none before them has."""
    chosen: dict[str, int] = {}
    heard: set[str] = set()
    for anew in (True, False):
        for row in rows:
            if len(chosen) < most and artist(row) not in chosen and not (anew and genre(row) in heard):
                chosen[artist(row)] = row
                heard.add(genre(row))
    return list(chosen.values())
