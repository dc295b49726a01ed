"""The one short-time Fourier transform that every descriptor is computed from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from indexer.core.audio.samples import ANALYSIS_RATE, FloatArray

RATE = ANALYSIS_RATE

FRAME = 2048
HOP = 512
BINS = FRAME // 2 + 1
FRAME_RATE = RATE / HOP

CHUNK = 128
"""Frames transformed at once: their spectra, 0.5 MB, stay in the processor's cache until they are used."""

FULL_SCALE = 1e4
"""Samples beyond this are rubbish (audio lies within ±1) and would overflow float32 powers."""


@dataclass(frozen=True, slots=True)
class Spectra:
    """Spectra of consecutive frames, each of shape (frames, BINS)."""

    power: FloatArray
    magnitude: FloatArray


def clean(samples: NDArray[np.floating]) -> FloatArray:
    """Mono samples as contiguous float32, finite and within ±FULL_SCALE.

    Raises:
        ValueError: `samples` is empty or not one-dimensional.
    """
    if samples.ndim != 1 or samples.size == 0:
        raise ValueError(f"expected samples of shape (n,), n > 0, got {samples.shape}")
    audio = np.ascontiguousarray(samples, dtype=np.float32)
    if audio.min() >= -FULL_SCALE and audio.max() <= FULL_SCALE:
        return audio
    return np.clip(np.nan_to_num(audio, nan=0.0), -FULL_SCALE, FULL_SCALE)


def frame_count(samples: FloatArray) -> int:
    """How many frames cover `samples`, as librosa counts them with centred frames."""
    return 1 + len(samples) // HOP


def spectra(samples: FloatArray) -> Iterator[Spectra]:
    """Transform `samples` in chunks of up to CHUNK frames, in order.

    The same frames as `librosa.stft(y, n_fft=2048, hop_length=512)`: periodic Hann window, centred, zeros beyond
    both ends; computed in float32.
    """
    count = frame_count(samples)
    windowed = np.empty((min(CHUNK, count), FRAME), dtype=np.float32)
    for first in range(0, count, CHUNK):
        frames = _frames(samples, first, min(first + CHUNK, count))
        yield _transform(np.multiply(frames, hann(FRAME), out=windowed[: len(frames)]))


def _frames(samples: FloatArray, first: int, stop: int) -> FloatArray:
    """Frames `first` to `stop`, shape (stop - first, FRAME): a view of the samples, but for those beyond their ends."""
    low, high = first * HOP - FRAME // 2, (stop - 1) * HOP + FRAME // 2
    piece = samples[max(low, 0) : high]
    if low < 0 or high > len(samples):
        piece = np.pad(piece, (max(-low, 0), max(high - len(samples), 0)))
    return np.lib.stride_tricks.sliding_window_view(piece, FRAME)[::HOP]


def _transform(windowed: FloatArray) -> Spectra:
    # NumPy has vector instructions for the magnitude of complex numbers, but not for their parts.
    magnitude = np.abs(scipy.fft.rfft(windowed, axis=1, workers=1))
    return Spectra(magnitude * magnitude, magnitude)


@cache
def hann(length: int) -> FloatArray:
    """The periodic Hann window, shape (length,)."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)
