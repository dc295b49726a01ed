"""Addresses of brokers: what they give, that everything else is refused, and that no password is seen again."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.files.redaction import redacted
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, NONE, Address, AddressRefused, Topic, kafka_address

PARTS = st.lists(
    st.sampled_from(
        ["kafka", "kafkas", "://", ":", "/", "@", "[", "]", "::1", "host", ",", "?", "&", "=", "sasl", "ca", "hours",
         "%", "%00", "9092", "-1", "99999", "#", " ", "\n", "\0", "é", "\ud800", "segue", "."]
    ),
    max_size=14,
).map("".join)  # fmt: skip
PASSWORDS = st.text("abcdefgh", min_size=12, max_size=20).map(lambda text: f"Pw-{text}")


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)


def test_an_address_says_where_and_how() -> None:
    address = Address.of(
        "kafkas://me:s%3Acret@one:9093,two,[::1]:9/kitchen?sasl=scram-sha-512&ca=/etc/own.pem&partitions=3&hours=24"
    )
    assert address.servers == "one:9093,two:9092,[::1]:9"
    assert (address.prefix, address.tls, address.name, address.password) == ("kitchen", True, "me", "s:cret")
    assert (address.mechanism, address.ca) == ("SCRAM-SHA-512", "/etc/own.pem")
    assert (address.partitions, address.replication, address.hours) == (3, 0, 24)
    assert address.topic(Topic.PLAYS) == "kitchen.plays"
    assert address.topic_of("kitchen.plays") is Topic.PLAYS
    assert str(address) == "kafkas://one:9093,two:9092,[::1]:9/kitchen"


def test_the_shortest_address_has_all_that_is_usual() -> None:
    address = Address.of(" kafka://host ")
    assert (address.servers, address.prefix, address.tls, address.name) == ("host:9092", "segue", False, "")


@pytest.mark.parametrize(
    "text",
    ["", "host", "host:9092", "http://host", "kafka://", "kafka:/host", "kafka://host:port", "kafka://host:70000",
     "kafka://host/two/parts", "kafka://host/a b", "kafka://host#x", "kafka://host?sasl=GSSAPI",
     "kafka://a,,b", "kafka://[::1", "kafka://host?ca"],
)  # fmt: skip
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        Address.of(text)


@pytest.mark.parametrize("option", ["partition=3", "hours=0", "partitions=many", "replication=10001"])
def test_an_option_that_cannot_be_is_told_from_an_address_that_cannot_be(option: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        Address.of(f"kafka://host?{option}")
    assert refused.value.code == "kafka-option"
    assert "10,000" in refused.value.advice


@given(text=st.one_of(st.text(max_size=60), PARTS, PARTS.map(lambda text: f"kafka://{text}")))
@example("kafka://[")
@example("kafka://\ud800")
def test_no_text_is_more_than_refused(text: str) -> None:
    with suppress(AddressRefused):
        address = Address.of(text)
        assert address.servers
        assert Address.of(str(address)).servers == address.servers


@given(
    password=PASSWORDS,
    rest=st.one_of(
        PARTS.filter(lambda text: "@" not in text), st.sampled_from(["host", "host?sasl=other", "host:x", "host/a b"])
    ),
)
def test_a_password_is_never_shown(password: str, rest: str) -> None:
    text = f"kafka://me:{password}@{rest}"
    shown = ""
    try:
        address = Address.of(text)
    except AddressRefused as error:
        shown = f"{error} {error!r} {error.english} {error.advice} {error.told}"
    else:
        shown = f"{address} {address!r} " + redacted(f"the broker says {password}")
    assert password not in shown
    assert password not in redacted(text)


def test_the_environment_comes_before_the_settings(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert kafka_address(home) is None
    home.settings_file.parent.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_text(json.dumps({"kafka": "kafka://one"}))
    assert str(kafka_address(home)) == "kafka://one:9092/segue"
    assert str(kafka_address(home, "kafka://two")) == "kafka://two:9092/segue"
    assert kafka_address(home, "  ") is None
    monkeypatch.setenv(ADDRESS_VARIABLE, "kafka://three")
    assert str(kafka_address(home, "kafka://two")) == "kafka://three:9092/segue"
    monkeypatch.setenv(ADDRESS_VARIABLE, NONE)
    assert kafka_address(home) is None
