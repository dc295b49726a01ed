"""The play queue: what plays, what comes and what came, as plain values without Qt or sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from random import Random
from typing import Any, Self

from indexer.core.playing.queue_state import OriginRun, QueueState
from indexer.core.playing.shuffle import ShuffleOrder, Uid
from indexer.core.plays import PlayContext
from indexer.core.tracks import TrackId, is_awaited

UNKNOWN = PlayContext()
"""Of what a person put there, nobody knows from where."""

UNDO_LEVELS = 20
UNDO_ITEMS = 500_000
"""Places in all queues of before together, 50 MB where no two queues share any; the last edit is always kept."""


class Repeat(StrEnum):
    OFF = "off"
    ONE = "one"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One place in the queue; the same track may be in several, each with its own number.

    Attributes:
        origin: how it came to be there; its place in a list is told where that of the first track was.
    """

    uid: Uid
    track: TrackId
    origin: PlayContext = UNKNOWN


@dataclass(frozen=True)
class _Before:
    """The queue as it was before an edit."""

    items: tuple[QueueItem, ...]
    position: int
    playing: Uid | None
    shuffle: bool
    order: ShuffleOrder


class PlayQueue:
    """An ordered list of tracks with a current one.

    Removing the current item leaves a gap: nothing is current, and the next advance goes to what followed it.
    """

    def __init__(self, *, chance: Random | None = None) -> None:
        self.repeat = Repeat.OFF
        self.stop_after: Uid | None = None
        """Number of the item after which to stop, once; that of an item that is gone stops nothing."""
        self._shuffle = False
        self._items: list[QueueItem] = []
        self._position = 0  # of the current item, or of the gap that it left
        self._playing: Uid | None = None  # last current item, also when it was removed since
        self._next_uid = 1
        self._order = ShuffleOrder(chance or Random())  # noqa: S311 - for ears, not for secrets
        self._undo: list[_Before] = []

    def __len__(self) -> int:
        return len(self._items)

    @property
    def items(self) -> tuple[QueueItem, ...]:
        return tuple(self._items)

    @property
    def current(self) -> QueueItem | None:
        index = self.index
        return None if index is None else self._items[index]

    @property
    def index(self) -> int | None:
        """Place of the current item, None where nothing is current."""
        if self._playing is None or self._position >= len(self._items):
            return None
        return self._position if self._items[self._position].uid == self._playing else None

    @property
    def shuffle(self) -> bool:
        return self._shuffle

    @shuffle.setter
    def shuffle(self, on: bool) -> None:
        if on != self._shuffle:
            self._shuffle = on
            self._begin_order()

    @property
    def played(self) -> frozenset[Uid]:
        """Numbers of the items that were there already: played before by chance, or above the current one in line."""
        if self._shuffle:
            return frozenset(self._order.played) - frozenset(self._order.upcoming)
        return frozenset(item.uid for item in self._items[: self._position if self._playing is not None else 0])

    def holds(self, tracks: Sequence[TrackId]) -> bool:
        """Whether these very tracks are in it, in this order, and no others."""
        return len(tracks) == len(self._items) and all(map(_is_of, self._items, tracks))

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    @property
    def undo_depth(self) -> int:
        """How many edits can be taken back."""
        return len(self._undo)

    # Going on

    def advance(self, *, by_user: bool) -> QueueItem | None:
        """Make the next item current and return it; None, and no change, at the end.

        Args:
            by_user: someone pressed "next", so an item that repeats itself is left.
        """
        item = self.peek_next(by_user=by_user)
        if item is not None and item.uid != self._current_uid:
            self._go_to(item)
        return item

    def peek_next(self, *, by_user: bool = False) -> QueueItem | None:
        """The item that `advance` would go to."""
        if self.repeat is Repeat.ONE and not by_user and self.current is not None:
            return self.current
        return self._next_by_chance() if self._shuffle else self._next_in_line()

    def peek(self, most: int) -> list[QueueItem]:
        """What plays next by itself, at most so many, up to where playing is to stop or another round begins."""
        current = self.current
        following = self.peek_next()
        if following is None or (current is not None and current.uid == self.stop_after):
            return []
        if following == current:
            return [following] * most
        rest = self.upcoming()[:most]
        items = rest if rest and rest[0] == following else [following]
        stops = next((place for place, item in enumerate(items, 1) if item.uid == self.stop_after), len(items))
        return items[:stops]

    def upcoming(self) -> list[QueueItem]:
        """What comes after the current item, next first, in shuffled play too; another round does not count."""
        if self._shuffle:
            items = {item.uid: item for item in self._items}
            return [items[uid] for uid in self._order.upcoming]
        return self._items[self._position if self.index is None else self._position + 1 :]

    def back(self) -> QueueItem | None:
        """Make the item before the current one current and return it; None, and no change, at the start."""
        if self._shuffle:
            uid = self._order.back(self._current_uid)
            return None if uid is None else self._make_current(self._place_of(uid))
        before = self._position - 1
        if before < 0 and self.repeat is Repeat.ALL:
            before = len(self._items) - 1
        return self._make_current(before) if 0 <= before < len(self._items) else None

    def jump(self, index: int) -> QueueItem:
        """Make the item at `index` current.

        Raises:
            IndexError: there is none.
        """
        if not 0 <= index < len(self._items):
            raise IndexError(index)
        return self._go_to(self._items[index])

    def begin_at(self, index: int) -> QueueItem:
        """Make the item at `index`, held within the queue, current; in shuffled play all others come after it again.

        Raises:
            IndexError: the queue is empty.
        """
        item = self._make_current(min(max(index, 0), len(self._items) - 1))
        self._begin_order()
        return item

    # Edits, each of which can be undone

    def replace(self, tracks: Iterable[TrackId], start: int = 0, *, origin: PlayContext = UNKNOWN) -> None:
        """Take `tracks` instead of what is there; the one at `start` becomes current."""
        self._remember()
        wanted = list(tracks)
        start -= sum(map(is_awaited, wanted[: max(start, 0)]))
        self._items = self._made(wanted, origin)
        self._playing = None
        self._position = 0
        if self._items:
            self._make_current(min(max(start, 0), len(self._items) - 1))
        self._begin_order()

    def append(self, tracks: Iterable[TrackId], *, origin: PlayContext = UNKNOWN) -> None:
        self.insert(len(self._items), tracks, origin=origin)

    def extend(self, tracks: Iterable[TrackId], *, origin: PlayContext) -> None:
        """Put `tracks` where they play last, without an edit to undo: nobody did it, so it is part of every past."""
        added = tuple(self._made(tracks, origin))
        self._items += added
        uids = [item.uid for item in added]
        if self._shuffle:
            self._order.upcoming += uids
        for place, before in enumerate(self._undo):
            if before.shuffle:
                before.order.upcoming += uids
            self._undo[place] = replace(before, items=(*before.items, *added))

    def insert(self, at: int, tracks: Iterable[TrackId], *, origin: PlayContext = UNKNOWN) -> None:
        """Put `tracks` before the item at `at`; in shuffled play they come at places of chance."""
        added = self._insert(at, tracks, origin)
        if self._shuffle:
            self._order.scatter([item.uid for item in added])

    def play_next(self, tracks: Iterable[TrackId], *, origin: PlayContext = UNKNOWN) -> int:
        """Put `tracks` right after the current item, also in shuffled play; return the place of the first."""
        at = self._position if self.index is None else self._position + 1
        added = self._insert(at, tracks, origin)
        if self._shuffle:
            self._order.put_next([item.uid for item in added])
        return at

    def remove(self, indexes: Iterable[int]) -> None:
        """Take the items at `indexes` out; numbers that fit no item are ignored."""
        gone = {index for index in indexes if 0 <= index < len(self._items)}
        if not gone:
            return
        self._remember()
        self._order.drop({self._items[index].uid for index in gone})
        self._items = [item for index, item in enumerate(self._items) if index not in gone]
        self._position -= sum(index < self._position for index in gone)

    def move(self, indexes: Iterable[int], to: int) -> None:
        """Put the items at `indexes`, in their order, before the item that is at `to` now."""
        moved = {index for index in indexes if 0 <= index < len(self._items)}
        if not moved:
            return
        self._remember()
        to = min(max(to, 0), len(self._items))
        anchor = self.current
        taken = [self._items[index] for index in sorted(moved)]
        before = [item for index, item in enumerate(self._items[:to]) if index not in moved]
        after = [item for index, item in enumerate(self._items[to:], to) if index not in moved]
        self._items = [*before, *taken, *after]
        if anchor is not None:
            self._position = self._items.index(anchor)

    def exchange(self, tracks: Mapping[Uid, TrackId]) -> None:
        """Let items, by their numbers, stand for other tracks, in the queues of before too; no edit that is undone."""

        def exchanged(items: Iterable[QueueItem]) -> list[QueueItem]:
            return [replace(item, track=tracks[item.uid]) if item.uid in tracks else item for item in items]

        self._items = exchanged(self._items)
        self._undo = [replace(before, items=tuple(exchanged(before.items))) for before in self._undo]

    def clear(self) -> None:
        self.remove(range(len(self._items)))

    def stops_here(self) -> bool:
        """Whether the current item is the one to stop after; that holds once, so the mark is taken away."""
        marked = self.stop_after is not None and self.stop_after == self._playing
        if marked:
            self.stop_after = None
        return marked

    def undo(self) -> bool:
        """Take the last edit back; what plays stays current if it is in the queue of before."""
        if not self._undo:
            return False
        before = self._undo.pop()
        playing = self._playing
        self._items, self._order = list(before.items), before.order
        self._position, self._playing = before.position, before.playing
        if before.shuffle != self._shuffle:
            self._begin_order()
        if playing is not None and playing != before.playing:
            self._stay_with(playing)
        return True

    # Saving

    def to_state(self) -> dict[str, Any]:
        """A description in plain values that JSON and MongoDB take."""
        places = {item.uid: place for place, item in enumerate(self._items)}
        state = QueueState(
            tracks=[item.track for item in self._items],
            origins=_runs(self._items),
            stop_after=None if self.stop_after is None else places.get(self.stop_after),
            index=self.index,
            position=self._position,
            repeat=self.repeat.value,
            shuffle=self._shuffle,
            order=([places[uid] for uid in self._order.played], [places[uid] for uid in self._order.upcoming]),
        )
        return state.as_record()

    @classmethod
    def from_state(cls, description: Any, *, chance: Random | None = None) -> Self:
        """Build the queue of a description; whatever does not fit in it is left out."""
        state = QueueState.of(description)
        queue = cls(chance=chance)
        queue._items = queue._made(state.tracks)
        for start, end, origin in state.origins:
            queue._items[start:end] = [replace(item, origin=origin) for item in queue._items[start:end]]
        queue.stop_after = None if state.stop_after is None else queue._items[state.stop_after].uid
        queue.repeat = _repeat_of(state.repeat)
        queue._position = state.position
        if state.index is not None:
            queue._make_current(state.index)
        queue.shuffle = state.shuffle
        if state.shuffle and state.order is not None:
            played, upcoming = ([queue._items[place].uid for place in places] for places in state.order)
            queue._order.played, queue._order.upcoming = played, upcoming
        return queue

    # Helpers

    @property
    def _current_uid(self) -> Uid | None:
        current = self.current
        return None if current is None else current.uid

    def _made(self, tracks: Iterable[TrackId], origin: PlayContext = UNKNOWN) -> list[QueueItem]:
        """Items for tracks; a line of a playlist that still waits for its music is none."""
        there = (track for track in tracks if not is_awaited(track))
        first = self._next_uid
        made = [QueueItem(uid, track, _placed(origin, uid - first)) for uid, track in enumerate(there, first)]
        self._next_uid += len(made)
        return made

    def _insert(self, at: int, tracks: Iterable[TrackId], origin: PlayContext) -> Sequence[QueueItem]:
        added = self._made(tracks, origin)
        if not added:
            return added
        self._remember()
        at = min(max(at, 0), len(self._items))
        current = self.index is not None
        self._items[at:at] = added
        if at < self._position or (current and at == self._position):
            self._position += len(added)
        return added

    def _remember(self) -> None:
        self._undo.append(_Before(tuple(self._items), self._position, self._playing, self._shuffle, self._order.copy()))
        del self._undo[:-UNDO_LEVELS]
        while len(self._undo) > 1 and sum(len(before.items) for before in self._undo) > UNDO_ITEMS:
            del self._undo[0]

    def _begin_order(self) -> None:
        """Begin an order of chance, or forget it: played in line there is none."""
        self._order.begin([item.uid for item in self._items] if self._shuffle else (), self._current_uid)

    def _stay_with(self, playing: Uid) -> None:
        """Keep what plays current after an undo, or leave a gap before the item that was current then."""
        place = self._find(playing)
        interrupted = self._current_uid
        if place is None:
            self._playing = playing
            if self._shuffle and interrupted is not None:
                self._order.put_next([interrupted])
            return
        if self._shuffle:
            self._order.leave(interrupted)
            self._order.take(playing)
        self._make_current(place)

    def _go_to(self, item: QueueItem) -> QueueItem:
        if self._shuffle:
            self._order.leave(self._current_uid)
            self._order.take(item.uid)
        return self._make_current(self._place_of(item.uid))

    def _make_current(self, place: int) -> QueueItem:
        self._position = place
        self._playing = self._items[place].uid
        return self._items[place]

    def _next_in_line(self) -> QueueItem | None:
        following = self._position if self.index is None else self._position + 1
        if following >= len(self._items) and self.repeat is Repeat.ALL:
            following = 0
        return self._items[following] if following < len(self._items) else None

    def _next_by_chance(self) -> QueueItem | None:
        if not self._order.upcoming and self.repeat is Repeat.ALL:
            self._order.begin_next_round([item.uid for item in self._items], self._current_uid)
        return self._items[self._place_of(self._order.upcoming[0])] if self._order.upcoming else None

    def _place_of(self, uid: Uid) -> int:
        place = self._find(uid)
        if place is None:
            raise KeyError(uid)
        return place

    def _find(self, uid: Uid) -> int | None:
        return next((place for place, item in enumerate(self._items) if item.uid == uid), None)


def _is_of(item: QueueItem, track: TrackId) -> bool:
    return item.track == track


def _repeat_of(value: str) -> Repeat:
    try:
        return Repeat(value)
    except ValueError:
        return Repeat.OFF


def _placed(origin: PlayContext, place: int) -> PlayContext:
    """The origin of the track so many places after the first one that has it; as it is where places are not told."""
    return origin if origin.position is None else replace(origin, position=origin.position + place)


def _runs(items: Sequence[QueueItem]) -> list[OriginRun]:
    """Places from and to which items have the same origin, where that says anything."""
    runs: list[OriginRun] = []
    start = 0
    for origin, run in groupby(items, key=lambda item: item.origin):
        end = start + sum(1 for _ in run)
        if origin != UNKNOWN:
            runs.append((start, end, origin))
        start = end
    return runs
