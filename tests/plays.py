"""Plays as tests want them."""

from __future__ import annotations

import secrets
import time

from indexer.core.plays import OWNER, ListenerId, Play, PlayContext
from indexer.core.tracks import TrackId


def play_of(
    track: TrackId,
    at: float | None = None,
    heard: float = 100.0,
    *,
    finished: bool = True,
    play: str | None = None,
    listener: ListenerId = OWNER,
    context: PlayContext | None = None,
) -> Play:
    """A play of a track, until now where no time is given, with an id of its own where none is given."""
    return Play(
        play or secrets.token_hex(12),
        time.time() - heard if at is None else at,
        track=track,
        seconds_heard=heard,
        finished=finished,
        listener=listener,
        context=context or PlayContext(),
    )
