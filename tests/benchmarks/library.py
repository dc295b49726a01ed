"""A library of any size without its audio: tags like FMA's, features grown from real ones, and the model of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.control import Control
from indexer.features.profiles import SONIC
from indexer.home import Home
from indexer.model import current_model_folder
from indexer.model.fitting import fit_transform
from indexer.model.recipe import recipe_of
from indexer.model.transform import means_of_windows
from indexer.spark.build import build_model
from indexer.store import Database, FeatureRecord, open_database
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
        real = real_features(database, SONIC)
    _say_distances(real, say)
    made = Home.resolve(home)
    with open_database(made) as database:
        if database.tracks.rev():
            say(f"{home} holds a library already; choose an empty folder")
            return False
        _fill(database, real, tracks, metadata, say)
        if model:
            started = time.monotonic()
            build_model(database, made, SONIC, on_event=lambda _: None, control=Control())
            say(f"model built in {time.monotonic() - started:.0f} s: {current_model_folder(made, SONIC.name).name}")
        return database.features.count(SONIC.key) == tracks


def _fill(database: Database, real: Features, tracks: int, metadata: Path | None, say: Say) -> None:
    ids = track_ids(tracks)
    root = Path("/grown")
    started = time.monotonic()
    database.folders.add(str(root))
    database.folders.set_away(str(root), away=False)
    described = list(fma_like(ids, root, metadata))
    for start in range(0, tracks, BATCH):
        database.tracks.upsert(described[start : start + BATCH])
    say(f"{tracks:,} tracks stored in {time.monotonic() - started:.0f} s")
    started, done = time.monotonic(), 0
    for batch in grow(real, tracks):
        pairs = zip(ids[done : done + len(batch)], batch, strict=True)
        database.features.upsert(FeatureRecord(track, SONIC.name, SONIC.version, values) for track, values in pairs)
        done += len(batch)
    say(f"{tracks:,} feature records stored in {time.monotonic() - started:.0f} s")


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
