"""What lies in the topics of a broker."""

from __future__ import annotations

from collections.abc import Callable

from indexer.core.kafka.address import EVENTS, Address, Topic
from indexer.core.kafka.broker import Inlet, KafkaAway, Message
from tests.waiting import wait_until


def messages_of(
    address: Address, topics: tuple[Topic, ...] = EVENTS, *, until: Callable[[list[Message]], object]
) -> list[Message]:
    """Read topics from their beginning, each place in order, until there is what is waited for."""
    inlet = Inlet(address, topics)
    found: list[Message] = []
    try:
        wait_until(lambda: is_there(inlet), "the topics")
        inlet.begin_at({place: low for place, (low, _) in inlet.ends().items()})

        def look() -> object:
            found.extend(inlet.receive(1_000, 0.1))
            return until(found)

        wait_until(look, "messages")
    finally:
        inlet.close()
    return found


def is_there(inlet: Inlet) -> bool:
    """Whether the broker has the topics."""
    try:
        return bool(inlet.ends())
    except (KafkaAway, KeyError):
        return False
