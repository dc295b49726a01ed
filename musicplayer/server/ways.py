"""Ways from one track to another for one listener: looked for one at a time, whoever asks, page or app."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import checkpoint

from indexer.core.discover.more_like import MoreLike
from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.travel import Leg, NoJourney, Wish, check_wish, ground_between, songs_between, travel
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from musicplayer.server.listeners import ListenerState

_limit = CapacityLimiter(1)
"""It takes a core for up to half a second."""


async def find_way(more_like: MoreLike, listener: ListenerState, wish: Wish, shortest: int) -> list[TrackId]:
    """The tracks of a way, without what the listener dislikes wherever there is one without.

    Args:
        more_like: knows the ground.
        listener: who asks.
        wish: what is asked for.
        shortest: tracks that will do where there is no way of as many as are wished for; the longest that there is.

    Raises:
        NoJourney: there is none.
    """
    check_wish(more_like, wish)
    legs: list[Leg] = []
    playable = LibraryCandidates(more_like).playable
    for number in range(len(wish.stops) - 1):
        between = ground_between(more_like, wish, number)
        await checkpoint()  # others are answered between two pieces of work
        legs.append(songs_between(more_like, wish, between, playable))
        await checkpoint()
    stops = set(wish.stops)
    tracks = {track for leg in legs for track in leg.between.tracks} - stops
    disliked = {track for track in tracks if listener.dislikes(track)}

    def travelled() -> list[TrackId]:
        for length in range(wish.length, shortest, -1):
            with suppress(NoJourney):
                return travel(legs, length, disliked)
        return travel(legs, shortest, disliked)

    return await to_thread.run_sync(travelled, limiter=_limit)
