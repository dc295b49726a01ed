"""The library as a picture: where tracks lie, which is under the pointer, which are inside a line drawn around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.core.discover.map_frame import turned
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model.picture.layout import Picture

Places = NDArray[np.float32]
Points = NDArray[np.intp]
"""Numbers of points of a map, not to be taken for rows of the catalogue."""

_CELLS = 256
"""Cells along a side of the grid that finds points: one or two points in each, at 106,574 evenly spread ones."""


class MusicMap:
    """Tracks in the plane; a point is a track's number here, for as long as the map lives.

    Attributes:
        tracks: of each point.
        places: shape (points, 2).
        rows: shape (points,), of the catalogue.
    """

    def __init__(self, tracks: list[TrackId], places: Places, rows: NDArray[np.intp]) -> None:
        """Take tracks in any order, each with a place and a row of the catalogue."""
        self.tracks = tracks
        self.places = np.ascontiguousarray(places, dtype=np.float32)
        self.rows = rows
        self._point_of = {track: point for point, track in enumerate(tracks)}
        self._columns = np.ascontiguousarray(self.places.T)
        self._grid = _Grid.of(self.places)
        self._upwards = np.argsort(self.places[:, 1], kind="stable")

    @classmethod
    def of(cls, picture: Picture, listed: Mapping[TrackId, int]) -> MusicMap:
        """The map of the tracks that are in the picture and in the catalogue, its main axis across.

        The tracks of the build decide how it lies, so that nothing moves as tracks come and go.

        Args:
            picture: of the model.
            listed: catalogue row of every listed track.
        """
        tracks = picture.tracks()
        rows = np.array([listed.get(track, -1) for track in tracks], dtype=np.intp)
        shown = np.flatnonzero((rows >= 0) & ~picture.removed)
        places = turned(picture.places, of=picture.places[: len(picture.built)])
        return cls([tracks[row] for row in shown.tolist()], places[shown], rows[shown])

    def __len__(self) -> int:
        return len(self.tracks)

    def point_of(self, track: TrackId) -> int | None:
        return self._point_of.get(track)

    def nearest(self, place: tuple[float, float], within: tuple[float, float]) -> int | None:
        """The point nearest to a place, None where none is as near as `within`; equals go to the first.

        Args:
            place: on the map.
            within: along either axis: where axes are scaled apart, what is round for a hand is no circle here.
        """
        points = self._grid.near(place, within)
        if not len(points):
            return None
        steps = (self.places[points] - np.array(place, dtype=np.float32)) / np.array(within, dtype=np.float32)
        apart = np.square(steps).sum(axis=1)
        best = int(np.argmin(apart))
        return int(points[best]) if apart[best] <= 1.0 else None

    def between(self, low: tuple[float, float], high: tuple[float, float]) -> Points:
        """Points in a rectangle, ascending."""
        across, down = self._columns
        inside = (across >= np.float32(low[0])) & (across <= np.float32(high[0]))
        inside &= (down >= np.float32(low[1])) & (down <= np.float32(high[1]))
        return np.flatnonzero(inside)

    def inside(self, line: NDArray[np.floating]) -> Points:
        """Points inside a closed line, by the even-odd rule, ascending.

        A ray from each point to the right crosses the line an odd number of times. Points are sorted from top to
        bottom, so that each piece of the line is held against those at its height alone.

        Args:
            line: shape (corners, 2); the last corner is joined to the first.
        """
        heights, across = self.places[self._upwards, 1], self.places[self._upwards, 0]
        crossed = np.zeros(len(self.tracks), dtype=bool)
        corners = np.asarray(line, dtype=np.float32)
        for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            first, last = np.searchsorted(heights, np.sort(np.array([y0, y1])))
            if first < last:
                span = slice(first, last)
                crossed[span] ^= across[span] < x0 + (heights[span] - y0) * ((x1 - x0) / (y1 - y0))
        return np.sort(self._upwards[crossed])

    def towards(
        self, point: int, direction: tuple[float, float], scales: tuple[float, float] = (1.0, 1.0)
    ) -> int | None:
        """The nearest point in a direction, no more than 45° off; None where there is none.

        `scales` are those that both axes are drawn with.
        """
        steps = (self.places - self.places[point]) * np.array(scales, dtype=np.float32)
        ahead = steps @ np.array(direction, dtype=np.float32)
        aside = np.abs(steps @ np.array((-direction[1], direction[0]), dtype=np.float32))
        apart = np.where((ahead > 0) & (aside <= ahead), ahead + aside, np.inf)
        apart[point] = np.inf
        best = int(np.argmin(apart))
        return best if np.isfinite(apart[best]) else None

    def in_walking_order(self, points: Points) -> Points:
        """The same points so that each is near to the one before it: along a curve that fills the plane."""
        return points[np.argsort(_along_hilbert(self.places[points]), kind="stable")]


@dataclass(frozen=True, eq=False)
class _Grid:
    """Points sorted by the cell they lie in.

    Attributes:
        low: shape (2,), the corner of the first cell.
        cell: width of a cell.
        order: shape (points,), sorted by cell.
        starts: shape (cells + 1,), where in `order` each begins.
    """

    low: NDArray[np.float64]
    cell: float
    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, places: Places) -> _Grid:
        if not len(places):
            return cls(np.zeros(2), 1.0, np.empty(0, np.intp), np.zeros(_CELLS**2 + 1, np.intp))
        low = places.min(axis=0).astype(np.float64)
        cell = max(float((places.max(axis=0) - low).max()) / (_CELLS - 1), 1e-9)
        across, down = ((places - low) / cell).astype(np.intp).clip(0, _CELLS - 1).T
        cells = down * _CELLS + across
        counts = np.bincount(cells, minlength=_CELLS**2)
        return cls(low, cell, np.argsort(cells, kind="stable"), np.concatenate([[0], np.cumsum(counts)]))

    def near(self, place: tuple[float, float], within: tuple[float, float]) -> Points:
        """All points in the cells that an ellipse touches."""
        reach = np.array(within)
        low = ((np.array(place) - reach - self.low) // self.cell).clip(0, _CELLS - 1).astype(int)
        high = ((np.array(place) + reach - self.low) // self.cell).clip(0, _CELLS - 1).astype(int)
        runs = [
            self.order[self.starts[row * _CELLS + low[0]] : self.starts[row * _CELLS + high[0] + 1]]
            for row in range(low[1], high[1] + 1)
        ]
        return np.concatenate(runs)


_BITS = 10


def _along_hilbert(places: Places) -> NDArray[np.int64]:
    """How far along a Hilbert curve of 1,024 × 1,024 cells each place lies, shape (points,)."""
    if not len(places):
        return np.empty(0, dtype=np.int64)
    low, side = places.min(axis=0), 1 << _BITS
    width = max(float((places.max(axis=0) - low).max()), 1e-9)
    x, y = ((places - low) / width * (side - 1)).astype(np.int64).T
    far = np.zeros(len(places), dtype=np.int64)
    step = side // 2
    while step:
        right, below = (x & step) > 0, (y & step) > 0
        far += step * step * ((3 * right) ^ below)
        turned = ~below
        x, y = np.where(turned & right, side - 1 - x, x), np.where(turned & right, side - 1 - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
        step //= 2
    return far
