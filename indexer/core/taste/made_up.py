"""Plays that nobody made: of the demo library, for who wants to see what is made of plays before there are any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import numpy as np

from indexer.core.plays import Play, PlayContext, PlaySource, stable_id
from indexer.core.tracks import Seconds, Track

MADE_UP = "made-up"
"""The client that such plays are of, by which they are told from all others and taken away together."""

_GENRES = 2
_DAYS = 24
_FEWEST, _MOST = 0, 7
"""Plays of a day."""

_EVENING, _SPREAD, _LATEST = 19.0, 3.0, 22.0
"""Hours of the day at which music is begun: mostly, how far from that usually, and at last."""

_USUAL: Seconds = 25.0
_BETWEEN: Seconds = 600.0
_FAVOURED = 0.8
"""How many of the plays are of the genres that this listener would favour."""


def made_up_plays(tracks: Sequence[Track], now: float) -> list[Play]:
    """Plays of the last weeks by somebody who favours two genres of these tracks; the same ones for the same tracks.

    Without tracks there are none.

    Args:
        tracks: what is played.
        now: seconds since 1970; the last play was on the day before, where the listener lives.
    """
    if not tracks:
        return []
    chance = np.random.default_rng(len(tracks))
    genres = sorted({track.genre for track in tracks})
    favoured = chance.permutation(genres)[:_GENRES].tolist()
    liked = [track for track in tracks if track.genre in favoured]
    today = datetime.fromtimestamp(now).date()  # noqa: DTZ006 - days and hours as the listener lives them
    plays: list[Play] = []
    for back in range(_DAYS, 0, -1):
        begun = timedelta(hours=float(np.clip(chance.normal(_EVENING, _SPREAD), 0.0, _LATEST)))
        at = (datetime.combine(today - timedelta(days=back), time()) + begun).timestamp()
        for place in range(int(chance.integers(_FEWEST, _MOST))):
            among = liked if chance.random() < _FAVOURED else tracks
            track = among[int(chance.integers(len(among)))]
            plays.append(_play(track, at + place * _BETWEEN, back, place))
    return plays


def _play(track: Track, at: float, back: int, place: int) -> Play:
    seconds = track.seconds or _USUAL
    context = PlayContext(PlaySource.IMPORT, session=stable_id(MADE_UP, back), client=MADE_UP)
    identity = stable_id(MADE_UP, track.id, f"{back}.{place}")
    return Play(identity, at, track=track.id, seconds_heard=seconds, seconds=seconds, context=context)
