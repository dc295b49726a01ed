"""Features of made-up tracks in which it is known what tells tracks apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.profiles import Block, Profile

KINDS = 4
COLUMNS = 12

MADE_UP = Profile(
    name="made-up",
    version=1,
    windows=3,
    blocks=(
        Block("plain", tuple(f"plain_{number}" for number in range(COLUMNS))),
        Block("about", ("loudness",), compared=False),
        Block("other", tuple(f"other_{number}" for number in range(5))),
    ),
)


def features(tracks: int = 60, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Features of shape (tracks, 3, columns) and the kind of each track.

    The kind moves the first two columns a little; within every track the next four change wildly.
    """
    random = np.random.default_rng(seed)
    kinds = np.arange(tracks) % KINDS
    values = random.normal(0, 0.1, (tracks, MADE_UP.windows, MADE_UP.dims))
    angle = 2 * np.pi * kinds / KINDS
    values[:, :, :2] += 0.4 * np.stack([np.cos(angle), np.sin(angle)], axis=1)[:, np.newaxis]
    values[:, :, 2:6] += random.normal(0, 3.0, (tracks, MADE_UP.windows, 4))
    return (100 + 7 * values).astype(np.float32), kinds
