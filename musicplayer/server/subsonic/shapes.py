"""Tracks, albums and artists in the words of the API, as they are for one listener."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Protocol

import numpy as np

from indexer.core.catalogue.albums import VARIOUS
from indexer.core.catalogue.fields import names_in
from indexer.core.files.kinds import KINDS
from indexer.core.language import tr
from indexer.core.plays import LATEST, Opinion
from indexer.core.text import shown_path, shown_text
from indexer.core.tracks import TrackId
from musicplayer.server.view import LibraryView, sort_name

Shape = dict[str, Any]
_MEDIA_TYPES = {suffix: kind.types[0] for kind in KINDS if kind.types for suffix in kind.suffixes}
_ANY_BYTES = "application/octet-stream"
_GAINS = {"trackGain": "track_gain", "albumGain": "album_gain", "trackPeak": "track_peak", "albumPeak": "album_peak"}


class Heard(Protocol):
    """What one listener played and thinks."""

    @property
    def plays(self) -> Mapping[TrackId, int]:
        """How often, by track."""

    @property
    def last_played(self) -> Mapping[TrackId, float]:
        """When last, seconds since 1970."""

    @property
    def opinions(self) -> Mapping[TrackId, Opinion]:
        """Stars and favourites."""


class Marked(Protocol):
    """What one listener marked of albums and artists, by their ids."""

    @property
    def stars(self) -> Mapping[str, float]:
        """When a star was given, seconds since 1970."""

    @property
    def ratings(self) -> Mapping[str, int]:
        """1 to 5."""


class Shapes:
    """Makes the shapes of a library for one listener."""

    def __init__(
        self, view: LibraryView, heard: Heard, marked: Marked, size_of: Callable[[int], int | None] = lambda _: None
    ) -> None:
        """Say what a listener `heard` and `marked`; `size_of` knows the bytes of the file of a row."""
        self._size_of = size_of
        self.view = view
        self.heard = heard
        self.marked = marked
        catalogue = view.catalogue
        self._text = {name: catalogue.texts(name) for name in _TEXTS}
        self._referred: dict[tuple[int, ...], list[Shape]] = {}
        self._number = {name: catalogue.numbers(name) for name in _NUMBERS}

    def songs(self, rows: Iterable[int], parent: str | None = None) -> list[Shape]:
        """Tracks, in their order, as `song` has them."""
        return [self.song(row, parent) for row in (rows.tolist() if isinstance(rows, np.ndarray) else rows)]

    def song(self, row: int, parent: str | None = None) -> Shape:
        """A track, as the schema `Child` has it.

        Args:
            row: of the catalogue.
            parent: the id of the folder that it is shown in; None for its album.
        """
        text, number, view = self._text, self._number, self.view
        track, path = view.catalogue.id_at(row), text["path"][row]
        title = text["title"][row] or PurePath(shown_path(path)).stem
        suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - a path for each of a hundred thousand costs seconds
        album, credit = view.album_of(row), view.credit(row)
        album_id = None if album is None else view.album_ids[album]
        genres = names_in(text["genres"][row]) or names_in(text["genre"][row])
        seconds, added, size = number["seconds"][row], number["added_at"][row], self._size_of(row)
        shape = {
            "id": track,
            "parent": parent or album_id,
            "isDir": False,
            "title": title,
            "album": text["album"][row],
            "artist": text["artist"][row],
            "track": _positive(number["track_number"][row]),
            "year": _positive(number["year"][row]),
            "genre": text["genre"][row],
            "coverArt": track,
            "contentType": _MEDIA_TYPES.get(suffix, _ANY_BYTES),
            "suffix": suffix.lstrip("."),
            "size": size,
            "bitRate": _kbps(size, seconds),
            "duration": None if math.isnan(seconds) else round(seconds),
            "path": self._path_below(row),
            "isVideo": False,
            "discNumber": _positive(number["disc_number"][row]),
            "created": moment(added),
            "albumId": album_id,
            "artistId": view.artist_ids[credit.own[0]] if credit.own else None,
            "type": "music",
            "mediaType": "song",
            "sortName": sort_name(title),
            "genres": [{"name": name} for name in genres],
            "artists": self._references(credit.own),
            "displayArtist": text["artist"][row],
            "albumArtists": self._references(credit.album),
            "displayAlbumArtist": text["album_artist"][row] or (self._album_artist(album) if album is not None else ""),
            "replayGain": self._gain(row),
            **self._listened(track),
        }
        return _told(shape)

    def album(self, album: int) -> Shape:
        """An album, as the schema `AlbumID3` has it."""
        view, albums = self.view, self.view.albums
        rows = albums.rows_of(album).tolist()
        identity = view.album_ids[album]
        artist = view.album_artist(album)
        genres = dict.fromkeys(name for row in rows for name in self._genres(row))
        shape = {
            "id": identity,
            "name": self.album_title(album),
            "artist": self._album_artist(album),
            "artistId": None if artist is None else view.artist_ids[artist],
            "coverArt": identity,
            "songCount": len(rows),
            "duration": round(float(albums.seconds[album])),
            "created": moment(float(albums.added[album])) or NEVER,
            "year": _positive(int(albums.years[album])),
            "genre": next(iter(genres), ""),
            "genres": [{"name": name} for name in genres],
            "artists": self._references(() if artist is None else (artist,)),
            "displayArtist": self._album_artist(album),
            "sortName": sort_name(self.album_title(album)),
            "isCompilation": albums.artists[album] == VARIOUS,
            **self._marks(identity),
            **self._listened_to_all(rows),
        }
        return _told(shape)

    def album_folder(self, album: int) -> Shape:
        """An album as a folder of the library, as the schema `Child` has it.

        All that is told of an album goes along: some apps look for a title, some for a name and the number of songs.
        """
        shape = self.album(album)
        name, parent = shape["name"], {"parent": shape["artistId"]} if "artistId" in shape else {}
        return {**shape, **parent, "isDir": True, "title": name, "album": name, "mediaType": "album"}

    def artist(self, artist: int) -> Shape:
        """An artist, as the schema `ArtistID3` has it."""
        view = self.view
        identity, albums = view.artist_ids[artist], view.artist_albums.of(artist)
        shape = {
            "id": identity,
            "name": self.artist_name(artist),
            "coverArt": view.album_ids[int(albums[0])] if len(albums) else None,
            "albumCount": len(albums),
            "sortName": sort_name(self.artist_name(artist)),
            **self._marks(identity),
        }
        return _told(shape)

    def artist_folder(self, artist: int) -> Shape:
        """An artist, as the schema `Artist` has it."""
        shape = self.artist(artist)
        return {name: shape[name] for name in ("id", "name", "starred", "userRating") if name in shape}

    def album_title(self, album: int) -> str:
        return self.view.albums.titles[album] or tr("Without an album")

    def artist_name(self, artist: int) -> str:
        return self.view.artists.labels[artist] or tr("Unknown artist")

    def _album_artist(self, album: int) -> str:
        named = self.view.albums.artists[album]
        return tr("Various artists") if named == VARIOUS else named or tr("Unknown artist")

    def _references(self, artists: tuple[int, ...]) -> list[Shape]:
        found = self._referred.get(artists)
        if found is None:
            found = [{"id": self.view.artist_ids[one], "name": self.artist_name(one)} for one in artists]
            self._referred[artists] = found
        return found

    def _genres(self, row: int) -> tuple[str, ...]:
        return names_in(self._text["genres"][row]) or names_in(self._text["genre"][row])

    def _gain(self, row: int) -> Shape:
        found = {name: self._number[field][row] for name, field in _GAINS.items()}
        return {name: round(value, 5) for name, value in found.items() if not math.isnan(value)}

    def _path_below(self, row: int) -> str:
        """The path below the folder of the library: nobody learns where that lies."""
        path, root = self._text["path"][row], self._text["root"][row].rstrip(os.sep)
        below = path[len(root) + 1 :] if root and path.startswith(root + os.sep) else path.rpartition(os.sep)[2]
        return shown_text(below)

    def _listened(self, track: TrackId) -> Shape:
        opinion = self.heard.opinions.get(track)
        plays, last = self.heard.plays.get(track, 0), self.heard.last_played.get(track, 0.0)
        return {
            "playCount": plays or None,
            "played": moment(last),
            "starred": moment(opinion.at) or NEVER if opinion is not None and opinion.favourite else None,
            "userRating": None if opinion is None else whole_stars(opinion.rating),
        }

    def _listened_to_all(self, rows: Iterable[int]) -> Shape:
        tracks = self.view.catalogue.ids(rows)
        plays = sum(self.heard.plays.get(track, 0) for track in tracks)
        last = max((self.heard.last_played.get(track, 0.0) for track in tracks), default=0.0)
        return {"playCount": plays or None, "played": moment(last)}

    def _marks(self, identity: str) -> Shape:
        star = self.marked.stars.get(identity)
        return {
            "starred": None if star is None else moment(star),
            "userRating": self.marked.ratings.get(identity),
        }


_TEXTS = ("path", "root", "title", "artist", "album", "album_artist", "genre", "genres")
_NUMBERS = ("seconds", "added_at", "track_number", "disc_number", "year", *_GAINS.values())


def moment(at: float) -> str | None:
    """A time as the API writes it; None where there was none."""
    if not 0 < at <= LATEST:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def whole_stars(rating: float | None) -> int | None:
    """Stars without halves, 1 to 5; None for what is not rated."""
    return max(1, math.floor(rating + 0.5)) if rating else None


NEVER = "1970-01-01T00:00:00.000Z"
"""Where the API wants a time and none is known."""


def _kbps(size: int | None, seconds: float) -> int | None:
    return None if size is None or not seconds > 0 else round(size * 8 / seconds / 1_000)


def _positive(value: float) -> int | None:
    return int(value) if value > 0 else None


def _told(shape: Shape) -> Shape:
    """What is known: apps take an empty text for a name."""
    return {name: value for name, value in shape.items() if value is not None and value not in ("", [], {})}
