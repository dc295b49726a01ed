"""What a listener plays and says: plays, opinions, hidden tracks, and the queue that goes along to the next device."""

from __future__ import annotations

import time
from dataclasses import replace
from enum import StrEnum

from indexer.core.playing.listening import play_heard
from indexer.core.plays import LATEST, MOST_STARS, Opinion, PlayContext, PlaySource, Thumb, stable_id
from indexer.core.tracks import TrackId
from musicplayer.server.left_queue import leave_queue, left_queue
from musicplayer.server.web.api.endpoints import Asked, Endpoint
from musicplayer.server.web.api.parameters import IDENTITY, Choice, Flag, Kinds, Many, Real, Text, Whole
from musicplayer.server.web.api.shapes import Shape, opinion_of

LONGEST_QUEUE = 50_000
LATE_SECONDS = 400 * 86_400.0
"""A page or a player that was away from the network tells later what was done; older times are of a wrong clock."""

EARLY_SECONDS = 60.0
"""By so much the clock of a device may be ahead."""

LONGEST_HEARD = 86_400.0


class WebSource(StrEnum):
    """Where on the page, or in a player of another machine, a play was started from.

    What came from apps and from histories of elsewhere is told by these alone.
    """

    LIBRARY = PlaySource.LIBRARY.value
    ALBUM = PlaySource.ALBUM.value
    PLAYLIST = PlaySource.PLAYLIST.value
    SEARCH = PlaySource.SEARCH.value
    QUEUE = PlaySource.QUEUE.value
    MORE_LIKE = PlaySource.MORE_LIKE.value
    RADIO = PlaySource.RADIO.value
    JOURNEY = PlaySource.JOURNEY.value
    MAP = PlaySource.MAP.value
    FOR_YOU = PlaySource.FOR_YOU.value
    WEB = PlaySource.WEB.value
    FILE = PlaySource.FILE.value
    UNKNOWN = PlaySource.UNKNOWN.value


async def play(
    asked: Asked,
    id: str,  # noqa: A002 - as the body has it
    track: str,
    at: float | None,
    heard: float,
    source: WebSource,
    seed: str | None,
    position: int | None,
    session: str,
    client: str,
) -> Shape:
    """Take a play, once however often it is told: its id is the page's own, and means nothing to other listeners."""
    listener, row = await asked.listener(), asked.row(track)
    now = time.time()
    began = now - heard if at is None or at < now - LATE_SECONDS else min(at, now + EARLY_SECONDS)
    context = PlayContext(
        PlaySource(source.value), None if seed is None else TrackId(seed), position, "", session, client
    )
    length = asked.library.catalogue.seconds(row) or 0.0
    made = play_heard(TrackId(track), began, heard, length, context)
    told = replace(made, id=stable_id("web", asked.account.id, id), listener=asked.account.id)
    listener.note_play(told)
    return {"track": track, "counted": told.finished, "plays": listener.plays.get(TrackId(track), 0)}


async def opinion(
    asked: Asked, track: str, thumb: int | None, rating: float | None, favourite: bool | None, at: float | None
) -> Shape:
    """Take what the listener thinks of a track; what is not named stays as it is, and 0 stars take stars away.

    What was said at a time changes nothing where something later is known; without one it is said now, and holds.
    """
    listener = await asked.listener()
    asked.row(track)
    said = listener.opinions.get(TrackId(track)) or Opinion(TrackId(track), listener=asked.account.id)
    said = replace(said, at=listener.time_to_say(TrackId(track)) if at is None else _not_ahead(at))
    if thumb is not None:
        said = replace(said, thumb=Thumb(thumb))
    if rating is not None:
        said = replace(said, rating=round(2 * rating) / 2 or None)
    if favourite is not None:
        said = replace(said, favourite=favourite)
    listener.say(said)
    return opinion_of(listener, TrackId(track))


async def hide(asked: Asked, seed: str, track: str, hidden: bool, at: float | None) -> Shape:
    """Hide a track among what sounds like another, since a time or now, or show it there again."""
    listener = await asked.listener()
    asked.row(seed)
    asked.row(track)
    listener.hide([TrackId(seed)], [TrackId(track)], hidden=hidden, at=None if at is None else _not_ahead(at))
    return {"seed": seed, "track": track, "hidden": hidden}


async def queue(asked: Asked) -> Shape:
    """The queue as the listener left it on any page or in an app, without what left the library."""
    listener, left = await asked.listener(), await left_queue(asked.hub, asked.account.id)
    return {
        "tracks": asked.shapes(listener).tracks_of(left.tracks),
        "index": left.index,
        "seconds": left.seconds,
        "client": left.client,
        "savedAt": left.saved_at,
    }


async def keep_queue(asked: Asked, tracks: tuple[str, ...], index: int | None, seconds: float, client: str) -> None:
    """Keep the queue for the next page or app of the listener, in place of the one before."""
    await leave_queue(asked.hub, asked.account.id, tracks, index, seconds, client)


def _not_ahead(at: float) -> float:
    """A time that a device told, of whose clock nobody knows whether it is right."""
    return min(at, time.time() + EARLY_SECONDS)


_CLIENT = Text("web", most=64)
_AT = Real(None, most=LATEST)
_PLAY: Kinds = {
    "id": IDENTITY,
    "track": IDENTITY,
    "at": _AT,
    "heard": Real(most=LONGEST_HEARD),
    "source": Choice(WebSource, WebSource.WEB),
    "seed": Text(None, least=1, most=64),
    "position": Whole(None, most=LONGEST_QUEUE),
    "session": Text("", most=64),
    "client": _CLIENT,
}
_OPINION: Kinds = {
    "track": IDENTITY,
    "thumb": Whole(None, least=-1, most=1),
    "rating": Real(None, most=MOST_STARS),
    "favourite": Flag(None),
    "at": _AT,
}
_HIDE: Kinds = {"seed": IDENTITY, "track": IDENTITY, "hidden": Flag(True), "at": _AT}
_QUEUE: Kinds = {
    "tracks": Many(IDENTITY, (), most=LONGEST_QUEUE),
    "index": Whole(None, most=LONGEST_QUEUE),
    "seconds": Real(0.0, most=LONGEST_HEARD),
    "client": _CLIENT,
}

ENDPOINTS = (
    Endpoint("POST", "/plays", play, body=_PLAY),
    Endpoint("POST", "/opinions", opinion, body=_OPINION),
    Endpoint("POST", "/hide", hide, body=_HIDE),
    Endpoint("GET", "/queue", queue),
    Endpoint("PUT", "/queue", keep_queue, body=_QUEUE),
)
