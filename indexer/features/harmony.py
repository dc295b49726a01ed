"""What chroma says of a window whatever its key: chord character, intervals in time, major or minor."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray
from indexer.core.model.profiles import INTERVAL_SECONDS
from indexer.features.spectrum import FRAME_RATE

MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""How well each pitch class fits a key on the first. Source: Krumhansl & Kessler, Psychological Review 89 (1982)."""

_EVEN = 1e-6
"""Chroma shares that differ by less are the same in every pitch class: noise, or nothing."""

_HARMONICS = slice(1, 7)
"""Of the 12-point Fourier transform along pitch: fifths, thirds, tritones and so on, but not the sum."""


def key_free(chroma: FloatArray) -> FloatArray:
    """Statistics of chroma that stay the same when the music is transposed.

    Args:
        chroma: shape (windows, frames, 12), >= 0.

    Returns:
        Shape (windows, 57): |Fourier transform along pitch| of the mean chroma (6), its mean and sd over frames
        (6 + 6), the mean chroma sorted from the strongest (12), the shares of the twelve intervals between
        pitches sounding INTERVAL_SECONDS apart (12 each), the mean change between frames, and the best
        correlations with a major and with a minor key.
    """
    shares = _shares(chroma)
    mean = _shares(shares.mean(axis=1))
    turned = np.fft.rfft(shares, axis=2).astype(np.complex64)
    strength = np.abs(turned[:, :, _HARMONICS])
    fits = key_fits(mean).max(axis=2)
    parts = [
        np.abs(np.fft.rfft(mean, axis=1))[:, _HARMONICS],
        strength.mean(axis=1),
        strength.std(axis=1),
        np.sort(mean, axis=1)[:, ::-1],
        *(_intervals(turned, seconds) for seconds in INTERVAL_SECONDS),
        np.abs(np.diff(shares, axis=1)).sum(axis=2).mean(axis=1)[:, None],
        fits,
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def key_fits(mean: FloatArray) -> FloatArray:
    """Correlation of mean chroma with every key.

    Args:
        mean: shape (windows, 12).

    Returns:
        Shape (windows, 2, 12): major then minor, tonic from C; 0 where the chroma is even or absent.
    """
    return (_standardised(mean) @ _keys()).reshape(len(mean), 2, 12).astype(np.float32)


def _intervals(turned: NDArray[np.complex64], seconds: float) -> FloatArray:
    """Share of each interval, in semitones upwards, between pitches `seconds` apart: a circular correlation."""
    apart = min(max(round(seconds * FRAME_RATE), 1), turned.shape[1] - 1)
    product = (np.conj(turned[:, :-apart]) * turned[:, apart:]).mean(axis=1)
    return _shares(np.maximum(np.fft.irfft(product, n=12, axis=1), 0).astype(np.float32))


def _shares(values: FloatArray) -> FloatArray:
    """Divide by the sum along the last axis; zeros stay zeros."""
    total = values.sum(axis=-1, keepdims=True)
    shares: FloatArray = (values / np.where(total > 0, total, 1)).astype(np.float32)
    return shares


def _standardised(values: NDArray[np.floating]) -> NDArray[np.floating]:
    centred = values - values.mean(axis=-1, keepdims=True)
    length = np.sqrt(np.square(centred).sum(axis=-1, keepdims=True))
    standardised: NDArray[np.floating] = centred / np.where(length > _EVEN, length, 1)
    return standardised


@cache
def _keys() -> NDArray[np.floating]:
    """Shape (12, 24): the standardised profile of each major, then of each minor key."""
    modes = (_standardised(np.array(mode)) for mode in (MAJOR, MINOR))
    return np.stack([np.roll(mode, tonic) for mode in modes for tonic in range(12)], axis=1)
