"""The query that gathers plays: from a topic, each told apart by its id, into a file for each batch.

What is told once more within an hour is left out by Spark. The hour is that in which messages are read and not that of
the plays: a device that was away for weeks tells plays of weeks ago, and Spark would leave out whatever is older than
its watermark. What is told again later than that is left out by whoever reads the files.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it
from pyspark.sql.streaming.query import StreamingQuery

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.kafka.address import Address, Topic
from indexer.core.kafka.broker import Message, Place
from indexer.core.kafka.events import MessageRefused, note_of
from indexer.core.plays import Play
from indexer.core.tracks import Seconds
from indexer.spark.connector import has_kafka_connector
from indexer.spark.session import first_line, scratch_folder, spark_session
from indexer.spark.source import private_file
from indexer.spark.stream.connector import connector_stream
from indexer.spark.stream.files import SCHEMA, GatheredFiles
from indexer.spark.stream.offsets import Offsets
from indexer.spark.stream.source import FORMAT, TopicSource, sealed

MOST = 50_000
"""Messages of a batch: they are in memory at once, 20 MB of them."""

EVERY_SECONDS: Seconds = 5.0
"""Between two looks at what is new, where it goes on."""

WITHIN = "1 hour"
"""That the ids of plays are remembered for."""

_BEHIND = "terminated with exception: "
"""What stands before the reason of a query's end."""

_PARTS = "2"
"""Of what is remembered; a checkpoint keeps the number that it began with."""

_PLAYS = (
    "id string, listener string, track string, named string, at double, seconds_heard double, seconds double, "
    "finished boolean, skipped boolean, source string, told double, refused string"
)
_ARROW = pa.schema([*SCHEMA, ("refused", pa.string())])


@dataclass
class Taken:
    """What a query took so far, since it was begun.

    Attributes:
        batches: how many.
        plays: that were kept.
        refused: messages that are no plays, by the code of the reason.
        end: how far it is, with what the source counted; None while that is not known, and of Spark's connector.
    """

    batches: int = 0
    plays: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    end: Offsets | None = None


class GatheringFailed(SegueError):
    """Plays could not be gathered; what was until then is kept."""


class Gathering:
    """A query that runs until there is nothing more, or until it is stopped.

    Attributes:
        taken: what it took.
    """

    def __init__(self, query: StreamingQuery, taken: Taken) -> None:
        self.taken = taken
        self._query = query

    def wait(self, seconds: Seconds) -> bool:
        """Until it ended, or so long; whether it did.

        Raises:
            GatheringFailed: something hinders it; what was taken until then is kept.
        """
        try:
            ended = bool(self._query.awaitTermination(max(1, round(seconds))))
        except PySparkException as error:
            raise GatheringFailed(
                "stream-failed", reason=first_line(error).partition(_BEHIND)[2] or first_line(error)
            ) from error
        finally:
            self._look()
        return ended

    def stop(self) -> None:
        """End, wherever it is: what is under way begins anew the next time."""
        with suppress(Py4JError, PySparkException, OSError):
            self._query.stop()

    def _look(self) -> None:
        with suppress(Py4JError, OSError):
            progress = self._query.lastProgress
            for source in () if progress is None else progress["sources"]:
                self.taken.end = _offsets(source["endOffset"]) or self.taken.end


@contextmanager
def gathering(
    home: Home, master: str | None, address: Address, files: GatheredFiles, *, goes_on: bool, most: int = MOST
) -> Iterator[Gathering]:
    """Gather the plays of a broker within the block.

    Args:
        home: has the checkpoint, which says how far it is.
        master: where Spark runs.
        address: of the broker, whose topics are there.
        files: take what is gathered.
        goes_on: until it is stopped, else what is there at this moment.
        most: messages of a batch.

    Raises:
        JavaMissing, SparkFailed: Spark could not run.
    """
    taken = Taken()
    with spark_session(home, master) as spark, topic_stream(spark, home, address, Topic.PLAYS, most) as messages:
        checkpoint = home.stream / ("checkpoint-connector" if has_kafka_connector() else "checkpoint")
        when: dict[str, Any] = {"processingTime": f"{EVERY_SECONDS:g} seconds"} if goes_on else {"availableNow": True}
        with _few_parts(spark):
            writer = plays_of(messages).writeStream.foreachBatch(_keeper(checkpoint, files, taken))
            query = writer.option("checkpointLocation", str(checkpoint)).trigger(**when).start()
        found = Gathering(query, taken)
        try:
            yield found
        finally:
            found.stop()


