"""Statistics of frames over the windows of a track."""

from __future__ import annotations

import numpy as np

from indexer.core.audio.samples import FloatArray

PERCENTILES = (0.1, 0.5, 0.9)

_FEWEST_FRAMES = 24
"""Frames a window has at least; shorter audio is repeated, so that every statistic is defined."""

_FLAT = 1e-5
"""A spread below this share of the largest value is rounding, not sound: its skew and correlations are 0."""


def split(frames: FloatArray, windows: int) -> FloatArray:
    """Cut a series of frames into equal windows.

    Args:
        frames: shape (frames, …).
        windows: how many; up to `windows - 1` frames at the end belong to none.

    Returns:
        Shape (windows, frames // windows, …), a view where the audio is long enough.
    """
    if len(frames) < windows * _FEWEST_FRAMES:
        frames = frames[np.arange(windows * _FEWEST_FRAMES) % len(frames)]
    length = len(frames) // windows
    return frames[: windows * length].reshape(windows, length, *frames.shape[1:])


def moments(windows: FloatArray) -> FloatArray:
    """Mean, sd, skew, three percentiles and sd of the differences of each column.

    Args:
        windows: shape (windows, frames, columns).

    Returns:
        Shape (windows, 7 * columns), statistic by statistic; percentiles are of the nearest rank.
    """
    series = np.ascontiguousarray(windows.transpose(0, 2, 1))
    mean = series.mean(axis=2)
    deviation = series - mean[:, :, None]
    spread = np.sqrt(np.square(deviation).mean(axis=2))
    statistics = [
        mean,
        spread,
        _skew(deviation, spread, mean),
        *_percentiles(series),
        np.diff(series, axis=2).std(axis=2),
    ]
    return np.concatenate(statistics, axis=1)


def correlations(windows: FloatArray) -> FloatArray:
    """Pearson correlation of each pair of columns.

    Args:
        windows: shape (windows, frames, columns).

    Returns:
        Shape (windows, columns * (columns - 1) / 2): the upper triangle, row by row; 0 with a constant column.
    """
    mean = windows.mean(axis=1, keepdims=True)
    deviation = windows - mean
    covariance = deviation.transpose(0, 2, 1) @ deviation / np.float32(windows.shape[1])
    spread = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    inverse = np.where(_is_flat(spread, mean[:, 0]), 0, 1 / np.maximum(spread, np.finfo(np.float32).tiny))
    scaled = covariance * inverse[:, :, None] * inverse[:, None, :]
    rows, columns = np.triu_indices(windows.shape[2], k=1)
    triangle: FloatArray = np.clip(scaled[:, rows, columns], -1, 1)
    return triangle


def _percentiles(series: FloatArray) -> list[FloatArray]:
    """From one sort along contiguous memory, which NumPy does with vector instructions."""
    ordered = np.sort(series, axis=2)
    last = series.shape[2] - 1
    return [ordered[:, :, round(share * last)] for share in PERCENTILES]


def _skew(deviation: FloatArray, spread: FloatArray, mean: FloatArray) -> FloatArray:
    flat = _is_flat(spread, mean)
    scaled = deviation / np.where(flat, 1, spread)[:, :, None]
    skew: FloatArray = np.where(flat, 0, (scaled * scaled * scaled).mean(axis=2))
    return skew


def _is_flat(spread: FloatArray, mean: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return spread <= _FLAT * np.maximum(np.abs(mean), 1e-3)
