"""Spark's way to the features through the MongoDB Spark Connector, where SEGUE_SPARK_PACKAGES brings it along."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.profiles import Profile
from indexer.core.store import Database
from indexer.core.store.features import COLLECTION

PACKAGES_VARIABLE = "SEGUE_SPARK_PACKAGES"
FORMAT = "mongodb"
_PACKAGE = ":mongo-spark-connector"
_KAFKA_PACKAGE = ":spark-sql-kafka"
_DOCUMENT = "track string, key string, shape array<int>, values binary"


def packages() -> str | None:
    """Maven coordinates that SEGUE_SPARK_PACKAGES wants on Spark's class path, separated by commas."""
    return os.environ.get(PACKAGES_VARIABLE) or None


def has_connector() -> bool:
    """Whether the connector is among the packages."""
    return _PACKAGE in (packages() or "")


def has_kafka_connector() -> bool:
    """Whether the connector of Kafka is among the packages."""
    return _KAFKA_PACKAGE in (packages() or "")


def connector_frame(
    spark: SparkSession, database: Database, profile: Profile, schema: str, partitions: int, below: str | None
) -> DataFrame:
    """The features of a profile, as `indexer.spark.source.features_frame` gives them.

    The connector cuts a collection by samples of it. The order of sums must not depend on these, so that rows are put
    into partitions by their ids and sorted there.

    Args:
        spark: the session, with the connector on its class path.
        database: holds the features.
        profile: which of them.
        schema: of the rows.
        partitions: how many.
        below: only tracks whose ids are less.
    """
    options = {"connection.uri": database.uri, "database": database.name, "collection": COLLECTION}
    documents = spark.read.format(FORMAT).schema(_DOCUMENT).options(**options).load()
    wanted = documents.where(F.col("key") == profile.key)
    if below is not None:
        wanted = wanted.where(F.col("track") < below)
    ordered = wanted.repartition(partitions, "track").sortWithinPartitions("track")
    return ordered.mapInArrow(_rows_of(profile), schema)


def _rows_of(profile: Profile) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def rows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            shapes, values = batch.column("shape").to_pylist(), batch.column("values").to_pylist()
            features = map(_matrix, values, shapes)
            columns = [
                batch.column("track"),
                pa.array(map(profile.audible, features), pa.bool_()),
                batch.column("values"),
            ]
            yield pa.RecordBatch.from_arrays(columns, ["track", "audible", "values"])

    return rows


def _matrix(values: bytes, shape: list[int]) -> NDArray[np.float32]:
    return np.frombuffer(values, "<f4").reshape(shape)
