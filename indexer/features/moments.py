"""Statistics of frames over the windows of a track."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

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


def mean_frame(frames: FloatArray) -> FloatArray:
    """The mean of frames, shape (…, frames, columns) to (…, columns), in float32.

    As a product it takes a third of the time of NumPy's mean, which adds up rows of few columns; what is to be centred
    wants that one, which is exact where all frames are alike.
    """
    count = frames.shape[-2]
    mean: FloatArray = np.full(count, 1 / count, np.float32) @ frames
    return mean


def moments(windows: FloatArray) -> FloatArray:
    """Mean, sd, skew, three percentiles and sd of the differences of each column.

    Args:
        windows: shape (windows, frames, columns).

    Returns:
        Shape (windows, 7 * columns), statistic by statistic; percentiles are of the nearest rank.
    """
    return moments_of([windows])[0]


def moments_of(blocks: Sequence[FloatArray]) -> list[FloatArray]:
    """The same of several blocks of columns, which takes less time together: their windows are the same."""
    ends = np.cumsum([block.shape[2] for block in blocks])
    # In rows of neighbouring samples, which `np.concatenate` alone would not make of turned arrays.
    series = np.empty((len(blocks[0]), int(ends[-1]), blocks[0].shape[1]), dtype=np.float32)
    np.concatenate([block.transpose(0, 2, 1) for block in blocks], axis=1, out=series)
    mean = series.mean(axis=2)
    spread, skew = _spread_and_skew(series - mean[:, :, None], mean)
    change = np.diff(series, axis=2)
    change -= change.mean(axis=2, keepdims=True)
    moved = _root_mean_square(change)
    del change
    statistics = np.stack([mean, spread, skew, *_percentiles(series), moved], axis=1)
    return [part.reshape(len(part), -1) for part in np.split(statistics, ends[:-1], axis=2)]


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
    triangle: FloatArray = np.clip(scaled.reshape(len(scaled), -1)[:, _upper(windows.shape[2])], -1, 1)
    return triangle


def _percentiles(series: FloatArray) -> list[FloatArray]:
    """From one sort along contiguous memory, which NumPy does with vector instructions."""
    ordered = np.sort(series, axis=2)
    last = series.shape[2] - 1
    return [ordered[:, :, round(share * last)] for share in PERCENTILES]


def _spread_and_skew(deviation: FloatArray, mean: FloatArray) -> tuple[FloatArray, FloatArray]:
    """`deviation` is written over: a long track has many frames."""
    spread = _root_mean_square(deviation)
    flat = _is_flat(spread, mean)
    deviation /= np.where(flat, np.float32(1), spread)[:, :, None]
    cubes = np.vecdot(np.square(deviation), deviation)
    return spread, np.where(flat, np.float32(0), cubes / np.float32(deviation.shape[2]))


def _root_mean_square(series: FloatArray) -> FloatArray:
    root: FloatArray = np.sqrt(np.vecdot(series, series) / np.float32(series.shape[2]))
    return root


@cache
def _upper(columns: int) -> NDArray[np.intp]:
    """Places of the upper triangle of a square matrix, row by row, in the matrix as one row."""
    return np.flatnonzero(np.triu(np.ones((columns, columns)), k=1))


def _is_flat(spread: FloatArray, mean: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return spread <= _FLAT * np.maximum(np.abs(mean), 1e-3)
