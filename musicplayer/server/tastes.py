"""What is recommended to each listener: one model of taste for the home, worked out when somebody asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread

from indexer.core.discover.nearness import NearByTaste, Nearness
from indexer.core.settings import NearBy
from indexer.core.taste.recommending import (
    Folded,
    Known,
    Recommendations,
    Stock,
    TasteInUse,
    fold_in,
    recommended_to,
    stock_of,
)
from indexer.core.taste.weights import DAY
from indexer.core.tracks import Seconds, TrackId

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from indexer.core.discover.more_like import MoreLike
    from indexer.core.home import Home
    from indexer.core.taste.model import Reason

LIBRARY_SECONDS: Seconds = 3.0
"""A scan changes the library all the time: for that alone a page is not made more often."""


_COST_SHARE = 20
"""Reading a library that changes all the time takes at most one in so many of the seconds."""


class Tastes:
    """What the answers for all listeners share; for the thread of the event loop.

    Attributes:
        source: the model of taste in use.
        due: taste is to be learnt anew, as the last page that was made says.
    """

    def __init__(self, home: Home, more_like: MoreLike) -> None:
        """Recommend from the model of a home what is in the catalogue of `more_like`, and a song to it."""
        self.source = TasteInUse(home)
        self.due = False
        self._more_like = more_like
        self._stock: Stock | None = None
        self._of: object = None
        self._again_at = 0.0
        self._limit: CapacityLimiter | None = None

    @property
    def limit(self) -> CapacityLimiter:
        """One is worked out at a time: two would take the processor from streams, and each other's caches."""
        if self._limit is None:
            self._limit = CapacityLimiter(1)  # of the event loop that runs
        return self._limit

    def stock(self) -> Stock:
        """What may be recommended, read again where the library or the model of sound is another."""
        model = self._more_like.model
        manifest = None if model is None else model.manifest
        catalogue = self._more_like.catalogue
        began = time.monotonic()
        if self._stock is None or (self._of != (catalogue.changes, manifest) and began >= self._again_at):
            self._of = catalogue.changes, manifest
            self._stock = stock_of(catalogue, self._more_like.songs.kinds(), manifest)
            cost = time.monotonic() - began
            self._again_at = began + min(_COST_SHARE * cost, LIBRARY_SECONDS)
        return self._stock


class ListenerTaste:
    """The taste of one listener, told of each play and opinion; for the thread of the event loop."""

    def __init__(self, tastes: Tastes, known: Callable[[Stock], Known]) -> None:
        """Work out what is recommended of what `known` says of the listener and the library."""
        self._tastes = tastes
        self._known = known
        self._changes = self._readings = 0
        self._folded, self._folded_of = Folded(), _NEVER
        self._page, self._page_of, self._stock_of = Recommendations(), _NEVER, _NEVER
        self._made_at = 0.0
        self._busy = asyncio.Lock()

    def touch(self, *, anew: bool = False) -> None:
        """Plays came, or something was said; `anew` where plays went, or came in between."""
        self._changes += 1
        if anew:
            self._readings += 1
            self._folded, self._folded_of = replace(self._folded, plays=None, told=0), _NEVER

    async def folded(self) -> Folded:
        """The listener as the model in use knows them now; milliseconds after a play."""
        async with self._busy:
            return await self._fold(self._moment())

    async def recommendations(self) -> Recommendations:
        """The page of now: what it was, unless something changed."""
        async with self._busy:
            moment, day, stock = self._moment(), time.time() // DAY, self._tastes.stock()
            if (moment, day) != self._page_of or self._is_outdated(stock):
                work = partial(recommended_to, await self._fold(moment), self._tastes.source, self._known(stock))
                made = await to_thread.run_sync(work, limiter=self._tastes.limit)
                self._page, self._page_of, self._stock_of = made.recommended, (moment, day), _state_of(stock)
                self._tastes.due, self._made_at = made.due, time.monotonic()
            return self._page

    async def liking(self, tracks: Sequence[TrackId]) -> NDArray[np.float32] | None:
        """How much the listener would like each of these, shape (n,), in spreads of all; None while nobody knows."""
        return (await self.folded()).liking(tracks)

    async def explain(self, track: TrackId) -> Reason | None:
        """Why a track is recommended; None for one that neither the model knows nor a list that came."""
        folded = await self.folded()
        model, taste = folded.model, folded.taste
        item = None if model is None else model.places.get(track)
        if model is None or taste is None or item is None:
            return self._page.reasons.get(track)
        return await to_thread.run_sync(partial(model.explain, taste, item), limiter=self._tastes.limit)

    async def nearness(self, by: NearBy) -> Nearness | None:
        """What tells neighbours otherwise than by sound; None while there is no model of taste."""
        model = (await self.folded()).model
        return None if model is None else NearByTaste(model, by)

    def _moment(self) -> object:
        """What an answer depends on, besides the library."""
        return self._changes, self._tastes.source.stamp()

    def _is_outdated(self, stock: Stock) -> bool:
        """Whether the library is another than that of the page, and has been so for long enough."""
        return _state_of(stock) != self._stock_of and time.monotonic() - self._made_at >= LIBRARY_SECONDS

    async def _fold(self, moment: object) -> Folded:
        """The listener at a moment; where plays went meanwhile, all is told anew the next time."""
        if moment != self._folded_of:
            readings = self._readings
            work = partial(fold_in, self._tastes.source, self._folded, self._known(self._tastes.stock()))
            folded = await to_thread.run_sync(work, limiter=self._tastes.limit)
            if readings != self._readings:
                return folded
            self._folded, self._folded_of = folded, moment
        return self._folded


_NEVER: object = object()


def _state_of(stock: Stock) -> object:
    return stock.changes, stock.sound
