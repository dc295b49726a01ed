"""Arrays of sound: the type, mixing to mono, joining."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


def to_mono(block: FloatArray) -> FloatArray:
    """The mean of the channels: shape (frames, channels) to (frames,), a new array."""
    channels = block.shape[1]
    if channels == 1:
        return block[:, 0].copy()
    if channels == 2:  # noqa: PLR2004 - twice as fast as a mean over so short an axis, and equal to it
        mixed: FloatArray = np.add(block[:, 0], block[:, 1])
        mixed *= np.float32(0.5)
        return mixed
    mean: FloatArray = block.mean(axis=1)
    return mean


def joined(parts: list[FloatArray]) -> FloatArray:
    """The parts one after the other; an empty array where there are none."""
    return np.concatenate(parts) if parts else np.empty(0, np.float32)
