"""How the group is that takes what is played: how far of every place, and what its processes on this machine did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from indexer.core.home import Home
from indexer.core.kafka.address import EVENTS, Address, Topic
from indexer.core.kafka.broker import Inlet, KafkaAway, as_silent, make_topics
from indexer.streaming.consumer import group_of
from indexer.streaming.figures import figures_of


@dataclass(frozen=True)
class PlaceStatus:
    """How far the group is of a part of a topic.

    Attributes:
        topic: which.
        partition: of it.
        end: the offset of the next event to be told.
        committed: below which all is done; None where nothing ever was.
        lag: events that are yet to be done.
    """

    topic: Topic
    partition: int
    end: int
    committed: int | None
    lag: int


@dataclass(frozen=True)
class StreamStatus:
    """How the group is.

    Attributes:
        broker: its address, without a login.
        group: what it is called there.
        places: of all topics of events.
        processes: figures of those that run on this machine.
    """

    broker: str
    group: str
    places: Sequence[PlaceStatus]
    processes: Sequence[Mapping[str, Any]]

    @property
    def lag(self) -> int:
        """Events that are yet to be done."""
        return sum(place.lag for place in self.places)

    def as_record(self) -> dict[str, Any]:
        """Plain values by name."""
        return {
            "broker": self.broker,
            "group": self.group,
            "lag": self.lag,
            "places": [asdict(place) for place in self.places],
            "processes": [dict(each) for each in self.processes],
        }

    def lines(self) -> Iterator[str]:
        """The same for a person."""
        yield (
            f"{self.broker}, group {self.group}: {self.lag:,} events are yet to be done"
            + (", those of the last ten seconds among them." if self.lag and self.processes else ".")
        )
        for topic in EVENTS:
            some = [place for place in self.places if place.topic is topic]
            ends, lags = sum(place.end for place in some), sum(place.lag for place in some)
            yield f"  {topic.value:<12} {len(some):>3} places   end {ends:>10,}   lag {lags:>8,}"
        if not self.processes:
            yield "Nobody takes them on this machine: run indexer stream."
        for each in self.processes:
            yield (
                f"  process {each['process']}: {each['taken']:,} events, {each['refused']:,} refused, "
                f"{each['known']:,} known already; {each['lists']:,} lists, p50 {each['p50_ms']:.0f} ms, "
                f"p95 {each['p95_ms']:.0f} ms; {each['plays_a_second']:,.0f} plays a second; "
                f"{each.get('listeners', 0):,} listeners held; model {each.get('model') or 'none'}"
            )
        for each in self.processes:
            if not each.get("places"):
                yield (
                    f"Process {each['process']} takes nothing yet: joining its group needs seconds, and where there "
                    "are more processes than places, the others wait."
                )
        if self.processes and not any(each.get("model") for each in self.processes):
            yield "Nothing can be recommended yet: run indexer taste build, which makes a model of taste."


def status_of(home: Home, address: Address) -> StreamStatus:
    """How the group is now.

    Raises:
        KafkaMissing: the client is not installed.
        KafkaAway: the broker does not answer.
    """
    try:
        make_topics(address)
    except KafkaAway as error:
        raise as_silent(error) from error
    group = group_of(address)
    inlet = Inlet(address, EVENTS, group)  # which asks, and never joins
    try:
        ends, committed = inlet.ends(), inlet.committed()
    finally:
        inlet.close()
    places = []
    for place, (first, end) in sorted(ends.items()):
        reached = committed.get(place)
        lag = end - max(first, 0 if reached is None else reached)
        places.append(PlaceStatus(place.topic, place.partition, end, reached, max(lag, 0)))
    return StreamStatus(str(address), group, places, figures_of(home))
