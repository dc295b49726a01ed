"""Rhythm from mel levels: onsets, their autocorrelation, tempo, and how fast each band fluctuates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import scipy.fft

from indexer.core.audio.samples import FloatArray
from indexer.core.model.profiles import MODULATIONS_HZ, TEMPOGRAM_LAGS, TEMPOGRAM_SECONDS
from indexer.features.descriptors import floored
from indexer.features.moments import mean_frame
from indexer.features.spectrum import FRAME, FRAME_RATE, HOP, hann

TEMPOGRAM_FRAMES = 384
"""Frames, 8.9 s, over which onsets are correlated with themselves; the default of `librosa.feature.tempogram`."""

TEMPOGRAM_HOP = 32
"""Every how many frames that is done, 0.74 s: windows overlap by more than nine tenths even so."""

TEMPO_START = 120.0
TEMPO_LIMIT = 320.0

_FLUCTUATION_FRAMES = 256
"""Frames, 5.9 s, of one fluctuation spectrum, long enough for a bar."""


def onset_strength(mel_db: FloatArray, joins: Sequence[int] = ()) -> FloatArray:
    """Mean rise of the mel bands from one frame to the next, in dB.

    Args:
        mel_db: shape (frames, mels).
        joins: frames to which nothing rises, because they do not follow on the frame before.

    Returns:
        Shape (frames,); equals `librosa.onset.onset_strength`, which starts with zeros for the centred frames.
    """
    steps = mel_db[1:] - mel_db[:-1]
    bands = steps.shape[1]
    rises = floored(steps, 0, out=steps) @ np.full(bands, 1 / bands, np.float32)
    rises[[join - 1 for join in joins]] = 0
    silent = np.zeros(1 + FRAME // (2 * HOP), dtype=np.float32)
    return np.concatenate([silent, rises])[: len(mel_db)]


def tempogram(onsets: FloatArray) -> FloatArray:
    """Local autocorrelation of onset strength.

    Args:
        onsets: shape (frames,).

    Returns:
        Shape (ceil(frames / TEMPOGRAM_HOP), TEMPOGRAM_FRAMES): each row by lag in frames, at most 1; zeros where
        nothing happens. Every TEMPOGRAM_HOP-th column of `librosa.feature.tempogram`.
    """
    padded = np.pad(onsets, TEMPOGRAM_FRAMES // 2, mode="linear_ramp", end_values=0)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, TEMPOGRAM_FRAMES)[: len(onsets) : TEMPOGRAM_HOP]
    size = scipy.fft.next_fast_len(2 * TEMPOGRAM_FRAMES - 1, real=True)
    spectrum = scipy.fft.rfft(pieces * hann(TEMPOGRAM_FRAMES), n=size, axis=1, workers=1)
    power = spectrum.real**2 + spectrum.imag**2
    correlation = scipy.fft.irfft(power, n=size, axis=1, workers=1)[:, :TEMPOGRAM_FRAMES]
    peak = np.abs(correlation).max(axis=1, keepdims=True)
    normed: FloatArray = (correlation / np.where(peak > np.finfo(np.float32).tiny, peak, 1)).astype(np.float32)
    return normed


def tempo(correlation: FloatArray) -> float:
    """Beats per minute that explain the onsets best, with a preference for the middle of the range.

    Args:
        correlation: shape (rows, TEMPOGRAM_FRAMES), a tempogram.

    Returns:
        The tempo of a whole number of frames, as `librosa.feature.tempo` has it; 0 without any onset.
    """
    mean = mean_frame(correlation)[1:]
    if mean.max(initial=0) <= 0:
        return 0.0
    bpm = 60 * FRAME_RATE / np.arange(1, TEMPOGRAM_FRAMES)
    prior = np.where(bpm < TEMPO_LIMIT, -0.5 * np.log2(bpm / TEMPO_START) ** 2, -np.inf)
    return float(bpm[np.argmax(np.log1p(1e6 * np.maximum(mean, 0)) + prior)])


def log_lags(mean: FloatArray) -> FloatArray:
    """Resample autocorrelation by lag to lags spaced evenly in log time.

    Args:
        mean: shape (windows, TEMPOGRAM_FRAMES).

    Returns:
        Shape (windows, TEMPOGRAM_LAGS); a change of tempo shifts the columns and changes little else.
    """
    return mean @ _lag_bank()


def fluctuations(levels: FloatArray) -> FloatArray:
    """How strongly each band rises and falls at each rate.

    Args:
        levels: shape (windows, frames, bands), dB.

    Returns:
        Shape (windows, bands * rates), log of the amplitude in dB, band by band, rates between MODULATIONS_HZ;
        the mean of overlapping pieces of _FLUCTUATION_FRAMES.

    Source: after the fluctuation patterns of Pampalk et al., "Content-based organization and visualization of
    music archives", ACM Multimedia (2002).
    """
    series = levels.transpose(0, 2, 1).copy()
    missing = max(_FLUCTUATION_FRAMES - series.shape[2], 0)
    series -= series.mean(axis=2, keepdims=True)
    if missing:
        series = np.pad(series, ((0, 0), (0, 0), (0, missing)))
    views = np.lib.stride_tricks.sliding_window_view(series, _FLUCTUATION_FRAMES, axis=2)
    pieces = views[:, :, :: _FLUCTUATION_FRAMES // 4]
    amplitude = np.abs(scipy.fft.rfft(pieces * hann(_FLUCTUATION_FRAMES), axis=3, workers=1)).mean(axis=2)
    pooled: FloatArray = np.log1p(amplitude @ _modulation_bank()).astype(np.float32)
    return pooled.reshape(len(levels), -1)


@cache
def _lag_bank() -> FloatArray:
    """Shape (TEMPOGRAM_FRAMES, TEMPOGRAM_LAGS): linear interpolation at each lag."""
    lags = np.geomspace(*TEMPOGRAM_SECONDS, TEMPOGRAM_LAGS) * FRAME_RATE
    distance = np.abs(np.arange(TEMPOGRAM_FRAMES)[:, None] - lags)
    bank: FloatArray = np.maximum(1 - distance, 0).astype(np.float32)
    return bank


@cache
def _modulation_bank() -> FloatArray:
    """Shape (_FLUCTUATION_FRAMES // 2 + 1, rates): the mean of the bins between two edges, scaled to amplitudes."""
    rates = np.fft.rfftfreq(_FLUCTUATION_FRAMES, 1 / FRAME_RATE)
    low, high = np.array(MODULATIONS_HZ[:-1]), np.array(MODULATIONS_HZ[1:])
    inside = ((rates[:, None] >= low) & (rates[:, None] < high)).astype(np.float32)
    bank: FloatArray = (inside / inside.sum(axis=0) * 4 / _FLUCTUATION_FRAMES).astype(np.float32)
    return bank
