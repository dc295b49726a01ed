"""Lists of albums and songs that apps open with: newest, most played, by year, by genre, by chance, starred."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.albums import AlbumOrder
from indexer.core.catalogue.catalogue import Rows
from indexer.core.catalogue.fields import MISSING
from indexer.core.catalogue.grouping import Ints
from indexer.core.tracks import TrackId
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.shapes import Shape, Shapes

LONGEST = 500
"""Of one answer, as the API has it."""

_LATEST_YEAR = 9_999

ALBUM_LISTS = (
    *("random", "newest", "highest", "frequent", "recent", "starred"),
    *("alphabeticalByName", "alphabeticalByArtist", "byYear", "byGenre"),
)


async def album_list(call: Call) -> Answer:
    shapes = await call.shapes()
    return {"albumList": {"album": await call.made(shapes.album_folder, await _albums(call))}}


async def album_list_2(call: Call) -> Answer:
    shapes = await call.shapes()
    return {"albumList2": {"album": await call.made(shapes.album, await _albums(call))}}


async def random_songs(call: Call) -> Answer:
    """Songs by chance, each once."""
    parameters, shapes, view = call.parameters, await call.shapes(), call.view
    rows = view.rows_in(parameters.text("genre")) if "genre" in parameters else view.catalogue.rows()
    rows = call.within(rows)
    years = view.catalogue.numbers("year").array[rows]
    if "fromYear" in parameters or "toYear" in parameters:
        low, high = sorted((parameters.whole("fromYear", 0), parameters.whole("toYear", _LATEST_YEAR)))
        rows = rows[(years != MISSING) & (years >= low) & (years <= high)]
    count = min(parameters.size("size", 10, LONGEST), len(rows))
    chosen = np.random.default_rng().choice(rows, count, replace=False) if count else rows[:0]
    return {"randomSongs": {"song": await call.made(shapes.song, chosen.tolist())}}


async def songs_by_genre(call: Call) -> Answer:
    """Songs of a genre in the order of albums; of one that there is not, none."""
    parameters, shapes = call.parameters, await call.shapes()
    rows = call.within(call.view.rows_in(parameters.text("genre")))
    count, offset = parameters.size("count", 10, LONGEST), parameters.whole("offset", 0)
    return {"songsByGenre": {"song": await call.made(shapes.song, rows[offset : offset + count].tolist())}}


async def starred(call: Call) -> Answer:
    return {"starred": await _starred(call, Shapes.artist_folder, Shapes.album_folder)}


async def starred_2(call: Call) -> Answer:
    return {"starred2": await _starred(call, Shapes.artist, Shapes.album)}


async def _starred(
    call: Call, artist: Callable[[Shapes, int], Shape], album: Callable[[Shapes, int], Shape]
) -> Mapping[str, list[Shape]]:
    """What the listener starred, the latest first."""
    shapes, listener = await call.shapes(), await call.listener()
    favourites = [opinion for opinion in listener.opinions.values() if opinion.favourite]
    favourites.sort(key=lambda opinion: -opinion.at)
    rows = call.rows([opinion.track for opinion in favourites])
    within = set(call.within(np.array(rows, np.intp)).tolist())
    stars = sorted(call.marks.stars, key=lambda identity: -call.marks.stars[identity])
    artists = [number for identity in stars if (number := call.view.artist_number(identity)) is not None]
    albums = [number for identity in stars if (number := call.view.album_number(identity)) is not None]
    return {
        "artist": await call.made(partial(artist, shapes), artists),
        "album": await call.made(partial(album, shapes), albums),
        "song": await call.made(shapes.song, (row for row in rows if row in within)),
    }


async def _albums(call: Call) -> list[int]:
    """The numbers of the albums of one page of the list that is asked for."""
    parameters = call.parameters
    kind = parameters.choice("type", ALBUM_LISTS)
    size, offset = parameters.size("size", 10, LONGEST), parameters.whole("offset", 0)
    albums = np.arange(len(call.view.albums))
    if "musicFolderId" in parameters:
        albums = call.view.albums.among(call.within(call.view.catalogue.rows()))
    if kind == "random":
        return list(map(int, np.random.default_rng().permutation(albums)[:size]))
    found = await _LISTS[kind](call, albums)
    return list(map(int, found[offset : offset + size]))


def _in_order(order: AlbumOrder, *, descending: bool = False) -> Callable[[Call, Ints], Awaitable[Ints]]:
    async def listed(call: Call, albums: Ints) -> Ints:
        return call.view.albums.sorted(albums, order, descending=descending)

    return listed


async def _frequent(call: Call, albums: Ints) -> Ints:
    """Those that the listener played, the most played first."""
    listener = await call.listener()
    return _best(call, albums, _by_album(call, listener.plays, np.add))


async def _recent(call: Call, albums: Ints) -> Ints:
    """Those that the listener played, the latest first."""
    listener = await call.listener()
    return _best(call, albums, _by_album(call, listener.last_played, np.maximum))


async def _highest(call: Call, albums: Ints) -> Ints:
    """Those that the listener rated; where only songs of one were, by their best."""
    listener = await call.listener()
    stars = {track: opinion.rating or 0.0 for track, opinion in listener.opinions.items()}
    scores = _by_album(call, stars, np.maximum)
    for identity, rating in call.marks.ratings.items():
        album = call.view.album_number(identity)
        if album is not None:
            scores[album] = rating
    return _best(call, albums, scores)


async def _marked(call: Call, albums: Ints) -> Ints:
    scores = np.zeros(len(call.view.albums))
    for identity, at in call.marks.stars.items():
        album = call.view.album_number(identity)
        if album is not None:
            scores[album] = at
    return _best(call, albums, scores)


async def _by_year(call: Call, albums: Ints) -> Ints:
    """From one year to another, backwards where the first is the later one."""
    first, last = call.parameters.whole("fromYear"), call.parameters.whole("toYear")
    years = call.view.albums.years[albums]
    found = albums[(years != MISSING) & (years >= min(first, last)) & (years <= max(first, last))]
    return call.view.albums.sorted(found, AlbumOrder.YEAR, descending=first > last)


async def _by_genre(call: Call, albums: Ints) -> Ints:
    held = call.view.albums.among(call.view.rows_in(call.parameters.text("genre")))
    return call.view.albums.sorted(np.intersect1d(albums, held), AlbumOrder.ARTIST)


def _by_album(call: Call, values: Mapping[TrackId, Any], joined: np.ufunc) -> NDArray[np.float64]:
    """Shape (albums,): what the listener's values of its tracks come to."""
    albums = call.view.albums
    scores = np.zeros(len(albums))
    known = [(row, values[track]) for track in values if (row := call.hub.library.row_of(track)) is not None]
    rows: Rows = np.array([row for row, _ in known if row < len(albums.album_of_row)], np.intp)
    found = np.array([value for row, value in known if row < len(albums.album_of_row)], np.float64)
    on = albums.album_of_row[rows]
    joined.at(scores, on[on >= 0], found[on >= 0])
    return scores


def _best(call: Call, albums: Ints, scores: NDArray[np.float64]) -> Ints:
    """Albums with a score, the highest first; equal ones as they stand on the shelf."""
    on_shelf = call.view.albums.sorted(albums[scores[albums] > 0], AlbumOrder.ARTIST)
    found: Ints = on_shelf[np.argsort(-scores[on_shelf], kind="stable")]
    return found


_LISTS: Mapping[str, Callable[[Call, Ints], Awaitable[Ints]]] = {
    "newest": _in_order(AlbumOrder.ADDED, descending=True),
    "alphabeticalByName": _in_order(AlbumOrder.TITLE),
    "alphabeticalByArtist": _in_order(AlbumOrder.ARTIST),
    "frequent": _frequent,
    "recent": _recent,
    "highest": _highest,
    "starred": _marked,
    "byYear": _by_year,
    "byGenre": _by_genre,
}

ENDPOINTS: Endpoints = {
    "getAlbumList": album_list,
    "getAlbumList2": album_list_2,
    "getRandomSongs": random_songs,
    "getSongsByGenre": songs_by_genre,
    "getStarred": starred,
    "getStarred2": starred_2,
}
