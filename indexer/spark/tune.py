"""Tunes the hash tables of a profile on the features that are in the database, and keeps what it chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model.index.exact import Vectors, exact_lists
from indexer.core.model.profiles import Profile
from indexer.core.model.scaling import SCALE_NEIGHBOURS
from indexer.core.model.smoothing import smoothed_by_scale
from indexer.core.model.space.recipe import Scaling, recipe_of
from indexer.core.model.space.shipped import fit_library
from indexer.core.model.space.transform import means_of_windows
from indexer.core.store import Database
from indexer.core.tracks import TrackId
from indexer.spark.choice import ANSWERED_RECALL, WANTED_RECALL, Trial, Tuned, best_of, store_tuned, trials

FEWEST = 20
"""Tracks without which recall at ten says nothing."""

BUCKET_LENGTHS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
TABLES = (1, 3, 5, 10)
"""Of single projections: the grid that the systems this project grew from searched (1, 2, 4 by 1, 3, 5), and more."""

OnTrial = Callable[[Trial], None]


class TooFewToTune(SegueError):
    """There is not enough music analysed to compare settings on."""


@dataclass(frozen=True)
class TuneOptions:
    """What is tried.

    Attributes:
        bucket_lengths, tables: of single projections, for the profiles that are joined so; compound keys are those that
            a build tries.
        wanted: recall@10 to be reached, 0 to 1; None for as much as a build asks for.
        sample: tracks that are tried on, at most.
        seed: of the sample, the projections and the clusters.
    """

    bucket_lengths: Sequence[float] = BUCKET_LENGTHS
    tables: Sequence[int] = TABLES
    wanted: float | None = None
    sample: int = 2_000
    seed: int = 0


@dataclass(frozen=True)
class Tuning:
    """What came of it.

    Attributes:
        profile: which features.
        tracks: how many were tried on.
        wanted: recall@10 that was to be reached.
        trials: every setting, in the order in which they were tried.
        chosen: the cheapest that reaches the wanted recall, or the one nearest to it.
        silhouettes: by kind of cluster; empty for compound keys.
    """

    profile: Profile
    tracks: int
    wanted: float
    trials: Sequence[Trial]
    chosen: Trial
    silhouettes: dict[str, float] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        return self.chosen.recall >= self.wanted

    def as_record(self) -> dict[str, Any]:
        tuned = Tuned(self.chosen.setting, self.profile.key, self.tracks, self.chosen.recall)
        return {
            "profile": self.profile.name,
            "tracks": self.tracks,
            "wanted_recall": self.wanted,
            "reached": self.reached,
            "points": [asdict(trial) for trial in self.trials],
            "silhouettes": self.silhouettes,
            "chosen": tuned.as_record(),
        }


def tune(database: Database, home: Home, profile: Profile, options: TuneOptions, on_trial: OnTrial) -> Tuning:
    """Try every setting, keep the cheapest that is good enough for the builds of that profile.

    Min-max scaled profiles are tuned the way of the systems that use them, joined by Spark; the others on compound
    keys, as a build chooses them.

    Raises:
        TooFewToTune: fewer than twenty tracks are analysed.
        JavaMissing, SparkFailed: Spark could not run.
        OSError: what was chosen cannot be stored.
    """
    ids, features = _sample(database, profile, options)
    if recipe_of(profile).scaling is Scaling.MIN_MAX:
        wanted = WANTED_RECALL if options.wanted is None else options.wanted
        tried, silhouettes = _by_joins(database, home, profile, options, ids, features, on_trial)
    else:
        wanted = ANSWERED_RECALL if options.wanted is None else options.wanted
        tried = list(_told(trials(_vectors(features, profile), options.seed, wanted), on_trial))
        silhouettes = {}
    tuning = Tuning(profile, len(ids), wanted, tried, best_of(tried, wanted), silhouettes)
    store_tuned(home, profile, tuning.as_record())
    return tuning


def _told(tried: Iterable[Trial], on_trial: OnTrial) -> Iterator[Trial]:
    for trial in tried:
        on_trial(trial)
        yield trial


def _vectors(features: NDArray[np.float32], profile: Profile) -> Vectors:
    """What a build would make of features, shape (tracks, windows, columns): shape (tracks, dims)."""
    vectors = fit_library(features, profile).apply(means_of_windows(features))
    if not recipe_of(profile).smooth:
        return vectors
    return smoothed_by_scale(vectors, exact_lists(vectors, SCALE_NEIGHBOURS))


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


def _by_joins(
    database: Database,
    home: Home,
    profile: Profile,
    options: TuneOptions,
    ids: Sequence[TrackId],
    features: NDArray[np.float32],
    on_trial: OnTrial,
) -> tuple[list[Trial], dict[str, float]]:
    # Imported here: pyspark takes a second, and tuning compound keys does without.
    from indexer.spark.baseline import baseline_trials, scaled_frame, silhouettes  # noqa: PLC0415
    from indexer.spark.session import spark_session  # noqa: PLC0415

    means = means_of_windows(features)[:, list(profile.compared_columns)]
    genres = {track.id: track.genre for track in database.tracks.all()}
    with spark_session(home) as spark:
        frame = scaled_frame(spark, means)
        found = baseline_trials(frame, options.bucket_lengths, options.tables, options.seed)
        return list(_told(found, on_trial)), silhouettes(
            spark, frame, [genres.get(track, "") for track in ids], options.seed
        )
