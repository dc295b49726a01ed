"""Where a build finds the features of a library: all of them, and those of the tracks that it learns from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.home import Home
from indexer.core.model.manifest import FEWEST_TRACKS
from indexer.core.model.profiles import Profile
from indexer.core.store import Database
from indexer.core.tracks import TrackId
from indexer.spark.errors import TooFewTracks
from indexer.spark.source import features_frame

LEARN_FROM = 131_072
"""Tracks that are enough to learn the transform from: it has more than a thousand columns. Libraries up to this size
are read once and kept on disk meanwhile, 16 kB a track; of larger ones only this many are."""


@dataclass(frozen=True)
class Features:
    """Frames of `indexer.spark.source.SCHEMA`.

    Attributes:
        every: of all tracks.
        sample: of those to learn from; the same frame where that is all.
    """

    every: DataFrame
    sample: DataFrame

    @property
    def whole(self) -> bool:
        """Whether the sample is everything."""
        return self.sample is self.every


Origin = Callable[[SparkSession], AbstractContextManager[Features]]
"""Opens the features in a session; they are readable within the block."""


def stored(database: Database, home: Home, profile: Profile) -> tuple[Origin, int]:
    """The features of all tracks that are present or away, and how many they are.

    Raises:
        TooFewTracks: fewer than two.
    """
    analysed = database.analysed(profile.key)
    unwanted = database.features.analysed(profile.key) - analysed
    tracks = len(analysed)
    if tracks < FEWEST_TRACKS:
        raise TooFewTracks("few-analysed", number=tracks, fewest=FEWEST_TRACKS)

    @contextmanager
    def opened(spark: SparkSession) -> Iterator[Features]:
        with ExitStack() as stack:
            every = stack.enter_context(features_frame(spark, database, home, profile, tracks))
            every = _without(spark, every, unwanted)
            if tracks <= LEARN_FROM:
                yield Features(every, every)
                return
            some = stack.enter_context(features_frame(spark, database, home, profile, tracks, wanted=LEARN_FROM))
            yield Features(every, _without(spark, some, unwanted))

    return opened, tracks


def _without(spark: SparkSession, features: DataFrame, unwanted: Collection[TrackId]) -> DataFrame:
    if not unwanted:
        return features
    gone = spark.createDataFrame(pa.table({"track": sorted(unwanted)}))
    return features.join(F.broadcast(gone), "track", "left_anti")
