"""Hubness: whether a few tracks are among everyone's nearest while others are among nobody's.

Source: Radovanović et al., "Hubs in space", JMLR 11 (2010): the skewness of the k-occurrence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Hubness:
    """How unevenly tracks are recommended.

    Attributes:
        skewness: of the number of lists a track is in, S_k; 0 is even, above 1 a few hubs rule.
        biggest: number of lists the commonest track is in.
        never: share of tracks that are in nobody's list, 0 to 1.
        k: length of the lists.
    """

    skewness: float
    biggest: int
    never: float
    k: int


def hubness(
    neighbours: NDArray[np.integer[Any]],
    tracks: int,
    k: int = 10,
    *,
    comparable: NDArray[np.bool_] | None = None,
) -> Hubness:
    """Measure the hubness of neighbour lists.

    Args:
        neighbours: shape (lists, at least k), rows best first; -1 where a list is shorter.
        tracks: number of rows there are.
        k: how much of each list counts.
        comparable: shape (tracks,), True for tracks that can be recommended; the others are left out of the statistics
            on both sides. All, unless told.
    """
    asking = np.asarray(neighbours)[:, :k]
    if comparable is not None and len(asking) == tracks:
        asking = asking[comparable]
    named = asking[asking >= 0]
    counts = np.bincount(named, minlength=tracks).astype(np.float64)
    if comparable is not None:
        counts = counts[comparable]
    if not len(counts):
        return Hubness(0.0, 0, 0.0, k)
    deviation = counts - counts.mean()
    spread = float(np.sqrt(np.mean(deviation**2)))
    skewness = float(np.mean(deviation**3)) / spread**3 if spread > 0 else 0.0
    return Hubness(skewness, int(counts.max()), float(np.mean(counts == 0)), k)