@contextmanager
def topic_stream(
    spark: SparkSession, home: Home, address: Address, topic: Topic, most: int = MOST
) -> Iterator[DataFrame]:
    """The messages of a topic as a stream of `indexer.spark.stream.source.SCHEMA`, readable within the block."""
    if has_kafka_connector():
        yield connector_stream(spark, address, topic, most)
        return
    spark.dataSource.register(TopicSource)
    file = private_file(scratch_folder(home) / f"broker-{uuid.uuid4().hex}", sealed(address))
    try:
        options = {"address_file": str(file), "topic": topic.value, "most": str(most)}
        yield spark.readStream.format(FORMAT).options(**options).load()
    finally:
        file.unlink(missing_ok=True)


def plays_of(messages: DataFrame) -> DataFrame:
    """Plays of messages, each id once within an hour; of what is no play, `refused` says why, and the rest is null."""
    told = messages.mapInArrow(_read, _PLAYS).withColumn("seen", F.current_timestamp())
    return told.withWatermark("seen", WITHIN).dropDuplicatesWithinWatermark(["id"]).drop("seen")


def _read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield pa.RecordBatch.from_pylist([_row(record) for record in batch.to_pylist()], schema=_ARROW)


def _row(record: dict[str, Any]) -> dict[str, Any]:
    at = record["time"].timestamp() if record["time"] else 0.0
    place = Place(Topic(record["topic"]), record["partition"])
    message = Message(place, record["offset"], record["key"] or "", record["value"] or b"", at)
    try:
        note = note_of(message)
    except MessageRefused as error:
        # An id of its own, lest it be taken for another one that is refused.
        return {"id": f"{place.partition}:{message.offset}:{at}", "refused": error.code}
    play = Play.of_record(note.id, note.content)
    return {
        "id": play.id.lower(),
        "listener": play.listener,
        "track": play.track,
        "named": None if play.named is None else json.dumps(play.named.as_record()),
        "at": play.at,
        "seconds_heard": play.seconds_heard,
        "seconds": play.seconds,
        "finished": play.finished,
        "skipped": play.skipped,
        "source": play.context.source.value,
        "told": at,
    }


def _keeper(checkpoint: Path, files: GatheredFiles, taken: Taken) -> Any:
    """What keeps a batch; a query that was killed in a batch repeats it under the same number."""
    lock = threading.Lock()

    def keep(batch: DataFrame, number: int) -> None:
        rows = batch.toArrow()
        plays = rows.filter(pc.is_null(rows.column("refused")))
        with lock:
            files.write(_query_of(checkpoint), number, plays)
            files.put_together()
            taken.batches += 1
            taken.plays += plays.num_rows
            taken.refused.update(each for each in rows.column("refused").to_pylist() if each)

    return keep


def _query_of(checkpoint: Path) -> str:
    """The id that Spark gave the query when its checkpoint began."""
    record = json.loads((checkpoint / "metadata").read_text(encoding="utf-8"))
    return uuid.UUID(record["id"]).hex


def _offsets(text: Any) -> Offsets | None:
    try:
        record = json.loads(text) if isinstance(text, str) else text
        return Offsets.of_record(record)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # there are none yet, or they are those of Spark's connector


@contextmanager
def _few_parts(spark: SparkSession) -> Iterator[None]:
    """A query takes the settings of the session as they are when it begins."""
    wanted = {
        "spark.sql.shuffle.partitions": _PARTS,
        "spark.sql.streaming.noDataMicroBatches.enabled": "false",  # nothing waits for the hour to pass
        "spark.sql.streaming.minBatchesToRetain": "10",
        "spark.sql.streaming.metricsEnabled": "false",
    }
    before: dict[str, str | None] = {name: spark.conf.get(name, None) for name in wanted}
    for name, value in wanted.items():
        spark.conf.set(name, value)
    try:
        yield
    finally:
        for name, was in before.items():
            if was is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, was)
