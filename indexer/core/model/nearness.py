"""How near two tracks are, as the one measure that panel, reasons, journeys, map and page show.

It is no share of the library: of a hundred thousand tracks all that a list shows are nearer than 99.9 % of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_NO_ROOM = 1e-9
"""Between what is typical and the nearest; with less, nothing is nearer than anything else."""

COPY = 8.0
"""So many times nearer than a typical pair is as near as can be: a copy of the seed leaves the rest its differences."""


def nearness(distances: NDArray[np.floating[Any]] | float, nearest: float, typical: float) -> NDArray[np.float64]:
    """How near: 1 at the nearest that the seed has, 0 at a typical pair of the library and beyond.

    Between these it goes by ratios: half as far is as much nearer anywhere. It means the same in small and large
    libraries, since both ends are distances of this library.

    Args:
        distances: from the seed, any shape, 0 or more; any unit, as long as it is that of the others.
        nearest: from the seed to the nearest that it has.
        typical: between random pairs of the library, the median.

    Returns:
        Of the shape of `distances`, 0 to 1; NaN where a distance is none.
    """
    far = np.asarray(distances, dtype=np.float64)
    least = max(nearest, typical / COPY)
    if not _NO_ROOM < typical - least < np.inf:
        return np.where(np.isnan(far), np.nan, (far <= nearest).astype(np.float64))
    found: NDArray[np.float64] = np.log(typical / np.clip(far, least, typical)) / np.log(typical / least)
    return found
