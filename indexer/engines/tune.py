"""Tunes the hash tables of a profile on the features that are in the database, and keeps what it chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model.index.recall import exact_neighbours
from indexer.core.model.profiles import Profile
from indexer.core.model.scaling import SCALE_NEIGHBOURS, local_scales, rescaled_lists
from indexer.core.model.smoothing import SMOOTHED_BY, smoothed
from indexer.core.model.space.recipe import Scaling, recipe_of
from indexer.core.model.space.shipped import fit_library
from indexer.core.model.space.transform import means_of_windows
from indexer.core.store import Database
from indexer.core.tracks import TrackId
from indexer.spark.tuned import Tuned, store_tuned
from indexer.spark.tuning import (
    BUCKET_LENGTHS,
    SYSTEM_TABLES,
    Point,
    cheapest,
    compound_settings,
    system_settings,
    try_compound,
)

FEWEST = 20
"""Tracks without which recall at ten says nothing."""


class TooFewToTune(SegueError):
    """There is not enough music analysed to compare settings on."""


@dataclass(frozen=True)
class TuneOptions:
    """What is tried; an empty grid means the usual one of the profile.

    Attributes:
        wanted: recall to be reached, 0 to 1.
        k: of the recall.
        sample: tracks that are tried on, at most.
        repeats: of each join; the median counts.
        seed: of the sample, the projections and the clusters.
    """

    bucket_lengths: Sequence[float] = ()
    tables: Sequence[int] = ()
    hashes: Sequence[int] = ()
    probes: Sequence[int] = ()
    wanted: float = 0.95
    k: int = 10
    sample: int = 2_000
    repeats: int = 3
    seed: int = 0


@dataclass(frozen=True)
class Tuning:
    """What came of it.

    Attributes:
        profile: which features.
        tracks: how many were tried on.
        points: every setting, in the order of the grid.
        chosen: the cheapest that reaches the wanted recall, or the one nearest to it.
        reached: whether it does.
        silhouettes: by kind of cluster; empty for compound keys.
    """

    profile: Profile
    tracks: int
    options: TuneOptions
    points: Sequence[Point]
    chosen: Point
    reached: bool
    silhouettes: dict[str, float] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        tuned = Tuned(self.chosen.setting, self.profile.key, self.tracks, self.chosen.recall)
        return {
            "profile": self.profile.name,
            "tracks": self.tracks,
            "k": self.options.k,
            "wanted_recall": self.options.wanted,
            "reached": self.reached,
            "points": [point.as_record() for point in self.points],
            "silhouettes": self.silhouettes,
            "chosen": tuned.as_record(),
        }


def tune(
    database: Database, home: Home, profile: Profile, options: TuneOptions, on_point: Callable[[Point], None]
) -> Tuning:
    """Try every setting, keep the cheapest that is good enough for the builds of that profile.

    Min-max scaled profiles are tuned the way of the systems that use them, joined by Spark; the others on compound
    keys, searched as the player searches them.

    Raises:
        TooFewToTune: fewer than twenty tracks are analysed.
        JavaMissing, SparkFailed: Spark could not run.
        OSError: what was chosen cannot be stored.
    """
    ids, features = _sample(database, profile, options)
    if recipe_of(profile).scaling is Scaling.MIN_MAX:
        points, scores = _the_systems_way(database, home, profile, options, ids, features, on_point)
    else:
        vectors = _vectors(features, profile)
        settings = compound_settings(len(ids), options.hashes, options.tables, options.probes)
        points, scores = try_compound(vectors, settings, options.k, options.seed, on_point), {}
    chosen = cheapest(points, options.wanted)
    tuning = Tuning(profile, len(ids), options, points, chosen, chosen.recall >= options.wanted, scores)
    store_tuned(home, profile, tuning.as_record())
    return tuning


def _vectors(features: NDArray[np.float32], profile: Profile) -> NDArray[np.float32]:
    """What a build would make of features, shape (tracks, windows, columns): shape (tracks, dims)."""
    recipe = recipe_of(profile)
    vectors = fit_library(features, profile).apply(means_of_windows(features))
    if not recipe.smooth:
        return vectors
    rows, distances = exact_neighbours(vectors, np.arange(len(vectors)), SCALE_NEIGHBOURS)
    return smoothed(vectors, rescaled_lists(rows, distances, local_scales(distances), SMOOTHED_BY))


def _sample(database: Database, profile: Profile, options: TuneOptions) -> tuple[list[TrackId], NDArray[np.float32]]:
    """Some audible tracks, ascending by id, and their features: shape (tracks, windows, columns)."""
    analysed = sorted(database.analysed(profile.key))
    if len(analysed) > options.sample:
        drawn = np.random.default_rng(options.seed).choice(len(analysed), options.sample, replace=False)
        analysed = [analysed[place] for place in sorted(drawn.tolist())]
    values = database.features.get(profile.key, analysed)
    ids = [track for track in sorted(values) if profile.audible(values[track])]
    if len(ids) < FEWEST:
        raise TooFewToTune("tune-few", number=len(ids), name=profile.name, fewest=FEWEST)
    return ids, np.stack([values[track] for track in ids])


def _the_systems_way(
    database: Database,
    home: Home,
    profile: Profile,
    options: TuneOptions,
    ids: Sequence[TrackId],
    features: NDArray[np.float32],
    on_point: Callable[[Point], None],
) -> tuple[list[Point], dict[str, float]]:
    # Imported here: pyspark takes a second, and tuning compound keys does without.
    from indexer.spark.baseline import scaled_frame, silhouettes, try_baseline  # noqa: PLC0415
    from indexer.spark.session import spark_session  # noqa: PLC0415

    means = means_of_windows(features)[:, list(profile.compared_columns)]
    settings = system_settings(options.bucket_lengths or BUCKET_LENGTHS, options.tables or SYSTEM_TABLES)
    genres = {track.id: track.genre for track in database.tracks.all()}
    with spark_session(home) as spark:
        frame = scaled_frame(spark, means)
        points = try_baseline(frame, settings, options.k, options.seed, options.repeats, on_point)
        scores = silhouettes(spark, frame, [genres.get(track, "") for track in ids], options.seed)
    return points, scores
