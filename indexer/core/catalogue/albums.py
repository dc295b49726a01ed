"""The albums of the library as arrays: named, counted and sorted at once."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.album_rule import VARIOUS as NO_OWNER
from indexer.core.catalogue.album_rule import Shelved, shelved
from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.fields import MISSING
from indexer.core.catalogue.folders import disc_of
from indexer.core.catalogue.grouping import NO_PARENT, Grouping, Ints
from indexer.core.language import tr
from indexer.core.text import fold, identity, natural_key

VARIOUS = "Various artists"
_BEYOND = 10_000
"""No disc has so many tracks."""


class AlbumOrder(StrEnum):
    """What the grid of albums can be sorted by."""

    ARTIST = "artist"
    TITLE = "title"
    YEAR = "year"
    ADDED = "added"
    PLAYS = "plays"


@dataclass(frozen=True, eq=False)
class Albums:
    """Albums by number; the tracks of one lie side by side in `rows`, as they are on the disc.

    Attributes:
        titles: of each album, empty for the tracks of an artist that name none.
        title_ranks: shape (albums,), places of the titles in natural order.
        artists: of each album, VARIOUS for a compilation, empty where nobody is named.
        folders: of each album, that of its first track; of the whole where each disc has one.
        years: shape (albums,), of its newest track, MISSING where none is known.
        added: shape (albums,), when its newest track was added, seconds since 1970.
        plays: shape (albums,), of all its tracks.
        seconds: shape (albums,), of all its tracks.
        rows: shape (listed rows,), rows of the catalogue.
        starts: shape (albums + 1,), where each album begins in `rows`.
        album_of_row: shape (rows,), -1 for rows that are not listed.
    """

    titles: list[str]
    title_ranks: Ints
    artists: list[str]
    folders: list[str]
    years: Ints
    added: NDArray[np.float64]
    plays: Ints
    seconds: NDArray[np.float64]
    rows: Rows
    starts: Ints
    album_of_row: Ints

    def __len__(self) -> int:
        return len(self.titles)

    def rows_of(self, album: int) -> Rows:
        """The tracks of an album in the order of its discs."""
        return self.rows[self.starts[album] : self.starts[album + 1]]

    def number_of(self, row: int) -> int | None:
        """The album that a row lies in; None for one that is not listed, or came since albums were made."""
        number = int(self.album_of_row[row]) if row < len(self.album_of_row) else -1
        return number if number >= 0 else None

    def among(self, rows: Rows) -> Ints:
        """Return the albums that hold any of `rows`, ascending."""
        held = np.zeros(len(self), np.bool_)
        found = self.album_of_row[rows[rows < len(self.album_of_row)]]
        held[found[found >= 0]] = True
        return np.flatnonzero(held)

    def key(self, album: int) -> str:
        """Names the album for as long as its tags stay; of several of one name and title, also its folder does."""
        return self._keys[album]

    def place_of(self, key: str) -> int | None:
        """The number of an album; None for one that is not there."""
        return self._places.get(key)

    def sorted(self, albums: Ints, order: AlbumOrder, *, descending: bool = False) -> Ints:
        """Return `albums` in an order, ties by artist, year and title; what is missing comes last."""
        places = self._places_in(order, descending=descending)
        return np.asarray(albums[np.argsort(places[albums], kind="stable")], np.intp)

    def _places_in(self, order: AlbumOrder, *, descending: bool) -> Ints:
        """Place of each album in an order, worked out once: all of a large library are sorted in 20 ms."""
        key = (order, descending)
        if key not in self._orders:
            keys = self._sort_keys(order)
            sorted_albums = np.lexsort((self._shelf, -keys if descending else keys))
            places = np.empty(len(self), np.intp)
            places[sorted_albums] = np.arange(len(self))
            self._orders[key] = places
        return self._orders[key]

    @cached_property
    def _orders(self) -> dict[tuple[AlbumOrder, bool], Ints]:
        return {}

    def _sort_keys(self, order: AlbumOrder) -> NDArray[np.float64]:
        if order is AlbumOrder.ARTIST:
            return self._artist_ranks
        if order is AlbumOrder.TITLE:
            return np.where([bool(title) for title in self.titles], self.title_ranks, np.nan)
        if order is AlbumOrder.YEAR:
            return np.where(self.years == MISSING, np.nan, self.years.astype(np.float64))
        return self.added if order is AlbumOrder.ADDED else self.plays.astype(np.float64)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: album for album, key in enumerate(self._keys)}

    @cached_property
    def _keys(self) -> list[str]:
        names = [
            f"{identity(artist)}\0{identity(title)}" for artist, title in zip(self.artists, self.titles, strict=True)
        ]
        counts = Counter(names)
        return [name if counts[name] == 1 else f"{name}\0{self.folders[album]}" for album, name in enumerate(names)]

    @cached_property
    def _shelf(self) -> Ints:
        """Place of each album by artist, year, title."""
        years = np.where(self.years == MISSING, 9_999, self.years)
        order = np.lexsort((self.title_ranks, years, self._artist_ranks))
        places = np.empty(len(order), np.intp)
        places[order] = np.arange(len(order))
        return places

    @cached_property
    def _artist_ranks(self) -> NDArray[np.float64]:
        """Places of the artists in natural order, NaN where nobody is named."""
        keys = {artist: (natural_key(fold(artist)), identity(artist)) for artist in set(self.artists)}
        place = {key: rank for rank, key in enumerate(sorted(set(keys.values())))}
        return np.array([place[keys[artist]] if artist else np.nan for artist in self.artists], np.float64)


def albums_of(catalogue: Catalogue) -> Albums:
    """Group the listed tracks into albums, as `shelved` has them."""
    rows = catalogue.rows()
    found = shelved(catalogue, rows)
    order, starts = _parted(catalogue, rows, found)
    first = order[starts[:-1]]
    in_order = rows[order]
    return Albums(
        titles=[catalogue.album_titles.names[number] for number in found.titles[first].tolist()],
        title_ranks=catalogue.texts("album").row_ranks()[rows[first]],
        artists=_artists(catalogue, found, in_order, first, starts),
        folders=[disc_of(catalogue.path(row).rpartition(os.sep)[0])[0] for row in rows[first].tolist()],
        years=_reduced(np.maximum, catalogue.numbers("year").array[in_order], starts),
        added=_reduced(np.maximum, catalogue.numbers("added_at").array[in_order], starts),
        plays=_reduced(np.add, catalogue.numbers("plays").array[in_order], starts).astype(np.intp),
        seconds=_reduced(np.add, np.nan_to_num(catalogue.numbers("seconds").array[in_order]), starts),
        rows=in_order,
        starts=starts,
        album_of_row=_album_of_row(catalogue.row_count, in_order, starts),
    )


def albums_with(albums: Albums, artists: Grouping, artist: int, rows: Rows) -> tuple[Ints, Ints]:
    """The albums of an artist, and those of others that the artist is on, each the newest first.

    Args:
        albums: of the library.
        artists: of the library.
        artist: the number of one.
        rows: of the catalogue that the artist is named by.
    """
    found = albums.sorted(albums.among(rows), AlbumOrder.YEAR, descending=True)
    found = found[[bool(albums.titles[album]) for album in found.tolist()]]
    own = [_is_by(albums.rows_of(album), artists, artist) for album in found.tolist()]
    is_own = np.array(own, np.bool_)
    return found[is_own], found[~is_own]


def albums_by_title(albums: Albums) -> Grouping:
    """Albums as groups in the order of the alphabet, tracks that name none as the last.

    Where several have one title, each is called by its artist as well.
    """
    order = albums.sorted(np.arange(len(albums)), AlbumOrder.TITLE).tolist()
    named = [album for album in order if albums.titles[album]]
    titles = Counter(identity(albums.titles[album]) for album in named)
    numbers = np.full(len(albums), len(named), np.intp)
    numbers[named] = np.arange(len(named))
    unnamed = [""] if len(named) < len(order) else []
    return Grouping(
        keys=[albums.key(album) for album in named] + unnamed,
        labels=[_told_apart(albums, album, titles) for album in named] + unnamed,
        parents=np.full(len(named) + len(unnamed), NO_PARENT, np.intp),
        set_of_row=albums.album_of_row,
        members=np.column_stack((numbers, np.arange(len(albums)))),
    )


def _told_apart(albums: Albums, album: int, titles: Counter[str]) -> str:
    title, artist = albums.titles[album], albums.artists[album]
    if titles[identity(title)] == 1 or not artist:
        return title
    return f"{title} – {tr('Various artists') if artist == VARIOUS else artist}"


def _is_by(rows: Rows, artists: Grouping, artist: int) -> bool:
    """Whether an artist is named first by half of an album's tracks or more."""
    return 2 * sum(artists.first_of(row) == artist for row in rows.tolist()) >= len(rows)


