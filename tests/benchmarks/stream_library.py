"""A home of made-up tracks, listeners and plays with a model of taste, for what happens after a play."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from indexer.core.home import Home
from indexer.core.plays import ListenerId, Play
from indexer.core.store import Database, open_database
from indexer.core.taste.folder import save_taste
from indexer.core.taste.weights import DAY
from indexer.core.tracks import Track, TrackId
from indexer.history.build import model_of, rows_of
from indexer.history.choice import Choice
from tests.benchmarks.taste import made_up

TAUGHT = 50
"""Listeners whose histories the model is learnt from."""

PLAYS = 100
"""Of each listener in the database."""

_SECONDS = 200.0


@dataclass(frozen=True, eq=False)
class Made:
    """What is there.

    Attributes:
        tracks: of the library.
        listeners: who have plays.
        liked: items of each.
    """

    tracks: list[TrackId]
    listeners: list[ListenerId]
    liked: dict[ListenerId, np.ndarray]

    def play(self, draw: np.random.Generator, listener: ListenerId | None = None) -> Play:
        """A play of just now, by any of the listeners where none is named."""
        who = listener or self.listeners[int(draw.integers(len(self.listeners)))]
        return self._play(draw, who, time.time())

    def past(self, draw: np.random.Generator, who: ListenerId) -> list[Play]:
        """What a listener played before."""
        days = np.sort(draw.uniform(1, 300, PLAYS))[::-1]
        return [self._play(draw, who, time.time() - day * DAY) for day in days]

    def _play(self, draw: np.random.Generator, who: ListenerId, at: float) -> Play:
        track = self.tracks[int(draw.choice(self.liked[who]))]
        heard = _SECONDS * float(draw.uniform(0.3, 1.0))
        return Play(secrets.token_hex(12), at, track=track, seconds_heard=heard, seconds=_SECONDS, listener=who)


def make(home: Home, tracks: int, listeners: int, say: Callable[[str], None]) -> Made:
    """Put a library, its listeners and its model into an empty home."""
    began = time.monotonic()
    gathered = made_up(tracks, listeners)
    items = len(gathered.tracks)
    few = dict(list(gathered.listeners.items())[:TAUGHT])
    taught = replace(gathered, listeners=few)
    save_taste(home, model_of(taught, rows_of(few, {}, items), Choice()))
    known = list(gathered.listeners)[1:]
    made = Made(gathered.tracks, known, {who: gathered.listeners[who].items for who in known})
    with open_database(home) as database:
        _fill(database, made)
    say(f"{tracks:,} tracks and {len(known):,} listeners were made up in {time.monotonic() - began:.0f} s")
    return made


def _fill(database: Database, made: Made) -> None:
    draw = np.random.default_rng(2)
    database.tracks.upsert(
        Track(
            id=track,
            path=f"/music/{number // 12}/{number}.mp3",
            root="/music",
            title=f"Title {number}",
            artist=f"Artist {number % 16_000}",
            seconds=_SECONDS,
        )
        for number, track in enumerate(made.tracks)
    )
    for who in made.listeners:
        database.plays.record(made.past(draw, who))
