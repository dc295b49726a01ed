"""Spark's BucketedRandomProjectionLSH: its projections for the exported model, and its hashes as compound keys."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.feature import BucketedRandomProjectionLSH, BucketedRandomProjectionLSHModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.model.hashing import HashFamily
from indexer.spark import kernels
from indexer.spark.arrow import matrix_of

BUCKET_LENGTH = 1.0
"""As long as the vectors themselves: the hash of a centred unit vector is then the side of a plane it lies on."""

_TRACKS_PER_BUCKET = 6.5
"""Aimed at on average; real buckets are uneven, and tracks meet in ones several times as full."""

_MOST_HASHES = 20


@dataclass(frozen=True)
class TableShape:
    """How many tables, and how many hashes make up the key of one."""

    tables: int
    hashes: int


def table_shape(tracks: int, tables: int) -> TableShape:
    """As many hashes as leave a few tracks to a bucket: 5 at 265 tracks, 14 at 106,574."""
    hashes = round(math.log2(max(tracks, 1) / _TRACKS_PER_BUCKET))
    return TableShape(tables, min(max(hashes, 1), _MOST_HASHES))


def lsh_estimator(shape: TableShape, seed: int) -> BucketedRandomProjectionLSH:
    """The last stage of the pipeline: from `vector` to `hashes`."""
    return BucketedRandomProjectionLSH(
        inputCol="vector",
        outputCol="hashes",
        bucketLength=BUCKET_LENGTH,
        numHashTables=shape.tables * shape.hashes,
        seed=seed,
    )


def hash_family(
    spark: SparkSession, model: BucketedRandomProjectionLSHModel, shape: TableShape, scratch: Path
) -> HashFamily:
    """The model's projections, by way of a saved copy: there is no other public way to them."""
    folder = scratch / "lsh"
    model.write().overwrite().save(str(folder))
    row = spark.read.parquet(f"{folder}/data").first()
    if row is None:
        raise OSError(f"{folder} is empty")
    projections = np.ascontiguousarray(row["randUnitVectors"].toArray(), dtype=np.float64)
    return HashFamily(projections, shape.tables, BUCKET_LENGTH)


def hashes_frame(hashed: DataFrame) -> DataFrame:
    """(track, vector array<float>, hashes array<double>), from the pipeline's (track, vector, hashes)."""
    first = F.transform("hashes", lambda bucket: vector_to_array(bucket)[0])
    return hashed.select("track", vector_to_array(F.col("vector"), "float32").alias("vector"), first.alias("hashes"))


def keys_frame(hashed: DataFrame, family: HashFamily) -> DataFrame:
    """(track, vector array<float>, keys array<long>): Spark's hashes joined into one key per table."""
    schema = "track string, vector array<float>, keys array<long>"
    return hashes_frame(hashed).mapInArrow(partial(kernels.keys, family), schema)


@dataclass(frozen=True, eq=False)
class HashedTracks:
    """Everything of the library that the exported model holds, in the order of track ids.

    Attributes:
        ids: shape (tracks,), ascending.
        vectors: shape (tracks, dims).
        keys: shape (tracks, tables), from Spark's hashes.
    """

    ids: NDArray[np.bytes_]
    vectors: NDArray[np.float32]
    keys: NDArray[np.int64]


def collect(keys: DataFrame) -> HashedTracks:
    """Bring a frame of `keys_frame` to the driver: about 0.5 kB a track."""
    batches = [batch for batch in keys.toArrow().to_batches() if batch.num_rows]
    ids = np.concatenate([np.array(batch["track"].to_pylist(), dtype=np.bytes_) for batch in batches])
    vectors = np.concatenate([matrix_of(batch["vector"]) for batch in batches])
    joined = np.concatenate([matrix_of(batch["keys"]) for batch in batches])
    order = np.argsort(ids, kind="stable")
    return HashedTracks(ids[order], vectors[order], joined[order])
