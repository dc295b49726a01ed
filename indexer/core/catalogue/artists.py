"""The artists of the library, each once however the name is drawn, with all tracks that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.fields import names_in
from indexer.core.catalogue.grouping import NO_PARENT, Grouping, Ints
from indexer.core.recordings.artists import VARIOUS_NAMES, credits_of, names_guests, stands_alone
from indexer.core.text import fold, identity, natural_key

UNKNOWN = ""
"""Label and key of the artist of tracks that name none."""

_FIELDS = ("artist", "artists", "album_artist", "album_artists")


def artists_of(catalogue: Catalogue) -> Grouping:
    """Group by every artist that a track or its album is by, and every guest; in the order of the alphabet."""
    written, set_of_row = _as_written(catalogue)
    plain = _plain_names(catalogue)
    credit = _Credit(plain, _known(catalogue, plain))
    named = [credit.keys_of(*names) for names in written]
    order = sorted(set(chain.from_iterable(named)), key=lambda key: (natural_key(fold(key)), key))
    place = {key: number for number, key in enumerate(order)}
    members = [(place[key], number) for number, keys in enumerate(named) for key in keys]
    return Grouping(
        keys=order,
        labels=[credit.labels[key] for key in order],
        parents=np.full(len(order), NO_PARENT, np.intp),
        set_of_row=set_of_row,
        members=np.array(members, np.intp).reshape(-1, 2),
    )


def _plain_names(catalogue: Catalogue) -> dict[str, str]:
    """The texts that name one artist, as nothing in them hints at more, and their identities."""
    values = {value for field in ("artist", "album_artist") for value in catalogue.texts(field).values}
    return {value: identity(value) for value in values if value and stands_alone(value)}


def _known(catalogue: Catalogue, plain: dict[str, str]) -> frozenset[str]:
    """Identities of the artists that the library knows as one: they stand alone somewhere, or a file says so."""
    listed = {names for field in ("artists", "album_artists") for names in catalogue.texts(field).values}
    told = {identity(name) for names in listed for name in names_in(names) if not names_guests(name)}
    known = told.union(plain.values())
    hosts = (host for host in catalogue.texts("album_artist").values if host not in plain and names_guests(host))
    return frozenset(known.union(identity(host) for host in hosts if not _has_guests(host, known)))


def _has_guests(album_artist: str, known: set[str]) -> bool:
    """Whether the artist of an album names guests, and not only seems to as "The Ft. Knox Five" does."""
    return any(identity(name) in known for name in credits_of(album_artist).everyone)


def _as_written(catalogue: Catalogue) -> tuple[list[tuple[str, ...]], Ints]:
    """The different values of the fields that name artists, and which of them each row has."""
    columns = [catalogue.texts(field) for field in _FIELDS]
    sets = np.zeros(catalogue.row_count, np.intp)
    for column in columns:
        _, sets = np.unique(sets * len(column.values) + column.codes, return_inverse=True)
    _, first = np.unique(sets, return_index=True)
    return [tuple(column[row] for column in columns) for row in first.tolist()], np.asarray(sets, np.intp)


class _Credit:
    """Parts what is written about artists, each text once: few differ, and they come in many pairs.

    Attributes:
        labels: of every artist by identity, as first written.
    """

    def __init__(self, plain: Mapping[str, str], known: frozenset[str]) -> None:
        self.labels: dict[str, str] = {}
        self._plain = plain
        self._known = known
        self._parted: dict[tuple[str, str], tuple[str, ...]] = {("", ""): ()}

    def keys_of(self, artist: str, artists: str, album_artist: str, album_artists: str) -> Sequence[str]:
        """The artists of a track: its own first, then their guests, then those of its album."""
        own, of_album = self._keys(artist, artists), self._keys(album_artist, album_artists)
        if own == of_album or not of_album:
            return own or self._nobody()
        named = [key for key in of_album if key not in VARIOUS_NAMES]
        return tuple(dict.fromkeys((*own, *named))) or of_album

    def _keys(self, name: str, names: str) -> tuple[str, ...]:
        keys = self._parted.get((name, names))
        if keys is None:
            keys = self._parted[name, names] = self._part(name, names)
        return keys

    def _part(self, name: str, names: str) -> tuple[str, ...]:
        if not names and name in self._plain:
            keyed = {self._plain[name]: name}
        else:
            keyed = {identity(artist): artist for artist in credits_of(name, names_in(names), self._known).everyone}
        for key, artist in keyed.items():
            self.labels.setdefault(key, artist)
        return tuple(keyed)

    def _nobody(self) -> tuple[str, ...]:
        self.labels.setdefault(UNKNOWN, UNKNOWN)
        return (UNKNOWN,)
