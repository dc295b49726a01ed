"""What Spark's own Kafka connector is told of an address; the connector itself cannot be had everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.kafka.address import Address, Topic
from indexer.spark.connector import PACKAGES_VARIABLE, has_connector, has_kafka_connector
from indexer.spark.stream.connector import connector_options


def test_it_is_taken_where_it_is_among_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PACKAGES_VARIABLE, raising=False)
    assert not has_kafka_connector()
    monkeypatch.setenv(PACKAGES_VARIABLE, "org.apache.spark:spark-sql-kafka-0-10_2.13:4.0.0")
    assert has_kafka_connector()
    assert not has_connector()


def test_a_broker_without_a_login() -> None:
    found = connector_options(Address.of("kafka://one,other:9093/home"), Topic.PLAYS, 1_000)
    assert found == {
        "kafka.bootstrap.servers": "one:9092,other:9093",
        "kafka.security.protocol": "PLAINTEXT",
        "subscribe": "home.plays",
        "startingOffsets": "earliest",
        "failOnDataLoss": "false",
        "maxOffsetsPerTrigger": "1000",
    }


@pytest.mark.parametrize(
    ("mechanism", "module"),
    [("PLAIN", "plain.PlainLoginModule"), ("SCRAM-SHA-512", "scram.ScramLoginModule")],
)
def test_a_login_is_written_as_java_has_it(mechanism: str, module: str) -> None:
    address = Address.of(f"kafkas://anna:a%22b%5C@host?sasl={mechanism}")
    found = connector_options(address, Topic.PLAYS, 1)
    assert found["kafka.security.protocol"] == "SASL_SSL"
    assert found["kafka.sasl.mechanism"] == mechanism
    assert found["kafka.sasl.jaas.config"] == (
        f'org.apache.kafka.common.security.{module} required username="anna" password="a\\"b\\\\";'
    )


def test_certificates_go_in_as_text(tmp_path: Path) -> None:
    for name in ("ca", "certificate", "key"):
        (tmp_path / name).write_text(f"-- {name} --")
    files = "&".join(f"{name}={tmp_path / name}" for name in ("ca", "certificate", "key"))
    found = connector_options(Address.of(f"kafkas://host?{files}"), Topic.PLAYS, 1)
    assert found["kafka.security.protocol"] == "SSL"
    assert found["kafka.ssl.truststore.certificates"] == "-- ca --"
    assert found["kafka.ssl.keystore.certificate.chain"] == "-- certificate --"
    assert found["kafka.ssl.keystore.key"] == "-- key --"
