"""An autoencoder of listening whose gradients Spark's workers work out: the same steps as in one process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyspark.sql import SparkSession

from indexer.core.taste.autoencoder import Autoencoder, Gradient
from indexer.core.taste.descent import Gradients, LearningSetting, Place, learning
from indexer.core.taste.histories import Histories
from indexer.spark.shared import shared
from indexer.spark.taste.kernels import gradients_of_blocks


def learning_by_spark(
    spark: SparkSession, histories: Histories, setting: LearningSetting, seed: int
) -> Iterator[tuple[int, Autoencoder]]:
    """As `learning`, with every block of a step as a part of its own; the same on any master, whoever is killed."""
    return learning(histories, setting, seed, _gradients_by(spark, setting))


def _gradients_by(spark: SparkSession, setting: LearningSetting) -> Gradients:
    def gradients(weights: Autoencoder, blocks: Sequence[tuple[Histories, Place]]) -> Sequence[Gradient]:
        with shared(spark, *weights.arrays) as sent:
            parts = spark.sparkContext.parallelize(blocks, len(blocks))
            found: list[Gradient] = parts.mapPartitions(gradients_of_blocks(sent, setting.keep)).collect()
        return found

    return gradients
