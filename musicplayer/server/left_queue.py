"""The queue that a listener leaves on one device and goes on with on another, be it a page or an app: one for all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from indexer.core.plays import ListenerId
from indexer.core.tracks import Seconds, TrackId

if TYPE_CHECKING:
    from indexer.core.store import Database
    from musicplayer.server.hub import Hub


@dataclass(frozen=True)
class LeftQueue:
    """A queue, without what left the library.

    Attributes:
        tracks: in order; one may be there twice.
        index: the place of the one that played, None where nothing did.
        seconds: into it.
        client: where it was left.
        saved_at: when, seconds since 1970; None where none was.
    """

    tracks: tuple[TrackId, ...] = ()
    index: int | None = None
    seconds: Seconds = 0.0
    client: str = ""
    saved_at: float | None = None


async def left_queue(hub: Hub, listener: ListenerId) -> LeftQueue:
    """What a listener left.

    Raises:
        DatabaseAway: the database does not answer.
    """
    state = await hub.library.ask(partial(_load, listener)) or {}
    kept = _kept(hub, [str(track) for track in state.get("tracks", ())], state.get("index"))
    seconds = state.get("seconds", 0.0) if kept.index is not None else 0.0
    return LeftQueue(kept.tracks, kept.index, seconds, state.get("client", ""), state.get("saved_at"))


async def leave_queue(
    hub: Hub, listener: ListenerId, tracks: Sequence[str], index: int | None, seconds: Seconds, client: str
) -> None:
    """Keep a queue in place of the one before, and tell the pages of the listener; raises as `left_queue` does."""
    kept = _kept(hub, tracks, index)
    state = {
        "tracks": list(kept.tracks),
        "index": kept.index,
        "seconds": seconds,
        "client": client,
        "saved_at": time.time(),
    }
    await hub.library.ask(partial(_save, listener, state))
    hub.events.tell("queue", listener, client=client)


def queue_name(listener: ListenerId) -> str:
    """Under which the queue of a listener of the server is kept, apart from that of the desktop."""
    return f"listener:{listener}"


def _kept(hub: Hub, tracks: Sequence[str], index: int | None) -> LeftQueue:
    """What of a queue is in the library, and where the one that played is among that."""
    there = [place for place, track in enumerate(tracks) if hub.library.row_of(track) is not None]
    return LeftQueue(tuple(TrackId(tracks[place]) for place in there), there.index(index) if index in there else None)


def _load(listener: ListenerId, database: Database) -> dict[str, Any] | None:
    return database.queues.load(queue_name(listener))


def _save(listener: ListenerId, state: dict[str, Any], database: Database) -> None:
    database.queues.save(queue_name(listener), state, listener)
