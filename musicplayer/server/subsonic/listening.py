"""What a listener says by way of an app: stars, ratings, what plays, and what was heard."""

from __future__ import annotations

import time
from dataclasses import replace

from indexer.core.plays import LATEST, Opinion
from indexer.core.tracks import TrackId
from musicplayer.server.client_plays import Report
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import NotFound
from musicplayer.server.subsonic.shapes import moment

_MOST_MILLISECONDS = int(LATEST * 1_000)
_LONGEST_POSITION = 1_000 * 60 * 60 * 24 * 30
_MEDIA = ("song", "podcast")


async def star(call: Call) -> Answer:
    await _star(call, starred=True)
    return {}


async def unstar(call: Call) -> Answer:
    await _star(call, starred=False)
    return {}


async def set_rating(call: Call) -> Answer:
    """1 to 5 stars, or 0 for none; for a song, an album or an artist."""
    identity, rating = call.parameters.text("id"), call.parameters.whole("rating", least=0, most=5)
    if _is_group(call, identity):
        await call.marks.rate(identity, rating)
        return {}
    listener, track = await call.listener(), _track(call, identity)
    before = listener.opinions.get(track, Opinion(track))
    listener.say(replace(before, rating=float(rating) or None, at=listener.time_to_say(before.track)))
    return {}


async def scrobble(call: Call) -> Answer:
    """Songs that were heard, each at a time or now; without `submission` one that begins to play."""
    parameters, listener = call.parameters, await call.listener()
    tracks = [_track(call, identity) for identity in parameters.texts("id") or [parameters.text("id")]]
    times = parameters.wholes("time", least=0, most=_MOST_MILLISECONDS)
    if not parameters.flag("submission", True):
        listener.begin(tracks[-1], call.client)
        return {}
    for number, track in enumerate(tracks):
        listener.submit(track, call.client, times[number] / 1_000 if number < len(times) else None)
    return {}


async def report_playback(call: Call) -> Answer:
    """What an app does with a song, and where in it: what is left early is a skip."""
    parameters = call.parameters
    track = _track(call, parameters.text("mediaId"))
    if parameters.choice("mediaType", _MEDIA) != "song":
        raise NotFound("subsonic-not-found")
    report = Report(parameters.choice("state", [each.value for each in Report]))
    position = parameters.whole("positionMs", least=0, most=_LONGEST_POSITION) / 1_000
    listener = await call.listener()
    listener.report(
        track,
        call.client,
        report,
        position,
        rate=parameters.number("playbackRate", 1.0, least=0.0, most=100.0),
        counts=not parameters.flag("ignoreScrobble", False),
    )
    return {}


async def now_playing(call: Call) -> Answer:
    """What the apps of this listener play; what others play is nobody's business."""
    shapes, listener, now = await call.shapes(), await call.listener(), time.time()
    entries = [
        {
            **shapes.song(row),
            "username": call.account.name,
            "minutesAgo": max(0, int((now - playing.began) // 60)),
            "playerId": number,
            "playerName": playing.client,
            "state": Report.PAUSED.value if playing.is_paused else Report.PLAYING.value,
            "positionMs": round(playing.position * 1_000),
        }
        for number, playing in enumerate(listener.playing(), 1)
        if (row := call.hub.library.row_of(playing.track)) is not None
    ]
    return {"nowPlaying": {"entry": entries}}


async def bookmarks(call: Call) -> Answer:
    """The bookmarks of this listener, the latest first."""
    shapes = await call.shapes()
    kept = sorted(call.marks.bookmarks.values(), key=lambda bookmark: -bookmark.changed)
    found = [
        {
            "position": bookmark.position,
            "username": call.account.name,
            **({"comment": bookmark.comment} if bookmark.comment else {}),
            "created": moment(bookmark.created),
            "changed": moment(bookmark.changed),
            "entry": shapes.song(row),
        }
        for bookmark in kept
        if (row := call.hub.library.row_of(bookmark.track)) is not None
    ]
    return {"bookmarks": {"bookmark": found}}


async def create_bookmark(call: Call) -> Answer:
    position = call.parameters.whole("position", least=0, most=_LONGEST_POSITION)
    await call.marks.remember(_track(call, call.parameters.text("id")), position, call.parameters.text("comment", ""))
    return {}


async def delete_bookmark(call: Call) -> Answer:
    if not await call.marks.forget(call.parameters.text("id")):
        raise NotFound("subsonic-not-found")
    return {}


async def _star(call: Call, *, starred: bool) -> None:
    """Songs are favourites; albums and artists are marked as such, which says nothing of their songs."""
    parameters = call.parameters
    named = parameters.texts("id")
    groups = [identity for identity in named if _is_group(call, identity)]
    tracks = [_track(call, identity) for identity in named if identity not in groups]
    groups += [call.view.album_ids[call.album(identity)] for identity in parameters.texts("albumId")]
    groups += [call.view.artist_ids[call.artist(identity)] for identity in parameters.texts("artistId")]
    if not tracks and not groups:
        parameters.text("id")
    if groups:
        await call.marks.star(groups, starred=starred)
    listener = await call.listener()
    for track in tracks:
        before = listener.opinions.get(track, Opinion(track))
        if before.favourite != starred:
            listener.say(replace(before, favourite=starred, at=listener.time_to_say(track)))


def _is_group(call: Call, identity: str) -> bool:
    """Whether an id names an album or an artist."""
    return call.view.album_number(identity) is not None or call.view.artist_number(identity) is not None


def _track(call: Call, identity: str) -> TrackId:
    """A track of the library; raises NotFound."""
    call.row(identity)
    return TrackId(identity)


ENDPOINTS: Endpoints = {
    "star": star,
    "unstar": unstar,
    "setRating": set_rating,
    "scrobble": scrobble,
    "reportPlayback": report_playback,
    "getNowPlaying": now_playing,
    "getBookmarks": bookmarks,
    "createBookmark": create_bookmark,
    "deleteBookmark": delete_bookmark,
}
