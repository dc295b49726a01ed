"""Learns the transform from the library, as a stage of a pyspark.ml Pipeline that applies it too.

Spark sums, the driver only ever sees matrices of the size of the columns. Applying is NumPy in Spark's workers, by the
very code that the player runs, so a track gets the same vector in both.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from pyspark.ml import Estimator, Model
from pyspark.ml.feature import MinMaxScaler, StandardScaler
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.features.profiles import Profile
from indexer.model.transform import BalanceBlocks, Clip, Project, Scale, Select, Step, Transform, UnitLength
from indexer.spark import kernels
from indexer.spark.recipe import Recipe, Scaling

FloatArray = NDArray[np.float64]

_CONSTANT = 1e-7
"""A column that varies by less than this part of its size is constant: float32 cannot tell."""

_RANK = 1e-9
"""Directions with less than this part of the mean squared length are rounding errors."""


class TransformEstimator(Estimator["TransformModel"]):
    """Learns from a DataFrame of (track, values)."""

    def __init__(self, profile: Profile, recipe: Recipe) -> None:
        super().__init__()
        self._profile = profile
        self._recipe = recipe

    def _fit(self, dataset: DataFrame) -> TransformModel:
        local = Transform((_select(self._profile), _learn_scale(dataset, self._profile, self._recipe)))
        local = local.then(*_shaping(self._profile, self._recipe))
        project = _learn_projection(dataset, local, self._recipe.dims)
        ending: tuple[Step, ...] = (UnitLength(),) if self._recipe.unit_length else ()
        return TransformModel(local.then(project, *ending))


class TransformModel(Model):
    """Turns (track, values) into (track, vector); vectors are float32 numbers, stored as Spark's doubles."""

    def __init__(self, transform: Transform) -> None:
        super().__init__()
        self.learnt = transform

    def _transform(self, dataset: DataFrame) -> DataFrame:
        vectors = dataset.mapInArrow(partial(kernels.vectors, self.learnt), "track string, vector array<float>")
        return vectors.select("track", array_to_vector(F.col("vector").cast("array<double>")).alias("vector"))


def _select(profile: Profile) -> Select:
    return Select(np.array(profile.compared_columns, dtype=np.int64))


def _learn_scale(dataset: DataFrame, profile: Profile, recipe: Recipe) -> Scale:
    """Offsets and factors from Spark's own scalers, rounded so that the order of their sums cannot show."""
    vectors = dataset.select(array_to_vector(F.col("values").cast("array<double>")).alias("values"))
    if recipe.scaling is Scaling.STANDARD:
        standard = StandardScaler(inputCol="values", outputCol="scaled", withMean=True, withStd=True).fit(vectors)
        offset, spread = standard.mean.toArray(), standard.std.toArray()
    else:
        limits = MinMaxScaler(inputCol="values", outputCol="scaled").fit(vectors)
        offset = limits.originalMin.toArray()
        spread = limits.originalMax.toArray() - offset
    columns = np.array(profile.compared_columns)
    return scale_of(offset[columns], spread[columns])


def scale_of(offset: FloatArray, spread: FloatArray) -> Scale:
    """The step that makes columns of that spread equal; constant ones become 0. Shapes (columns,)."""
    varies = spread > _CONSTANT * np.abs(offset)
    factor = np.where(varies, 1.0 / np.where(varies, spread, 1.0), 0.0)
    return Scale(offset.astype(np.float32), factor.astype(np.float32))


def _shaping(profile: Profile, recipe: Recipe) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = ()
    if recipe.clip is not None:
        steps += (Clip(np.array(recipe.clip)),)
    if recipe.weights is not None:
        blocks = [block for block in profile.blocks if block.compared]
        sizes = [len(block.columns) for block in blocks]
        starts = np.cumsum([0, *sizes[:-1]])
        weights = np.array([recipe.weights.get(block.name, 1.0) for block in blocks])
        steps += (BalanceBlocks(starts.astype(np.int64), weights),)
    return steps


def _learn_projection(dataset: DataFrame, transform: Transform, dims: int) -> Project:
    """Principal axes, from sums that are added in the order of the partitions.

    Spark's PCA adds them in the order in which tasks end, and eigenvectors magnify the last bit; two builds of one
    library would differ.
    """
    columns = len(transform.steps[0].columns)  # type: ignore[attr-defined]
    parts = dataset.mapInArrow(partial(kernels.sums, transform), "part int, count long, sums binary, products binary")
    count, sums, products = 0, np.zeros(columns), np.zeros((columns, columns))
    for part in sorted(parts.toArrow().to_pylist(), key=lambda part: int(part["part"])):
        count += part["count"]
        sums += np.frombuffer(part["sums"])
        products += np.frombuffer(part["products"]).reshape(columns, columns)
    return principal_axes(count, sums, products, dims)


def principal_axes(count: int, sums: FloatArray, products: FloatArray, dims: int) -> Project:
    """The `dims` directions of greatest variance, or as many as there are, at least one.

    Args:
        count: number of rows, at least 1.
        sums: shape (columns,), of the rows.
        products: shape (columns, columns), of the rows' outer products.
        dims: how many at most.
    """
    centre = sums / count
    variances, axes = np.linalg.eigh(products / count - np.outer(centre, centre))
    kept = int(np.count_nonzero(variances > _RANK * np.trace(products) / count))
    chosen = axes[:, ::-1][:, : max(1, min(dims, kept))]
    # An axis is as good as its opposite; the one whose largest entry is positive is taken, so that builds agree.
    largest = np.take_along_axis(chosen, np.abs(chosen).argmax(axis=0)[np.newaxis], axis=0)
    return Project(centre, np.ascontiguousarray(chosen * np.where(largest < 0, -1.0, 1.0)))
