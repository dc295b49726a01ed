"""What chroma says of a window whatever its key: chord character, intervals in time, major or minor."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray
from indexer.core.model.profiles import INTERVAL_SECONDS
from indexer.features.moments import mean_frame
from indexer.features.spectrum import FRAME_RATE

MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""How well each pitch class fits a key on the first. Source: Krumhansl & Kessler, Psychological Review 89 (1982)."""

_EVEN = 1e-6
"""Chroma shares that differ by less are the same in every pitch class: noise, or nothing."""

_HARMONICS = 6
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
    mean = _shares(mean_frame(shares))
    strength = _strength(shares)
    usual = mean_frame(strength)
    spread = np.sqrt(mean_frame(np.square(strength - usual[:, np.newaxis])))
    fits = key_fits(mean).max(axis=2)
    parts = [
        _strength(mean),
        usual,
        spread,
        np.sort(mean, axis=1)[:, ::-1],
        *(_intervals(shares, seconds) for seconds in INTERVAL_SECONDS),
        _change(shares)[:, None],
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


def _strength(shares: FloatArray) -> FloatArray:
    """Magnitudes of the Fourier transform along pitch, shape (…, 12) to (…, 6); as a product, being so short."""
    parts = shares @ _waves()
    np.square(parts, out=parts)
    strength: FloatArray = np.sqrt(parts[..., :_HARMONICS] + parts[..., _HARMONICS:])
    return strength


def _intervals(shares: FloatArray, seconds: float) -> FloatArray:
    """Share of each interval, in semitones upwards, between pitches `seconds` apart."""
    apart = min(max(round(seconds * FRAME_RATE), 1), shares.shape[1] - 1)
    pairs = shares[:, :-apart].transpose(0, 2, 1) @ shares[:, apart:]
    lower = np.arange(12)[:, None]
    return _shares(pairs[:, lower, (lower + np.arange(12)) % 12].sum(axis=1))


def _change(shares: FloatArray) -> FloatArray:
    """Shape (windows,): how much changes from one frame to the next, all pitch classes together."""
    change = np.diff(shares, axis=1)
    np.abs(change, out=change)
    total: FloatArray = change.reshape(len(change), -1).sum(axis=1) / np.float32(change.shape[1])
    return total


def _shares(values: FloatArray) -> FloatArray:
    """Divide by the sum along the last axis; zeros stay zeros."""
    total = (values @ np.ones(values.shape[-1], dtype=np.float32))[..., None]
    shares: FloatArray = (values / np.where(total > 0, total, 1)).astype(np.float32, copy=False)
    return shares


def _standardised(values: NDArray[np.floating]) -> NDArray[np.floating]:
    centred = values - values.mean(axis=-1, keepdims=True)
    length = np.sqrt(np.square(centred).sum(axis=-1, keepdims=True))
    standardised: NDArray[np.floating] = centred / np.where(length > _EVEN, length, 1)
    return standardised


@cache
def _waves() -> FloatArray:
    """Shape (12, 2 * _HARMONICS): cosines, then sines, of one period an octave and more."""
    angles = 2 * np.pi / 12 * np.outer(np.arange(12), np.arange(1, _HARMONICS + 1))
    return np.hstack([np.cos(angles), np.sin(angles)]).astype(np.float32)


@cache
def _keys() -> NDArray[np.floating]:
    """Shape (12, 24): the standardised profile of each major, then of each minor key."""
    modes = (_standardised(np.array(mode)) for mode in (MAJOR, MINOR))
    return np.stack([np.roll(mode, tonic) for mode in modes for tonic in range(12)], axis=1)
