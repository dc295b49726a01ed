"""Tracks, albums and artists as JSON has them, with what the listener who asks played and said of them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from indexer.core.catalogue.fields import MISSING
from indexer.core.plays import OWNER, ListenerId, Opinion
from indexer.core.text import identity
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from musicplayer.server.listeners import ListenerState
    from musicplayer.server.view import LibraryView

Shape = dict[str, Any]

_LONGEST_SUFFIX = 8


class Shapes:
    """Makes JSON of what is in the library, for one listener and one answer."""

    def __init__(self, view: LibraryView, listener: ListenerState, who: ListenerId) -> None:
        """Say of everything what `listener`, whose id is `who`, did with it."""
        self._view = view
        self._catalogue = view.catalogue
        self._listener = listener
        self._takes_files_stars = who == OWNER

    def tracks(self, rows: Iterable[int]) -> list[Shape]:
        """Tracks by their rows."""
        return [self.track(row) for row in rows]

    def tracks_of(self, ids: Iterable[TrackId]) -> list[Shape]:
        """Those of the tracks that are in the library."""
        rows = (self._catalogue.row_of(track) for track in ids)
        return [self.track(row) for row in rows if row is not None and self._catalogue.is_listed(row)]

    def track(self, row: int) -> Shape:
        """A track of the library."""
        catalogue, view = self._catalogue, self._view
        track = catalogue.id_at(row)
        said = self._listener.opinions.get(track) or Opinion(track)
        rating = said.rating
        if rating is None and self._takes_files_stars:
            rating = self._real("rating", row)
        album, artist = view.album_of(row), view.artist_of(row)
        return {
            "id": track,
            "title": catalogue.title(row) or _name_of_file(catalogue.path(row)),
            "artist": catalogue.artist(row),
            "artistId": None if artist is None else view.artist_ids[artist],
            "album": catalogue.album(row),
            "albumId": None if album is None else view.album_ids[album],
            "number": self._whole("track_number", row),
            "disc": self._whole("disc_number", row),
            "year": self._whole("year", row),
            "genre": catalogue.texts("genre")[row],
            "seconds": catalogue.seconds(row),
            "plays": self._listener.plays.get(track, 0),
            "lastPlayed": self._listener.last_played.get(track),
            "rating": rating,
            "thumb": int(said.thumb),
            "favourite": said.favourite,
            "cover": f"/cover/{track}",
            "stream": f"/stream/{track}",
            "away": catalogue.is_away(row),
            "suffix": _suffix(catalogue.path(row)),
            "gain": {"track": self._real("track_gain", row), "album": self._real("album_gain", row)},
        }

    def album(self, album: int) -> Shape:
        """An album without its tracks."""
        albums, named = self._view.albums, self._view.album_ids[album]
        rows = albums.rows_of(album)
        artist = self._view.artists.place_of(identity(albums.artists[album]))
        return {
            "id": named,
            "title": albums.titles[album],
            "artist": albums.artists[album],
            "artistId": None if artist is None else self._view.artist_ids[artist],
            "year": None if albums.years[album] == MISSING else int(albums.years[album]),
            "tracks": len(rows),
            "seconds": round(float(albums.seconds[album]), 3),
            "cover": f"/cover/{named}",
        }

    def artist(self, artist: int, tracks: int) -> Shape:
        """An artist who is named by so many tracks."""
        return {
            "id": self._view.artist_ids[artist],
            "name": self._view.artists.labels[artist],
            "tracks": tracks,
        }

    def _whole(self, name: str, row: int) -> int | None:
        value = int(self._catalogue.numbers(name)[row])
        return None if value == MISSING else value

    def _real(self, name: str, row: int) -> float | None:
        value = self._catalogue.numbers(name)[row]
        return None if math.isnan(value) else round(value, 5)


def opinion_of(listener: ListenerState, track: TrackId) -> Shape:
    """What a listener says of a track."""
    said = listener.opinions.get(track) or Opinion(track)
    return {"track": track, "thumb": int(said.thumb), "rating": said.rating, "favourite": said.favourite}


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1][1 : _LONGEST_SUFFIX + 1].lower()  # noqa: PTH122 - of hundreds of paths at a time


def _name_of_file(path: str) -> str:
    return path.rpartition(os.sep)[2]
