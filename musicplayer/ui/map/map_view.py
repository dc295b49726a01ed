"""Which part of the map is seen: the arithmetic of panning and zooming, without a widget."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.core.discover.map_frame import Fit, extent_of, fitted

Place = tuple[float, float]
Size = tuple[float, float]

CLOSEST = 160.0
"""Zoom at which a hundred thousand tracks are a finger's breadth apart; beyond, there is nothing more to see."""

_FARTHEST = 0.6


@dataclass(frozen=True)
class MapView:
    """Maps places, 0 to 1, to pixels of a canvas, each axis with a scale of its own.

    Attributes:
        size: of the canvas in pixels.
        zoom: 1 shows the whole map.
        centre: the place in the middle of the canvas.
        extent: width and height of everything there is.
        middle: of everything there is.
    """

    size: Size
    zoom: float = 1.0
    centre: Place = (0.5, 0.5)
    extent: Size = (1.0, 1.0)
    middle: Place = (0.5, 0.5)

    @classmethod
    def whole(cls, places: NDArray[np.float32], size: Size) -> MapView:
        """All of some places, shape (points, 2)."""
        if not len(places):
            return cls(size)
        low, extent = extent_of(places)
        middle = (low[0] + extent[0] / 2, low[1] + extent[1] / 2)
        return cls(size, 1.0, middle, extent, middle)

    @property
    def fit(self) -> Fit:
        """How the whole map is drawn on the canvas."""
        return fitted(self.extent, self.size)

    @property
    def scales(self) -> Place:
        """Pixels for a distance of one along the first and the second axis of the map."""
        along, other = self.fit.scales
        return self.zoom * along, self.zoom * other

    def swapped(self, pair: Place) -> Place:
        """What lies across and down the canvas along the axes of the map, or the other way round."""
        return (pair[1], pair[0]) if self.fit.upright else pair

    @property
    def is_whole(self) -> bool:
        return self.zoom == 1.0 and self.centre == self.middle

    def origin(self) -> Place:
        """Pixel of the place (0, 0)."""
        (along, other), (x, y) = self.scales, self.centre
        across, down = self.swapped((x * along, y * other))
        return self.size[0] / 2 - across, self.size[1] / 2 - down

    def to_pixels(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """Pixels of places, shape (n, 2)."""
        scaled = places * np.array(self.scales, dtype=np.float32)
        across_and_down = scaled[:, ::-1] if self.fit.upright else scaled
        pixels: NDArray[np.float32] = across_and_down + np.array(self.origin(), dtype=np.float32)
        return pixels

    def place_at(self, x: float, y: float) -> Place:
        """The place under a pixel."""
        left, top = self.origin()
        return self._distance((x - left, y - top))

    def resized(self, size: Size) -> MapView:
        return replace(self, size=size)

    def panned(self, dx: float, dy: float) -> MapView:
        """Moved by so many pixels: what was in the middle is that much farther to the right and down."""
        along, other = self._distance((dx, dy))
        return self._held(self.zoom, (self.centre[0] - along, self.centre[1] - other))

    def zoomed(self, factor: float, x: float, y: float) -> MapView:
        """Nearer by `factor`; what is under the pixel stays there."""
        held = self.place_at(x, y)
        nearer = replace(self, zoom=min(max(self.zoom * factor, _FARTHEST), CLOSEST))
        moved = nearer.place_at(x, y)
        centre = (nearer.centre[0] + held[0] - moved[0], nearer.centre[1] + held[1] - moved[1])
        return self._held(nearer.zoom, centre)

    def fitted(self, low: Place, high: Place, *, closest: float = 12.0) -> MapView:
        """As near as shows a rectangle with some air around it, at most `closest`."""
        extent = (max(high[0] - low[0], 1e-6), max(high[1] - low[1], 1e-6))
        room, scales = self.swapped(self.size), self.fit.scales
        zoom = 0.8 * min(room[0] / (extent[0] * scales[0]), room[1] / (extent[1] * scales[1]))
        return self._held(min(max(zoom, 1.0), closest), ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2))

    def centred(self, place: Place, zoom: float | None = None) -> MapView:
        return self._held(self.zoom if zoom is None else zoom, place)

    def between(self, other: MapView, share: float) -> MapView:
        """On the way to another view, 0 to 1, evenly in zoom."""
        zoom = self.zoom ** (1 - share) * other.zoom**share
        # Where the zoom changes, a place that stays put on the canvas has to stay put on the way, too.
        part = (1 / zoom - 1 / self.zoom) / (1 / other.zoom - 1 / self.zoom) if other.zoom != self.zoom else share
        across, down = ((1 - part) * a + part * b for a, b in zip(self.centre, other.centre, strict=True))
        return replace(other, zoom=zoom, centre=(across, down))

    def _distance(self, pixels: Place) -> Place:
        """How far apart along the axes of the map two pixels are that lie so far apart on the canvas."""
        (along, other), (first, second) = self.scales, self.swapped(pixels)
        return first / along, second / other

    def _held(self, zoom: float, centre: Place) -> MapView:
        """With something of the map always to be seen: its middle never leaves by more than its own size."""
        x, y = (
            min(max(at, middle - reach / 2), middle + reach / 2)
            for at, middle, reach in zip(centre, self.middle, self.extent, strict=True)
        )
        return replace(self, zoom=min(max(zoom, _FARTHEST), CLOSEST), centre=(x, y))
