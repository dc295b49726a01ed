"""The one way to the Kafka client: messages out, each confirmed or not, and messages in, from where somebody was."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from indexer.core.errors import SegueError
from indexer.core.kafka.address import Address, Topic
from indexer.core.tracks import Seconds

ANSWER_SECONDS: Seconds = 10.0
"""Until a broker that does not answer is said to be away."""

_GONE_AFTER_MS = 10_000
"""Without a sign of life, a process of a group is gone, and others take its share."""

_TRIES_EVERY_MS = 500
"""To connect again. Time enough to notice that a connection was lost before anything is sent by a new one."""

_LOOK_SECONDS: Seconds = 0.5
"""After which it is looked whether a broker that did not answer yet can be reached at all."""

_WHERE = re.compile(r"^\S+/(bootstrap|\d+): | \(after \d+ms in state .*\)$")
"""What the client says of itself in a reason."""

_LONGEST = 1_000_000
"""Bytes of a message, as brokers have it."""


class KafkaMissing(SegueError):
    """The extra `kafka` is not installed."""


class KafkaAway(SegueError):
    """The broker does not answer, or does not take what it is told."""


class KafkaLost(KafkaAway):
    """A connection that worked was lost; it may work again at once."""


class Place(NamedTuple):
    """A part of a topic, in which messages are in order."""

    topic: Topic
    partition: int


@dataclass(frozen=True, slots=True)
class Message:
    """What lies at a place of a topic.

    Attributes:
        place: which part of which topic.
        offset: its number there.
        key: whose it is; empty where it does not say.
        value: bytes that mean something to who knows the topic.
        at: when it was written, seconds since 1970; 0 where that is not known.
    """

    place: Place
    offset: int
    key: str
    value: bytes
    at: float = 0.0


Told = Callable[[SegueError | None], None]


class Outlet:
    """Sends messages, each part of a topic in order. For one thread.

    Attributes:
        is_lost: a connection was lost, or the broker refuses to go on with this outlet. What was confirmed a moment
            before may be gone with a broker that was killed, so that all of it is better told again, by another outlet.
    """

    def __init__(self, address: Address, client: str = "segue") -> None:
        """Raises KafkaMissing or KafkaAway; nothing is connected yet."""
        kafka = _client()
        self._address = address
        self.is_lost = False
        self._producer = _made(
            kafka.Producer,
            _login(address)
            | {
                "client.id": client,
                "enable.idempotence": True,
                "partitioner": "murmur2_random",  # as other languages' clients have it: a listener is in one place
                "linger.ms": 5,
                "message.timeout.ms": 30_000,
                "message.max.bytes": _LONGEST,
                "error_cb": self._on_error,
            },
        )

    def send(self, topic: Topic, key: str, value: bytes | None, done: Told = lambda _: None) -> None:
        """Send a message; `done` is called by `work` once it is confirmed, or with what hinders it.

        Raises:
            KafkaAway: it is not taken: there are very many that wait, or it is too long.
        """

        def on_delivery(error: Any, _: Any) -> None:
            done(None if error is None else _away(self._address, error))

        kafka, name = _client(), self._address.topic(topic)
        try:
            self._producer.produce(name, value, key.encode() if key else None, on_delivery=on_delivery)
        except (BufferError, kafka.KafkaException) as error:
            raise _away(self._address, error) from error

    def work(self, seconds: Seconds = 0.0) -> None:
        """Have what was confirmed told, for so long at the most."""
        kafka = _client()
        try:
            self._producer.poll(seconds)
        except kafka.KafkaException:  # it may not go on: the broker forgot what came before
            self.is_lost = True

    def settle(self, seconds: Seconds) -> bool:
        """Wait until everything was confirmed, for so long at the most; whether it was."""
        return int(self._producer.flush(seconds)) == 0

    def abandon(self) -> None:
        """Forget what is on its way: nobody is told of it, and it may have arrived or not."""
        self._producer.purge(in_queue=True, in_flight=True)
        self._producer.flush(0)

    def _on_error(self, _: Any) -> None:
        self.is_lost = True


class Inlet:
    """Receives messages of topics. For one thread.

    Attributes:
        is_lost: a connection was lost. A broker that was killed may have lost the last of what it had, and gives their
            offsets to others: who was there already begins some seconds before, by another inlet.

    A process of a group gets its share of the places, where the group was; it says with `commit` how far it is. Without
    a group it gets all messages since a time.
    """

    def __init__(self, address: Address, topics: Collection[Topic], group: str = "") -> None:
        """Prepare; raises KafkaMissing or KafkaAway. Use `join` or `follow` next."""
        kafka = _client()
        self._address = address
        self._topics = list(topics)
        self.is_lost = False
        self._trouble: Any = None
        self._consumer = _made(
            kafka.Consumer,
            _login(address)
            | {
                "group.id": group or f"segue-{secrets.token_hex(8)}",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "session.timeout.ms": _GONE_AFTER_MS,
                "heartbeat.interval.ms": _GONE_AFTER_MS // 10,
                "fetch.wait.max.ms": 100,
                "fetch.error.backoff.ms": 100,
                "topic.metadata.refresh.interval.ms": 10_000,
                "error_cb": self._on_error,
            },
        )

    def join(
        self,
        *,
        given: Callable[[list[Place]], None] = lambda _: None,
        taken: Callable[[list[Place]], None] = lambda _: None,
    ) -> None:
        """Take a share of the topics as one of the group; told within `receive` of places that come and go."""

        def on_given(_: Any, partitions: list[Any]) -> None:
            given([self._place(each) for each in partitions])

        def on_taken(_: Any, partitions: list[Any]) -> None:
            taken([self._place(each) for each in partitions])

        names = [self._address.topic(topic) for topic in self._topics]
        self._consumer.subscribe(names, on_assign=on_given, on_revoke=on_taken, on_lost=on_taken)

    def follow(self, since: float | None = None) -> None:
        """Take all messages since a time, seconds since 1970, or from now on.

        Raises:
            KafkaAway: the broker does not say where that is.
        """
        kafka = _client()
        begin = {place: high for place, (_, high) in self.ends().items()}
        if since is not None:
            wanted = [
                kafka.TopicPartition(self._address.topic(place.topic), place.partition, int(since * 1_000))
                for place in begin
            ]
            later = self._asked(lambda: self._consumer.offsets_for_times(wanted, timeout=ANSWER_SECONDS))
            begin |= {self._place(each): each.offset for each in later if each.offset >= 0}
        # Numbers, not the client's word for the end: that is found out later, and what comes before it is passed over.
        self.begin_at(begin)

    def begin_at(self, offsets: Mapping[Place, int]) -> None:
        """Take all messages of these places from these offsets on."""
        self._consumer.assign(self._points(offsets))

    def receive(self, most: int, seconds: Seconds) -> list[Message]:
        """The next messages, waiting so long for the first at the most.

        Raises:
            KafkaAway: the broker cannot be reached, or refuses.
        """
        kafka = _client()
        first = self._asked(
            lambda: self._consumer.poll(seconds)
        )  # `consume` waits until it has as many as are asked for
        messages = [] if first is None else [first]
        if first is not None and most > 1:
            messages += self._asked(lambda: self._consumer.consume(most - 1, 0))
        found = []
        for each in messages:
            error = each.error()
            if error is None:
                kind, stamp = each.timestamp()
                at = 0.0 if kind == kafka.TIMESTAMP_NOT_AVAILABLE else stamp / 1_000
                place, key, value = self._place_of(each), each.key() or b"", each.value() or b""
                found.append(Message(place, each.offset(), key.decode("utf-8", "replace"), value, at))
            elif error.code() != kafka.KafkaError._PARTITION_EOF and not error.retriable():  # noqa: SLF001 - its name
                raise _away(self._address, error)
        if not found and self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            raise _away(self._address, trouble)
        self._trouble = None
        return found

    def commit(self, offsets: Mapping[Place, int]) -> None:
        """Say that everything of these places below these offsets is done; others go on from there.

        Raises:
            KafkaAway: the broker did not take it, or the places went to another of the group.
        """
        if offsets:
            self._asked(lambda: self._consumer.commit(offsets=self._points(offsets), asynchronous=False))

    def committed(self) -> dict[Place, int]:
        """How far the group is: the next offset by place, where it ever said so; raises KafkaAway."""
        kafka = _client()
        asked = [
            kafka.TopicPartition(self._address.topic(topic), number)
            for topic in self._topics
            for number in self._partitions(topic)
        ]
        found = self._asked(lambda: self._consumer.committed(asked, timeout=ANSWER_SECONDS))
        return {self._place(each): each.offset for each in found if each.offset >= 0}

    def ends(self, topics: Iterable[Topic] | None = None) -> dict[Place, tuple[int, int]]:
        """The first offset that is kept and the next one to be written, by place; raises KafkaAway."""
        kafka, found = _client(), {}
        for topic in self._topics if topics is None else topics:
            for number in self._partitions(topic):
                point = kafka.TopicPartition(self._address.topic(topic), number)
                low, high = self._asked(partial(self._consumer.get_watermark_offsets, point, timeout=ANSWER_SECONDS))
                found[Place(topic, number)] = int(low), int(high)
        return found

    def close(self) -> None:
        """Leave the group, so that others need not wait to take over."""
        self._consumer.close()

    def _partitions(self, topic: Topic) -> list[int]:
        name = self._address.topic(topic)
        listed = self._asked(lambda: self._consumer.list_topics(name, timeout=ANSWER_SECONDS))
        return sorted(listed.topics[name].partitions)

    def _points(self, offsets: Mapping[Place, int]) -> list[Any]:
        kafka = _client()
        return [
            kafka.TopicPartition(self._address.topic(place.topic), place.partition, offset)
            for place, offset in offsets.items()
        ]

    def _place(self, partition: Any) -> Place:
        return Place(self._address.topic_of(partition.topic), partition.partition)

    def _place_of(self, message: Any) -> Place:
        return Place(self._address.topic_of(message.topic()), message.partition())

    def _asked(self, work: Callable[[], Any]) -> Any:
        kafka = _client()
        try:
            return work()
        except (kafka.KafkaException, RuntimeError) as error:
            raise _away(self._address, error) from error

    def _on_error(self, error: Any) -> None:
        self.is_lost, self._trouble = True, error


def topics_at(address: Address, seconds: Seconds = ANSWER_SECONDS) -> list[Topic]:
    """Which of the topics a broker has; nothing is made.

    Raises:
        KafkaMissing: the client is not installed.
        KafkaAway: the broker does not answer within so many seconds, or refuses.
    """
    try:
        there = _Administrator(address).topics(seconds)
    except KafkaAway as error:
        raise as_silent(error) from error
    return [topic for topic in Topic if address.topic(topic) in there]


def make_topics(
    address: Address, topics: Iterable[Topic] = tuple(Topic), seconds: Seconds = ANSWER_SECONDS
) -> list[Topic]:
    """Make the topics that are not there yet; returns which were made. Each answer is waited for so long.

    Raises:
        KafkaMissing: the client is not installed.
        KafkaAway: the broker does not answer, or refuses.
    """
    kafka = _client()
    from confluent_kafka import admin  # noqa: PLC0415 - only where a broker is set

    with _making:
        administrator = _Administrator(address)
        asked, there = administrator.client, administrator.topics(seconds)
        try:
            wanted = [topic for topic in topics if address.topic(topic) not in there]
            made = asked.create_topics([_new(admin, address, topic) for topic in wanted]) if wanted else {}
            for each in made.values():
                try:
                    each.result(seconds)
                except kafka.KafkaException as error:
                    if error.args[0].code() != kafka.KafkaError.TOPIC_ALREADY_EXISTS:
                        raise
        except (kafka.KafkaException, TimeoutError) as error:
            raise _away(address, error) from error
    return wanted


def as_silent(error: KafkaAway) -> KafkaAway:
    """The same for somebody who asks and does not try again."""
    return KafkaAway("kafka-silent", **error.values) if error.code == "kafka-away" else error


class _Administrator:
    """Asks a broker what is there. One that cannot be reached is known at once, and why not."""

    def __init__(self, address: Address) -> None:
        from confluent_kafka import admin  # noqa: PLC0415 - only where a broker is set

        self._address = address
        self._heard: list[Any] = []
        self.client = _made(admin.AdminClient, _login(address) | {"error_cb": self._heard.append})

    def topics(self, seconds: Seconds) -> Collection[str]:
        """Names of topics; raises KafkaAway, after so many seconds at the latest."""
        kafka, end = _client(), time.monotonic() + seconds
        while True:
            left = max(end - time.monotonic(), 0.0)
            try:
                return set(self.client.list_topics(timeout=min(left, _LOOK_SECONDS)).topics)
            except kafka.KafkaException as error:
                self.client.poll(0)
                errors = kafka.KafkaError
                known = [each for each in self._heard if each.code() != errors._ALL_BROKERS_DOWN]  # noqa: SLF001 - its name
                if left <= _LOOK_SECONDS or len(known) < len(self._heard):
                    raise _away(self._address, known[-1] if known else error) from error


def drop_topics(address: Address, seconds: Seconds = ANSWER_SECONDS) -> None:
    """Take the topics away with all that they hold.

    Raises:
        KafkaMissing: the client is not installed.
        KafkaAway: the broker does not answer, or refuses.
    """
    kafka = _client()
    from confluent_kafka import admin  # noqa: PLC0415 - only where a broker is set

    asked = _made(admin.AdminClient, _login(address))
    try:
        for each in asked.delete_topics([address.topic(topic) for topic in Topic]).values():
            each.result(seconds)
    except (kafka.KafkaException, TimeoutError) as error:
        raise _away(address, error) from error


_making = threading.Lock()
"""Two threads that both make topics at the start need not hear that they are there."""


def _new(admin: Any, address: Address, topic: Topic) -> Any:
    kept = {"cleanup.policy": "compact"} if topic.is_compacted else {"retention.ms": str(address.hours * 3_600_000)}
    partitions = 1 if topic in {Topic.MODELS, Topic.DEAD} else address.partitions
    return admin.NewTopic(address.topic(topic), partitions, address.replication or -1, config=kept)


def _client() -> Any:
    try:
        import confluent_kafka  # noqa: PLC0415 - only where a broker is set
    except ImportError as error:
        raise KafkaMissing("kafka-missing") from error
    return confluent_kafka


def _made(kind: Callable[[dict[str, Any]], Any], settings: dict[str, Any]) -> Any:
    """A client of the library, which looks at files of certificates at once."""
    try:
        return kind(settings)
    except Exception as error:
        raise KafkaAway("kafka-settings", reason=_reason(error)) from error


def _login(address: Address) -> dict[str, Any]:
    """What the client wants to know of an address."""
    found: dict[str, Any] = {
        "bootstrap.servers": address.servers,
        "reconnect.backoff.ms": _TRIES_EVERY_MS,
        "reconnect.backoff.max.ms": 4 * _TRIES_EVERY_MS,
        "socket.keepalive.enable": True,
        "log_level": 0,  # it says every half a second that nobody is there; what is to be known comes as errors
        "allow.auto.create.topics": False,
    }
    encryption = "SSL" if address.tls else "PLAINTEXT"
    if address.name:
        found |= {"sasl.mechanism": address.mechanism, "sasl.username": address.name, "sasl.password": address.password}
        encryption = f"SASL_{encryption}"
    files = {
        "ssl.ca.location": address.ca,
        "ssl.certificate.location": address.certificate,
        "ssl.key.location": address.key,
    }
    return found | {"security.protocol": encryption} | {name: file for name, file in files.items() if file}


def _away(address: Address, error: Any) -> KafkaAway:
    return KafkaAway("kafka-away", address=str(address), reason=_reason(error))


def _reason(error: Any) -> str:
    """What the client says of an error, which may be in an exception."""
    inner = error.args[0] if isinstance(error, Exception) and error.args else error
    said = str(inner.str()) if hasattr(inner, "str") else str(inner) or type(error).__name__
    return _WHERE.sub("", said)
