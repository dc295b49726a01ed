"""Puts a model together: smoothed vectors, lists of the comparable tracks and of the others, scales, hubs, pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.arrays import ModelArrays
from indexer.core.model.index.exact import NeighbourLists, Vectors, exact_lists
from indexer.core.model.index.search import BuiltIndex
from indexer.core.model.index.tables import Tables
from indexer.core.model.picture.layout import NEIGHBOURS as LAYOUT_NEIGHBOURS
from indexer.core.model.picture.layout import layout_of
from indexer.core.model.scaling import hubness, local_scales, rescaled_lists, scaled_pair_distances
from indexer.core.model.smoothing import smoothed_by_scale
from indexer.core.model.space.transform import Transform
from indexer.spark.arrow import vectors_column

_HUBS_AT = 10
_ROWS_PER_PARTITION = 8_192
_ROWS = 8_192
"""Lists re-ordered at once, to spare memory."""


@dataclass(frozen=True, eq=False)
class AssembledLibrary:
    """What the model is about.

    Attributes:
        ids: shape (tracks,), ascending.
        vectors: shape (tracks, dims).
        comparable: shape (tracks,), False for tracks that hold too little sound to be anyone's neighbour.
        plain: shape (tracks, dims), the vectors before they were smoothed; None where they were not.
    """

    ids: NDArray[np.bytes_]
    vectors: Vectors
    comparable: NDArray[np.bool_]
    plain: Vectors | None = None

    @property
    def rows(self) -> NDArray[np.intp]:
        """Rows of the comparable tracks, ascending."""
        return np.flatnonzero(self.comparable)


def arrays_of(
    library: AssembledLibrary, found: NeighbourLists, index: BuiltIndex, transform: Transform, seed: int
) -> ModelArrays:
    """The arrays of the model.

    Args:
        library: all tracks.
        found: lists of the comparable tracks, in whose order their rows are counted.
        index: over the comparable tracks likewise.
        transform: what made the vectors.
        seed: of the random pairs.
    """
    lists = lists_of_all(library, found)
    scales = local_scales(lists.distances)
    return ModelArrays(
        ids=library.ids,
        neighbours=lists.rows,
        distances=lists.distances,
        scales=scales,
        comparable=library.comparable,
        pairs=scaled_pair_distances(library.vectors, scales, library.rows, seed),
        index=BuiltIndex(library.vectors, index.family, _tables_of_all(library, index.tables), index.probes),
        transform=transform,
        plain=None if library.plain is None else library.plain.astype(np.float16),
    )


def smoothed_library(library: AssembledLibrary, found: NeighbourLists) -> AssembledLibrary:
    """The library with smoothed vectors.

    Args:
        library: all tracks.
        found: lists of the comparable tracks, in whose order their rows are counted.
    """
    vectors = smoothed_by_scale(library.vectors, lists_of_all(library, found))
    return replace(library, vectors=vectors, plain=library.vectors)


def vectors_frame_of(spark: SparkSession, library: AssembledLibrary) -> DataFrame:
    """(track, vector), as the transform makes it, of vectors that the driver holds."""
    parts = max(1, len(library.ids) // _ROWS_PER_PARTITION)
    ids = pa.array([track.decode("ascii") for track in library.ids.tolist()], pa.string())
    table = pa.table({"track": ids, "vector": vectors_column(library.vectors)})
    frame = spark.createDataFrame(table).repartitionByRange(parts, "track")
    return frame.select("track", array_to_vector(F.col("vector").cast("array<double>")).alias("vector"))


def hubs_of(arrays: ModelArrays) -> dict[str, float]:
    """Hubness of the lists of ten by scaled distance, and the skewness by plain distance."""
    by_scale = _by_scale(arrays, _HUBS_AT)
    measured = hubness(by_scale, len(arrays.ids), _HUBS_AT, comparable=arrays.comparable)
    plain = hubness(arrays.neighbours, len(arrays.ids), _HUBS_AT, comparable=arrays.comparable)
    figures: dict[str, Any] = asdict(measured) | {"raw_skewness": plain.skewness}
    return {name: round(float(value), 6) for name, value in figures.items() if name != "k"}


def with_layout(arrays: ModelArrays, breathe: Callable[[], None]) -> ModelArrays:
    """The same with places in a picture, in which tracks are near to what is shown as similar to them.

    Args:
        arrays: of the model.
        breathe: called again and again; it may wait, or raise to give up.
    """
    nearest = _by_scale(arrays, LAYOUT_NEIGHBOURS)
    return replace(arrays, layout=layout_of(arrays.index.vectors, nearest, breathe))


def lists_of_all(library: AssembledLibrary, found: NeighbourLists) -> NeighbourLists:
    """Lists by row of the library; of tracks that are not comparable, the nearest comparable ones."""
    rows = library.rows
    if len(rows) == len(library.ids):
        return found
    k = found.rows.shape[1]
    lists = NeighbourLists.empty(len(library.ids), k)
    counted = rows.astype(np.int32)
    for start in range(0, len(rows), _ROWS):
        own = slice(start, start + _ROWS)
        lists.rows[rows[own]] = np.where(found.rows[own] >= 0, counted[found.rows[own]], -1)
        lists.distances[rows[own]] = found.distances[own]
    silent = np.flatnonzero(~library.comparable)
    of_silent = exact_lists(library.vectors, k, silent, library.comparable)
    lists.rows[silent], lists.distances[silent] = of_silent.rows, of_silent.distances
    return lists


def _by_scale(arrays: ModelArrays, k: int) -> NDArray[np.intp]:
    """The first `k` of every list by scaled distance, shape (tracks, up to k), -1 where there are no more."""
    starts = range(0, len(arrays.ids), _ROWS)
    parts = [(arrays.neighbours[start : start + _ROWS], arrays.distances[start : start + _ROWS]) for start in starts]
    # The scale of the asking track is the same for all of its list, so it does not change the order.
    return np.concatenate([rescaled_lists(rows, apart, arrays.scales, k) for rows, apart in parts])


def _tables_of_all(library: AssembledLibrary, tables: Tables) -> Tables:
    """The same buckets, with rows of the library in them."""
    return Tables(tables.keys, tables.starts, library.rows.astype(np.int32)[tables.rows])