def _artists(catalogue: Catalogue, found: Shelved, in_order: Rows, first: Ints, starts: Ints) -> list[str]:
    """What each album's artist is called: as written where all its tracks agree, else the one they have in common."""
    artist, names = catalogue.texts("artist"), catalogue.artist_names.names
    codes = artist.codes[in_order]
    agree = _reduced(np.minimum, codes, starts) == _reduced(np.maximum, codes, starts)
    as_written = agree & ~found.hosted[first] & (artist.codes[in_order[starts[:-1]]] >= 0)
    owners = found.owners[first].tolist()
    return [
        VARIOUS if owner == NO_OWNER else (artist[row] or names[owner]) if alike else names[owner]
        for owner, row, alike in zip(owners, in_order[starts[:-1]].tolist(), as_written.tolist(), strict=True)
    ]


def _parted(catalogue: Catalogue, rows: Rows, found: Shelved) -> tuple[Ints, Ints]:
    """Sort places in `rows` by album, disc and track; return them and where each album starts, with the end.

    Where no number tells, the name of the file orders better than the title; what is on no album goes by title.
    """
    number = catalogue.numbers("track_number").array[rows]
    side = found.discs * _BEYOND + np.where(number > 0, np.minimum(number, _BEYOND - 1), _BEYOND)
    order = np.lexsort((catalogue.names_on_shelf()[rows], side, found.numbers))
    steps = np.flatnonzero(np.diff(found.numbers[order])) + 1
    starts = np.concatenate(([0], steps, [len(order)])) if len(order) else np.zeros(1, np.intp)
    return np.asarray(order, np.intp), np.asarray(starts, np.intp)


def _reduced(function: np.ufunc, values: NDArray[Any], starts: Ints) -> NDArray[Any]:
    found: NDArray[Any] = function.reduceat(values, starts[:-1]) if len(values) else values[:0]
    return found


def _album_of_row(row_count: int, rows: Rows, starts: Ints) -> Ints:
    found = np.full(row_count, -1, np.intp)
    found[rows] = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return found
