"""Learns the transform from the library, as a stage of a pyspark.ml Pipeline that applies it too.

Spark's workers add up, the driver only ever sees matrices of the size of the columns. Applying is NumPy in Spark's
workers, by the very code that the player runs, so a track gets the same vector in both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from pyspark.ml import Estimator, Model
from pyspark.ml.feature import MinMaxScaler
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.profiles import Profile
from indexer.core.model.space.fitting import Limits, learn_transform
from indexer.core.model.space.recipe import Recipe
from indexer.core.model.space.shipped import with_reference
from indexer.core.model.space.sums import Features, Sums
from indexer.core.model.space.transform import Transform
from indexer.spark import kernels


class TransformEstimator(Estimator["TransformModel"]):
    """Learns from a DataFrame of `indexer.spark.source.SCHEMA`."""

    def __init__(self, profile: Profile, recipe: Recipe) -> None:
        super().__init__()
        self._profile = profile
        self._recipe = recipe

    def _fit(self, dataset: DataFrame) -> TransformModel:
        gather = with_reference(partial(_gather, dataset, self._profile), self._profile)
        limits = partial(_limits, dataset, self._profile)
        return TransformModel(learn_transform(gather, limits, self._profile, self._recipe), self._profile)


class TransformModel(Model):
    """Turns (track, audible, values) into (track, audible, vector); vectors are float32 numbers, stored as doubles."""

    def __init__(self, transform: Transform, profile: Profile) -> None:
        super().__init__()
        self.learnt = transform
        self._shape = (profile.windows, profile.dims)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        kernel = partial(kernels.vectors, self.learnt, self._shape)
        schema = "track string, audible boolean, vector array<float>"
        vectors = dataset.select("track", "audible", "values").mapInArrow(kernel, schema)
        stored = array_to_vector(F.col("vector").cast("array<double>")).alias("vector")
        return vectors.select("track", "audible", stored)


def _gather(dataset: DataFrame, profile: Profile, kernel: Callable[[Features], Sums], nothing: Sums) -> Sums:
    """The sums of all tracks, added in the order of the partitions.

    Spark's own aggregates add in the order in which tasks end, and eigenvectors magnify the last bit; two builds of one
    library would differ.
    """
    shape = (profile.windows, profile.dims)
    found = dataset.select("values").mapInArrow(partial(kernels.sums, kernel, shape), "part int, sums array<binary>")
    total = nothing
    for record in sorted(found.toArrow().to_pylist(), key=lambda record: int(record["part"])):
        total += nothing.from_bytes(record["sums"])
    return total


def _limits(dataset: DataFrame, profile: Profile) -> Limits:
    """From Spark's own scaler."""
    kernel = partial(kernels.means, (profile.windows, profile.dims))
    means = dataset.select("track", "values").mapInArrow(kernel, "track string, vector array<float>")
    vectors = means.select(array_to_vector(F.col("vector").cast("array<double>")).alias("vector"))
    found = MinMaxScaler(inputCol="vector", outputCol="scaled").fit(vectors)
    columns = np.array(profile.compared_columns)
    return found.originalMin.toArray()[columns], found.originalMax.toArray()[columns]
