"""Turns a stored waveform into heights for a bar of some width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Heights = NDArray[np.float32]

_QUIETEST_FULL = 0.35
"""A track whose peak is this high (on the stored scale) fills the bar; softer ones are shown as soft as they are."""

_CURVE = 1.2
"""Between what is stored, on which everything loud looks alike, and the amplitude, on which everything soft is flat."""

_LOUDEST_SHARE = 98
"""Per cent of the points that stay below the rim: one slammed door must not flatten the rest of a track."""


@dataclass(frozen=True, eq=False)
class Outline:
    """Heights from 0 to 1, shape (n,) each, from the track's beginning to its end: peaks, and the body inside."""

    peaks: Heights
    body: Heights

    def reversed(self) -> Self:
        return type(self)(self.peaks[::-1], self.body[::-1])


def outline(waveform: NDArray[np.uint8], columns: int) -> Outline:
    """The shape of a waveform, (n, 2), in so many columns.

    Where several points fall into a column, the highest counts, so that a single beat is not lost; where there are
    more columns than points, heights in between are interpolated. The loud peaks of a track are made 1.
    """
    points = waveform.astype(np.float32) / 255
    loud = float(np.percentile(points[:, 0], _LOUDEST_SHARE)) if len(points) else 0.0
    heights = np.minimum(points / max(loud, _QUIETEST_FULL), 1.0) ** np.float32(_CURVE)
    return Outline(_fitted(heights[:, 0], columns), _fitted(heights[:, 1], columns))


def _fitted(heights: Heights, columns: int) -> Heights:
    columns = max(columns, 2)
    if columns < len(heights):
        starts = np.arange(columns) * len(heights) // columns
        return np.maximum.reduceat(heights, starts)
    places = np.linspace(0, len(heights) - 1, columns)
    return np.interp(places, np.arange(len(heights)), heights).astype(np.float32)
