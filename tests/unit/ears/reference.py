"""The same network a second way: in double precision, all filters everywhere, straight from its description."""

from __future__ import annotations

import librosa
import numpy as np
from numpy.typing import NDArray

from indexer.ears.musicnn import Weights
from tests.unit.ears.packages import named

Array = NDArray[np.float64]


def embedding(weights: Weights, sound: NDArray[np.float32]) -> Array:
    """Of 3 s at 16 kHz: the mean over time of the three layers that are added to each other."""
    heard = normed(weights, 0, log_mel(sound)[..., None])[..., 0]
    wide = [strongest(weights, number, np.pad(heard, ((3, 3), (0, 0)))) for number in (0, 1)]
    long = []
    for number, frames in ((2, 128), (3, 64), (4, 32)):
        long.append(strongest(weights, number, np.pad(heard, (((frames - 1) // 2, frames // 2), (0, 0)))))
    front = np.concatenate([*wide, *long], axis=1)
    first = dense(weights, 5, front)
    second = dense(weights, 6, first) + first
    third = dense(weights, 7, second) + second
    return np.concatenate([first, second, third], axis=1).mean(axis=0)


def log_mel(sound: NDArray[np.float32]) -> Array:
    """Shape (187, 96)."""
    power = librosa.feature.melspectrogram(
        y=sound.astype(np.float64), sr=16_000, n_fft=512, hop_length=256, n_mels=96, pad_mode="reflect"
    )
    found: Array = np.log10(10_000 * power.T[:187] + 1)
    return found


def strongest(weights: Weights, number: int, heard: Array) -> Array:
    found: Array = normed(weights, number + 1, convolved(weights, number, heard)).max(axis=1)
    return found


def dense(weights: Weights, number: int, given: Array) -> Array:
    return normed(weights, number + 1, convolved(weights, number, np.pad(given, ((3, 3), (0, 0)))))[:, 0]


def convolved(weights: Weights, number: int, given: Array) -> Array:
    """Shape (frames, bands, filters), nothing below zero."""
    kernel = weights[f"{named('conv2d', number)}/kernel"][:, :, 0].astype(np.float64)
    pieces = np.lib.stride_tricks.sliding_window_view(given, kernel.shape[:2])
    rows = [np.tensordot(row, kernel, axes=([1, 2], [0, 1])) for row in pieces]
    return np.maximum(np.stack(rows) + weights[f"{named('conv2d', number)}/bias"], 0)


def normed(weights: Weights, number: int, values: Array) -> Array:
    name = named("batch_normalization", number)
    gamma, beta, mean, variance = (
        weights[f"{name}/{part}"].astype(np.float64) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    return (values - mean) / np.sqrt(variance + 0.001) * gamma + beta
