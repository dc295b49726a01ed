"""Libraries of any size grown from the features of real tracks, for measurements at sizes nobody has clips for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.model.profiles import Profile
from indexer.core.model.space.shipped import reference
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import Track, TrackId

Features = NDArray[np.float32]

BATCH = 4_096
"""Tracks grown at once; the same seed gives the same tracks whatever the number asked for."""

_STRAY = 0.5
"""Longest step away from the line between two tracks, in differences of two other tracks."""

_NOISE = 0.1
"""Of every number, in standard deviations of its column."""


class NothingToGrowFrom(SegueError):
    """A home without analysed tracks."""


def grow(real: Features, n: int, seed: int = 0) -> Iterator[Features]:
    """Features of `n` tracks that lie among those of real ones.

    Each lies between two real tracks, strays along the difference of two others, so that columns vary together as they
    do in music, and gets a little noise of its own, so that no two are equal.

    Args:
        real: shape (tracks, windows, columns), of at least four tracks.
        n: how many to grow.
        seed: of the draw.

    Yields:
        Shape (up to BATCH, windows, columns), float32.
    """
    for start in range(0, n, BATCH):
        yield grown_batch(real, start, seed)[: n - start]


def grown_batch(real: Features, start: int, seed: int = 0) -> Features:
    """The batch of `grow` that begins with track `start`, a multiple of BATCH; whole, shape (BATCH, …)."""
    generator = np.random.default_rng([seed, start])
    one, other, third, fourth = generator.integers(0, len(real), size=(4, BATCH))
    share = generator.random((BATCH, 1, 1), dtype=np.float32)
    stray = _STRAY * generator.random((BATCH, 1, 1), dtype=np.float32)
    grown = real[other] + share * (real[one] - real[other])
    grown += stray * (real[third] - real[fourth])
    grown += _NOISE * real.std(axis=(0, 1)) * generator.standard_normal(grown.shape, dtype=np.float32)
    return grown


def track_ids(n: int, seed: int = 0, first: int = 0) -> list[TrackId]:
    """Ids that look like real ones, of the tracks from `first` on: uniform hexadecimal digits."""
    numbers = range(first, first + n)
    return [TrackId(hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()[:32]) for number in numbers]


def shipped_features(profile: Profile) -> Features:
    """Those of real tracks that come with the model: shape (tracks, windows, columns).

    What is not compared, such as the seconds that were heard, is not in the file and 0; every track was audible.

    Raises:
        ValueError: none come with this profile.
    """
    features = reference(profile)
    if features is None:
        raise ValueError(f"no features of real tracks come with the profile {profile.name}; give a home that has some")
    features = features.copy()
    if "heard_seconds" in profile.columns:
        features[:, :, profile.columns.index("heard_seconds")] = 10.0
    return features


def real_features(database: Database, profile: Profile) -> Features:
    """What the database holds of a profile, ordered by track: shape (tracks, windows, columns).

    Raises:
        NothingToGrowFrom: it holds none.
    """
    records = sorted(database.features.iterate(profile.key), key=lambda record: record.track)
    if not records:
        raise NothingToGrowFrom(
            "plain",
            message=f"The home that is to be grown from holds no features of the profile {profile.name}.",
            advice="Name one whose library was analysed: `indexer --home DIR build FOLDER --model never`.",
        )
    return np.stack([record.values for record in records])


def insert_grown(database: Database, profile: Profile, real: Features, n: int, seed: int = 0) -> None:
    """Fill a database with `n` grown tracks and their features, in batches."""
    ids = track_ids(n, seed)
    done = 0
    for batch in grow(real, n, seed):
        part = ids[done : done + len(batch)]
        database.tracks.upsert(_track(track) for track in part)
        pairs = zip(part, batch, strict=True)
        database.features.upsert(FeatureRecord(track, profile.name, profile.version, values) for track, values in pairs)
        done += len(batch)


def _track(track: TrackId) -> Track:
    return Track(id=track, path=str(Path("/grown", track[:2], f"{track}.mp3")), root="/grown", seconds=180.0)
