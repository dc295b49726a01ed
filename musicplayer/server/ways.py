"""Ways from one track to another for one listener: looked for one at a time, whoever asks, page or app."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import checkpoint

from indexer.core.discover.more_like import MoreLike
from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.travel import NoJourney, Wish, ground_between, songs_between, travel
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
    between = ground_between(more_like, wish)
    await checkpoint()  # others are answered between two pieces of work
    songs = songs_between(more_like, wish, between, LibraryCandidates(more_like).playable)
    disliked = {track for track in between.tracks[2:] if listener.dislikes(track)}

    def travelled() -> list[TrackId]:
        for length in range(wish.length, shortest, -1):
            with suppress(NoJourney):
                return travel(between, songs, length, disliked)
        return travel(between, songs, shortest, disliked)

    return await to_thread.run_sync(travelled, limiter=_limit)
