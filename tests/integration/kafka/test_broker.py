"""The client with real brokers: topics that several make at once, and settings that cannot work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from indexer.core.kafka.address import Address, Topic
from indexer.core.kafka.broker import KafkaAway, make_topics, topics_at
from tests.brokers import Broker, needed
from tests.conftest import REPOSITORY

MAKE = "import sys; from indexer.core.kafka import address, broker; broker.make_topics(address.Address.of(sys.argv[1]))"


def test_several_programs_may_make_the_topics_at_once(broker: Broker) -> None:
    assert topics_at(broker.where) == []
    command = [sys.executable, "-c", MAKE, broker.address]
    running = [subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE) for _ in range(3)]
    for each in running:
        _, said = each.communicate()
        assert each.returncode == 0, said
    assert topics_at(broker.where) == list(Topic)
    assert make_topics(broker.where) == []


def test_topics_of_two_homes_stand_beside_each_other(broker: Broker) -> None:
    kitchen = Address.of(f"{broker.address}/kitchen?partitions=2&hours=1")
    assert make_topics(kitchen) == list(Topic)
    assert topics_at(broker.where) == []


@pytest.mark.parametrize(
    "rest",
    ["?ca={folder}/none.pem", "?ca={folder}/odd.pem", "?certificate={folder}/odd.pem&key={folder}/none.pem", ""],
    ids=["no file", "no certificate", "no key", "no TLS there"],
)
def test_tls_that_cannot_work_is_told_in_a_sentence(lasting: Broker, tmp_path: Path, rest: str) -> None:
    lasting.start()
    (tmp_path / "odd.pem").write_text("no certificate")
    address = Address.of(f"kafkas://me:secret-word@127.0.0.1:{lasting.port}{rest.format(folder=tmp_path)}")
    with pytest.raises(KafkaAway) as away:
        topics_at(address, 1.0)
    assert away.value.code in {"kafka-settings", "kafka-silent"}
    assert away.value.advice
    assert "secret-word" not in f"{away.value} {away.value.told}"


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_login_that_is_not_taken_is_told_in_a_sentence(lasting: Broker, mechanism: str) -> None:
    lasting.start()
    with pytest.raises(KafkaAway) as away:
        topics_at(Address.of(f"kafka://me:secret-word@127.0.0.1:{lasting.port}?sasl={mechanism}"), 1.0)
    assert away.value.code == "kafka-silent"
    assert "secret-word" not in f"{away.value} {away.value.told}"


def test_a_login_that_is_taken_is_no_hindrance(lasting: Broker) -> None:
    lasting.start()
    assert topics_at(Address.of(f"kafka://me:secret-word@127.0.0.1:{lasting.port}"), 5.0) == []


def test_a_broker_that_is_not_there_is_told_in_a_sentence() -> None:
    needed()
    with pytest.raises(KafkaAway) as away:
        topics_at(Address.of("kafka://127.0.0.1:9"), 1.0)
    assert away.value.code == "kafka-silent"
    assert "127.0.0.1:9" in away.value.message
    assert "refused" in away.value.message
    with pytest.raises(KafkaAway) as away:
        make_topics(Address.of("kafka://127.0.0.1:9"))
    assert away.value.code == "kafka-away"
