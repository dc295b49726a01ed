"""A new model is told to the broker that is set, and hinders nobody where it is away."""

from __future__ import annotations

import subprocess
import sys

import pytest

from indexer.core.events import Event, Notice
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, Topic
from indexer.core.kafka.announcing import ModelUntold, announce_model, announced
from indexer.core.kafka.events import model_of
from tests.brokers import Broker, needed
from tests.conftest import REPOSITORY
from tests.integration.kafka.reading import messages_of
from tests.serving import free_port
from tests.waiting import wait_until


def test_a_broker_has_it_at_once(broker: Broker, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, broker.address)
    for model in ("one", "other"):
        wait_until(lambda model=model: tells(home, model), "the broker")
    found = messages_of(
        broker.where, (Topic.MODELS,), until=lambda found: len({model_of(each).model for each in found}) == 2
    )
    told = list(dict.fromkeys((model_of(each).profile, model_of(each).model) for each in found))
    assert told == [("taste", "one"), ("taste", "other")]
    assert {each.key for each in found} == {"taste"}


def tells(home: Home, model: str) -> bool:
    try:
        return announce_model(home, "taste", model)
    except ModelUntold:
        return False


@pytest.mark.parametrize("address", ["kafka://127.0.0.1:{port}", "no address"])
def test_a_broker_that_is_away_or_wrong_is_told_of(home: Home, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    needed("noida")
    monkeypatch.setenv(ADDRESS_VARIABLE, address.format(port=free_port()))
    events: list[Event] = []
    announced(home, "taste", "one", events.append)
    assert [event.code for event in events if isinstance(event, Notice)] == ["model-untold"]
    with pytest.raises(ModelUntold):
        announce_model(home, "taste", "one")


def test_without_a_broker_nothing_is_loaded_for_one(home: Home) -> None:
    code = f"""
import os, sys
os.environ.pop({ADDRESS_VARIABLE!r}, None)
from pathlib import Path
from indexer.core.home import Home
from indexer.core.kafka.announcing import announce_model
assert not announce_model(Home.resolve(Path({str(home.root)!r})), "taste", "one")
assert not {{"confluent_kafka", "indexer.core.kafka.broker", "pyarrow"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
