"""Playlists: a listener's own, to be changed, and those that others share, to be heard."""

from __future__ import annotations

from indexer.core.playlist import Playlist
from indexer.core.tracks import TrackId
from musicplayer.server.errors import NotAllowed
from musicplayer.server.playlists import LONGEST_COMMENT
from musicplayer.server.web.api.endpoints import Asked, Endpoint
from musicplayer.server.web.api.parameters import IDENTITY, Flag, Kinds, Many, Text
from musicplayer.server.web.api.shapes import Shape

LONGEST_NAME = 200
LONGEST_LIST = 50_000


async def playlists(asked: Asked) -> Shape:
    """The listener's own lists in order, then those that others share."""
    return {"playlists": [_playlist(asked, each) for each in asked.hub.playlists.all(asked.account.id)]}


async def playlist(asked: Asked, id: str) -> Shape:  # noqa: A002 - as the address has it
    """A list with what of it is in the library."""
    found = asked.hub.playlists.get(asked.account.id, id)
    tracks = asked.hub.playlists.tracks(asked.account.id, id)
    return {**_playlist(asked, found), "rows": asked.shapes(await asked.listener()).tracks_of(tracks)}


async def add_playlist(asked: Asked, name: str, tracks: tuple[str, ...], shared: bool, comment: str) -> Shape:
    """A new list of the listener's; a name that is taken gets a number."""
    _may_share(asked, shared=shared)
    made = await asked.hub.playlists.create(
        asked.account.id, name, list(map(TrackId, tracks)), shared=shared, comment=comment
    )
    return _playlist(asked, made)


async def change_playlist(
    asked: Asked,
    id: str,  # noqa: A002
    name: str | None,
    tracks: tuple[str, ...] | None,
    add: tuple[str, ...],
    shared: bool | None,
    comment: str | None,
) -> Shape:
    """Change a list of the listener's; what is not named stays. `add` goes to its end."""
    _may_share(asked, shared=bool(shared))
    changed = await asked.hub.playlists.update(
        asked.account.id,
        id,
        name=name,
        comment=comment,
        shared=shared,
        tracks=None if tracks is None else list(map(TrackId, tracks)),
        add=list(map(TrackId, add)),
    )
    return _playlist(asked, changed)


async def remove_playlist(asked: Asked, id: str) -> None:  # noqa: A002
    """Take a list of the listener's away."""
    await asked.hub.playlists.delete(asked.account.id, id)


def _may_share(asked: Asked, *, shared: bool) -> None:
    if shared and not asked.account.may_share_playlists:
        raise NotAllowed("api-not-allowed")


def _playlist(asked: Asked, playlist: Playlist) -> Shape:
    tracks = asked.hub.playlists.tracks(asked.account.id, playlist.id)
    owner = asked.hub.accounts.get(playlist.owner)
    rows = (asked.library.row_of(track) for track in tracks)
    lengths = (asked.library.catalogue.seconds(row) for row in rows if row is not None)
    return {
        "id": playlist.id,
        "name": playlist.name,
        "own": playlist.owner == asked.account.id,
        "owner": "" if owner is None else owner.name,
        "shared": playlist.shared,
        "smart": playlist.is_smart,
        "comment": playlist.comment,
        "tracks": len(tracks),
        "seconds": round(sum(each or 0.0 for each in lengths), 3),
        "changed": playlist.updated_at,
        "cover": f"/cover/{tracks[0]}" if tracks else None,
    }


_NAME = Text(most=LONGEST_NAME)
_TRACKS = Many(IDENTITY, (), most=LONGEST_LIST)
_NEW: Kinds = {
    "name": _NAME,
    "tracks": _TRACKS,
    "shared": Flag(False),
    "comment": Text("", most=LONGEST_COMMENT),
}
_CHANGES: Kinds = {
    "name": Text(None, most=LONGEST_NAME),
    "tracks": Many(IDENTITY, None, most=LONGEST_LIST),
    "add": _TRACKS,
    "shared": Flag(None),
    "comment": Text(None, most=LONGEST_COMMENT),
}

ENDPOINTS = (
    Endpoint("GET", "/playlists", playlists),
    Endpoint("POST", "/playlists", add_playlist, body=_NEW),
    Endpoint("GET", "/playlists/{id}", playlist),
    Endpoint("PUT", "/playlists/{id}", change_playlist, body=_CHANGES),
    Endpoint("DELETE", "/playlists/{id}", remove_playlist),
)
