"""The artists and albums of the library that sound like one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.albums import VARIOUS, Albums
from indexer.core.catalogue.grouping import Grouping, Ints
from indexer.core.model.groups import GroupSpace, Membership, group_vectors
from indexer.core.recordings.artists import is_somebody
from indexer.core.text import identity

if TYPE_CHECKING:
    from indexer.core.catalogue.catalogue import Catalogue, Rows
    from indexer.core.model import SimilarityModel

MOST_SHARED = 0.5
"""Of the tracks of one, so many also by the other: then the two are one to who listens, and no news."""


@dataclass(frozen=True, slots=True)
class LikeGroup:
    """A group near another: its number, and the distance scaled by the neighbourhoods of both."""

    number: int
    distance: float


@dataclass(frozen=True, eq=False)
class Heard:
    """Copies of what a model knows of a library, for another thread to work with.

    Attributes:
        rows: of the catalogue, shape (rows,).
        vectors: of these, shape (rows, dims).
    """

    rows: Rows
    vectors: NDArray[np.float32]


def heard_in(catalogue: Catalogue, model: SimilarityModel) -> Heard:
    """The listed tracks that can be an answer; about 0.1 s at 106,574 tracks."""
    rows = catalogue.rows()
    places, vectors = model.comparable_among(catalogue.ids(rows.tolist()))
    return Heard(rows[places], vectors)


class LikeGroups:
    """Answers of artists or of albums, as the library was when it was made; NumPy alone, a few milliseconds each.

    Tracks that are not analysed, or have too little sound, have no say.
    """

    def __init__(self, space: GroupSpace, members: Membership, fits: NDArray[np.bool_], owners: Ints) -> None:
        """Compare groups.

        Args:
            space: their vectors.
            members: all tracks of each, those included that have no say in its vector.
            fits: shape (groups,), which may be an answer.
            owners: shape (groups,), equal where two are not told of each other; -1 for none.
        """
        self._space = space
        self._members = members
        self._sizes = members.sizes()
        self._fits = fits
        self._owners = owners

    @classmethod
    def of_artists(cls, artists: Grouping, heard: Heard) -> LikeGroups:
        """Compare the artists of `artists_of`; nobody and various artists are neither asked about nor found.

        A track counts for the artist who is named first: guests and artists of the album are by it what they are only
        where there is nothing else of them.
        """
        every = Membership(*artists.pairs(heard.rows), len(artists))
        fits = np.array([is_somebody(key) for key in artists.keys], dtype=bool)
        space = GroupSpace(group_vectors(heard.vectors, _with_a_say(every, artists, heard.rows)))
        return cls(space, every, fits, np.full(len(artists), -1))

    @classmethod
    def of_albums(cls, albums: Albums, heard: Heard) -> LikeGroups:
        """Compare albums; those of the same artist are not told of each other, nor tracks that are on no album."""
        came_before = np.flatnonzero(heard.rows < len(albums.album_of_row))
        numbers = albums.album_of_row[heard.rows[came_before]]
        shelved = numbers >= 0
        members = Membership(numbers[shelved], came_before[shelved], len(albums))
        fits = np.array([bool(title) for title in albums.titles], dtype=bool)
        return cls(GroupSpace(group_vectors(heard.vectors, members)), members, fits, _owners(albums))

    def like(self, group: int, k: int) -> list[LikeGroup]:
        """The `k` groups that sound most like one, nearest first; none where nothing is known of its sound."""
        if not 0 <= group < len(self._fits) or not self._fits[group]:
            return []
        groups, distances = self._space.nearest(group, k, self._allowed(group))
        return [LikeGroup(*found) for found in zip(groups.tolist(), distances.tolist(), strict=True)]

    def apart(self, groups: Ints) -> NDArray[np.float32]:
        """Scaled distances of some groups to each other, shape (groups, groups); infinite where nothing is known."""
        return self._space.distances(groups)

    def _allowed(self, group: int) -> NDArray[np.bool_]:
        shared = self._shared_with(group) > MOST_SHARED * np.minimum(self._sizes, self._sizes[group])
        allowed: NDArray[np.bool_] = self._fits & ~shared
        return allowed if self._owners[group] < 0 else allowed & (self._owners != self._owners[group])

    def _shared_with(self, group: int) -> NDArray[np.intp]:
        """How many tracks each group shares with one."""
        members = self._members
        own = np.zeros(int(members.tracks.max(initial=-1)) + 1, dtype=bool)
        own[members.tracks[members.groups == group]] = True
        return np.bincount(members.groups[own[members.tracks]], minlength=members.count)


def _with_a_say(every: Membership, artists: Grouping, rows: Ints) -> Membership:
    """Of all pairs those with the first artist of a track, and all of artists who are never first."""
    pairs, first = np.unique(every.tracks, return_index=True)
    leads = np.full(len(rows), -1, dtype=np.intp)
    leads[pairs] = every.groups[first]  # pairs of a track are in the order in which it names them
    is_lead = leads[every.tracks] == every.groups
    ever = np.zeros(len(artists), dtype=bool)
    ever[every.groups[is_lead]] = True
    kept = is_lead | ~ever[every.groups]
    return Membership(every.groups[kept], every.tracks[kept], every.count)


def _owners(albums: Albums) -> Ints:
    known: dict[str, int] = {}
    return np.array(
        [
            known.setdefault(identity(artist), len(known)) if artist and artist != VARIOUS else -1
            for artist in albums.artists
        ],
        dtype=np.intp,
    )
