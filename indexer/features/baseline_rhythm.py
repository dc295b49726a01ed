"""The `rhythm` profile: means of MFCC, mel spectrogram and tempogram, the way of earlier music recommenders."""

from __future__ import annotations

import numpy as np
import scipy.fft

from indexer.core.model.profiles import RHYTHM_MFCC
from indexer.features.descriptors import Descriptors
from indexer.features.filters import dct
from indexer.features.rhythm import TEMPOGRAM_FRAMES, onset_strength
from indexer.features.spectrum import FloatArray, hann

_CHUNK = 256
"""Frames correlated at once: long files would otherwise take gigabytes, at 770 values a frame."""


def rhythm(described: Descriptors) -> FloatArray:
    """Compute the profile from the descriptors of a whole track.

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
