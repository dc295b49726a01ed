"""Following a broker where one is set: its lists and models are told, and none where there is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.kafka.events import ModelMade
from indexer.core.kafka.inbox import Inbox
from indexer.core.plays import ListenerId
from indexer.core.shared.server import Server, write_server
from indexer.core.taste.live import LiveList
from indexer.core.tracks import TrackId
from tests.brokers import Broker, running
from tests.told_lists import tell, told_list
from tests.waiting import wait_until

TRACK = TrackId("a" * 32)


class Told:
    """What an inbox was told."""

    def __init__(self, home: Home, kafka: str) -> None:
        self.lists: list[LiveList] = []
        self.models: list[ModelMade] = []
        self.inbox = Inbox(home, kafka, recommended=self.lists.append, model=self.models.append)

    def end(self) -> None:
        self.inbox.stop()
        self.inbox.join()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("SEGUE_KAFKA", raising=False)
    return Home.resolve(tmp_path / "home")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running(tmp_path / "broker") as made:
        yield made


def followers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "segue-kafka-in"]


def test_the_owners_lists_and_all_models_are_told_until_another_broker_is_chosen(home: Home, broker: Broker) -> None:
    before = told_list([TRACK], at=time.time() - 60)
    tell(broker.where, before, told_list([TRACK], listener=ListenerId("ann")))
    told = Told(home, broker.address)
    told.inbox.start()
    wait_until(lambda: told.lists == [before], "the list of a minute ago")
    model = ModelMade("taste", "made", 1.0)
    later = told_list([TRACK])
    tell(broker.where, model, later)
    wait_until(lambda: told.lists == [before, later] and told.models == [model], "what is told meanwhile")
    told.inbox.choose("none")
    wait_until(lambda: not followers(), "the end")
    told.inbox.choose(broker.address)
    wait_until(lambda: told.lists[-1] == later and len(told.lists) > 2, "the last list once more")
    told.end()


@pytest.mark.parametrize("kafka", ["", "none", "http://nonsense"])
def test_without_a_broker_nothing_runs(home: Home, kafka: str) -> None:
    told = Told(home, kafka)
    told.inbox.start()
    assert followers() == []
    told.end()


def test_the_window_on_a_shared_library_follows_its_server_alone(home: Home) -> None:
    home.server_file.parent.mkdir(parents=True, exist_ok=True)
    write_server(home, Server("http://127.0.0.1:9", "key"))
    told = Told(home, "kafka://127.0.0.1:9")
    told.inbox.start()
    assert followers() == []
    told.end()
