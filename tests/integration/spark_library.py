"""A library of made-up tracks in a few styles, and models of it by a real Spark."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.control import Control
from indexer.core.events import Event
from indexer.core.home import Home
from indexer.core.model import Manifest, current_model_folder
from indexer.core.model.folder import open_array
from indexer.core.model.profiles import CLASSIC, SONIC, Profile
from indexer.core.store import Database, FeatureRecord, open_database
from indexer.core.tracks import Track, TrackId
from indexer.spark.build import build_model
from indexer.spark.choice import Join
from indexer.spark.session import spark_session
from tests.integration.conftest import TWO_CORES

TRACKS = 160
STYLES = 8


@dataclass(frozen=True)
class Library:
    home: Home
    database: Database
    ids: list[TrackId]


@dataclass(frozen=True)
class Built:
    """A model as it was built: later ones take its place in the home, but not in this `folder`."""

    manifest: Manifest
    events: list[Event]
    folder: Path


@dataclass(frozen=True)
class Reference:
    """A library with the models that two cores made of it: by the join that a build chooses, and by the other."""

    library: Library
    exact: Built
    lsh: Built


@contextmanager
def reference(folder: Path) -> Iterator[Reference]:
    """Build both models, in one JVM, or in the one that runs at the same address."""
    home = Home.resolve(folder / "home")
    with open_database(home) as database:
        library = add_library(home, database)
        with spark_session(home, TWO_CORES):
            exact, lsh = (_kept(library, join, folder / join.name) for join in (Join.AUTO, Join.LSH))
        yield Reference(library, exact, lsh)


def _kept(library: Library, join: Join, folder: Path) -> Built:
    events: list[Event] = []
    manifest = build(library, events.append, join=join)
    shutil.copytree(current_model_folder(library.home, manifest.profile), folder)
    return Built(manifest, events, folder)


def ids_of(count: int) -> list[TrackId]:
    return [TrackId(f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}{number:016x}") for number in range(count)]


def add_library(home: Home, database: Database) -> Library:
    """Add TRACKS tracks in STYLES styles, with features of both profiles."""
    ids = ids_of(TRACKS)
    database.tracks.upsert(Track(id=track, path=f"/{track}.mp3", root="/") for track in ids)
    for profile in (CLASSIC, SONIC):
        database.features.upsert(records_of(profile, ids))
    return Library(home, database, ids)


def build(
    library: Library,
    on_event: Callable[[Event], None],
    *,
    master: str = TWO_CORES,
    seed: int = 0,
    join: Join = Join.AUTO,
    profile: Profile = SONIC,
) -> Manifest:
    manifest = build_model(
        library.database,
        library.home,
        profile,
        master=master,
        seed=seed,
        join=join,
        on_event=on_event,
        control=Control(),
    )
    assert manifest is not None
    return manifest


def lists_of(library: Library, manifest: Manifest) -> dict[TrackId, list[tuple[TrackId, float]]]:
    """The stored neighbours of each track, by id, with their distances, in the model just built."""
    folder = current_model_folder(library.home, manifest.profile)
    ids = [TrackId(name.decode()) for name in open_array(folder, "ids").tolist()]
    rows, distances = open_array(folder, "neighbours").tolist(), open_array(folder, "distances").tolist()
    return {
        track: [(ids[row], apart) for row, apart in zip(own, far, strict=True) if row >= 0]
        for track, own, far in zip(ids, rows, distances, strict=True)
    }


def unheard(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features of a track that holds next to no sound."""
    changed = values.copy() * 1000
    changed[:, SONIC.columns.index("heard_seconds")] = 0.1
    return changed


def records_of(profile: Profile, ids: list[TrackId]) -> list[FeatureRecord]:
    """Features around a centre per style; the last column is the same for all."""
    generator = np.random.default_rng(11)
    centres = generator.normal(size=(STYLES, profile.dims))
    records = []
    for place, track in enumerate(ids):
        values = centres[place % STYLES] + 0.6 * generator.normal(size=(profile.windows, profile.dims))
        values[:, -1] = 7.0
        if "heard_seconds" in profile.columns:
            values[:, profile.columns.index("heard_seconds")] = 10.0
        records.append(FeatureRecord(track, profile.name, profile.version, values.astype(np.float32)))
    return records
