"""Alternating least squares by `pyspark.ml`, of implicit feedback and, as a baseline, of counts taken for ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import StringIndexer
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.taste.factors import Factors
from indexer.core.taste.histories import Histories
from indexer.spark.arrow import matrix_of

_ENTRIES_PER_BLOCK = 250_000
_MOST_BLOCKS = 64


@dataclass(frozen=True)
class AlsSetting:
    """What is chosen before anything is learnt.

    Attributes:
        rank: numbers of an item.
        regularisation: Spark's regParam, for each rating.
        alpha: how much a play adds to the confidence in it; 0 for counts taken for ratings.
        logarithmic: learn from log(1 + plays).
        iterations: rounds, in each of which listeners and items are solved once.
    """

    rank: int = 64
    regularisation: float = 0.5
    alpha: float = 1.0
    logarithmic: bool = True
    iterations: int = 10

    def __str__(self) -> str:
        kind = f"alpha {self.alpha:g}" if self.alpha else "explicit"
        return f"rank {self.rank}, regParam {self.regularisation:g}, {kind}"


EXPLICIT = AlsSetting(rank=10, regularisation=0.1, alpha=0.0, logarithmic=False)
"""As the usual tutorials have it: Spark's own defaults, on counts."""


def als_pipeline(setting: AlsSetting, blocks: int, seed: int) -> Pipeline:
    """StringIndexer of listeners and of items → ALS, on a frame of (listener, item, weight)."""
    indexers = [
        StringIndexer(inputCol=name, outputCol=f"{name}_index", stringOrderType="alphabetAsc")
        for name in ("listener", "item")
    ]
    als = ALS(
        userCol="listener_index",
        itemCol="item_index",
        ratingCol="weight",
        rank=setting.rank,
        maxIter=setting.iterations,
        regParam=setting.regularisation,
        implicitPrefs=bool(setting.alpha),
        alpha=setting.alpha or 1.0,
        numUserBlocks=blocks,
        numItemBlocks=blocks,
        seed=seed,
        coldStartStrategy="drop",
    )
    return Pipeline(stages=[*indexers, als])


def weighted(entries: DataFrame, setting: AlsSetting) -> DataFrame:
    """(listener, item, weight) of (listener, item, plays)."""
    weight = F.log1p("plays") if setting.logarithmic else F.col("plays")
    return entries.select("listener", "item", weight.cast("float").alias("weight"))


def learn_factors(spark: SparkSession, train: Histories, setting: AlsSetting, seed: int) -> Factors:
    """Learn the factors of the items of histories; the same ones wherever and however often it runs."""
    entries = weighted(entries_frame(spark, train), setting).persist()
    try:
        model = als_pipeline(setting, blocks_for(train.items.size), seed).fit(entries)
        items = factors_of(model, "item", train.item_count)
    finally:
        entries.unpersist()
    return Factors(items, setting.regularisation, setting.alpha, setting.logarithmic)


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


def factors_of(model: PipelineModel, side: str, count: int) -> NDArray[np.float32]:
    """What was learnt of the listeners or the items: shape (count, rank), zeros for those that were not there.

    Args:
        model: from `als_pipeline`.
        side: "listener" or "item".
        count: how many there are.
    """
    stages: list[Any] = model.stages
    listeners, items, als = stages
    labels = (items if side == "item" else listeners).labels
    table = (als.itemFactors if side == "item" else als.userFactors).toArrow().combine_chunks()
    found = np.zeros((count, als.rank), dtype=np.float32)
    if table.num_rows:
        rows = np.array([int(label) for label in labels], dtype=np.intp)[table["id"].to_numpy()]
        found[rows] = matrix_of(table["features"].chunk(0))
    return found
