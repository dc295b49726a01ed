"""Spark's way to the features in MongoDB: a data source whose partitions are ranges of track ids.

The database's address holds credentials. It reaches Spark in a file that only this user can read: options are shown in
query plans and logs, environments on Spark's status page. The file is opened once, where the query is planned; from
there the address travels to the executors inside the pickled reader, which Spark never prints.
"""

from __future__ import annotations

import base64
import os
import pickle
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

from indexer.core.home import Home
from indexer.core.model.profiles import Profile
from indexer.core.store import Database, FeatureRecord, open_database
from indexer.spark.connector import connector_frame, has_connector
from indexer.spark.masters import require_reach
from indexer.spark.session import scratch_folder

SCHEMA = "track string, audible boolean, values binary"
"""One row per track: its id, whether it holds enough sound to be compared, and its features: little-endian float32,
window by window, columns as the profile has them. Binary, because Spark copies it in one go and lists number by number.
"""

_FORMAT = "segue-features"
_BATCH = 500
TRACKS_PER_PARTITION = 4_096
_MOST_PARTITIONS = 64
_PREFIX_DIGITS = 8
"""Hexadecimal digits of an id that bound a partition; ids are uniform, so equal ranges hold about equally many."""


@contextmanager
def features_frame(
    spark: SparkSession, database: Database, home: Home, profile: Profile, tracks: int, *, wanted: int | None = None
) -> Iterator[DataFrame]:
    """The features of a profile as a DataFrame of `SCHEMA`, readable within the block.

    The partitions depend on the number of `tracks` alone, never on the machine, and rows are in the order of their ids:
    both decide the order of sums, and with it the last bits of a model.

    Args:
        spark: the session.
        database: holds the features.
        home: has room for the file with the database's address.
        profile: which features.
        tracks: how many have them.
        wanted: read only as many partitions as hold about this many tracks, those with the least ids.

    Raises:
        DatabaseOutOfReach: executors are elsewhere and the database answers on this machine only.
    """
    require_reach(database, str(spark.sparkContext.master))
    partitions = min(max(1, tracks // TRACKS_PER_PARTITION), _MOST_PARTITIONS)
    read = partitions if wanted is None else min(partitions, max(1, partitions * wanted // max(tracks, 1)))
    if has_connector():
        below = id_ranges(partitions)[read - 1].high
        yield connector_frame(spark, database, profile, SCHEMA, read, below)
        return
    spark.dataSource.register(FeatureSource)
    address = private_file(scratch_folder(home) / f"address-{uuid.uuid4().hex}", database.uri)
    try:
        options = {
            "address_file": str(address),
            "partitions": str(partitions),
            "read": str(read),
            "profile": pickled(profile),
        }
        # A database gives documents in the order in which they were written, which differs from one run to the next.
        yield spark.read.format(_FORMAT).options(**options).load().sortWithinPartitions("track")
    finally:
        address.unlink(missing_ok=True)


class FeatureSource(DataSource):
    """Options: `address_file`, `profile` (of `pickled`), `partitions`, and how many of them to `read`."""

    @classmethod
    def name(cls) -> str:
        return _FORMAT

    def schema(self) -> str:
        return SCHEMA

    def reader(self, schema: Any) -> FeatureReader:  # noqa: ARG002 - there is one schema
        address = Path(self.options["address_file"]).read_text(encoding="utf-8")
        profile: Profile = pickle.loads(base64.b64decode(self.options["profile"]))  # noqa: S301 - made by `pickled`
        return FeatureReader(address, profile, int(self.options["partitions"]), int(self.options["read"]))


@dataclass
class IdRange(InputPartition):
    """Track ids from `low` up to but not including `high`; None is no bound."""

    low: str | None
    high: str | None


class FeatureReader(DataSourceReader):
    """Reads one range of ids over a connection of its own."""

    def __init__(self, address: str, profile: Profile, partitions: int, read: int) -> None:
        self._address = address
        self._profile = profile
        self._partitions = partitions
        self._read = read

    def partitions(self) -> Sequence[IdRange]:
        return id_ranges(self._partitions)[: self._read]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        if not isinstance(partition, IdRange):
            raise TypeError(f"not a partition of this source: {partition!r}")
        with open_database(Home.resolve(), uri=self._address) as database:
            records = database.features.iterate(self._profile.key, low=partition.low, high=partition.high)
            while batch := list(islice(records, _BATCH)):
                yield _record_batch(batch, self._profile)


def pickled(profile: Profile) -> str:
    """A profile as text: a data source takes no other options, and not every profile is known by its name."""
    return base64.b64encode(pickle.dumps(profile)).decode("ascii")


def id_ranges(count: int) -> list[IdRange]:
    """`count` ranges of equal width that together hold every id."""
    whole = 16**_PREFIX_DIGITS
    inner = [f"{whole * index // count:0{_PREFIX_DIGITS}x}" for index in range(1, count)]
    return [IdRange(low, high) for low, high in zip([None, *inner], [*inner, None], strict=True)]


def _record_batch(records: Sequence[FeatureRecord], profile: Profile) -> pa.RecordBatch:
    columns = [
        pa.array([record.track for record in records], pa.string()),
        pa.array([profile.audible(record.values) for record in records], pa.bool_()),
        pa.array([np.ascontiguousarray(record.values, dtype="<f4").tobytes() for record in records], pa.binary()),
    ]
    return pa.RecordBatch.from_arrays(columns, ["track", "audible", "values"])


def private_file(path: Path, text: str) -> Path:
    """Write a file that nobody but this user can read, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path
