"""Small values that only the database deals in: a track's features and a folder of the library."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.library import TrackId


@dataclass(frozen=True, slots=True, eq=False)
class FeatureRecord:
    """What one profile heard in one track.

    Attributes:
        track: the track analysed.
        profile: name of the feature profile, "sonic" for one.
        version: the profile's version; features of another version are never mixed.
        values: shape (windows, dims), float32, finite; read-only when it comes from the database.
        rev: grows with every change of any feature record, 0 before it is stored.
    """

    track: TrackId
    profile: str
    version: int
    values: NDArray[np.float32]
    rev: int = 0

    @property
    def key(self) -> str:
        """Profile and version in one word: "sonic:1"."""
        return f"{self.profile}:{self.version}"


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    """A folder that a person added. `added_at` is seconds since 1970; `away` when it is not there now."""

    path: str
    added_at: float
    away: bool
