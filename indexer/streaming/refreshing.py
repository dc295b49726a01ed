"""Listeners with something new, longest waiting first, and the list that is made for each, once for all that waits."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from indexer.core.home import Home
from indexer.core.kafka.broker import Place
from indexer.core.plays import ListenerId, Opinion, Play
from indexer.core.store import Database
from indexer.core.taste.live import LiveList
from indexer.core.taste.model import TasteModel
from indexer.core.taste.recommending import Folded, Known, TasteInUse, live_list
from indexer.core.tracks import TrackId
from indexer.streaming.database import PatientDatabase
from indexer.streaming.held import Held, HeldListener
from indexer.streaming.library import FollowedLibrary
from indexer.streaming.progress import Event

_log = logging.getLogger(__name__)

_NOBODY = Folded()


@dataclass
class Waiting:
    """What of a listener is to be told.

    Attributes:
        events: that are done once their list is out.
        told_at: when each of these was told, seconds since 1970.
        after: id of the last of them.
    """

    events: list[Event] = field(default_factory=list)
    told_at: list[float] = field(default_factory=list)
    after: str = ""


class Queue:
    """Who waits for a list, in the order in which they began to."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[ListenerId, Waiting] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, who: ListenerId, event: Event, told_at: float, after: str) -> None:
        """An event of a listener, who keeps their turn if they wait already."""
        waiting = self._waiting.setdefault(who, Waiting())
        waiting.events.append(event)
        waiting.told_at.append(told_at)
        waiting.after = after

    def again(self, who: ListenerId, before: Waiting) -> None:
        """A list that was made may not be out: it is the turn of its listener."""
        waiting = self._waiting.setdefault(who, Waiting())
        waiting.events[:0] = before.events
        waiting.told_at[:0] = before.told_at
        waiting.after = waiting.after or before.after
        self._waiting.move_to_end(who, last=False)

    def next(self, most: int) -> list[tuple[ListenerId, Waiting]]:
        """Who waits longest, so many at the most; they wait no more."""
        return [self._waiting.popitem(last=False) for _ in range(min(most, len(self._waiting)))]

    def forget(self, places: Collection[Place]) -> None:
        """Events of these places are no longer of this process; nor are those who wait for nothing else."""
        for who, waiting in list(self._waiting.items()):
            kept = [number for number, (place, _) in enumerate(waiting.events) if place not in places]
            if waiting.events and not kept:
                del self._waiting[who]
            elif len(kept) < len(waiting.events):
                waiting.events = [waiting.events[number] for number in kept]
                waiting.told_at = [waiting.told_at[number] for number in kept]


class Maker:
    """Makes lists of listeners who are held in memory, or read."""

    def __init__(self, home: Home, held: Held, library: FollowedLibrary, database: PatientDatabase) -> None:
        self.source = TasteInUse(home)
        self._held = held
        self._library = library
        self._database = database
        self._ready_for: object = None

    def make_ready(self) -> None:
        """Have at hand what the next list is made with, which takes as long as many lists; nothing where it is.

        For the thread of the lists, once the library is read, and again now and then: there may be another model.
        """
        stamp, model = self.source.now()
        if stamp == self._ready_for:
            return
        self._ready_for = stamp
        self._database(lambda database: database.plays.erased())
        if model is None:
            _log.warning("nothing can be recommended yet: there is no model of taste, which indexer taste build makes")
        else:
            self.source.limits(model, self._library.stock())
            model.for_listeners([(model.plays_of([]), {})], time.time())

    def count(self, play: Play) -> None:
        """A play that was not in the database before; a listener who was read since it is there counts it already."""
        held = self._held.get(play.listener)
        if held is not None and not held.counts(play.id):
            held.add(self._standing(play))

    def knows(self, play: Play) -> bool:
        """Whether a play that the database had already counts in what is held; from now on it does."""
        held = self._held.get(play.listener)
        if held is None or held.counts(play.id):
            return held is not None
        held.add(self._standing(play))
        return False

    def lists(self, who: Iterable[tuple[ListenerId, str]], now: float | None = None) -> list[LiveList | None]:
        """The list of each listener after an event; None while too little is known of them."""
        now = time.time() if now is None else now
        stock, wanted = self._library.stock(), list(who)
        by_model: dict[int, list[tuple[ListenerId, TasteModel, HeldListener]]] = {}
        for listener, _ in wanted:
            model = self.source.now(listener)[1]
            if model is not None:
                by_model.setdefault(id(model), []).append((listener, model, self._read(listener, model)))
        folded: dict[ListenerId, Folded] = {}
        for some in by_model.values():
            model = some[0][1]
            tastes = model.for_listeners([(held.plays, held.opinions or {}) for *_, held in some], now)
            for (listener, _, held), taste in zip(some, tastes, strict=True):
                folded[listener] = Folded(model.version, model, held.plays, 0, taste)
        return [
            live_list(folded.get(listener, _NOBODY), self.source, Known((), {}, {}, stock, listener), after, now)
            for listener, after in wanted
        ]

    def _read(self, who: ListenerId, model: TasteModel) -> HeldListener:
        """A listener as they are now, from memory as far as that knows them."""
        held = self._held.get(who)
        if held is None or not held.is_of(model):
            history, said = self._database(partial(_read, who=who))
            held = HeldListener(model, history)
            held.settle(said)
        elif held.opinions is None:
            held.settle(self._database(lambda database: database.opinions.of(who)))
        else:
            held.settle()
        self._held.put(who, held)
        return held

    def _standing(self, play: Play) -> Play:
        heir = None if play.track is None else self._library.heirs.get(play.track)
        return play if heir is None else replace(play, track=heir)


def _read(database: Database, who: ListenerId) -> tuple[list[Play], dict[TrackId, Opinion]]:
    return list(database.plays.of(who)), database.opinions.of(who)
