"""Arrays of sound: the type, mixing to mono, joining, resampling."""

from __future__ import annotations

import math

import numpy as np
import soxr
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

ANALYSIS_RATE = 22_050
"""Samples a second of everything that is analysed."""

SILENCE = 1e-4
"""Peak, at full scale 1.0 (-80 dB), below which nobody hears anything."""

_QUALITY = "HQ"


def to_mono(block: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """The mean of the channels: shape (frames, channels) to (frames,), in `out` where that is given.

    Two channels that cancel each other out, the one being the other turned over, sound like one of them.
    """
    channels = block.shape[1]
    mixed = np.empty(len(block), np.float32) if out is None else out
    if channels == 1:
        mixed[:] = block[:, 0]
    elif channels == 2:  # noqa: PLR2004 - twice as fast as a mean over so short an axis, and equal to it
        np.add(block[:, 0], block[:, 1], out=mixed)
        mixed *= np.float32(0.5)
        if swing(mixed) < SILENCE <= swing(block[:, 0]):
            mixed[:] = block[:, 0]
    else:
        block.mean(axis=1, out=mixed)
    return mixed


def swing(samples: FloatArray) -> float:
    """Half the way from the lowest to the highest sample: the peak of what can be heard, without a constant in it."""
    return (float(samples.max()) - float(samples.min())) / 2 if samples.size else 0.0


def joined(parts: list[FloatArray]) -> FloatArray:
    """The parts one after the other; an empty array where there are none."""
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


def resampled(samples: FloatArray, source_rate: int, rate: int) -> FloatArray:
    """Mono sound at another rate, with soxr's high quality; exactly ceil(n * rate / source_rate) samples."""
    if source_rate == rate or samples.size == 0:
        return samples
    return _of_length(soxr.resample(samples, source_rate, rate, quality=_QUALITY), samples.size, source_rate, rate)


def _of_length(samples: FloatArray, source_frames: int, source_rate: int, rate: int) -> FloatArray:
    """As many samples as librosa gives: resamplers may be one off."""
    wanted = math.ceil(source_frames * (rate / source_rate))
    if samples.size < wanted:
        samples = np.pad(samples, (0, wanted - samples.size))
    exact: FloatArray = samples[:wanted]
    return exact
