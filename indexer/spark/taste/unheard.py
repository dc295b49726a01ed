"""Factors for items that nobody heard: a ridge regression from content, learnt on the items that were heard."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.spark.arrow import vectors_column
from indexer.spark.taste import kernels
from indexer.spark.taste.kernels import with_constant

Content = Mapping[str, NDArray[np.float32]]
"""Blocks of content by name, sound or words, each of shape (items, dims of the block)."""

PENALTY = 300.0
"""Of the ridge, on scaled content: as if so many more items were known that deviate in nothing."""

_ITEMS_PER_PART = 16_384


def factors_of_unheard(
    spark: SparkSession, factors: NDArray[np.float32], content: Content, penalty: float = PENALTY
) -> NDArray[np.float32]:
    """The same factors, with those of items without any told from content: shape (items, rank).

    One solve for all factors: Spark adds up XᵀX and XᵀY of the heard items, in the order of the parts.

    Args:
        spark: the session.
        factors: shape (items, rank), zeros where an item was not heard.
        content: blocks that VectorAssembler puts together.
        penalty: of the ridge, > 0.
    """
    heard: NDArray[np.bool_] = np.any(factors != 0, axis=1)
    if heard.all() or not heard.any():
        return factors
    blocks = {name: _scaled(block, heard) for name, block in content.items()}
    weights = _ridge(_gathered(_assembled(spark, blocks, factors, heard)), factors.shape[1], penalty)
    told = np.concatenate([block[~heard] for block in blocks.values()], axis=1)
    complete = factors.copy()
    complete[~heard] = with_constant(told) @ weights
    return complete


def _scaled(block: NDArray[np.float32], heard: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Mean 0 in every column over what was heard, and spread 1 in the mean column of a block.

    Columns keep their sizes beside each other: in vectors by principal components the last say least, and made as large
    as the first they are noise.
    """
    apart = block - block[heard].mean(axis=0)
    spread = float(np.sqrt(np.mean(apart[heard] ** 2)))
    scaled: NDArray[np.float32] = (apart / (spread or 1.0)).astype(np.float32)
    return scaled


def _assembled(
    spark: SparkSession, blocks: Content, factors: NDArray[np.float32], heard: NDArray[np.bool_]
) -> DataFrame:
    """(features array<double>, factors array<float>) of what was heard."""
    columns = {name: vectors_column(block[heard]) for name, block in blocks.items()}
    table = pa.table(columns | {"factors": vectors_column(factors[heard]), "item": pa.array(np.flatnonzero(heard))})
    parts = max(1, table.num_rows // _ITEMS_PER_PART)
    frame = spark.createDataFrame(table).repartition(parts, "item").sortWithinPartitions("item")
    for name in blocks:
        frame = frame.withColumn(name, array_to_vector(F.col(f"`{name}`").cast("array<double>")))
    assembled = VectorAssembler(inputCols=list(blocks), outputCol="features").transform(frame)
    return assembled.select(vector_to_array(F.col("features")).alias("features"), "factors")


def _gathered(assembled: DataFrame) -> NDArray[np.float64]:
    """XᵀX beside XᵀY, with a column of ones in X: shape (dims + 1, dims + 1 + rank)."""
    found = (
        assembled.mapInArrow(kernels.sums_of_products, "part int, rows int, sums array<double>").toArrow().to_pylist()
    )
    ordered = sorted(found, key=lambda record: int(record["part"]))
    total: NDArray[np.float64] = np.sum([record["sums"] for record in ordered], axis=0)
    return total.reshape(int(ordered[0]["rows"]), -1)


def _ridge(sums: NDArray[np.float64], rank: int, penalty: float) -> NDArray[np.float64]:
    """Weights of shape (dims + 1, rank); the constant is not held down."""
    dims = sums.shape[1] - rank
    diagonal = penalty * np.eye(dims)
    diagonal[-1, -1] = 0.0
    return np.linalg.solve(sums[:, :dims] + diagonal, sums[:, dims:]).astype(np.float64, copy=False)
