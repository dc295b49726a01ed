"""The points of the map as a picture, drawn anew only when the part that is seen or the colours have changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from indexer.core.discover.map import MusicMap
from indexer.core.discover.map_colours import Colouring
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_palette import pixels_of
from musicplayer.ui.map.map_raster import Pixels, PointRaster, radius_for
from musicplayer.ui.map.map_view import MapView


class MapPicture:
    """Paints all points of a map."""

    def __init__(self, drawn: MusicMap) -> None:
        self._raster = PointRaster(drawn.places)
        self._points = len(drawn)
        self._drawn_for: tuple[MapView, float] | None = None
        self._image = QImage()
        self._pixels: Pixels = np.empty(0, np.uint32)

    def arrange(self, colouring: Colouring, lit: NDArray[np.bool_] | None, theme: Theme) -> None:
        """Give the points their colours; those that are not `lit`, shape (points,), are dimmed."""
        colours, dimmed, ground = pixels_of(colouring, theme)
        self._raster.arrange(colouring.codes, colours, dimmed, lit, ground=ground)
        self._drawn_for = None

    def radius(self, view: MapView) -> float:
        """Of a point, in pixels of the canvas."""
        return radius_for(self._points, *view.size, view.zoom)

    def paint(self, painter: QPainter, view: MapView, ratio: float) -> None:
        """Paint what is seen; `ratio` is the number of pixels of the screen for one of the canvas."""
        if self._drawn_for != (view, ratio):
            self._draw(view, ratio)
            self._drawn_for = (view, ratio)
        painter.drawImage(0, 0, self._image)

    def _draw(self, view: MapView, ratio: float) -> None:
        width, height = (max(round(side * ratio), 1) for side in view.size)
        left, top = view.origin()
        pixels, stride = self._raster.draw(
            width, height, view.scale * ratio, (left * ratio, top * ratio), self.radius(view) * ratio
        )
        self._pixels = pixels  # the image only points at them
        self._image = QImage(pixels.data, width, height, 4 * stride, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)
