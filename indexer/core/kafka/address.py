"""Where the broker is, how one logs in there, and what topics are called: `kafka://name:password@host:9092/segue`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.core.errors import SegueError
from indexer.core.files.redaction import conceal
from indexer.core.files.settings_file import KAFKA, setting
from indexer.core.home import Home

ADDRESS_VARIABLE = "SEGUE_KAFKA"
NONE = "none"
"""The value of the variable that stands for no broker, whatever the settings say."""

PORT = 9092

_SCHEMES = {"kafka": False, "kafkas": True}
_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_TEXTS = ("ca", "certificate", "key")
_NUMBERS = ("partitions", "replication", "hours")
_MOST = 10_000
_PREFIX = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
_LONGEST_PREFIX = 100


class AddressRefused(SegueError):
    """The address of a broker cannot be understood; the sentence does not repeat it, for it may hold a password."""


class Topic(StrEnum):
    """What is told by way of a broker; a topic is called so behind the prefix and a dot."""

    PLAYS = "plays"
    FEEDBACK = "feedback"
    IMPRESSIONS = "impressions"
    RECOMMENDATIONS = "recommendations"
    MODELS = "models"
    DEAD = "dead"

    @property
    def is_compacted(self) -> bool:
        """Whether only the last message of each key is of interest."""
        return self in {Topic.RECOMMENDATIONS, Topic.MODELS}


EVENTS = (Topic.PLAYS, Topic.FEEDBACK, Topic.IMPRESSIONS)
"""The topics that notes of a journal go to."""


@dataclass(frozen=True)
class Address:
    """A broker, or several of one cluster.

    Attributes:
        servers: host and port of each, separated by commas.
        prefix: that names of topics begin with.
        tls: encrypted; proven by the system's authorities, or by `ca`.
        name: who logs in; empty for nobody.
        password: of that name; no text of an error has it.
        mechanism: of SASL.
        ca: file with the certificate of an authority of one's own.
        certificate: file with the own certificate, where the broker wants one.
        key: file with the key of that.
        partitions: of a topic that is made here.
        replication: brokers that keep each message of such a topic; 0 for what the brokers themselves hold right.
        hours: that such a topic keeps events for.
    """

    servers: str
    prefix: str = "segue"
    tls: bool = False
    name: str = ""
    password: str = field(default="", repr=False)
    mechanism: str = "PLAIN"
    ca: str = ""
    certificate: str = ""
    key: str = ""
    partitions: int = 6
    replication: int = 0
    hours: int = 24 * 30

    @classmethod
    def of(cls, text: str) -> Address:
        """The address that a text gives.

        `kafka://[name:password@]host[:port][,host[:port]…][/prefix][?option=value…]`, with `kafkas` for TLS. Options
        are `sasl`, `ca`, `certificate`, `key`, `partitions`, `replication` and `hours`.

        Raises:
            AddressRefused: it gives none.
        """
        try:
            parts = urlsplit(text.strip())
            options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        except ValueError:
            raise AddressRefused("kafka-address") from None
        login, _, hosts = parts.netloc.rpartition("@")
        name, _, password = login.partition(":")
        known = {"sasl", *_TEXTS, *_NUMBERS}
        prefix = parts.path.strip("/") or "segue"
        if parts.scheme not in _SCHEMES or not hosts or parts.fragment:
            raise AddressRefused("kafka-address")
        if not options.keys() <= known:
            raise AddressRefused("kafka-option", most=_MOST)
        if len(prefix) > _LONGEST_PREFIX or not set(prefix) <= _PREFIX:
            raise AddressRefused("kafka-address")
        mechanism = options.get("sasl", "PLAIN").upper()
        if mechanism not in _MECHANISMS:
            raise AddressRefused("kafka-mechanism", known=list(_MECHANISMS))
        conceal(unquote(password))
        files: dict[str, Any] = {name: options[name] for name in _TEXTS if name in options}
        numbers: dict[str, Any] = {name: _number(options[name]) for name in _NUMBERS if name in options}
        return cls(
            ",".join(map(_server, hosts.split(","))),
            prefix,
            _SCHEMES[parts.scheme],
            unquote(name),
            unquote(password),
            mechanism,
            **files,
            **numbers,
        )

    def topic(self, topic: Topic) -> str:
        """What a topic is called at the broker."""
        return f"{self.prefix}.{topic.value}"

    def topic_of(self, name: str) -> Topic:
        """The topic that is called so; raises ValueError where it is none of these."""
        return Topic(name.removeprefix(f"{self.prefix}."))

    def __str__(self) -> str:
        """Without name and password."""
        return f"{'kafkas' if self.tls else 'kafka'}://{self.servers}/{self.prefix}"


def kafka_address(home: Home, chosen: str | None = None) -> Address | None:
    """The broker of a home: what the environment says, else the settings; None for none.

    Args:
        home: whose settings.
        chosen: what they say, if not what their file does, which may be a moment behind.

    Raises:
        AddressRefused: what is set gives none.
    """
    said = os.environ.get(ADDRESS_VARIABLE) or (setting(home, KAFKA) if chosen is None else chosen)
    return None if said.strip() in {"", NONE} else Address.of(said)


def _server(text: str) -> str:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressRefused("kafka-address") from None
    if not host or parts.path or "@" in text:
        raise AddressRefused("kafka-address")
    return f"[{host}]:{port or PORT}" if ":" in host else f"{host}:{port or PORT}"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(_MOST)) + 1 and 0 < int(text) <= _MOST):
        raise AddressRefused("kafka-option", most=_MOST)
    return int(text)
