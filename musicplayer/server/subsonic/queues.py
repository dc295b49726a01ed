"""The queue that a listener leaves on one device and goes on with on another, told by song or by place in it."""

from __future__ import annotations

from musicplayer.server.left_queue import LeftQueue, leave_queue, left_queue
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import ParameterRefused
from musicplayer.server.subsonic.shapes import NEVER, Shape, moment

_LONGEST_POSITION = 1_000 * 60 * 60 * 24 * 30


async def play_queue(call: Call) -> Answer:
    """The queue, with the song that played; an empty one where none was left."""
    left = await left_queue(call.hub, call.account.id)
    current = {} if left.index is None else {"current": left.tracks[left.index]}
    return {"playQueue": {**await _told(call, left), **current}}


async def play_queue_by_index(call: Call) -> Answer:
    """The same, with the place of the song that played: one may be there twice."""
    left = await left_queue(call.hub, call.account.id)
    current = {} if left.index is None else {"currentIndex": left.index}
    return {"playQueueByIndex": {**await _told(call, left), **current}}


async def save_play_queue(call: Call) -> Answer:
    """Leave a queue; without songs it is empty from now on."""
    tracks, current = _tracks(call), call.parameters.text("current", "")
    if current and current not in tracks:
        raise ParameterRefused("subsonic-not-in-queue", parameter="current")
    return await _keep(call, tracks, tracks.index(current) if current else None)


async def save_play_queue_by_index(call: Call) -> Answer:
    """The same, with the place of the song that plays, which a queue that is not empty must have."""
    tracks = _tracks(call)
    if not tracks:
        return await _keep(call, tracks, None)
    return await _keep(call, tracks, call.parameters.whole("currentIndex", least=0, most=len(tracks) - 1))


async def _keep(call: Call, tracks: list[str], index: int | None) -> Answer:
    position = call.parameters.whole("position", 0, least=0, most=_LONGEST_POSITION)
    await leave_queue(call.hub, call.account.id, tracks, index, position / 1_000, call.client)
    return {}


def _tracks(call: Call) -> list[str]:
    """The songs of a queue, all of which have to be there; raises NotFound."""
    named = call.parameters.texts("id")
    for identity in dict.fromkeys(named):
        call.row(identity)
    return named


async def _told(call: Call, left: LeftQueue) -> Shape:
    """What is told of a queue, whichever way its song that played is named."""
    shapes = await call.shapes()
    return {
        "username": call.account.name,
        "changed": moment(left.saved_at or 0.0) or NEVER,
        "changedBy": left.client,
        "position": round(left.seconds * 1_000),
        "entry": await call.made(shapes.song, call.rows(list(left.tracks))),
    }


ENDPOINTS: Endpoints = {
    "getPlayQueue": play_queue,
    "getPlayQueueByIndex": play_queue_by_index,
    "savePlayQueue": save_play_queue,
    "savePlayQueueByIndex": save_play_queue_by_index,
}
