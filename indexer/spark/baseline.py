"""How the systems this project grew from find neighbours: MinMaxScaler, one projection a table, approxSimilarityJoin.

Kept as the baseline that `indexer tune` measures; all of it is Spark's own MLlib.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.feature import BucketedRandomProjectionLSH, BucketedRandomProjectionLSHModel, MinMaxScaler
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.index.recall import exact_distances, recall_of
from indexer.spark.arrow import matrix_of, vectors_column
from indexer.spark.choice import Setting
from indexer.spark.memory import PeakMemory
from indexer.spark.tuning import OnPoint, Point, candidate_share, is_usual, largest_bucket

_SHUFFLED_INTO = "8"
"""Partitions of a shuffle; the usual 200 would charge a small library more for empty tasks than for its join."""

_CLUSTERS = 8

Vectors = NDArray[np.float32]


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


def try_baseline(
    frame: DataFrame, settings: Iterable[Setting], k: int, seed: int, repeats: int, on_point: OnPoint
) -> list[Point]:
    """Join the library with itself, setting by setting.

    Args:
        frame: from `scaled_frame`.
        settings: of one hash per table and no probes.
        k: recall is that of the k nearest.
        seed: of the projections.
        repeats: how often each join runs; the median counts.
        on_point: told of each point as it is measured.
    """
    vectors = vectors_of(frame)
    truth = exact_distances(vectors, np.arange(len(vectors)), k)
    threshold = float(truth.max()) * (1 + 1e-6)  # so that no true neighbour is lost to it
    points: list[Point] = []
    for setting in settings:
        if not points:
            _joined(frame, setting, seed, k, threshold)  # the first join pays for loading its code
        points.append(_measured(frame, setting, seed, truth, threshold, repeats))
        on_point(points[-1])
    return points


def _measured(frame: DataFrame, setting: Setting, seed: int, truth: Vectors, threshold: float, repeats: int) -> Point:
    seconds: list[float] = []
    with PeakMemory() as memory:
        for _ in range(repeats):
            started = time.perf_counter()
            model, table = _joined(frame, setting, seed, truth.shape[1], threshold)
            seconds.append(time.perf_counter() - started)
    hashes = _hashes(model, frame)
    return Point(
        setting=setting,
        recall=recall_of(_found(table, truth.shape), truth),
        candidate_share=candidate_share(hashes),
        largest_bucket=largest_bucket(hashes),
        seconds=statistics.median(seconds),
        megabytes=memory.megabytes,
        usual=is_usual(setting),
    )


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
