"""Histories as Spark reads them: one row for each listener and item, in an order that no scheduling can change."""

from __future__ import annotations

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from indexer.core.taste.histories import Histories

_ENTRIES_PER_BLOCK = 250_000
_MOST_BLOCKS = 64


def blocks_for(entries: int) -> int:
    """Parts that the entries are worked on in: by their number alone, for parts decide the order of sums."""
    return min(max(2, entries // _ENTRIES_PER_BLOCK), _MOST_BLOCKS)


def entries_frame(spark: SparkSession, histories: Histories) -> DataFrame:
    """(listener int, item int, plays float), parted by listener, in the order of the histories within a part."""
    blocks = blocks_for(histories.items.size)
    spark.conf.set("spark.sql.shuffle.partitions", str(blocks))
    table = pa.table(
        {
            "listener": pa.array(histories.listeners_of_entries()),
            "item": pa.array(histories.items),
            "plays": pa.array(histories.plays),
        }
    )
    return spark.createDataFrame(table).repartition(blocks, "listener").sortWithinPartitions("listener", "item")
