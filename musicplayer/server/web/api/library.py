"""What there is, for players of other machines: tracks, features, sounds, the model. No path of a file is in it.

Such a player has a catalogue of its own and asks what changed since the revision that it knows. The values are those of
`indexer.core.shared.wire`, made in the thread of the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync

from indexer.core.plays import OWNER
from indexer.core.shared.wire import feature_shape, genre_shape, sound_shape, track_shape
from indexer.core.tracks import Seconds, Track, TrackId
from musicplayer.server.model_files import ModelFiles
from musicplayer.server.web.api.endpoints import Asked, Endpoint
from musicplayer.server.web.api.parameters import IDENTITY, Many, Whole
from musicplayer.server.web.api.shapes import Shape

if TYPE_CHECKING:
    from indexer.core.store import Database

LARGEST_PAGE = 2_000
"""Tracks of a page, but for those of one revision, which stay together."""

MOST_TRACKS = 1_000
"""Asked for by their ids at once."""

MOST_FEATURES = 200
"""Of a page or asked for at once: 3 MB of a large profile."""

LONG_SECONDS: Seconds = 60.0
"""That the database may take for an answer about all of a large library."""


async def library(asked: Asked) -> Shape:
    """How far all is: revisions, numbers, the model in use, and how often something of the listener's was written."""
    return (await asked.kept.standing.now()).of(asked.account.id)


async def library_tracks(asked: Asked, since: int, size: int) -> Shape:
    """Tracks that changed after a revision, those that are gone too, in order; all of the last revision are there."""

    def found(database: Database) -> list[Shape]:
        return _tracks(asked, database.tracks.page(since, size))

    return {"tracks": await asked.library.ask(found, wait=LONG_SECONDS)}


async def library_tracks_of(asked: Asked, tracks: tuple[str, ...]) -> Shape:
    """Those of some tracks that are known."""

    def found(database: Database) -> list[Shape]:
        return _tracks(asked, database.tracks.get(list(map(TrackId, tracks))).values())

    return {"tracks": await asked.library.ask(found)}


async def library_features(asked: Asked, since: int, size: int) -> Shape:
    """Features of the server's profile that changed after a revision, as tracks are told."""

    def found(database: Database) -> list[Shape]:
        return list(map(feature_shape, database.features.page(asked.library.key, since, size)))

    return {"features": await asked.library.ask(found, wait=LONG_SECONDS)}


async def library_features_of(asked: Asked, tracks: tuple[str, ...]) -> Shape:
    """The features of those of some tracks that were analysed."""

    def found(database: Database) -> list[Shape]:
        return list(map(feature_shape, database.features.records(asked.library.key, list(map(TrackId, tracks)))))

    return {"features": await asked.library.ask(found)}


async def library_analysed(asked: Asked, since: int) -> Shape:
    """All tracks that count as analysed, and those whose features changed after a revision: none after 0."""

    def found(database: Database) -> Shape:
        changed = database.features.changed_ids(asked.library.key, since) if since else ()
        return {"tracks": sorted(database.analysed(asked.library.key)), "changed": sorted(changed)}

    return await asked.library.ask(found, wait=LONG_SECONDS)


async def library_genres(asked: Asked) -> Shape:
    """The tree of genres that metadata near the music gave."""
    return {"genres": await asked.library.ask(lambda database: list(map(genre_shape, database.genres.all())))}


async def library_sounds_of(asked: Asked, tracks: tuple[str, ...]) -> Shape:
    """How loud those of some tracks are that were measured, and their waveforms."""

    def found(database: Database) -> list[Shape]:
        return list(map(sound_shape, database.sounds.get(list(map(TrackId, tracks))).values()))

    return {"sounds": await asked.library.ask(found)}


async def library_model(asked: Asked, folder: str) -> Shape:
    """The files of the model in use, which are fetched from /model; no other model is there."""
    files = ModelFiles(asked.hub.home, asked.hub.settings.profile)
    sizes = await run_sync(partial(files.sizes, folder))
    return {"files": [{"name": name, "size": size} for name, size in sizes.items()]}


def _tracks(asked: Asked, tracks: Iterable[Track]) -> list[Shape]:
    """The stars in a file are its owner's."""
    shapes = list(map(track_shape, tracks))
    if asked.account.id != OWNER:
        for shape in shapes:
            shape.pop("rating", None)
    return shapes


_SINCE = Whole(0)
_SOME = Many(IDENTITY, (), most=MOST_FEATURES)

ENDPOINTS = (
    Endpoint("GET", "/library", library),
    Endpoint(
        "GET", "/library/tracks", library_tracks, {"since": _SINCE, "size": Whole(500, least=1, most=LARGEST_PAGE)}
    ),
    Endpoint("POST", "/library/tracks", library_tracks_of, body={"tracks": Many(IDENTITY, (), most=MOST_TRACKS)}),
    Endpoint(
        "GET", "/library/features", library_features, {"since": _SINCE, "size": Whole(100, least=1, most=MOST_FEATURES)}
    ),
    Endpoint("POST", "/library/features", library_features_of, body={"tracks": _SOME}),
    Endpoint("GET", "/library/analysed", library_analysed, {"since": _SINCE}),
    Endpoint("GET", "/library/genres", library_genres),
    Endpoint("POST", "/library/sounds", library_sounds_of, body={"tracks": _SOME}),
    Endpoint("GET", "/library/model/{folder}", library_model),
)
