"""A library of any size without its audio: tags like FMA's, features grown from real ones, and the model of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.control import Control
from indexer.features.profiles import CLASSIC, SONIC, Profile
from indexer.home import Home
from indexer.library import TrackId
from indexer.model.fitting import fit_transform
from indexer.model.recipe import recipe_of
from indexer.model.transform import means_of_windows
from indexer.spark.build import build_model
from indexer.store import Database, FeatureRecord, SoundRecord, open_database
from tests.benchmarks.fma_like import fma_like
from tests.benchmarks.grown import BATCH, Features, grow, real_features, track_ids

Say = Callable[[str], None]

_COMPARED = 265
"""Grown tracks whose distances are held beside those of the real ones; a library of the same size."""


def make(real_home: Path, home: Path, tracks: int, metadata: Path | None, *, model: bool, say: Say) -> bool:
    """Fill the library of `home`, which must be empty, and build its model; return whether all of it is there.

    Args:
        real_home: has the features of real tracks to grow from.
        home: of the library to make.
        tracks: how many.
        metadata: a folder with FMA's `genres.csv`, for its 163 genres rather than 16.
        model: build it, too; the dearest part.
        say: told of every step.
    """
    with open_database(Home.resolve(real_home)) as database:
        real = {profile: real_features(database, profile) for profile in (SONIC, CLASSIC)}
        sounds = list(database.sounds.get(sorted(database.features.analysed(SONIC.key))).values())
    _say_distances(real[SONIC], say)
    made = Home.resolve(home)
    with open_database(made) as database:
        if database.tracks.rev():
            say(f"{home} holds a library already; choose an empty folder")
            return False
        ids = track_ids(tracks)
        _timed("tracks", tracks, lambda: _fill_tracks(database, ids, metadata), say)
        for profile, features in real.items():
            _timed(f"{profile.name} features", tracks, lambda: _fill(database, ids, profile, features), say)  # noqa: B023
        if sounds:
            _timed("waveforms", tracks, lambda: _fill_sounds(database, ids, sounds), say)
        if model:
            _timed("model", tracks, lambda: _build(database, made), say)
        return database.features.count(SONIC.key) == tracks


def _timed(what: str, tracks: int, act: Callable[[], object], say: Say) -> None:
    started = time.monotonic()
    act()
    say(f"{what} of {tracks:,} tracks: {time.monotonic() - started:.0f} s")


def _fill_tracks(database: Database, ids: Sequence[TrackId], metadata: Path | None) -> None:
    root = Path("/grown")  # which is not there, as with a drive that is elsewhere
    database.folders.add(str(root))
    described = list(fma_like(ids, root, metadata))
    for start in range(0, len(described), BATCH):
        database.tracks.upsert(described[start : start + BATCH])


def _fill(database: Database, ids: Sequence[TrackId], profile: Profile, real: Features) -> None:
    done = 0
    for batch in grow(real, len(ids)):
        pairs = zip(ids[done : done + len(batch)], batch, strict=True)
        database.features.upsert(FeatureRecord(track, profile.name, profile.version, values) for track, values in pairs)
        done += len(batch)


def _fill_sounds(database: Database, ids: Sequence[TrackId], real: Sequence[SoundRecord]) -> None:
    """The waveforms and loudnesses of real tracks, again and again."""
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        database.sounds.upsert(replace(real[place % len(real)], track=track) for place, track in enumerate(part, start))


def _build(database: Database, home: Home) -> None:
    build_model(database, home, SONIC, on_event=lambda _: None, control=Control())


def _say_distances(real: Features, say: Say) -> None:
    """Distances of the real tracks and of as many grown ones, by one transform: the check that they are alike."""
    transform = fit_transform(real, SONIC, recipe_of(SONIC))
    grown = next(grow(real, _COMPARED))
    for name, features in (("real", real), ("grown", grown)):
        near, between = _distances(transform.apply(means_of_windows(features)))
        say(f"{name:5} tracks: to the nearest {_quartiles(near)}, between any two {_quartiles(between)}")


def _distances(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    products = np.clip(vectors.astype(np.float64) @ vectors.T, -1, 1)
    distances = np.sqrt(2 - 2 * products)
    between = distances[np.triu_indices(len(distances), 1)]
    np.fill_diagonal(distances, np.inf)
    return distances.min(axis=1), between


def _quartiles(values: NDArray[np.float64]) -> str:
    low, middle, high = np.percentile(values, [25, 50, 75])
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"
