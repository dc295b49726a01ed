"""Where the name of a class is written on a map: amid its points, where it prevails, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.discover.map_colours import NONE, OTHER, Colouring

Places = NDArray[np.float32]

PREVAILS = 0.5
"""Share of what lies around a name that is of its class, at least."""

_MOST_CELLS, _FEWEST_CELLS = 28, 6
"""Cells along a side in which points are counted."""

_A_CELL = 3
"""Points that share a cell in a small library: around a name there are a dozen then, which can prevail."""

_LEAST_TOGETHER = 0.6
"""Of a class around its name, smoothed: three in one cell. One or two prevail nowhere."""

_LEAST_SHARE = 0.012
_APART = 0.055
"""Names are at least so far apart down the map, and three times as far across."""

_TRIED = 40
_BLURS = 2


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where a name is written, of which class by its place in the colouring, and its share of all points."""

    place: tuple[float, float]
    code: int
    share: float


def places_of_names(places: Places, colours: Colouring) -> list[NamePlace]:
    """The larger classes, each where its points are densest among those parts of the map where it prevails.

    A class that prevails nowhere has no name on the map: the legend has it.

    Args:
        places: shape (points, 2).
        colours: of these points.
    """
    if not len(places):
        return []
    found: list[NamePlace] = []
    counted = _Counted.of(places)
    for code in sorted(range(len(colours.classes)), key=lambda code: -colours.classes[code].count):
        entry = colours.classes[code]
        share = entry.count / len(places)
        if entry.slot in (OTHER, NONE) or share < _LEAST_SHARE:
            continue
        chosen = colours.codes == code
        members = places[chosen]
        for spot in counted.strongholds(chosen):
            near = members[np.argmin(np.square(members - spot).sum(axis=1))]
            if all(_apart(near, other.place) for other in found):
                found.append(NamePlace((float(near[0]), float(near[1])), code, share))
                break
    return found


@dataclass(frozen=True, eq=False)
class _Counted:
    """Points by the cell that they lie in.

    Attributes:
        low, high: shape (2,), the corners of the map.
        side: cells along it.
        cells: shape (points,).
        everyone: shape (cells,), points around each, smoothed.
    """

    low: Places
    high: Places
    side: int
    cells: NDArray[np.intp]
    everyone: NDArray[np.float64]

    @classmethod
    def of(cls, places: Places) -> _Counted:
        low, high = places.min(axis=0), places.max(axis=0)
        side = int(np.clip(np.sqrt(len(places) / _A_CELL), _FEWEST_CELLS, _MOST_CELLS))
        across, down = ((places - low) / np.maximum(high - low, 1e-6) * (side - 1e-3)).astype(np.intp).T
        cells = down * side + across
        return cls(low, high, side, cells, _blurred(np.bincount(cells, minlength=side**2), side))

    def strongholds(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Middles of cells where points that are `chosen`, shape (points,), prevail; shape (n, 2), the best first."""
        own = _blurred(np.bincount(self.cells[chosen], minlength=self.side**2), self.side)
        share = own / np.maximum(self.everyone, 1e-9)
        theirs = np.flatnonzero((share >= PREVAILS) & (own >= _LEAST_TOGETHER))
        best = theirs[np.argsort(-own[theirs] * np.sqrt(share[theirs]), kind="stable")][:_TRIED]
        middles: NDArray[np.float64] = (
            (np.column_stack([best % self.side, best // self.side]) + 0.5) / self.side * (self.high - self.low)
        ) + self.low
        return middles


def _apart(spot: NDArray[np.floating], place: tuple[float, float]) -> bool:
    return bool(abs(spot[1] - place[1]) > _APART or abs(spot[0] - place[0]) > 3 * _APART)


def _blurred(counts: NDArray[np.intp], side: int) -> NDArray[np.float64]:
    image = counts.reshape(side, side).astype(np.float64)
    for _ in range(_BLURS):
        padded = np.pad(image, 1)
        image = (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] + 2 * image) / 6
    return image.ravel()
