"""What sounds like a song, an album or an artist: the list that the panel has, and ways between songs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.core.discover.more_like import MoreLike
from indexer.core.discover.selection import SimilarRow
from indexer.core.discover.travel import LONGEST as LONGEST_WAY
from indexer.core.discover.travel import Wish
from indexer.core.text import identity
from indexer.core.tracks import TrackId
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import NotFound
from musicplayer.server.subsonic.shapes import Shape
from musicplayer.server.view import LibraryView
from musicplayer.server.ways import find_way

if TYPE_CHECKING:
    from musicplayer.server.listeners import ListenerState

LONGEST = 200
"""Of a list; a model keeps as many neighbours of each track."""

_SEEDS = 10
"""Songs that stand for an album or an artist: those that the listener played most, then those that come first."""

_UNKNOWN = -1.0
"""Where two songs cannot be compared, as the extension has it."""

_SHORTEST_WAY = 3
"""Songs of a way that has anything between its ends."""


async def similar_songs(call: Call) -> Answer:
    return {"similarSongs": {"song": await _songs(call)}}


async def similar_songs_2(call: Call) -> Answer:
    return {"similarSongs2": {"song": await _songs(call)}}


async def sonic_similar(call: Call) -> Answer:
    """The songs that sound most like one, each with the share of random pairs that are farther apart than these two."""
    seed = TrackId(call.parameters.text("id"))
    call.row(seed)
    count = call.parameters.size("count", 10, LONGEST)
    found = _answer(call, await call.listener(), [seed], count)
    return {"sonicMatch": await _matches(call, found)}


async def sonic_path(call: Call) -> Answer:
    """A way from one song to another in small steps of sound, each with how much it is like the first."""
    start, end = TrackId(call.parameters.text("startSongId")), TrackId(call.parameters.text("endSongId"))
    call.row(start)
    call.row(end)
    count = call.parameters.size("count", 25, LONGEST_WAY)
    listener = await call.listener()
    more_like = _asked_by(call, listener)
    way = await find_way(more_like, listener, Wish(start, end, max(_SHORTEST_WAY, count)), _SHORTEST_WAY)
    way = [start, end] if count < _SHORTEST_WAY else way
    shapes = await call.shapes()
    return {
        "sonicMatch": [
            {"entry": shapes.song(row), "similarity": _alike(more_like, start, track)}
            for track in way[:count]
            if (row := call.hub.library.row_of(track)) is not None
        ]
    }


async def top_songs(call: Call) -> Answer:
    """The songs of an artist that the listener played most, then the others in the order of albums."""
    parameters = call.parameters
    count = parameters.size("count", 50, LONGEST)
    number = call.view.artist_number(parameters.text("id")) if "id" in parameters else None
    if number is None:
        number = call.view.artists.place_of(identity(parameters.text("artist")))
    shapes = await call.shapes()
    rows = [] if number is None else _played_most(call.view, await call.listener(), number)[:count]
    return {"topSongs": {"song": shapes.songs(rows)}}


def artists_like(call: Call, listener: ListenerState, artist: int, count: int) -> list[int]:
    """Artists whose songs sound like those of one, the nearest first."""
    view = call.view
    seeds = call.view.catalogue.ids(_played_most(view, listener, artist)[:_SEEDS])
    found: dict[int, None] = {}
    for near in _answer(call, listener, seeds, LONGEST) if seeds else ():
        row = call.hub.library.row_of(near.track)
        own = () if row is None else view.credit(row).own
        if artist not in own:
            found.update(dict.fromkeys(own[:1]))
    return list(found)[:count]


async def _songs(call: Call) -> list[Shape]:
    """What sounds like the song, the songs of the album, or those of the artist that an id names."""
    named, listener = call.parameters.text("id"), await call.listener()
    found = _answer(call, listener, _seeds(call, listener, named), call.parameters.size("count", 50, LONGEST))
    shapes = await call.shapes()
    return shapes.songs(call.rows([near.track for near in found]))


def _seeds(call: Call, listener: ListenerState, named: str) -> list[TrackId]:
    library, view = call.hub.library, call.view
    if library.row_of(TrackId(named)) is not None:
        return [TrackId(named)]
    album, artist = call.view.album_number(named), call.view.artist_number(named)
    if album is not None:
        return view.catalogue.ids(view.albums.rows_of(album)[:_SEEDS])
    if artist is not None:
        return view.catalogue.ids(_played_most(view, listener, artist)[:_SEEDS])
    raise NotFound("subsonic-not-found")


def _played_most(view: LibraryView, listener: ListenerState, artist: int) -> list[int]:
    return listener.most_played_first(view.rows_by(artist).tolist())


def _asked_by(call: Call, listener: ListenerState) -> MoreLike:
    """What answers as the panel does, without what this listener hid; by sound, as the extension is called."""
    return call.hub.model.more_like.asked_by(lambda seed: listener.hidden.get(seed, ()))


def _answer(call: Call, listener: ListenerState, seeds: Sequence[TrackId], count: int) -> Sequence[SimilarRow]:
    """The list that the panel has; empty where there is no model yet, or the seeds were not analysed."""
    return _asked_by(call, listener).answer(seeds, count).rows if count else ()


async def _matches(call: Call, found: Sequence[SimilarRow]) -> list[Shape]:
    shapes = await call.shapes()
    return [
        {"entry": shapes.song(row), "similarity": _share(near.closeness)}
        for near in found
        if (row := call.hub.library.row_of(near.track)) is not None
    ]


def _alike(more_like: MoreLike, one: TrackId, other: TrackId) -> float:
    """How alike two songs are, as the list of one would say it."""
    if one == other:
        return 1.0
    model = more_like.model
    if model is None or one not in model or other not in model:
        return _UNKNOWN
    return _share(model.between(one, other).closeness)


def _share(closeness: float) -> float:
    return round(min(1.0, max(0.0, closeness)), 4) if closeness == closeness else _UNKNOWN  # noqa: PLR0124 - NaN


ENDPOINTS: Endpoints = {
    "getSimilarSongs": similar_songs,
    "getSimilarSongs2": similar_songs_2,
    "getTopSongs": top_songs,
    "getSonicSimilarTracks": sonic_similar,
    "findSonicPath": sonic_path,
}
