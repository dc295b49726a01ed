"""Says which tracks are one album: the one rule of the albums page, of album gain and of fades."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.fields import MISSING
from indexer.core.catalogue.grouping import Ints
from indexer.core.recordings.artists import VARIOUS_NAMES

_MANY_ARTISTS = 3
_MOST_TRACKS = 10_000
_MOST_DISCS = 100

VARIOUS = -1
"""Stands for the owner of a compilation."""


@dataclass(frozen=True, eq=False)
class Shelved:
    """The albums of some rows.

    Attributes:
        numbers: shape (rows,), equal for the tracks of one album.
        owners: shape (rows,), whose album it is, a place in the catalogue's names of artists, or `VARIOUS`.
        hosted: shape (rows,), whether the album names its artist.
        titles: shape (rows,), a place in the catalogue's names of albums.
        discs: shape (rows,), by the tag, else by the folder; 0 where neither says.
    """

    numbers: Ints
    owners: Ints
    hosted: NDArray[np.bool_]
    titles: Ints
    discs: Ints


def shelved(catalogue: Catalogue, rows: Rows) -> Shelved:
    """Find the albums of `rows`, in one pass over arrays.

    An album is an album artist and a title; where no album artist is named, an artist, a title and a folder, in which
    those of single discs ("CD1", "Disc 2") count as one. Two folders whose tracks claim the same places are two albums
    in either case. Without an album artist, tracks of one title in one folder that are by several artists are a
    compilation, if the tags say so, if nothing else is in the folder, or if there are at least three artists and no
    place is claimed twice: three bands that each call theirs "Demo" all have a first track. Guests make no other
    artist. Tracks that name no album are together by artist.

    Args:
        catalogue: the tracks.
        rows: shape (n,); with a row all others of its title have to be among them, and of each of their folders one of
            another title, where there is one.
    """
    titles, untitled = catalogue.album_titles.of_rows("album", rows), catalogue.album_titles.number_of("")
    titled = titles != untitled
    owners, hosted = _owners(catalogue, rows)
    folders, folder_discs = catalogue.folders().discs(rows)
    discs = np.maximum(catalogue.numbers("disc_number").array[rows], 0)
    discs = np.where(discs > 0, discs, folder_discs)
    if not len(rows):
        return Shelved(titles, owners, hosted, titles, discs)
    shelves = _numbered(np.where(titled, folders + 1, 0), titles)
    places = _places(catalogue, rows, discs)
    is_compilation = titled & ~hosted & _compilations(catalogue, rows, shelves, owners, titles, places)
    owners = np.where(is_compilation, VARIOUS, owners)
    return Shelved(_joined(owners, titles, shelves, hosted & titled, places), owners, hosted, titles, discs)


def album_rows(catalogue: Catalogue, row: int) -> Rows:
    """The listed tracks of the album that a row belongs to, ascending; empty where it names none or is not listed."""
    rows = catalogue.rows()
    if not catalogue.album(row) or not catalogue.is_listed(row):
        return rows[:0]
    concerned = _concerned(catalogue, rows, int(np.searchsorted(rows, row)))
    numbers = shelved(catalogue, concerned).numbers
    found: Rows = concerned[numbers == numbers[np.searchsorted(concerned, row)]]
    return found


def _concerned(catalogue: Catalogue, rows: Rows, place: int) -> Rows:
    """Those of `rows` that say what album the one at a place is on, ascending.

    All of its title; and of each folder that these are in one of another title, for that such a one is there, too,
    is all that is asked of the rest.
    """
    titles, folders = catalogue.album_titles.of_rows("album", rows), catalogue.folders().codes[rows]
    of_title = titles == titles[place]
    others = np.flatnonzero(~of_title)
    witnesses = np.full(int(folders.max()) + 1, place)
    witnesses[folders[others]] = others
    of_title[witnesses[folders[of_title]]] = True
    found: Rows = rows[of_title]
    return found


def _owners(catalogue: Catalogue, rows: Rows) -> tuple[Ints, NDArray[np.bool_]]:
    """Whose albums the tracks are on, by their own tags; and whether these name an album artist."""
    names = catalogue.artist_names
    host, told, artist = (names.of_rows(field, rows) for field in ("album_artist", "artists", "artist"))
    nobody = names.number_of("")
    owners = np.where(host != nobody, host, np.where(told != nobody, told, artist))
    is_various = np.isin(owners, [names.number_of(name) for name in VARIOUS_NAMES])
    hosted: NDArray[np.bool_] = host != nobody
    return np.asarray(np.where(is_various, VARIOUS, owners), np.intp), hosted


def _compilations(
    catalogue: Catalogue, rows: Rows, shelves: Ints, owners: Ints, titles: Ints, places: Ints
) -> NDArray[np.bool_]:
    """Return shape (rows,): whether a shelf holds tracks of several artists that belong together."""
    count = int(shelves.max()) + 1
    several = _different(shelves, owners, count)
    folders = catalogue.folders().codes[rows].astype(np.intp)
    shared = _different(folders, titles, int(folders.max()) + 1)[folders] > 1
    alone = np.bincount(shelves, weights=shared, minlength=count) == 0
    told = np.bincount(shelves, weights=catalogue.numbers("compilation").array[rows], minlength=count) > 0
    numbered = places != MISSING
    claims = _numbered(folders[numbered], places[numbered])
    claimed = np.bincount(shelves[numbered], minlength=count)
    clashes = claimed > _different(shelves[numbered], claims, count)
    found: NDArray[np.bool_] = (several > 1) & (told | alone | ((several >= _MANY_ARTISTS) & ~clashes))
    return found[shelves]


def _joined(owners: Ints, titles: Ints, shelves: Ints, hosted: NDArray[np.bool_], places: Ints) -> Ints:
    """Number the albums: several folders are one where they name the album's artist and claim no place twice."""
    units = _numbered(shelves, owners)
    albums = _numbered(owners, titles)
    has_host = np.bincount(units, weights=hosted) > 0
    joins = has_host[units]
    numbered = joins & (places != MISSING)
    claims = _numbered(albums[numbered], places[numbered])
    claimants = _different(claims, units[numbered], int(claims.max(initial=-1)) + 1)
    disputed = np.zeros(int(albums.max()) + 1, np.bool_)
    disputed[albums[numbered][claimants[claims] > 1]] = True
    joins &= ~disputed[albums]
    return np.where(joins, albums, int(albums.max()) + 1 + units)


def _places(catalogue: Catalogue, rows: Rows, discs: Ints) -> Ints:
    """Return shape (rows,): disc and number of each track as one number, MISSING where it has none."""
    numbers = catalogue.numbers("track_number").array[rows]
    return np.where(numbers > 0, discs % _MOST_DISCS * _MOST_TRACKS + numbers % _MOST_TRACKS, MISSING)


def _numbered(one: Ints, other: Ints) -> Ints:
    """Number the different pairs of two arrays of shape (rows,)."""
    if not len(one):
        return np.empty(0, np.intp)
    least = int(other.min())
    pairs = one.astype(np.int64) * (int(other.max()) - least + 1) + (other - least)
    return np.asarray(np.unique(pairs, return_inverse=True)[1], np.intp)


def _different(groups: Ints, values: Ints, count: int) -> Ints:
    """Return shape (count,): how many different values the rows of each group have."""
    if not len(groups):
        return np.zeros(count, np.intp)
    span = int(values.max()) - int(values.min()) + 1
    pairs = np.unique(groups.astype(np.int64) * span + (values - int(values.min())))
    return np.asarray(np.bincount(pairs // span, minlength=count), np.intp)
