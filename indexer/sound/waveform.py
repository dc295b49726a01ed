"""Draws the outline of a whole track in few points, while it streams by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray

POINTS = 800
"""More than a seek bar has room for on most screens, and 1.6 kB a track."""

Waveform = NDArray[np.uint8]
"""Shape (POINTS, 2): the peak and the root mean square of each part of the track, from its beginning to its end.

A value v stands for the amplitude (v / 255) ** 2: the square root spreads out what is soft, so that a quiet passage
(-40 dB) is still a tenth as high as full scale. Beyond full scale is 255.
"""

_SLICES_A_SECOND = 100
MOST_SLICES = 1 << 16


class WaveformPainter:
    """Takes sound block by block; however long it goes on, it keeps at most 65,536 slices of it."""

    def __init__(self, rate: int, channels: int) -> None:
        self._size = max(1, rate // _SLICES_A_SECOND)
        self._rest = np.empty((channels, 0), np.float32)
        self._peaks = np.empty(0, np.float32)
        self._squares = np.empty(0)

    def __len__(self) -> int:
        """How many slices are kept."""
        return len(self._peaks)

    def add(self, block: FloatArray) -> None:
        """Take the next samples, shape (channels, frames)."""
        sound = np.concatenate((self._rest, block), axis=1) if self._rest.shape[1] else block
        whole = sound.shape[1] // self._size * self._size
        self._rest = sound[:, whole:].copy()  # who gives a block may fill it again
        if whole:
            self._append(sound[:, :whole].reshape(len(sound), -1, self._size))
        if len(self._peaks) > MOST_SLICES:
            self._halve()

    def finish(self) -> Waveform:
        """The outline of everything that was taken; zero all over where that is nothing."""
        if self._rest.shape[1]:
            self._append(self._rest[:, None, :])
            self._rest = self._rest[:, :0]
        peaks, squares = self._peaks, self._squares
        if len(peaks) == 0:
            return np.zeros((POINTS, 2), np.uint8)
        starts, ends = _bounds(len(peaks))
        total = np.concatenate(([0.0], np.cumsum(squares, dtype=np.float64)))
        mean = (total[ends] - total[starts]) / (ends - starts)
        # `reduceat` takes pairs of bounds in turn, and every second result is between two of them.
        bounds = np.stack((starts, ends), axis=1).ravel()
        highest = np.maximum.reduceat(np.append(peaks, 0.0), bounds)[::2]
        return np.stack((_encoded(highest), _encoded(np.sqrt(mean))), axis=1)

    def _append(self, slices: FloatArray) -> None:
        """Add slices, shape (channels, slices, frames of each)."""
        highest = np.maximum(slices.max(axis=2), -slices.min(axis=2)).max(axis=0)
        squares = np.einsum("csf,csf->s", slices, slices) / (slices.shape[0] * slices.shape[2])
        self._peaks = np.concatenate((self._peaks, highest))
        self._squares = np.concatenate((self._squares, squares))

    def _halve(self) -> None:
        """Make slices twice as long."""
        even = len(self._peaks) // 2 * 2
        odd_peaks, odd_squares = self._peaks[even:], self._squares[even:]
        self._peaks = np.append(self._peaks[:even].reshape(-1, 2).max(axis=1), odd_peaks)
        self._squares = np.append(self._squares[:even].reshape(-1, 2).mean(axis=1), odd_squares)
        self._size *= 2


def _bounds(slices: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each point's slices begin and end: at least one for each, shared by neighbours of a short track."""
    places = np.arange(POINTS + 1) * slices / POINTS
    starts = np.minimum(np.floor(places[:-1]).astype(np.intp), slices - 1)
    ends = np.maximum(np.floor(places[1:]).astype(np.intp), starts + 1)
    return starts, ends


def _encoded(amplitude: NDArray[np.floating]) -> NDArray[np.uint8]:
    encoded: NDArray[np.uint8] = np.rint(255 * np.sqrt(np.clip(amplitude, 0, 1))).astype(np.uint8)
    return encoded
