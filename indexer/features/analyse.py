"""From samples to feature profiles, all from one pass over the audio."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray
from indexer.core.model.embedding.registry import EmbeddedProfile
from indexer.core.model.profiles import CLASSIC, CLASSIC_MFCC, RHYTHM, RHYTHM_MFCC, SONIC, Profile
from indexer.features.descriptors import Descriptors, describe
from indexer.features.filters import dct
from indexer.features.rhythm import TEMPOGRAM_FRAMES, onset_strength
from indexer.features.sonic import sonic
from indexer.features.spectrum import clean, hann

_CHUNK = 256
"""Frames correlated at once: long files would otherwise take gigabytes, at 770 values a frame."""


def analyse(samples: NDArray[np.floating], profiles: Sequence[Profile]) -> dict[str, FloatArray]:
    """Compute the features of a track.

    Args:
        samples: shape (n,), n > 0, mono at 22,050 Hz, full scale ±1; what is not finite counts as silence.
        profiles: any of `indexer.core.model.profiles.all_profiles()`.

    Returns:
        By profile key: shape (profile.windows, profile.dims), float32, finite, columns as `profile.columns`.

    Raises:
        ValueError: `samples` is empty or not one-dimensional.
        EmbeddingError: a profile's network cannot be used.
    """
    cleaned = clean(samples)
    described = describe(cleaned)
    return {profile.key: _features(profile, cleaned, described) for profile in profiles}


def classic(described: Descriptors) -> FloatArray:
    """The `classic` profile: shape (1, 22), means over all frames."""
    mfcc = described.mel_db.mean(axis=0) @ dct(CLASSIC_MFCC)
    return np.concatenate([mfcc, [described.centroid.mean()], [described.zcr.mean()]])[None].astype(np.float32)


def rhythm(described: Descriptors) -> FloatArray:
    """The `rhythm` profile: means of MFCC, mel spectrogram and tempogram, the way of earlier music recommenders.

    Returns:
        Shape (1, RHYTHM.dims), float32, finite.
    """
    mel = described.mel_db.mean(axis=0)
    tempogram = mean_tempogram(onset_strength(described.mel_db))
    return np.concatenate([mel @ dct(RHYTHM_MFCC), mel, tempogram])[None].astype(np.float32)


def mean_tempogram(onsets: FloatArray) -> FloatArray:
    """Mean local autocorrelation of onset strength, every frame once.

    Args:
        onsets: shape (frames,).

    Returns:
        Shape (TEMPOGRAM_FRAMES,), by lag in frames; equals `librosa.feature.tempogram(onset_envelope=onsets)`, whose
        frames are each divided by their largest value, averaged over all of them.
    """
    padded = np.pad(onsets, TEMPOGRAM_FRAMES // 2, mode="linear_ramp", end_values=0)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, TEMPOGRAM_FRAMES)[: len(onsets)]
    total = np.zeros(TEMPOGRAM_FRAMES)
    for start in range(0, len(pieces), _CHUNK):
        total += _correlated(pieces[start : start + _CHUNK]).sum(axis=0, dtype=np.float64)
    mean: FloatArray = (total / len(pieces)).astype(np.float32)
    return mean


def _correlated(pieces: FloatArray) -> FloatArray:
    size = scipy.fft.next_fast_len(2 * TEMPOGRAM_FRAMES - 1, real=True)
    spectrum = scipy.fft.rfft(pieces * hann(TEMPOGRAM_FRAMES), n=size, axis=1, workers=1)
    power = spectrum.real**2 + spectrum.imag**2
    correlation = scipy.fft.irfft(power, n=size, axis=1, workers=1)[:, :TEMPOGRAM_FRAMES]
    peak = np.abs(correlation).max(axis=1, keepdims=True)
    normed: FloatArray = correlation / np.where(peak > np.finfo(np.float32).tiny, peak, 1)
    return normed


def _features(profile: Profile, samples: FloatArray, described: Descriptors) -> FloatArray:
    if isinstance(profile, EmbeddedProfile):
        # Imported here: its package is an extra, and few have one.
        from indexer.features.embedding.network import embedding_block  # noqa: PLC0415

        return np.hstack([sonic(described), embedding_block(samples, profile)])
    return _EXTRACTORS[profile.name](described)


_EXTRACTORS: dict[str, Callable[[Descriptors], FloatArray]] = {
    CLASSIC.name: classic,
    RHYTHM.name: rhythm,
    SONIC.name: sonic,
}
