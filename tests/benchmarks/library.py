"""A library of any size without its audio: tags like FMA's, features grown from real ones, and the model of them.

How the growing was checked: by one transform, learnt from the real tracks, the distances from every real track to its
nearest and between any two are printed beside those of as many grown ones. Between any two they agree to a hundredth;
the nearest grown track is a sixth nearer in the median, for a grown track may lie close to the real one it began at.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.control import Control
from indexer.core.events import Event, Notice
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC, Profile
from indexer.core.model.space.fitting import fit_transform
from indexer.core.model.space.recipe import recipe_of
from indexer.core.model.space.transform import means_of_windows
from indexer.core.store import Database, FeatureRecord, SoundRecord, open_database
from indexer.core.tracks import TrackId
from indexer.spark.build import build_model
from tests.benchmarks.fma_like import fma_like
from tests.benchmarks.grown import BATCH, Features, grow, real_features, shipped_features, track_ids

Say = Callable[[str], None]

_COMPARED = 265
"""Grown tracks whose distances are held beside those of the real ones; a library of the same size."""

_DATABASE_SHARE = 1.35
"""Bytes on disk for a byte of features and waveforms, with tracks, indexes and log; measured at 106,574 tracks."""

_TRACK_BYTES, _WAVEFORM_BYTES, _SCRATCH_BYTES = 1_500, 2_000, 3 << 30
"""Of the database per track; and what a build of the model needs beside it."""


@dataclass(frozen=True)
class Real:
    """What is grown from: features of real tracks by profile, and what was measured of their sound."""

    features: Mapping[Profile, Features]
    sounds: Sequence[SoundRecord]


@dataclass(frozen=True)
class Wanted:
    """A library to make.

    Attributes:
        tracks: how many.
        metadata: a folder with FMA's `genres.csv`, for its 163 genres rather than 16.
        waveforms: store those of the real tracks, again and again; none are there without a home to take them from.
        model: build it, too; the dearest part.
    """

    tracks: int
    metadata: Path | None = None
    waveforms: bool = True
    model: bool = True


def make(real_home: Path | None, home: Path, wanted: Wanted, say: Say) -> bool:
    """Fill the library of `home`, which must be empty, and build its model; return whether all of it is there.

    Args:
        real_home: has the features of real tracks to grow from; without one, those that come with the model are.
        home: of the library to make.
        wanted: what it is to hold.
        say: told of every step.
    """
    real, made = _real(real_home), Home.resolve(home)
    sounds = real.sounds if wanted.waveforms else []
    _say_origin(real_home, real, say)
    _say_distances(real.features[SONIC], say)
    if not _has_room(home, real, wanted, say):
        return False
    with open_database(made) as database:
        if database.tracks.rev():
            say(f"{home} holds a library already; choose an empty folder")
            return False
        tracks, ids = wanted.tracks, track_ids(wanted.tracks)
        _timed("tracks", tracks, lambda: fill_tracks(database, ids, wanted.metadata), say)
        for profile, features in real.features.items():
            _timed(f"{profile.name} features", tracks, lambda: _fill(database, ids, profile, features), say)  # noqa: B023
        if sounds:
            _timed("waveforms", tracks, lambda: _fill_sounds(database, ids, sounds), say)
        if wanted.model:
            _timed("model", tracks, lambda: _build(database, made, say), say)
        say(f"{_bytes_in(home) / tracks:,.0f} bytes a track on disk")
        return database.features.count(SONIC.key) == tracks


def fill_tracks(database: Database, ids: Sequence[TrackId], metadata: Path | None) -> None:
    """Store tracks with tags, in batches."""
    root = Path("/grown")  # which is not there, as with a drive that is elsewhere
    database.folders.add(str(root))
    described = fma_like(ids, root, metadata)
    while batch := list(islice(described, BATCH)):
        database.tracks.upsert(batch)


def _real(home: Path | None) -> Real:
    if home is None:
        return Real({SONIC: shipped_features(SONIC)}, [])
    with open_database(Home.resolve(home)) as database:
        features = {profile: real_features(database, profile) for profile in (SONIC, CLASSIC)}
        sounds = list(database.sounds.get(sorted(database.features.analysed(SONIC.key))).values())
    return Real(features, sounds)


def _say_origin(home: Path | None, real: Real, say: Say) -> None:
    tracks, names = len(real.features[SONIC]), " and ".join(profile.name for profile in real.features)
    where = "that come with the model; give --features for waveforms and the classic profile" if home is None else ""
    say(f"grown from the features ({names}) of {tracks:,} real tracks {where or f'of {home}'}")


def _has_room(home: Path, real: Real, wanted: Wanted, say: Say) -> bool:
    """Whether all of it fits on the disk; said, if not."""
    values = sum(features[0].nbytes for features in real.features.values())
    waveform = _WAVEFORM_BYTES if wanted.waveforms and real.sounds else 0
    needed = wanted.tracks * int(_TRACK_BYTES + _DATABASE_SHARE * (values + waveform))
    needed += _SCRATCH_BYTES if wanted.model else 0
    parent = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(parent).free
    say(f"about {needed / 2**30:.1f} GiB of disk are needed, {free / 2**30:.1f} are free")
    if needed > free:
        say("that does not fit: ask for fewer --tracks, or use `growth`, which keeps no features")
    return needed <= free


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _timed(what: str, tracks: int, act: Callable[[], object], say: Say) -> None:
    started = time.monotonic()
    act()
    seconds = time.monotonic() - started
    say(f"{what} of {tracks:,} tracks: {seconds:.0f} s, {tracks / max(seconds, 1e-9):,.0f} a second")


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


def _build(database: Database, home: Home, say: Say) -> None:
    def told(event: Event) -> None:
        if isinstance(event, Notice):
            say(event.message)

    build_model(database, home, SONIC, on_event=told, control=Control())


def _say_distances(real: Features, say: Say) -> None:
    """Distances of the real tracks and of as many grown ones, by one transform: the check that they are alike."""
    transform = fit_transform(real, SONIC, recipe_of(SONIC))
    grown = next(grow(real, _COMPARED))
    say("distances by the real tracks' transform, median (quartiles):")
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
