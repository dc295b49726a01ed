"""The albums, artists and genres of a library in one state of it, and what answers ask of them again and again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from indexer.core.catalogue.albums import VARIOUS, AlbumOrder, Albums, albums_of
from indexer.core.catalogue.artists import artists_of
from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.columns import PackedTexts
from indexer.core.catalogue.genre_tree import genres_of
from indexer.core.catalogue.grouping import Grouping, Ints
from indexer.core.catalogue.snapshot import Frozen
from indexer.core.recordings.artists import credits_of
from indexer.core.text import fold, identity, natural_key

ARTICLES = ("The", "An", "A", "Der", "Die", "Das", "Le", "La", "Les", "El", "Los", "Las")
"""What names are not sorted by when they begin with it."""

_ARTICLE = re.compile(rf"(?:{'|'.join(ARTICLES)})\s+(?=\S)", re.IGNORECASE)
_NO_LETTER = "#"
_ID_BYTES = 9


@dataclass(frozen=True)
class Credit:
    """Whom a track is by, as numbers of artists.

    Attributes:
        own: of the track itself, guests included.
        album: of its album.
    """

    own: tuple[int, ...]
    album: tuple[int, ...]


@dataclass(frozen=True)
class Held:
    """Which albums each group of tracks is on.

    Attributes:
        starts: shape (groups + 1,), where those of each group begin.
        albums: shape (pairs,), their numbers, each once for a group.
    """

    starts: Ints
    albums: Ints

    def of(self, group: int) -> Ints:
        """The albums of a group, ascending."""
        return self.albums[self.starts[group] : self.starts[group + 1]]

    @property
    def counts(self) -> Ints:
        """Shape (groups,): on how many albums each is."""
        return np.diff(self.starts)


class LibraryView:
    """A library in one state of it.

    What is asked for by an id keeps it for as long as its tags stay.

    Attributes:
        catalogue: its tracks, as they are now.
        changes: of the catalogue, up to which albums, artists and genres are true.
        albums, artists, genres: as they were then.
        album_ids, artist_ids, genre_ids: what each is asked for by.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.changes = catalogue.changes
        self.albums: Albums = albums_of(catalogue)
        self.artists: Grouping = artists_of(catalogue)
        self.genres: Grouping = genres_of(catalogue)
        self.album_ids = _identities("al", map(self.albums.key, range(len(self.albums))))
        self.artist_ids = _identities("ar", self.artists.keys)
        self.genre_ids = _identities("ge", self.genres.keys)
        self._album_numbers = {identity: album for album, identity in enumerate(self.album_ids)}
        self._artist_numbers = {identity: artist for artist, identity in enumerate(self.artist_ids)}
        self._genre_numbers = {identity: genre for genre, identity in enumerate(self.genre_ids)}
        self._credits: dict[int, Credit] = {}

    @classmethod
    def made_ready(cls, catalogue: Catalogue, frozen: Frozen, changes: int) -> Self:
        """The view of a moment of a catalogue that goes on changing, with all that takes long worked out.

        Args:
            catalogue: that the view is of; it is not looked at here, so that this may be another thread.
            frozen: a copy of it.
            changes: of the catalogue when it was made.
        """
        view = cls(Catalogue.thawed(frozen))
        view.make_ready()
        view.catalogue, view.changes = catalogue, changes
        return view

    def make_ready(self) -> None:
        """Work out what the first answers would wait for."""
        every = np.arange(len(self.albums))
        for order in AlbumOrder:
            self.albums.sorted(every, order)
        for group in (self.artists, self.genres):
            group.counts(self.shelf)
            group.first_of(0)
            group.place_of("")
        for name in ("artist_albums", "genre_albums", "indexed_artists", "folded_albums", "_groups_of_set"):
            getattr(self, name)
        self.artists.folded.holding_all([])

    def album_number(self, identity: str) -> int | None:
        """The number of an album here; None for an id that names none."""
        return self._album_numbers.get(identity)

    def artist_number(self, identity: str) -> int | None:
        """The number of an artist here; None for an id that names none."""
        return self._artist_numbers.get(identity)

    def genre_number(self, identity: str) -> int | None:
        """The number of a genre here; None for an id that names none."""
        return self._genre_numbers.get(identity)

    def artist_of(self, row: int) -> int | None:
        """The artist that a track is by, the one who is named first; None for a row that came since."""
        return self.artists.first_of(row)

    def album_of(self, row: int) -> int | None:
        """The album that a row is on; None for a row that came since."""
        return self.albums.number_of(row)

    def credit(self, row: int) -> Credit:
        """Whom a row is by; nobody for one that came since."""
        sets = self.artists.set_of_row
        return self._credit_of_set(int(sets[row]), row) if row < len(sets) else _NOBODY

    def album_artist(self, album: int) -> int | None:
        """The artist of an album, None where there are several or nobody is named."""
        named = self.albums.artists[album]
        known = self.artists.place_of(identity(named)) if named else None
        if known is not None or named == VARIOUS:
            return known
        credit = self.credit(int(self.albums.rows_of(album)[0]))
        return next(iter(credit.album or credit.own), None)

    def albums_by(self, artist: int) -> Ints:
        """The albums that an artist is on, the oldest first."""
        return self.albums.sorted(self.artist_albums.of(artist), AlbumOrder.YEAR)

    def rows_by(self, artist: int) -> Rows:
        """The listed tracks of an artist, in the order of the albums they are on."""
        return self.artists.rows_of([artist], self.shelf)

    def rows_in(self, genre: str) -> Rows:
        """The listed tracks of a genre, by its name in any case, in the order of albums; none for one there is not."""
        wanted = fold(genre)
        groups = [
            number
            for number, (label, key) in enumerate(zip(self.genres.labels, self.genres.keys, strict=True))
            if label and wanted in {fold(label), key}
        ]
        return self.genres.rows_of(groups, self.shelf)

    @cached_property
    def shelf(self) -> Rows:
        """All listed rows in the order of albums: by artist, year and title."""
        albums = self.albums
        order = albums.sorted(np.arange(len(albums)), AlbumOrder.ARTIST)
        sizes = np.diff(albums.starts)[order]
        ends = np.cumsum(sizes)
        within = np.arange(len(albums.rows)) - np.repeat(ends - sizes, sizes)
        found: Rows = albums.rows[np.repeat(albums.starts[:-1][order], sizes) + within]
        return found

    @cached_property
    def artist_albums(self) -> Held:
        """Which albums each artist is on."""
        return _held(self.artists, self.albums)

    @cached_property
    def genre_albums(self) -> Held:
        """On which albums each genre is."""
        return _held(self.genres, self.albums)

    @cached_property
    def artist_counts(self) -> Ints:
        """Shape (artists,): how many listed tracks each has."""
        return self.artists.counts(self.catalogue.rows())

    @cached_property
    def indexed_artists(self) -> list[tuple[str, list[int]]]:
        """Artists of listed tracks under their letters, both in order; what begins with no letter comes first."""
        present = np.flatnonzero(self.artist_counts).tolist()
        letters = letters_of([self.artists.labels[number] for number in present])
        return [(letter, [present[place] for place in places]) for letter, places in letters]

    @cached_property
    def folded_albums(self) -> PackedTexts:
        """Titles of albums and who they are by, as they are searched."""
        named = zip(self.albums.titles, self.albums.artists, strict=True)
        return PackedTexts(fold(f"{title} {artist}") for title, artist in named)

    @cached_property
    def _groups_of_set(self) -> tuple[Ints, Ints]:
        """Artists by set, in the order in which they are named: where those of a set begin, and all of them."""
        members = self.artists.members
        order = np.argsort(members[:, 1], kind="stable")
        sets = members[order, 1]
        return np.searchsorted(sets, np.arange(sets.max(initial=-1) + 2)), members[order, 0]

    def _credit_of_set(self, number: int, row: int) -> Credit:
        credit = self._credits.get(number)
        if credit is None:
            credit = self._credits[number] = self._parted(number, row)
        return credit

    def _parted(self, number: int, row: int) -> Credit:
        """Tell the artists of a track from those that only its album has."""
        starts, groups = self._groups_of_set
        everyone = tuple(groups[starts[number] : starts[number + 1]].tolist())
        own = self._among(everyone, "artist", "artists", row)
        album = self._among(everyone, "album_artist", "album_artists", row)
        return Credit(own or everyone[:1], album or own[:1] or everyone[:1])

    def _among(self, groups: tuple[int, ...], one: str, several: str, row: int) -> tuple[int, ...]:
        track = self.catalogue.track(row)
        names = credits_of(getattr(track, one), getattr(track, several), self._keys).everyone
        wanted = set(map(identity, names))
        return tuple(group for group in groups if self.artists.keys[group] in wanted)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(self.artists.keys)


