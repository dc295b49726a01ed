"""Histories of listeners in memory, as columns and within bounds, so that an event costs no reading of all plays."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.core.plays import ID_DIGITS, ListenerId, Opinion, Play
from indexer.core.taste.model import TasteModel
from indexer.core.taste.weights import Plays
from indexer.core.tracks import Seconds, TrackId

MOST_PLAYS = 2_000_000
"""Of all listeners together, at 24 bytes each."""

MOST_LISTENERS = 20_000

FRESH_SECONDS: Seconds = 600.0
"""How long plays that this process read or counted are taken to be all, where another program writes plays as well: it
may have erased or imported some."""

_MOST_LATER = 64
"""Ids that are kept one by one, which takes four times as much."""

_HASHED = 16
"""Digits of an id that are kept of it."""


class HeldListener:
    """What is known of a listener in the terms of one model.

    Attributes:
        plays: in the order of their times.
        opinions: by item; None where they are to be read again.
        read_at: when the plays were read from the database, by the monotonic clock.
    """

    def __init__(self, model: TasteModel, history: Sequence[Play]) -> None:
        self.plays: Plays = model.plays_of(history)
        self.opinions: dict[int, float] | None = None
        self.read_at = time.monotonic()
        self._model = model
        self._ids: NDArray[np.uint64] = np.sort(np.array([_hashed(play.id) for play in history], np.uint64))
        self._later: set[int] = set()
        self._fresh: list[Play] = []

    def __len__(self) -> int:
        """How many plays it takes the memory of."""
        return len(self._ids) + len(self._later)

    def is_of(self, model: TasteModel) -> bool:
        """Whether items are those of this model."""
        return self._model.ids is model.ids

    def counts(self, play: str) -> bool:
        """Whether the play of an id is among these."""
        hashed = _hashed(play)
        place = int(np.searchsorted(self._ids, np.uint64(hashed)))
        return hashed in self._later or (place < self._ids.size and int(self._ids[place]) == hashed)

    def add(self, play: Play) -> None:
        """A play more."""
        self._later.add(_hashed(play.id))
        self._fresh.append(play)

    def settle(self, opinions: Mapping[TrackId, Opinion] | None = None) -> None:
        """Put the plays that came since into the columns, and take up opinions where there are others."""
        if self._fresh:
            self.plays = self.plays.with_later(self._model.plays_of(self._fresh))
            self._fresh = []
        if len(self._later) > _MOST_LATER:
            self._ids = np.sort(np.concatenate([self._ids, np.fromiter(self._later, np.uint64)]))
            self._later.clear()
        if opinions is not None:
            self.opinions = self._model.opinions_of(opinions)


class Held:
    """The listeners in memory; who was asked for longest ago is forgotten first."""

    def __init__(self, most_plays: int = MOST_PLAYS, most_listeners: int = MOST_LISTENERS) -> None:
        self._listeners: OrderedDict[ListenerId, HeldListener] = OrderedDict()
        self._sizes: dict[ListenerId, int] = {}
        self._plays = 0
        self._most_plays = most_plays
        self._most_listeners = most_listeners

    def __len__(self) -> int:
        return len(self._listeners)

    @property
    def plays(self) -> int:
        """Of all listeners together."""
        return self._plays

    def get(self, who: ListenerId) -> HeldListener | None:
        """A listener, who counts as asked for now."""
        held = self._listeners.get(who)
        if held is not None:
            self._listeners.move_to_end(who)
        return held

    def put(self, who: ListenerId, held: HeldListener) -> None:
        """Hold a listener, or see that they grew, and forget others where that is too much."""
        self._listeners[who] = held
        self._listeners.move_to_end(who)
        self._plays += len(held) - self._sizes.get(who, 0)
        self._sizes[who] = len(held)
        while len(self._listeners) > 1 and (
            self._plays > self._most_plays or len(self._listeners) > self._most_listeners
        ):
            self.forget(next(iter(self._listeners)))

    def forget(self, who: ListenerId) -> None:
        """Hold a listener no more."""
        if self._listeners.pop(who, None) is not None:
            self._plays -= self._sizes.pop(who)

    def clear(self) -> None:
        """Hold nobody."""
        self._listeners.clear()
        self._sizes.clear()
        self._plays = 0

    def hear_opinions(self, who: Iterable[ListenerId]) -> None:
        """What these listeners said is to be read again."""
        for each in who:
            held = self._listeners.get(each)
            if held is not None:
                held.opinions = None

    def hear_plays(self, who: Iterable[ListenerId]) -> None:
        """Somebody wrote plays of these, which the topics tell of as well unless they were brought from elsewhere."""
        old = time.monotonic() - FRESH_SECONDS
        for each in who:
            held = self._listeners.get(each)
            if held is not None and held.read_at < old:
                self.forget(each)


def _hashed(play: str) -> int:
    return int(play[ID_DIGITS - _HASHED :], 16)
