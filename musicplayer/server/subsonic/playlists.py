"""Playlists of a listener, and those that others share, which can be looked at and not changed."""

from __future__ import annotations

from indexer.core.playlist import Playlist
from indexer.core.tracks import TrackId
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import NotAllowed
from musicplayer.server.subsonic.shapes import NEVER, Shape, Shapes, moment


async def playlists(call: Call) -> Answer:
    """All that the listener sees; whoever asks for those of another is refused, an admin too."""
    name = call.parameters.text("username", call.account.name)
    asked = call.hub.accounts.named(name)
    if asked is None or asked.id != call.account.id:
        raise NotAllowed("subsonic-not-allowed", name=call.account.name)
    return {"playlists": {"playlist": [_shape(call, each) for each in call.hub.playlists.all(call.account.id)]}}


async def playlist(call: Call) -> Answer:
    """One with its songs."""
    found = call.hub.playlists.get(call.account.id, call.parameters.text("id"))
    return {"playlist": await _with_songs(call, await call.shapes(), found)}


async def create_playlist(call: Call) -> Answer:
    """A new one under a name, or other songs for one that is there."""
    parameters, kept, me = call.parameters, call.hub.playlists, call.account.id
    tracks = [TrackId(identity) for identity in parameters.texts("songId")]
    if "playlistId" in parameters:
        name = parameters.text("name", "") or None
        made = await kept.update(me, parameters.text("playlistId"), tracks=tracks, name=name)
    else:
        made = await kept.create(me, parameters.text("name"), tracks)
    return {"playlist": await _with_songs(call, await call.shapes(), made)}


async def update_playlist(call: Call) -> Answer:
    """Change what is given: places are those before anything is added."""
    parameters = call.parameters
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
    await call.hub.playlists.delete(call.account.id, call.parameters.text("id"))
    return {}


async def _with_songs(call: Call, shapes: Shapes, found: Playlist) -> Shape:
    rows = call.rows(list(call.hub.playlists.tracks(call.account.id, found.id)))
    return {**_shape(call, found), "entry": await call.made(shapes.song, rows)}


def _shape(call: Call, found: Playlist) -> Shape:
    """A playlist, as the schema `Playlist` has it; when it was made is not kept, only when it was changed."""
    rows = call.rows(list(call.hub.playlists.tracks(call.account.id, found.id)))
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
        "readonly": not is_mine or found.is_smart,
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
