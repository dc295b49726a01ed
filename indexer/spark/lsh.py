"""Spark's BucketedRandomProjectionLSH: its projections for the exported model, and its hashes as compound keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.feature import BucketedRandomProjectionLSH, BucketedRandomProjectionLSHModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.index.hashing import HashFamily
from indexer.spark import kernels
from indexer.spark.arrow import matrix_of
from indexer.spark.choice import Setting
from indexer.spark.errors import SparkFailed

_CHECKED = 100
_EQUAL_SHARE = 0.9999


def lsh_estimator(setting: Setting, seed: int) -> BucketedRandomProjectionLSH:
    """From `vector` to `hashes`: as many projections as all tables together have."""
    return BucketedRandomProjectionLSH(
        inputCol="vector",
        outputCol="hashes",
        bucketLength=setting.bucket_length,
        numHashTables=setting.tables * setting.hashes,
        seed=seed,
    )


def hash_family(
    spark: SparkSession, model: BucketedRandomProjectionLSHModel, setting: Setting, scratch: Path
) -> HashFamily:
    """The model's projections, by way of a saved copy: there is no other public way to them."""
    folder = scratch / "lsh"
    model.write().overwrite().save(str(folder))
    row = spark.read.parquet(f"{folder}/data").first()
    if row is None:
        raise OSError(f"{folder} is empty")
    projections = np.ascontiguousarray(row["randUnitVectors"].toArray(), dtype=np.float64)
    return HashFamily(projections, setting.tables, setting.bucket_length)


def coarser(family: HashFamily, hashes: int) -> HashFamily:
    """The same tables with only the first `hashes` of each table's projections, so with fuller buckets."""
    kept = family.projections.reshape(family.tables, family.hashes, -1)[:, :hashes]
    return HashFamily(np.ascontiguousarray(kept).reshape(-1, kept.shape[2]), family.tables, family.bucket_length)


def vectors_frame(transformed: DataFrame) -> DataFrame:
    """(track, vector array<float>), from the pipeline's (track, vector, …)."""
    return transformed.select("track", vector_to_array(F.col("vector"), "float32").alias("vector"))


def hashes_frame(hashed: DataFrame) -> DataFrame:
    """(track, vector array<float>, hashes array<double>), from the pipeline's (track, vector, hashes)."""
    first = F.transform("hashes", lambda bucket: vector_to_array(bucket)[0])
    return hashed.select("track", vector_to_array(F.col("vector"), "float32").alias("vector"), first.alias("hashes"))


def keys_frame(vectors: DataFrame, family: HashFamily) -> DataFrame:
    """(track, keys array<long>), one key per table, from the pipeline's (track, vector, …).

    Hashed by the code that the player runs, which gives Spark's own hashes: see `check_hashes`. Spark's `transform`
    makes an object of every hash, which took a fifth of a whole build at 106,574 tracks.
    """
    return vectors_frame(vectors).mapInArrow(partial(kernels.keys, family), "track string, keys array<long>")


def check_hashes(model: BucketedRandomProjectionLSHModel, vectors: DataFrame, family: HashFamily) -> None:
    """Compare the hashes of some tracks with those that Spark's `transform` gives them.

    Raises:
        SparkFailed: they differ by more than what lies on the very border of two buckets.
    """
    some = hashes_frame(model.transform(vectors.limit(_CHECKED))).toArrow()
    ours = family.buckets(matrix_of(some["vector"].combine_chunks()))
    if np.mean(ours == matrix_of(some["hashes"].combine_chunks())) < _EQUAL_SHARE:
        raise SparkFailed("spark-hashes-otherwise")


@dataclass(frozen=True, eq=False)
class Collected:
    """A column of numbers by track.

    Attributes:
        ids: shape (tracks,), ascending.
        values: shape (tracks, length), in the order of the ids.
    """

    ids: NDArray[np.bytes_]
    values: NDArray[np.generic]


def collect(frame: DataFrame, column: str) -> Collected:
    """Bring `track` and a column of equally long lists to the driver: about 0.3 kB a track."""
    batches = [batch for batch in frame.select("track", column).toArrow().to_batches() if batch.num_rows]
    ids = np.concatenate([np.array(batch["track"].to_pylist(), dtype=np.bytes_) for batch in batches])
    values = np.concatenate([matrix_of(batch[column]) for batch in batches])
    order = np.argsort(ids, kind="stable")
    return Collected(ids[order], values[order])
