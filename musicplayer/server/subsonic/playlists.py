"""Playlists of a listener, and those that others share, which can be looked at and not changed.

Neither can "For you", which is there while a list was told of the listener today.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.core.language import tr
from indexer.core.playlist import Playlist
from indexer.core.tracks import TrackId
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import NotAllowed
from musicplayer.server.subsonic.shapes import NEVER, Shape, Shapes, moment

FOR_YOU = "for-you"
"""The id of the list that the listener was told last."""


async def playlists(call: Call) -> Answer:
    """All that the listener sees; whoever asks for those of another is refused, an admin too."""
    name = call.parameters.text("username", call.account.name)
    asked = call.hub.accounts.named(name)
    if asked is None or asked.id != call.account.id:
        raise NotAllowed("subsonic-not-allowed", name=call.account.name)
    kept, me, told = call.hub.playlists, call.account.id, _told(call)
    shapes = [] if told is None else [_shape(call, told, told.tracks, readonly=True)]
    shapes += [_shape(call, each, kept.tracks(me, each.id)) for each in kept.all(me)]
    return {"playlists": {"playlist": shapes}}


async def playlist(call: Call) -> Answer:
    """One with its songs."""
    identity = call.parameters.text("id")
    told = _told(call) if identity == FOR_YOU else None
    if told is not None:
        return {"playlist": await _with_songs(call, await call.shapes(), told, told.tracks, readonly=True)}
    return {"playlist": await _own(call, call.hub.playlists.get(call.account.id, identity))}


async def create_playlist(call: Call) -> Answer:
    """A new one under a name, or other songs for one that is there."""
    parameters, kept, me = call.parameters, call.hub.playlists, call.account.id
    tracks = [TrackId(identity) for identity in parameters.texts("songId")]
    if "playlistId" in parameters:
        _must_be_kept(call)
        name = parameters.text("name", "") or None
        made = await kept.update(me, parameters.text("playlistId"), tracks=tracks, name=name)
    else:
        made = await kept.create(me, parameters.text("name"), tracks)
    return {"playlist": await _own(call, made)}


async def update_playlist(call: Call) -> Answer:
    """Change what is given: places are those before anything is added."""
    parameters = call.parameters
    _must_be_kept(call)
    shared = parameters.flag("public", False) if "public" in parameters else None
    if shared and not call.account.may_share_playlists:
        raise NotAllowed("subsonic-not-allowed", name=call.account.name)
    await call.hub.playlists.update(
        call.account.id,
        parameters.text("playlistId"),
        name=parameters.text("name", "") or None,
        comment=parameters.text("comment", "") if parameters.is_given("comment") else None,
        shared=shared,
        remove=parameters.wholes("songIndexToRemove"),
        add=[TrackId(identity) for identity in parameters.texts("songIdToAdd")],
    )
    return {}


async def delete_playlist(call: Call) -> Answer:
    _must_be_kept(call, "id")
    await call.hub.playlists.delete(call.account.id, call.parameters.text("id"))
    return {}


def _told(call: Call) -> Playlist | None:
    """What was told of the listener, as a list that nobody keeps; None where nothing was."""
    made = call.hub.listeners.live_of(call.account.id)
    if made is None:
        return None
    return Playlist(FOR_YOU, tr("For you"), tracks=made.tracks, owner=call.account.id, updated_at=made.at)


def _must_be_kept(call: Call, name: str = "playlistId") -> None:
    """Refuse to change what was told; raises NotAllowed."""
    told = _told(call) if call.parameters.text(name) == FOR_YOU else None
    if told is not None:
        raise NotAllowed("playlist-told", name=told.name)


async def _own(call: Call, found: Playlist) -> Shape:
    return await _with_songs(call, await call.shapes(), found, call.hub.playlists.tracks(call.account.id, found.id))


async def _with_songs(
    call: Call, shapes: Shapes, found: Playlist, tracks: Sequence[TrackId], *, readonly: bool = False
) -> Shape:
    entries = await call.made(shapes.song, call.rows(list(tracks)))
    return {**_shape(call, found, tracks, readonly=readonly), "entry": entries}


def _shape(call: Call, found: Playlist, tracks: Sequence[TrackId], *, readonly: bool = False) -> Shape:
    """A playlist, as the schema `Playlist` has it; when it was made is not kept, only when it was changed."""
    rows = call.rows(list(tracks))
    seconds = call.view.catalogue.numbers("seconds")
    owner = call.hub.accounts.get(found.owner)
    changed = moment(found.updated_at) or NEVER
    is_mine = found.owner == call.account.id
    return {
        "id": found.id,
        "name": found.name,
        **({"comment": found.comment} if found.comment else {}),
        "owner": call.account.name if is_mine else (owner.name if owner is not None else ""),
        "public": found.shared,
        "readonly": readonly or not is_mine or found.is_smart,
        "songCount": len(rows),
        "duration": round(sum(length for row in rows if (length := seconds[row]) == length)),
        "created": changed,
        "changed": changed,
        **({"coverArt": call.view.catalogue.id_at(rows[0])} if rows else {}),
    }


ENDPOINTS: Endpoints = {
    "getPlaylists": playlists,
    "getPlaylist": playlist,
    "createPlaylist": create_playlist,
    "updatePlaylist": update_playlist,
    "deletePlaylist": delete_playlist,
}
