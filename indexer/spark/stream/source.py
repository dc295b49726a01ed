"""Spark's way to a topic of a Kafka broker without Java's client: a streaming data source, a partition for each place.

The broker's address may hold a password. As with the features it reaches Spark in a file that only this user can read.
"""

from __future__ import annotations

import json
import logging
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql.datasource import DataSource, DataSourceStreamReader, InputPartition
from pyspark.sql.streaming.datasource import ReadAllAvailable, ReadLimit, ReadMaxRows, SupportsTriggerAvailableNow

from indexer.core.kafka.address import Address, Topic
from indexer.core.kafka.broker import Inlet, KafkaAway, Message, Place
from indexer.core.tracks import Seconds
from indexer.spark.stream.offsets import Kept, Offsets, Stretch

_log = logging.getLogger(__name__)

SCHEMA = "topic string, partition int, offset long, key string, value binary, time timestamp"
"""One row for each message, as the Kafka connector has them; `time` is when it was written."""

FORMAT = "segue-topic"

_ARROW = pa.schema(
    [
        ("topic", pa.string()),
        ("partition", pa.int32()),
        ("offset", pa.int64()),
        ("key", pa.string()),
        ("value", pa.binary()),
        ("time", pa.timestamp("us", "UTC")),
    ]
)
_AT_ONCE = 2_000
_WAIT_SECONDS: Seconds = 0.5
_MARK_SECONDS: Seconds = 2.0
"""Until a message whose mark is wanted is taken to be none: brokers keep offsets for other things, too."""

_SILENT_SECONDS: Seconds = 5.0
_TRIES = 6


class TopicSource(DataSource):
    """Options: `address_file` (of `sealed`), `topic`, and `most` messages of a batch."""

    @classmethod
    def name(cls) -> str:
        return FORMAT

    def schema(self) -> str:
        return SCHEMA

    def streamReader(self, schema: Any) -> TopicReader:  # noqa: N802, ARG002 - Spark's name; there is one schema
        address = Address(**json.loads(Path(self.options["address_file"]).read_text(encoding="ascii")))
        return TopicReader(address, Topic(self.options["topic"]), int(self.options["most"]))


@dataclass
class StretchPartition(InputPartition):
    """What one task reads."""

    stretch: Stretch


class TopicReader(DataSourceStreamReader, SupportsTriggerAvailableNow):
    """Tells Spark how far a topic goes, in one process of the driver, and reads stretches of it in Spark's workers."""

    def __init__(self, address: Address, topic: Topic, most: int) -> None:
        """`most` messages are read in a batch, from all places together."""
        self._address = address
        self._topic = topic
        self._most = most
        self._until: dict[Place, Kept] | None = None
        self._is_new = True

    def initialOffset(self) -> dict[str, Any]:  # noqa: N802 - Spark's name
        """The beginning of what the broker has."""
        with closing(Inlet(self._address, (self._topic,))) as inlet:
            return Offsets.first(_kept(inlet)).as_record()

    def prepareForTriggerAvailableNow(self) -> None:  # noqa: N802 - Spark's name
        """What is written from now on is for the next time."""
        with closing(Inlet(self._address, (self._topic,))) as inlet:
            self._until = _kept(inlet)

    def getDefaultReadLimit(self) -> ReadLimit:  # noqa: N802 - Spark's name
        return ReadMaxRows(self._most)

    def latestOffset(self, start: dict[str, Any], limit: ReadLimit) -> dict[str, Any]:  # noqa: N802 - Spark's name
        """Where the next batch ends: where this one does, if there is nothing new.

        Raises:
            KafkaAway: the broker does not answer.
        """
        before = Offsets.of_record(start)
        with closing(Inlet(self._address, (self._topic,))) as inlet:
            kept = _kept(inlet) if self._until is None else self._until
            seen = _marks(inlet, before.to_check(kept, resting=self._is_new))
            self._is_new = False
            after = before.further(kept, seen, None if isinstance(limit, ReadAllAvailable) else self._most)
            if after is before:
                return start
            last = {
                place: end - 1
                for place, end in after.next.items()
                if place not in after.marks and place in kept and end > kept[place].low
            }
            found = replace(after, marks={**after.marks, **_marks(inlet, last)})
        if after.anew > before.anew:
            _log.warning("%d places of the topic hold other messages than before", after.anew - before.anew)
        if after.gone > before.gone:
            _log.warning("%d messages were deleted before they were read", after.gone - before.gone)
        return found.as_record()

    def partitions(self, start: dict[str, Any], end: dict[str, Any]) -> Sequence[StretchPartition]:
        return [StretchPartition(each) for each in Offsets.of_record(end).stretches(Offsets.of_record(start))]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        """The messages of a stretch; raises KafkaAway."""
        if not isinstance(partition, StretchPartition):
            raise TypeError(f"not a partition of this source: {partition!r}")
        with closing(Inlet(self._address, (self._topic,))) as inlet:
            for messages in _messages(inlet, partition.stretch):
                yield _record_batch(messages)


def sealed(address: Address) -> str:
    """An address as text, for a file that nobody else can read."""
    return json.dumps(asdict(address))


def _kept(inlet: Inlet) -> dict[Place, Kept]:
    return {place: Kept(low, high) for place, (low, high) in inlet.ends().items()}


def _marks(inlet: Inlet, offsets: Mapping[Place, int]) -> dict[Place, int]:
    """What tells the messages at these offsets from others; without those that are not found."""
    found: dict[Place, int] = {}
    if not offsets:
        return found
    waiting = set(offsets)
    inlet.begin_at(offsets)
    end = time.monotonic() + _MARK_SECONDS
    while waiting and time.monotonic() < end:
        for message in inlet.receive(_AT_ONCE, 0.1):
            if message.offset == offsets.get(message.place):
                found[message.place] = zlib.crc32(message.value, zlib.crc32(str(round(message.at * 1_000)).encode()))
            waiting.discard(message.place)
    inlet.begin_at({})
    return found


def _messages(inlet: Inlet, stretch: Stretch) -> Iterator[list[Message]]:
    """The messages of a stretch as they come, without those that the broker deleted meanwhile.

    Raises:
        KafkaAway: the broker has them and does not give them.
    """
    at, heard, tries = stretch.begin, time.monotonic(), 0
    inlet.begin_at({stretch.place: at})
    while at < stretch.end:
        messages = [each for each in inlet.receive(_AT_ONCE, _WAIT_SECONDS) if each.offset >= at]
        if messages:
            at, heard, tries = messages[-1].offset + 1, time.monotonic(), 0
            yield [each for each in messages if each.offset < stretch.end]
        elif time.monotonic() - heard > _SILENT_SECONDS:
            low, high = inlet.ends()[stretch.place]
            tries, heard = tries + 1, time.monotonic()
            if high < stretch.end or low >= stretch.end or (tries >= _TRIES and high == stretch.end):
                # Another topic by now, deleted, or offsets that are no messages: there is nothing to wait for.
                _log.warning("%d messages are not there any more", stretch.end - at)
                return
            if tries >= _TRIES:
                raise KafkaAway("kafka-away", address="", reason="messages are not given")
            at = max(at, low)
            inlet.begin_at({stretch.place: at})


def _record_batch(messages: Sequence[Message]) -> pa.RecordBatch:
    columns = [
        [message.place.topic.value for message in messages],
        [message.place.partition for message in messages],
        [message.offset for message in messages],
        [message.key for message in messages],
        [message.value for message in messages],
        [round(message.at * 1e6) for message in messages],
    ]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, _ARROW.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_ARROW)
