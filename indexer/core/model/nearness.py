"""How near two tracks are, as the one measure that panel, reasons, journeys, map and page show.

It is no share of the library: of a hundred thousand tracks all that a list shows are nearer than 99.9 % of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_NO_ROOM = 1e-9
"""Between what is typical and the nearest; with less, nothing is nearer than anything else."""


def nearness(distances: NDArray[np.floating[Any]] | float, nearest: float, typical: float) -> NDArray[np.float64]:
    """How near: 1 at the nearest that the seed has, 0 at a typical pair of the library and beyond, linear between.

    It means the same in small and large libraries, since both ends are distances of this library.

    Args:
        distances: from the seed, any shape; any unit, as long as it is that of the others.
        nearest: from the seed to the nearest that it has.
        typical: between random pairs of the library, the median.

    Returns:
        Of the shape of `distances`, 0 to 1; NaN where a distance is none.
    """
    room = typical - nearest
    far = np.asarray(distances, dtype=np.float64)
    if not _NO_ROOM < room < np.inf:
        return np.where(np.isnan(far), np.nan, (far <= nearest).astype(np.float64))
    return np.clip((typical - far) / room, 0.0, 1.0)