_NOBODY = Credit((), ())


def _identities(kind: str, keys: Iterable[str]) -> list[str]:
    """Names that fit into an address, and say nothing of who asked before."""
    encoded = (key.encode("utf-8", "surrogatepass") for key in keys)
    return [f"{kind}-{hashlib.blake2b(key, digest_size=_ID_BYTES).hexdigest()}" for key in encoded]


def letters_of(names: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Places of names under the letters they begin with, both in order; what begins with no letter comes first."""
    found: dict[str, list[int]] = {}
    keyed = [(fold(sort_name(name)), place) for place, name in enumerate(names)]
    for folded, place in sorted(keyed, key=lambda one: natural_key(one[0])):
        letter = folded[:1].upper()
        found.setdefault(letter if letter.isalpha() else _NO_LETTER, []).append(place)
    return sorted(found.items(), key=lambda one: (one[0] != _NO_LETTER, one[0]))


def sort_name(name: str) -> str:
    """A name as it is sorted: without an article before it."""
    return _ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name


def _held(groups: Grouping, albums: Albums) -> Held:
    """Join groups with the albums of their tracks, each pair once."""
    count = max(len(albums), 1)
    known = albums.rows[albums.rows < len(groups.set_of_row)]
    sets = groups.set_of_row[known]
    pairs = np.unique(sets[sets >= 0] * count + albums.album_of_row[known][sets >= 0])
    in_set, on_album = pairs // count, pairs % count
    first = np.searchsorted(in_set, groups.members[:, 1])
    sizes = np.searchsorted(in_set, groups.members[:, 1], side="right") - first
    ends = np.cumsum(sizes)
    within = np.arange(int(sizes.sum())) - np.repeat(ends - sizes, sizes)
    joined = np.unique(np.repeat(groups.members[:, 0], sizes) * count + on_album[np.repeat(first, sizes) + within])
    starts = np.searchsorted(joined // count, np.arange(len(groups) + 1))
    return Held(np.asarray(starts, np.intp), np.asarray(joined % count, np.intp))
