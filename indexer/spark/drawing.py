"""Smooths a library between learning and hashing: each vector is drawn to its nearest by locally scaled distance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.scaling import local_scales, rescaled_lists
from indexer.core.model.smoothing import SMOOTHED_BY, smoothed
from indexer.spark.arrow import vectors_column
from indexer.spark.assembly import AssembledLibrary, lists_of_all
from indexer.spark.lists import NeighbourLists

_ROWS_PER_PARTITION = 8_192


def smoothed_library(library: AssembledLibrary, found: NeighbourLists) -> AssembledLibrary:
    """The library with smoothed vectors.

    Args:
        library: all tracks.
        found: lists of the comparable tracks, in whose order their rows are counted.
    """
    lists = lists_of_all(library, found)
    return replace(library, vectors=smoothed(library.vectors, nearest_by_scale(lists)), plain=library.vectors)


def nearest_by_scale(lists: NeighbourLists) -> NDArray[np.intp]:
    """The SMOOTHED_BY nearest of every track by scaled distance, shape (tracks, up to SMOOTHED_BY)."""
    return rescaled_lists(lists.rows, lists.distances, local_scales(lists.distances), SMOOTHED_BY)


def vectors_frame_of(spark: SparkSession, library: AssembledLibrary) -> DataFrame:
    """(track, vector), as the transform makes it, of vectors that the driver holds."""
    parts = max(1, len(library.ids) // _ROWS_PER_PARTITION)
    ids = pa.array([track.decode("ascii") for track in library.ids.tolist()], pa.string())
    table = pa.table({"track": ids, "vector": vectors_column(library.vectors)})
    frame = spark.createDataFrame(table).repartitionByRange(parts, "track")
    return frame.select("track", array_to_vector(F.col("vector").cast("array<double>")).alias("vector"))
