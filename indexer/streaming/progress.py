"""How far a process of the group is: which events are done, and up to where that may be said to the broker."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from indexer.core.kafka.broker import Place

Event = tuple[Place, int]
"""Where an event is: its place and its offset there."""


class Progress:
    """Events that were taken, in their order by place, until all before them are done.

    An event is done once all that follows of it is safe elsewhere. What is told to the broker of a place is the first
    offset that is not: who takes over begins there.
    """

    def __init__(self) -> None:
        self._taken: dict[Place, deque[int]] = {}
        self._done: dict[Place, set[int]] = {}
        self._next: dict[Place, int] = {}
        self._told: dict[Place, int] = {}

    def __len__(self) -> int:
        """How many events are kept, since one of them or one before them is not done."""
        return sum(map(len, self._taken.values()))

    def take(self, event: Event) -> None:
        """An event was received; the events of a place come in their order."""
        place, offset = event
        self._taken.setdefault(place, deque()).append(offset)
        self._next[place] = offset + 1

    def finish(self, events: Iterable[Event]) -> None:
        """These are done; those of places that were forgotten are passed over."""
        touched = set()
        for place, offset in events:
            if place in self._taken:
                self._done.setdefault(place, set()).add(offset)
                touched.add(place)
        for place in touched:
            taken, done = self._taken[place], self._done[place]
            while taken and taken[0] in done:
                done.discard(taken.popleft())

    def reached(self) -> dict[Place, int]:
        """The offset by place below which all is done, of places where the broker is to be told another than before."""
        reached = {place: taken[0] if taken else self._next[place] for place, taken in self._taken.items()}
        return {place: offset for place, offset in reached.items() if self._told.get(place) != offset}

    def told(self, offsets: dict[Place, int]) -> None:
        """The broker knows these."""
        self._told.update(offsets)

    def forget(self, places: Collection[Place]) -> None:
        """These are no longer of this process."""
        for place in places:
            for known in (self._taken, self._done, self._next, self._told):
                known.pop(place, None)
