"""What was acknowledged of a stream of plays, kept outside of it, and what became of it in the end."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.core.home import Home
from indexer.core.kafka.address import Address, Topic
from indexer.core.kafka.broker import Inlet, KafkaAway, Message
from indexer.core.kafka.events import MessageRefused, list_of, note_of
from indexer.core.plays import ListenerId
from indexer.core.store import Database
from indexer.core.taste.live import LiveList
from indexer.spark.stream.files import GatheredFiles

_AT_ONCE = 5_000


@dataclass
class Book:
    """Ids of plays by listener, in the order in which somebody was told that they are kept.

    Attributes:
        kept: of each listener.
        orders: the same by the journal that keeps them, so that the topic has those of one in that order.
    """

    kept: dict[ListenerId, list[str]] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, listener: ListenerId, play: str, journal: str = "") -> None:
        """Somebody was told that this is kept, in a journal where it is named; from any thread."""
        with self._lock:
            self.kept.setdefault(listener, []).append(play)
            if journal:
                self.orders.setdefault(f"{listener} by the {journal}", []).append(play)

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self.kept.values()))

    def lost(self, database: Database, address: Address) -> list[str]:
        """What is not in the database or on the topic."""
        there = {play.id for listener in self.kept for play in database.plays.of(listener)}
        told = set(plays_on(address))
        return [
            *(
                f"play {play} of {listener} is not in the database"
                for listener, play in self._all()
                if play not in there
            ),
            *(f"play {play} of {listener} is not on the topic" for listener, play in self._all() if play not in told),
        ]

    def doubled(self, database: Database) -> list[str]:
        """What is in the database under two ids, or counts there otherwise than once."""
        found = []
        for listener in self.kept:
            plays = list(database.plays.of(listener))
            times = Counter(play.at for play in plays)
            found += [f"play at {at} of {listener}, {number} times" for at, number in times.items() if number > 1]
            once = Counter(play.track for play in plays if play.finished and play.track is not None)
            if once != database.plays.counts(listener):
                found.append(f"plays of {listener} are counted otherwise than once each")
        return found

    def ungathered(self, home: Home) -> list[str]:
        """What Spark did not gather."""
        gathered = set(GatheredFiles(home).read().column("id").to_pylist())
        return [f"play {play} of {who} was not gathered" for who, play in self._all() if play not in gathered]

    def gathered_twice(self, home: Home) -> list[str]:
        """What whoever learns from gathered plays would count twice."""
        times = Counter(GatheredFiles(home).read().column("id").to_pylist())
        return [f"play {play} was gathered {number} times" for play, number in times.items() if number > 1]

    def disordered(self, address: Address) -> list[str]:
        """Listeners whose plays are on the topic, each where it is first, in another order than a journal's."""
        told = plays_on(address)
        return [
            f"plays of {whose} are on the topic in another order than they were kept"
            for whose, kept in sorted(self.orders.items())
            if (known := set(kept)) and [play for play in told if play in known] != kept
        ]

    def behind(self, address: Address) -> list[str]:
        """Listeners whose last list does not count the last of their plays that the topic has.

        A list that is later than a play counts it, whatever was told again meanwhile and named in the list.
        """
        last, written = last_lists(address), written_at(address)
        told = {listener: play for play, listener in plays_on(address).items()}
        found = []
        for listener in self.kept:
            made = last.get(listener)
            if made is None:
                found.append(f"{listener} was recommended nothing")
            elif made.after != told.get(listener) and made.at < written[told[listener]]:
                found.append(
                    f"the last list of {listener} is after {made.after}, the last play is {told.get(listener)}"
                )
        return found

    def _all(self) -> Iterator[tuple[ListenerId, str]]:
        with self._lock:
            kept = {listener: list(plays) for listener, plays in self.kept.items()}
        return ((listener, play) for listener, plays in kept.items() for play in plays)


def plays_on(address: Address) -> dict[str, ListenerId]:
    """Listener of each play on the topic by its id, those of a listener in the order of their first message."""
    return {play: listener for play, (listener, _) in _first(address).items()}


def written_at(address: Address) -> dict[str, float]:
    """When each play on the topic was first written there, seconds since 1970."""
    return {play: at for play, (_, at) in _first(address).items()}


def _first(address: Address) -> dict[str, tuple[ListenerId, float]]:
    found: dict[str, tuple[ListenerId, float]] = {}
    for message in messages_on(address, Topic.PLAYS):
        try:
            note = note_of(message)
        except MessageRefused:
            continue
        found.setdefault(note.id, (note.listener, message.at))
    return found


def last_lists(address: Address) -> dict[ListenerId, LiveList]:
    """What each listener was recommended last."""
    lists = [list_of(message) for message in messages_on(address, Topic.RECOMMENDATIONS) if message.value]
    return {made.listener: made for made in lists}


def messages_on(address: Address, topic: Topic) -> Sequence[Message]:
    """All that a topic has now, each place from its beginning."""
    inlet = Inlet(address, [topic])
    found: list[Message] = []
    try:
        try:
            ends = inlet.ends()
        except KeyError:
            return found  # it is not there yet
        left = {place: high for place, (low, high) in ends.items() if high > low}
        inlet.begin_at({place: low for place, (low, _) in ends.items() if place in left})
        while left:
            for message in inlet.receive(_AT_ONCE, 0.2):
                found.append(message)
                if message.offset + 1 >= left.get(message.place, 0):
                    left.pop(message.place, None)
    finally:
        inlet.close()
    return found


def is_at_the_end(address: Address, group: str) -> bool:
    """Whether a group has done all that the topics of events have."""
    from indexer.core.kafka.address import EVENTS

    inlet = Inlet(address, EVENTS, group)
    try:
        done = inlet.committed()
        return all(done.get(place, low) >= high for place, (low, high) in inlet.ends().items())
    except (KafkaAway, KeyError):
        return False
    finally:
        inlet.close()
