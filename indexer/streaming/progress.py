"""How far a process of the group is: which events are done, and up to where that may be said to the broker."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from indexer.core.kafka.broker import Place
from indexer.core.kafka.telling import SETTLED_SECONDS

Event = tuple[Place, int]
"""Where an event is: its place and its offset there."""


class Progress:
    """Events that were taken, in their order by place, until all before them are done.

    An event is done once all that follows of it is safe elsewhere. What is told to the broker of a place is the first
    offset that is not, or that was taken less than ten seconds ago: who takes over begins there. A broker that is
    killed loses the last of what it had, and gives these offsets to other events; nobody may be beyond them by then.
    """

    def __init__(self) -> None:
        self._taken: dict[Place, deque[tuple[int, float]]] = {}
        self._done: dict[Place, set[int]] = {}
        self._settling: dict[Place, deque[tuple[int, float]]] = {}
        self._settled: dict[Place, int] = {}
        self._told: dict[Place, int] = {}

    def __len__(self) -> int:
        """How many events are kept, since one of them or one before them is not done."""
        return sum(map(len, self._taken.values()))

    def take(self, event: Event, now: float) -> None:
        """An event was received; the events of a place come in their order, `now` is of a clock that only grows."""
        place, offset = event
        self._taken.setdefault(place, deque()).append((offset, now))

    def finish(self, events: Iterable[Event]) -> None:
        """These are done; those of places that were forgotten are passed over."""
        touched = set()
        for place, offset in events:
            if place in self._taken:
                self._done.setdefault(place, set()).add(offset)
                touched.add(place)
        for place in touched:
            taken, done, settling = self._taken[place], self._done[place], self._settling.setdefault(place, deque())
            while taken and taken[0][0] in done:
                offset, at = taken.popleft()
                done.discard(offset)
                settling.append((offset + 1, at))

    def reached(self, now: float) -> dict[Place, int]:
        """The offset by place below which all is done and settled, of places where the broker knows another."""
        for place, settling in self._settling.items():
            while settling and settling[0][1] <= now - SETTLED_SECONDS:
                self._settled[place], _ = settling.popleft()
        return {place: offset for place, offset in self._settled.items() if self._told.get(place) != offset}

    def told(self, offsets: dict[Place, int]) -> None:
        """The broker knows these."""
        self._told.update(offsets)

    def forget(self, places: Collection[Place]) -> None:
        """These are no longer of this process."""
        for place in places:
            for known in (self._taken, self._done, self._settling, self._settled, self._told):
                known.pop(place, None)
