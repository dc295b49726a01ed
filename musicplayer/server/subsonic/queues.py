"""The queue that a listener leaves on one device and goes on with on another, told by song or by place in it."""

from __future__ import annotations

import time

from indexer.core.tracks import TrackId
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import ParameterRefused
from musicplayer.server.subsonic.marks import KeptQueue
from musicplayer.server.subsonic.shapes import NEVER, Shape, moment

_LONGEST_POSITION = 1_000 * 60 * 60 * 24 * 30


async def play_queue(call: Call) -> Answer:
    """The queue, with the song that played; an empty one where none was left."""
    about, tracks, place = await _left(call)
    return {"playQueue": {**about, **({} if place is None else {"current": tracks[place]})}}


async def play_queue_by_index(call: Call) -> Answer:
    """The same, with the place of the song that played: one may be there twice."""
    about, _, place = await _left(call)
    return {"playQueueByIndex": {**about, **({} if place is None else {"currentIndex": place})}}


async def save_play_queue(call: Call) -> Answer:
    """Leave a queue; without songs it is empty from now on."""
    tracks, current = _tracks(call), call.parameters.text("current", "")
    if current and current not in tracks:
        raise ParameterRefused("subsonic-not-in-queue", parameter="current")
    return await _keep(call, tracks, tracks.index(TrackId(current)) if current else None)


async def save_play_queue_by_index(call: Call) -> Answer:
    """The same, with the place of the song that plays, which a queue that is not empty must have."""
    tracks = _tracks(call)
    if not tracks:
        return await _keep(call, tracks, None)
    return await _keep(call, tracks, call.parameters.whole("currentIndex", least=0, most=len(tracks) - 1))


async def _keep(call: Call, tracks: tuple[TrackId, ...], index: int | None) -> Answer:
    position = call.parameters.whole("position", 0, least=0, most=_LONGEST_POSITION)
    await call.marks.keep_queue(KeptQueue(tracks, index, position, time.time(), call.client))
    return {}


def _tracks(call: Call) -> tuple[TrackId, ...]:
    """The songs of a queue, all of which have to be there; raises NotFound."""
    named = call.parameters.texts("id")
    for identity in dict.fromkeys(named):
        call.row(identity)
    return tuple(map(TrackId, named))


async def _left(call: Call) -> tuple[Shape, list[str], int | None]:
    """What is told of a queue, its songs that are still there, and the place among these of the one that played."""
    shapes, queue, library = await call.shapes(), call.marks.queue, call.hub.library
    rows = [(place, row) for place, track in enumerate(queue.tracks) if (row := library.row_of(track)) is not None]
    at = None if queue.index is None else next((new for new, (old, _) in enumerate(rows) if old == queue.index), None)
    about = {
        "username": call.account.name,
        "changed": moment(queue.changed) or NEVER,
        "changedBy": queue.client,
        "position": queue.position if at is not None else 0,
        "entry": await call.made(shapes.song, (row for _, row in rows)),
    }
    return about, [queue.tracks[place] for place, _ in rows], at


ENDPOINTS: Endpoints = {
    "getPlayQueue": play_queue,
    "getPlayQueueByIndex": play_queue_by_index,
    "savePlayQueue": save_play_queue,
    "savePlayQueueByIndex": save_play_queue_by_index,
}
