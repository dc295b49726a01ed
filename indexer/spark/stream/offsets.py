"""How far a topic was read, as Spark keeps it between batches, and what is to be read next of what a broker has.

Offsets alone do not tell a topic from another one by its name: a broker that lost its disk, or the last second of it,
counts from lower numbers again. So the last message that was read leaves a mark, which is looked for where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Place

_MARKS, _BEGINS, _GONE, _ANEW = "marks", "begins", "gone", "anew"


class Kept(NamedTuple):
    """What a broker has of a place: its first offset, and the next one that will be written."""

    low: int
    high: int


@dataclass(frozen=True)
class Stretch:
    """Messages of a place, from an offset up to but not including another."""

    place: Place
    begin: int
    end: int


@dataclass(frozen=True)
class Offsets:
    """How far a topic was read.

    Attributes:
        next: by place, the offset that is read next.
        marks: by place, what tells the message before that one from others.
        begins: by place, where the last batch began if that was not where the one before ended.
        gone: messages that the broker deleted before they were read, since the first batch.
        anew: how often a place turned out to hold other messages than before.
    """

    next: Mapping[Place, int]
    marks: Mapping[Place, int] = field(default_factory=dict)
    begins: Mapping[Place, int] = field(default_factory=dict)
    gone: int = 0
    anew: int = 0

    @classmethod
    def first(cls, kept: Mapping[Place, Kept]) -> Self:
        """The beginning of all that is there."""
        return cls({place: low for place, (low, _) in kept.items()})

    def as_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold: `{"plays:0": 12, …}`, and the rest under names of their own."""
        return _by_name(self.next) | {
            _MARKS: _by_name(self.marks),
            _BEGINS: _by_name(self.begins),
            _GONE: self.gone,
            _ANEW: self.anew,
        }

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The offsets of a record from `as_record`; raises KeyError or ValueError where it is none."""
        places = {name: value for name, value in record.items() if ":" in name}
        return cls(
            _by_place(places),
            _by_place(record.get(_MARKS, {})),
            _by_place(record.get(_BEGINS, {})),
            int(record.get(_GONE, 0)),
            int(record.get(_ANEW, 0)),
        )

    def to_check(self, kept: Mapping[Place, Kept], *, resting: bool) -> dict[Place, int]:
        """The offsets of the messages whose marks tell whether places are still the same.

        Args:
            kept: what the broker has.
            resting: also of places where nothing is new.
        """
        return {
            place: self.next[place] - 1
            for place in self.marks
            if place in kept and kept[place].low < self.next[place] < kept[place].high + resting
        }

    def further(self, kept: Mapping[Place, Kept], seen: Mapping[Place, int], most: int | None) -> Offsets:
        """Where the next batch ends; these same offsets where there is nothing to read.

        Args:
            kept: what the broker has; empty where it does not know the topic at this moment.
            seen: marks of the messages that `to_check` names, as far as they were found.
            most: messages of the batch; None for all there are.
        """
        share = None if most is None else max(1, most // max(len(kept), 1))
        ends, begins, gone, anew = dict(self.next), {}, self.gone, self.anew
        for place, (low, high) in kept.items():
            known, begin = self.next.get(place), low
            if known is None:
                pass
            elif known > high or seen.get(place, self.marks.get(place)) != self.marks.get(place):
                anew += 1
            elif known < low:
                gone += low - known
            else:
                begin = known
            ends[place] = high if share is None else min(high, begin + share)
            if begin != known:
                begins[place] = begin
        if ends == dict(self.next) and not begins:
            return self
        marks = {place: mark for place, mark in self.marks.items() if ends[place] == self.next[place]}
        return Offsets(ends, marks, begins, gone, anew)

    def stretches(self, before: Offsets) -> list[Stretch]:
        """What the batch that ends here reads after `before`, the places in order."""
        found = [
            Stretch(place, self.begins.get(place, before.next.get(place, 0)), end) for place, end in self.next.items()
        ]
        return sorted((each for each in found if each.begin < each.end), key=lambda each: each.place)


def _by_name(values: Mapping[Place, int]) -> dict[str, int]:
    return {f"{place.topic.value}:{place.partition}": value for place, value in sorted(values.items())}


def _by_place(values: Mapping[str, Any]) -> dict[Place, int]:
    found = {}
    for name, value in values.items():
        topic, _, partition = name.rpartition(":")
        found[Place(Topic(topic), int(partition))] = int(value)
    return found
