"""What others tell a real broker is heard: lists of the listeners that are wanted, and models, in any weather."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Outlet, make_topics
from indexer.core.kafka.events import ModelMade, list_message, model_message
from indexer.core.kafka.following import Following
from indexer.core.plays import ListenerId
from indexer.core.taste.live import LiveList, LivePick
from indexer.core.taste.model import Reason, ReasonCode
from indexer.core.tracks import TrackId
from tests.brokers import Broker
from tests.waiting import wait_until

ANNA, BEN = ListenerId("anna"), ListenerId("ben")


def list_for(listener: ListenerId, number: int) -> LiveList:
    pick = LivePick(TrackId(f"{number:032x}"), 1.5, Reason(ReasonCode.TAGGED, tag="jazz", share=0.5))
    return LiveList(listener, 1_750_000_000.0 + number, "m1", (pick,), f"{number:024x}")


class Heard:
    """Who follows a broker, and what it told."""

    def __init__(self, broker: Broker) -> None:
        self.lists: list[LiveList] = []
        self.models: list[ModelMade] = []
        self.thread = Following(
            broker.where,
            recommended=self.lists.append,
            model=self.models.append,
            wanted=lambda listener: listener != BEN,
        )
        self.thread.start()


@pytest.fixture
def heard(lasting: Broker) -> Iterator[Heard]:
    """Begins before there is a broker."""
    made = Heard(lasting)
    yield made
    made.thread.stop()
    made.thread.join()


def tell(broker: Broker, *lists: LiveList) -> None:
    outlet = Outlet(broker.where)
    for each in lists:
        outlet.send(*list_message(each))
    assert outlet.settle(30)


def test_what_others_tell_is_heard(broker: Broker) -> None:
    make_topics(broker.where)
    tell(broker, list_for(ANNA, 1))
    heard = Heard(broker)
    wait_until(lambda: heard.lists == [list_for(ANNA, 1)], "what was told before")
    outlet = Outlet(broker.where)
    outlet.send(Topic.RECOMMENDATIONS, ANNA, b"no list")
    outlet.send(Topic.RECOMMENDATIONS, ANNA, None)
    model = ModelMade("taste", "m2", 1_750_000_000.0)
    outlet.send(*model_message(model))
    assert outlet.settle(30)
    tell(broker, list_for(BEN, 2), list_for(ANNA, 3))
    wait_until(lambda: heard.lists == [list_for(ANNA, 1), list_for(ANNA, 3)], "what was told then")
    wait_until(lambda: heard.models == [model], "the model")
    heard.thread.stop()
    heard.thread.join()


def test_a_broker_that_comes_and_goes_is_followed(lasting: Broker, heard: Heard) -> None:
    lasting.start()
    make_topics(lasting.where)
    tell(lasting, list_for(ANNA, 1))
    wait_until(lambda: list_for(ANNA, 1) in heard.lists, "the first list")
    lasting.stop()
    lasting.start()
    tell(lasting, list_for(ANNA, 2))
    wait_until(lambda: list_for(ANNA, 2) in heard.lists, "the second list")
