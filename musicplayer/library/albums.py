"""The albums of the library, found in one pass over arrays; a compilation is one album, not one per artist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicplayer.library.artists import owners
from musicplayer.library.catalogue import Catalogue, Rows
from musicplayer.library.columns import TextColumn
from musicplayer.library.fields import MISSING
from musicplayer.library.folding import fold, natural_key
from musicplayer.library.grouping import Ints

VARIOUS = "Various artists"
_MANY_ARTISTS = 3
_VARIOUS = frozenset({"va", "v.a.", "various", "various artists", "various artist"})


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

    def among(self, rows: Rows) -> Ints:
        """Return the albums that hold any of `rows`, ascending."""
        held = np.zeros(len(self), np.bool_)
        found = self.album_of_row[rows[rows < len(self.album_of_row)]]
        held[found[found >= 0]] = True
        return np.flatnonzero(held)

    def key(self, album: int) -> str:
        """Names the album for as long as its tags stay."""
        return f"{fold(self.artists[album])}\0{fold(self.titles[album])}"

    def place_of(self, key: str) -> int | None:
        """The number of an album; None for one that is not there."""
        return self._places.get(key)

    def sorted(self, albums: Ints, order: AlbumOrder, *, descending: bool = False) -> Ints:
        """Return `albums` in an order, ties by artist, year and title; what is missing comes last."""
        keys = self._sort_keys(order)[albums]
        ties = self._shelf[albums]
        return np.asarray(albums[np.lexsort((ties, -keys if descending else keys))], np.intp)

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
        return {self.key(album): album for album in range(len(self))}

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
        keys = {artist: natural_key(fold(artist)) for artist in set(self.artists)}
        place = {key: rank for rank, key in enumerate(sorted(set(keys.values())))}
        return np.array([place[keys[artist]] if artist else np.nan for artist in self.artists], np.float64)


def albums_of(catalogue: Catalogue) -> Albums:
    """Group the listed tracks into albums.

    Tracks are of one album that share its title and its artist: the album artist, else the artist. Tracks of one
    title in one folder that name several artists and no album artist are a compilation, an album of VARIOUS, if
    nothing else is in the folder, or if there are at least three artists and no place on the disc is taken twice:
    three bands that each call theirs "Demo" all have a first track.
    """
    rows = catalogue.rows()
    titles, title_names = owners(catalogue, "album")
    artists, artist_names = owners(catalogue, "album_artist", "artist")
    titles, artists = titles[rows], artists[rows]
    various = len(artist_names)
    named = np.array([name.casefold() in _VARIOUS for name in artist_names], np.bool_)
    if len(rows):
        artists = np.where(named[artists] | _in_compilation(catalogue, rows, titles, artists), various, artists)
    order, starts = _parted(catalogue, rows, artists * (len(title_names) + 1) + titles)
    first = order[starts[:-1]]
    in_order = rows[order]
    return Albums(
        titles=[title_names[number] for number in titles[first]],
        title_ranks=catalogue.texts("album").row_ranks()[rows[first]],
        artists=[VARIOUS if number == various else artist_names[number] for number in artists[first]],
        years=_reduced(np.maximum, catalogue.numbers("year").array[in_order], starts),
        added=_reduced(np.maximum, catalogue.numbers("added_at").array[in_order], starts),
        plays=_reduced(np.add, catalogue.numbers("plays").array[in_order], starts).astype(np.intp),
        seconds=_reduced(np.add, np.nan_to_num(catalogue.numbers("seconds").array[in_order]), starts),
        rows=in_order,
        starts=starts,
        album_of_row=_album_of_row(catalogue.row_count, in_order, starts),
    )


def _in_compilation(catalogue: Catalogue, rows: Rows, titles: Ints, artists: Ints) -> NDArray[np.bool_]:
    """Return shape (rows,): whether a track is part of a compilation, as `albums_of` defines it."""
    named, title = catalogue.texts("album_artist"), catalogue.texts("album")
    eligible = _are_empty(named)[named.codes[rows]] & ~_are_empty(title)[title.codes[rows]]
    folders = catalogue.folders().codes[rows].astype(np.intp)
    _, shelves = np.unique(folders * (int(titles.max()) + 1) + titles, return_inverse=True)
    by_artist = np.unique(shelves * (int(artists.max()) + 1) + artists)
    artist_counts = np.bincount(by_artist // (int(artists.max()) + 1))
    shelves_in = np.bincount(np.unique(folders * len(artist_counts) + shelves) // len(artist_counts))
    alone = shelves_in[folders] == 1
    several = artist_counts[shelves]
    clashes = _clashes(catalogue, rows, shelves, len(artist_counts))[shelves]
    found: NDArray[np.bool_] = eligible & ((alone & (several > 1)) | ((several >= _MANY_ARTISTS) & ~clashes))
    return found


def _are_empty(column: TextColumn) -> NDArray[np.bool_]:
    """Shape (values,)."""
    return np.array([not value for value in column.values], np.bool_)


def _clashes(catalogue: Catalogue, rows: Rows, shelves: Ints, count: int) -> NDArray[np.bool_]:
    """Return shape (count,): whether two tracks of a shelf claim one place on the disc."""
    number = catalogue.numbers("track_number").array[rows]
    known = number > 0
    places = (shelves[known] * 100 + catalogue.numbers("disc_number").array[rows][known] % 100) * 10_000
    _, first = np.unique(places + number[known] % 10_000, return_index=True)
    different = np.bincount(shelves[known][first], minlength=count)
    found: NDArray[np.bool_] = np.bincount(shelves[known], minlength=count) > different
    return found


def _parted(catalogue: Catalogue, rows: Rows, groups: Ints) -> tuple[Ints, Ints]:
    """Sort places in `rows` by group, disc and track; return them and where each group starts, with the end."""
    side = catalogue.numbers("disc_number").array[rows] * 10_000 + catalogue.numbers("track_number").array[rows]
    title = catalogue.texts("title").row_ranks()[rows]
    order = np.lexsort((title, side, groups))
    steps = np.flatnonzero(np.diff(groups[order])) + 1
    starts = np.concatenate(([0], steps, [len(order)])) if len(order) else np.zeros(1, np.intp)
    return np.asarray(order, np.intp), np.asarray(starts, np.intp)


def _reduced(function: np.ufunc, values: NDArray[Any], starts: Ints) -> NDArray[Any]:
    found: NDArray[Any] = function.reduceat(values, starts[:-1]) if len(values) else values[:0]
    return found


def _album_of_row(row_count: int, rows: Rows, starts: Ints) -> Ints:
    found = np.full(row_count, -1, np.intp)
    found[rows] = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return found
