"""How a map lies on its page: its main axis along the longer side, its axes scaled apart to fill more; for all windows.

Distances on the map say how alike two tracks are, so axes are scaled apart no more than `MOST_APART`: a circle becomes
an ellipse that still reads as round, and a library that lies in a strip does not leave half of the page empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.float32]
Pair = tuple[float, float]

MOST_APART = 1.6
"""One axis is drawn with at most so many times the pixels of the other."""

AIR = 0.94
"""Share of a side of the page that the map fills at most; what is left is for the points at its rim."""

WORTH_TURNING = 1.1
"""A quarter turn has to fill the page by so much more, so that a map that is nearly square never turns."""

_ROUND = 1.15
"""Below this ratio of the spreads of both axes none of them is the main one."""

_SMALLEST = 1e-3


@dataclass(frozen=True, slots=True)
class Fit:
    """How a map is drawn on a page.

    Attributes:
        scales: pixels for a distance of one along the first and the second axis of the map.
        upright: whether the first axis goes down the page and the second across.
    """

    scales: Pair
    upright: bool


def turned(places: Places, of: Places | None = None) -> Places:
    """Places with their main axis across, moved so that both axes begin at 0 and the longer one ends at 1.

    They are turned by less than a quarter, the shorter way, and not at all where no axis is the main one.

    Args:
        places: shape (points, 2), both axes in one unit.
        of: places that decide about turn and frame, where it is not to change with every one that comes; all places
            where none are given.
    """
    deciding = places if of is None or not len(of) else of
    if not len(deciding):
        return places
    turn = _turn(deciding)
    around = deciding.mean(axis=0)
    shown, framed = (places - around) @ turn, (deciding - around) @ turn
    low = framed.min(axis=0)
    side = max(float((framed.max(axis=0) - low).max()), _SMALLEST)
    return np.ascontiguousarray((shown - low) / side, dtype=np.float32)


def extent_of(places: Places) -> tuple[Pair, Pair]:
    """Where the frame of places begins, and how wide and high it is, which is never nothing."""
    low, high = places.min(axis=0), places.max(axis=0)
    width, height = np.maximum(high - low, _SMALLEST).tolist()
    return (float(low[0]), float(low[1])), (width, height)


def fitted(extent: Pair, size: Pair) -> Fit:
    """The scales that let a map of this extent fill a page of this size in pixels best.

    A browser does the same with these numbers, since it alone knows the size of its page.
    """
    width, height = (max(side, 1.0) for side in size)
    across, upright = _scales(extent, (width, height)), _scales(extent, (height, width))
    if upright[0] * upright[1] > WORTH_TURNING * across[0] * across[1]:
        return Fit(upright, upright=True)
    return Fit(across, upright=False)


def _scales(extent: Pair, size: Pair) -> Pair:
    across, down = AIR * size[0] / extent[0], AIR * size[1] / extent[1]
    return min(across, MOST_APART * down), min(down, MOST_APART * across)


def _turn(places: Places) -> NDArray[np.float64]:
    """What places are multiplied with, shape (2, 2), so that they vary most across."""
    centred = places.astype(np.float64) - places.mean(axis=0, dtype=np.float64)
    spreads, directions = np.linalg.eigh(centred.T @ centred)
    if spreads[1] <= _ROUND**2 * max(spreads[0], 0.0):
        return np.eye(2)
    across = directions[:, 1] if directions[0, 1] >= 0 else -directions[:, 1]
    return np.column_stack([across, [-across[1], across[0]]])
