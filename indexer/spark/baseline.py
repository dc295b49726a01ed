"""How the systems this project grew from find neighbours: MinMaxScaler, one projection a table, approxSimilarityJoin.

Kept as the baseline that `indexer tune` measures; all of it is Spark's own MLlib.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.feature import BucketedRandomProjectionLSH, BucketedRandomProjectionLSHModel, MinMaxScaler
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.index.exact import Vectors, exact_lists
from indexer.core.model.index.recall import RECALL_AT, recall_of
from indexer.spark.arrow import matrix_of, vectors_column
from indexer.spark.choice import Setting, Trial

_SHUFFLED_INTO = "8"
"""Partitions of a shuffle; the usual 200 would charge a small library more for empty tasks than for its join."""

_CLUSTERS = 8
_BLOCK = 512


def scaled_frame(spark: SparkSession, values: Vectors) -> DataFrame:
    """(row int, vector) with every column scaled to 0 … 1, kept in memory; `values` has the shape (tracks, columns)."""
    spark.conf.set("spark.sql.shuffle.partitions", _SHUFFLED_INTO)
    table = pa.table({"row": pa.array(np.arange(len(values), dtype=np.int32)), "values": vectors_column(values)})
    raw = spark.createDataFrame(table).select(
        "row", array_to_vector(F.col("values").cast("array<double>")).alias("raw")
    )
    scaler = MinMaxScaler(inputCol="raw", outputCol="vector").fit(raw)
    return scaler.transform(raw).select("row", "vector").persist()


def vectors_of(frame: DataFrame) -> Vectors:
    """The vectors of a frame, shape (tracks, dims), in the order of its rows."""
    table = frame.orderBy("row").select(vector_to_array(F.col("vector"), "float32").alias("vector")).toArrow()
    return np.concatenate([matrix_of(chunk) for chunk in table["vector"].chunks if len(chunk)]).astype(np.float32)


def baseline_trials(
    frame: DataFrame, bucket_lengths: Iterable[float], tables: Iterable[int], seed: int
) -> Iterator[Trial]:
    """Join the library with itself, one projection a table, by every length with every number of tables.

    Args:
        frame: from `scaled_frame`.
        bucket_lengths: widths of a bucket, in the unit of the vectors.
        tables: numbers of hash tables.
        seed: of the projections.
    """
    vectors = vectors_of(frame)
    truth = exact_lists(vectors, RECALL_AT).distances
    threshold = float(truth.max()) * (1 + 1e-6)  # so that no true neighbour is lost to it
    grid = product(sorted(set(bucket_lengths)), sorted(set(tables)))
    settings = [Setting(1, count, length) for length, count in grid]
    _joined(frame, settings[0], seed, truth.shape[1], threshold)  # the first join pays for loading its code
    for setting in settings:
        started = time.perf_counter()
        model, table = _joined(frame, setting, seed, truth.shape[1], threshold)
        seconds = time.perf_counter() - started
        found = _found(table, truth.shape)
        yield Trial(setting, recall_of(found, truth), candidate_share(_hashes(model, frame)), round(seconds, 3))


def candidate_share(hashes: NDArray[np.float64]) -> float:
    """Share of all pairs of tracks that agree in one hash at least; shape (tracks, tables)."""
    tracks = len(hashes)
    met = 0
    for start in range(0, tracks, _BLOCK):
        block = hashes[start : start + _BLOCK]
        together = np.zeros((len(block), tracks), dtype=bool)
        for own, every in zip(block.T, hashes.T, strict=True):
            together |= own[:, np.newaxis] == every
        met += int(together.sum())
    return (met - tracks) / max(tracks * (tracks - 1), 1)


def _joined(
    frame: DataFrame, setting: Setting, seed: int, k: int, threshold: float
) -> tuple[BucketedRandomProjectionLSHModel, pa.Table]:
    """Fit, join, and the k nearest of each row: (row, rank, distance)."""
    estimator = BucketedRandomProjectionLSH(
        inputCol="vector",
        outputCol="hashes",
        bucketLength=setting.bucket_length,
        numHashTables=setting.tables,
        seed=seed,
    )
    model = estimator.fit(frame)
    pairs = model.approxSimilarityJoin(frame, frame, threshold, distCol="distance")
    pairs = pairs.select(F.col("datasetA.row").alias("row"), F.col("datasetB.row").alias("other"), "distance")
    nearest_first = Window.partitionBy("row").orderBy("distance", "other")
    ranked = (
        pairs.where("row != other").withColumn("rank", F.row_number().over(nearest_first)).where(F.col("rank") <= k)
    )
    return model, ranked.select("row", "rank", "distance").toArrow()


def _found(table: pa.Table, shape: tuple[int, ...]) -> Vectors:
    """Distances by row and rank, infinite where nothing was found."""
    found = np.full(shape, np.inf, dtype=np.float32)
    found[table["row"].to_numpy(), table["rank"].to_numpy() - 1] = table["distance"].to_numpy()
    return found


def _hashes(model: BucketedRandomProjectionLSHModel, frame: DataFrame) -> NDArray[np.float64]:
    """Spark's hashes, shape (tracks, tables)."""
    first = F.transform("hashes", lambda bucket: vector_to_array(bucket)[0])
    table = model.transform(frame).select(first.alias("hashes")).toArrow()
    return np.concatenate([matrix_of(chunk) for chunk in table["hashes"].chunks if len(chunk)])


def silhouettes(spark: SparkSession, frame: DataFrame, genres: Sequence[str], seed: int) -> dict[str, float]:
    """Silhouette scores of the vectors by Spark's ClusteringEvaluator: of k-means clusters, and of genres if there are.

    Args:
        spark: the session of `frame`.
        frame: from `scaled_frame`.
        genres: one per row, "" where unknown.
        seed: of k-means.
    """
    evaluator = ClusteringEvaluator(featuresCol="vector", predictionCol="cluster", metricName="silhouette")
    clusters = KMeans(k=_CLUSTERS, seed=seed, featuresCol="vector", predictionCol="cluster").fit(frame)
    scores = {f"{_CLUSTERS} k-means clusters": evaluator.evaluate(clusters.transform(frame))}
    names = sorted({genre for genre in genres if genre})
    if len(names) > 1:
        known = [(row, names.index(genre)) for row, genre in enumerate(genres) if genre]
        labels = spark.createDataFrame(known, "row int, cluster int")
        scores[f"{len(names)} genres"] = evaluator.evaluate(frame.join(labels, "row"))
    return {name: round(float(score), 4) for name, score in scores.items()}
