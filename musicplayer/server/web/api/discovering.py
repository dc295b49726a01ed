"""What to hear next: more like this, the radio, journeys, the map, and what is recommended and why."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import TYPE_CHECKING

from indexer.core.discover.more_like import MoreLike
from indexer.core.discover.near_words import near_sentence
from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.radio_rules import REACHES, SKIP_REACH, AskedOnce, Aversions, Line, choose
from indexer.core.discover.travel import LONGEST, MOST_STOPS, SHORTEST, NoJourney, Wish
from indexer.core.recordings.same import Song
from indexer.core.settings import NearBy
from indexer.core.taste.page_words import empty_words_in_browser, shelf_words, why_words
from indexer.core.taste.shelves import Shelf, ShelfKind
from indexer.core.tracks import TrackId
from musicplayer.server.ways import find_way
from musicplayer.server.web.api.endpoints import Asked, Endpoint, not_there
from musicplayer.server.web.api.parameters import IDENTITY, Choice, Many, ParameterRefused, Whole
from musicplayer.server.web.api.shapes import Shape

if TYPE_CHECKING:
    from musicplayer.server.listeners import ListenerState

MOST_SEEDS = 50
LONGEST_LIST = 200
MOST_PLAYED = 400
"""Tracks that a radio is told not to play again."""

MOST_SKIPPED = 20
MOST_NEXT = 20
LIKED = 5
"""Tracks that a radio drifts along with, those heard out last."""


async def similar(asked: Asked, seed: tuple[str, ...], size: int, by: NearBy | None) -> Shape:
    """The tracks most like a seed, of several those that most of them are near to, or why there are none."""
    listener = await asked.listener()
    answer = (await _more_like(asked, listener, by)).answer(_seeds(asked, seed), size)
    shapes, row_of = asked.shapes(listener), asked.library.row_of
    return {
        "state": answer.state.value,
        "message": answer.message,
        "advice": answer.advice,
        "provisional": answer.provisional,
        "rows": [
            {
                "track": shapes.track(row),
                "similarity": round(float(found.closeness), 4),
                "nearness": round(float(found.nearness), 4),
                "said": near_sentence(found, len(set(seed))),
                "near": found.near,
                "seed": found.seed,
            }
            for found in answer.rows
            if (row := row_of(found.track)) is not None
        ],
    }


async def radio(
    asked: Asked,
    seed: tuple[str, ...],
    not_: tuple[str, ...],
    liked: tuple[str, ...],
    skipped: tuple[str, ...],
    size: int,
) -> Shape:
    """Tracks to go on with that sound like the seeds, none of those named in `not`, which are in the order of play."""
    listener = await asked.listener()
    seeds, more_like = _seeds(asked, seed), await _more_like(asked, listener, NearBy.SOUND)
    candidates = LibraryCandidates(more_like, listener.dislikes)
    candidates.lean = asked.hub.settings.radio_lean / 100
    if candidates.lean:
        candidates.liking = (await listener.taste.folded()).liking
    aversions = Aversions()
    for track in skipped:
        aversions.skip(TrackId(track), [song.track for song in candidates.near(TrackId(track), SKIP_REACH)])
    past = [song for track in not_ if (song := candidates.playable(TrackId(track))) is not None]
    drifting = [TrackId(track) for track in liked if track in (more_like.model or ())]
    once, chosen = AskedOnce(candidates), deque[TrackId]()
    coming: list[Song] = []
    while len(chosen) < size:
        line = Line(past, coming, seeds, drifting, frozenset(chosen), aversions)
        choice = choose(once, line, Random())  # noqa: S311 - for ears, not for secrets
        if choice is None or choice.song.track in not_:
            break
        chosen.append(choice.song.track)
        coming.append(choice.song)
    state = "playing" if chosen else "used-up" if any(once.near(one, REACHES[0]) for one in seeds) else "waiting"
    return {"state": state, "rows": asked.shapes(listener).tracks_of(chosen)}


async def journey(asked: Asked, from_: str, to: str, size: int, by: tuple[str, ...]) -> Shape:
    """A way from one track to another over so many tracks, in small steps of sound, by way of others in their order."""
    listener = await asked.listener()
    start, end, *between = _seeds(asked, (from_, to, *by))
    wish, more_like = Wish(start, end, size, tuple(between)), await _more_like(asked, listener, NearBy.SOUND)
    try:
        way = await find_way(more_like, listener, wish, shortest=size)
    except NoJourney as error:
        return {"state": "none", "message": error.message, "advice": error.advice, "rows": []}
    return {"state": "ready", "message": "", "advice": "", "rows": asked.shapes(listener).tracks_of(way)}


async def music_map(asked: Asked) -> Shape:
    """The library as a picture.

    `places` is the base64 of two little-endian 16-bit numbers for each of `count` points, shares of both sides of
    `extent`; `classOf` of one byte for each, its place in `classes`, which have a name, a hue from 0 to 23 or none, and
    where the name stands, if it prevails anywhere. `frame` has the numbers by which a page of any size is filled: the
    share of a side that is used at most, how far axes are scaled apart, and what a quarter turn has to be worth.
    """
    more_like = asked.hub.model.more_like
    drawn = await asked.kept.drawn.of(asked.library.catalogue, more_like.model)
    if drawn is None:
        return {"state": "none", "count": 0}
    return {**drawn.content, "classes": drawn.classes()}


async def points(asked: Asked, version: str, point: tuple[str, ...]) -> Shape:
    """The tracks of points of a version of the map, in the order asked for."""
    drawn = await asked.kept.drawn.of(asked.library.catalogue, asked.hub.model.more_like.model)
    if drawn is None or drawn.version != version:
        raise not_there()
    numbers = [int(each) for each in point if each.isascii() and each.isdecimal() and int(each) < len(drawn.music_map)]
    if len(numbers) != len(point):
        raise ParameterRefused("api-not-whole", name="point", least="0", most=str(len(drawn.music_map) - 1))
    shapes = asked.shapes(await asked.listener())
    return {"rows": shapes.tracks_of(drawn.music_map.tracks[number] for number in numbers)}


async def point(asked: Asked, track: str) -> Shape:
    """Which point of the map a track is; null for one that is not on it."""
    drawn = await asked.kept.drawn.of(asked.library.catalogue, asked.hub.model.more_like.model)
    found = None if drawn is None else drawn.music_map.point_of(_seeds(asked, (track,))[0])
    return {"version": "" if drawn is None else drawn.version, "point": found}


async def for_you(asked: Asked) -> Shape:
    """What is recommended to the listener now, or why nothing is."""
    listener = await asked.listener()
    now = await listener.recommendations()
    message, advice = ("", "") if now.page.shelves else empty_words_in_browser(now)
    mixes = [shelf for shelf in now.page.shelves if shelf.kind is ShelfKind.MIX]
    return {
        "state": now.state.value,
        "needed": now.needed,
        "message": message,
        "advice": advice,
        "shelves": [
            _shelf(asked, listener, shelf, mixes.index(shelf) + 1 if shelf in mixes else 0)
            for shelf in now.page.shelves
        ],
    }


async def why(asked: Asked, track: str) -> Shape:
    """Why a track is recommended to the listener."""
    listener, (found,) = await asked.listener(), _seeds(asked, (track,))
    reason = await listener.explain(found)
    if reason is None:
        return {"track": track, "why": ""}
    page = (await listener.recommendations()).page
    explores = any(pick.explores for shelf in page.shelves for pick in shelf.picks if pick.track == found)
    return {"track": track, "why": why_words(found, reason, explores, asked.library.track)}


async def _more_like(asked: Asked, listener: ListenerState, by: NearBy | None) -> MoreLike:
    """What the panel of the desktop asks, without what this listener hid."""
    chosen = by or asked.hub.settings.near_by
    nearness = None if chosen is NearBy.SOUND else await listener.taste.nearness(chosen)
    awaits = chosen is not NearBy.SOUND and nearness is None
    more_like = asked.hub.model.more_like
    return more_like.asked_by(lambda seed: listener.hidden.get(seed, ()), nearness, awaits_nearness=awaits)


def _seeds(asked: Asked, tracks: tuple[str, ...]) -> list[TrackId]:
    """Tracks of the library; raises NotThere where one is in none."""
    for track in tracks:
        asked.row(track)
    return [TrackId(track) for track in tracks]


def _shelf(asked: Asked, listener: ListenerState, shelf: Shelf, number: int) -> Shape:
    words = shelf_words(shelf, number, asked.library.track)
    return {
        "kind": shelf.kind.value,
        "title": words.title,
        "subtitle": words.about,
        "key": f"{shelf.kind.value}-{shelf.seed or ''}",
        "rows": asked.shapes(listener).tracks_of(pick.track for pick in shelf.picks),
    }


_TRACK = IDENTITY
_SEEDS = Many(IDENTITY, most=MOST_SEEDS)


def _up_to(most: int) -> Many:
    return Many(IDENTITY, (), most=most)


ENDPOINTS = (
    Endpoint(
        "GET", "/similar", similar,
        {"seed": _SEEDS, "size": Whole(30, least=1, most=LONGEST_LIST), "by": Choice(NearBy, None)},
    ),
    Endpoint(
        "GET", "/radio", radio,
        {
            "seed": _SEEDS, "not": _up_to(MOST_PLAYED), "liked": _up_to(LIKED), "skipped": _up_to(MOST_SKIPPED),
            "size": Whole(5, least=1, most=MOST_NEXT),
        },
    ),
    Endpoint(
        "GET", "/journey", journey,
        {
            "from": _TRACK,
            "to": _TRACK,
            "size": Whole(12, least=SHORTEST, most=LONGEST),
            "by": Many(IDENTITY, default=(), most=MOST_STOPS),
        },
    ),
    Endpoint("GET", "/map", music_map),
    Endpoint("GET", "/map/points", points, {"version": IDENTITY, "point": Many(IDENTITY, most=LONGEST_LIST)}),
    Endpoint("GET", "/map/point", point, {"track": _TRACK}),
    Endpoint("GET", "/for-you", for_you),
    Endpoint("GET", "/why", why, {"track": _TRACK}),
)  # fmt: skip
