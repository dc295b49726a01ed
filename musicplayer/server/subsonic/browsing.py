"""Browsing by what tags say: artists, their albums, the songs on these, genres, and what is known beyond names."""

from __future__ import annotations

from collections.abc import Callable

from indexer.core.errors import SegueError
from indexer.core.tracks import Seconds, TrackId
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import NotFound
from musicplayer.server.subsonic.shapes import Shape, Shapes
from musicplayer.server.subsonic.similar import artists_like
from musicplayer.server.view import ARTICLES

MOST_SIMILAR = 100

_PATIENCE: Seconds = 1.0
"""With a database that is busy, for what songs can be shown without."""


async def artists(call: Call) -> Answer:
    """All of them, under their letters."""
    shapes = await call.shapes()
    held = _held_within(call)
    letters = [
        (letter, await call.made(shapes.artist, (number for number in numbers if held is None or number in held)))
        for letter, numbers in call.view.indexed_artists
    ]
    index = [{"name": letter, "artist": found} for letter, found in letters if found]
    return {"artists": {"ignoredArticles": " ".join(ARTICLES), "index": index}}


async def artist(call: Call) -> Answer:
    """One, with the albums that name them."""
    shapes, number = await call.shapes(), call.artist(call.parameters.text("id"))
    albums = await call.made(shapes.album, call.view.albums_by(number).tolist())
    return {"artist": {**shapes.artist(number), "album": albums}}


async def album(call: Call) -> Answer:
    """One, with its songs in the order of its discs."""
    shapes, number = await call.shapes(), call.album(call.parameters.text("id"))
    songs = await call.made(shapes.song, call.view.albums.rows_of(number).tolist())
    return {"album": {**shapes.album(number), "song": await _with_codes(call, songs)}}


async def song(call: Call) -> Answer:
    shapes = await call.shapes()
    found = await _with_codes(call, [shapes.song(call.row(call.parameters.text("id")))])
    return {"song": found[0]}


async def genres(call: Call) -> Answer:
    """All that tracks name, with how many songs and albums each has; spellings of one are one."""
    view = call.view
    songs = view.genres.counts(view.catalogue.rows()).tolist()
    found: dict[str, Shape] = {}
    for label, count, albums in zip(view.genres.labels, songs, view.genre_albums.counts.tolist(), strict=True):
        if not label or not count:
            continue
        known = found.setdefault(label, {"value": label, "songCount": 0, "albumCount": 0})
        known["songCount"] += count
        known["albumCount"] += albums
    return {"genres": {"genre": list(found.values())}}


async def artist_info(call: Call) -> Answer:
    """Who sounds like an artist; nothing is fetched from elsewhere."""
    return {"artistInfo": {"similarArtist": await _similar(call, Shapes.artist_folder)}}


async def artist_info_2(call: Call) -> Answer:
    return {"artistInfo2": {"similarArtist": await _similar(call, Shapes.artist)}}


async def album_info(call: Call) -> Answer:
    """Nothing beyond what the album itself says; it is an error to ask about one that is not there."""
    identity = call.parameters.text("id")
    if call.hub.library.row_of(TrackId(identity)) is None:
        call.album(identity)
    return {"albumInfo": {}}


async def _similar(call: Call, shape: Callable[[Shapes, int], Shape]) -> list[Shape]:
    number = _artist_of(call, call.parameters.text("id"))
    count = call.parameters.size("count", 20, MOST_SIMILAR)
    shapes, listener = await call.shapes(), await call.listener()
    found = [] if number is None else artists_like(call, listener, number, count)
    return [shape(shapes, one) for one in found]


async def _with_codes(call: Call, songs: list[Shape]) -> list[Shape]:
    """Songs with the codes that the world knows their recordings by, which the database has and memory has not.

    Where it does not answer at once they go without.
    """
    library, ids = call.hub.library, [song["id"] for song in songs]
    if not library.is_connected:
        return songs
    try:
        known = await library.ask(lambda database: database.tracks.get(ids), wait=_PATIENCE)
    except SegueError:
        return songs
    for shape in songs:
        track = known.get(shape["id"])
        if track is not None and track.mbid:
            shape["musicBrainzId"] = track.mbid
        if track is not None and track.isrc:
            shape["isrc"] = [track.isrc]
    return songs


def _artist_of(call: Call, identity: str) -> int | None:
    """The artist that an id names, be it of an artist, an album or a song; None where nobody is named.

    Raises:
        NotFound: it names nothing.
    """
    library, view = call.hub.library, call.view
    number = call.view.artist_number(identity)
    if number is not None:
        return number
    album_number = call.view.album_number(identity)
    if album_number is not None:
        return view.album_artist(album_number)
    row = library.row_of(TrackId(identity))
    if row is None:
        raise NotFound("subsonic-not-found")
    return next(iter(view.credit(row).own), None)


def _held_within(call: Call) -> set[int] | None:
    """The artists in the music folder that is asked about, None where none is."""
    if "musicFolderId" not in call.parameters:
        return None
    counts = call.view.artists.counts(call.within(call.view.catalogue.rows()))
    return set(counts.nonzero()[0].tolist())


ENDPOINTS: Endpoints = {
    "getArtists": artists,
    "getArtist": artist,
    "getAlbum": album,
    "getSong": song,
    "getGenres": genres,
    "getArtistInfo": artist_info,
    "getArtistInfo2": artist_info_2,
    "getAlbumInfo": album_info,
    "getAlbumInfo2": album_info,
}
