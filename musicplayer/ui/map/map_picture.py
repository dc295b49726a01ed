"""Draws a hundred thousand points into a picture, fast enough to do so for every frame.

Every point is a disc of a few pixels. Discs are drawn pixel by pixel of their shape, for all points at once: first the
pixels that a disc covers in part, in a colour mixed with the ground, then those that it covers wholly. So edges are
soft, no disc's edge lies on another disc, and nothing has to be blended.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from indexer.core.discover.map import MusicMap
from indexer.core.discover.map_colours import Colouring
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_palette import Pixels, mixed, pixels_of
from musicplayer.ui.map.map_view import MapView

LARGEST = 8.0
"""Radius of the largest disc, in pixels of the canvas."""

_LEVELS = (0.3, 0.62, 1.0)
"""Shares of a pixel that are told apart."""


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
        (left, top), (along, other) = view.origin(), view.scales
        pixels, stride = self._raster.draw(
            width,
            height,
            (along * ratio, other * ratio),
            (left * ratio, top * ratio),
            self.radius(view) * ratio,
            upright=view.fit.upright,
        )
        self._pixels = pixels  # the image only points at them
        self._image = QImage(pixels.data, width, height, 4 * stride, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)


class PointRaster:
    """Keeps the picture and the order in which points are drawn."""

    def __init__(self, places: NDArray[np.float32]) -> None:
        """Take places, shape (points, 2); they are drawn in a fixed random order, so that no colour lies on top."""
        self._shuffled = np.random.default_rng(0).permutation(len(places))
        self._places = places
        self._held = np.empty(0, dtype=np.uint32)
        self.arrange(np.zeros(len(places), np.intp), np.zeros(1, np.uint32), np.zeros(1, np.uint32), None, ground=0)

    def arrange(
        self, codes: NDArray[np.intp], colours: Pixels, dimmed: Pixels, lit: NDArray[np.bool_] | None, *, ground: int
    ) -> None:
        """Give points their colours.

        Args:
            codes: shape (points,), places in `colours` and `dimmed`.
            colours: shape (classes,).
            dimmed: shape (classes,), of points that are not lit; those lie below all others.
            lit: shape (points,), None for all.
            ground: colour behind the points.
        """
        order, self._dim_count = self._shuffled, 0
        chosen = colours[codes]
        if lit is not None:
            order = order[np.argsort(lit[order], kind="stable")]
            self._dim_count = len(order) - int(np.count_nonzero(lit))
            chosen = np.where(lit, chosen, dimmed[codes])
        self._ground = np.uint32(ground)
        self._across = np.ascontiguousarray(self._places[order, 0])
        self._down = np.ascontiguousarray(self._places[order, 1])
        self._colours = np.stack([mixed(chosen[order], ground, level) for level in _LEVELS])

    def draw(
        self,
        width: int,
        height: int,
        scales: tuple[float, float],
        origin: tuple[float, float],
        radius: float,
        *,
        upright: bool = False,
    ) -> tuple[Pixels, int]:
        """Draw all points.

        Args:
            width: of the picture in pixels.
            height: of the picture in pixels.
            scales: pixels for a distance of one along the first and the second axis of the places.
            origin: the pixel of the place (0, 0).
            radius: of a disc, in pixels.
            upright: whether the first axis goes down.

        Returns:
            The picture's pixels, row after row, valid until the next call; and how many there are in a row, which is
            more than `width`.
        """
        shape = stamp(round(4 * radius) / 4)
        reach = max(dx for _, dx, _ in shape)
        margin = 2 * reach + 1  # so that a disc whose rim is just in sight lies within as a whole
        flat, stride = self._cleared(width, height, margin)
        axes = [(self._across, scales[0]), (self._down, scales[1])]
        x, y = (
            (places * np.float32(scale) + np.float32(begin + margin)).astype(np.int32)
            for (places, scale), begin in zip(reversed(axes) if upright else axes, origin, strict=True)
        )
        low, right, bottom = margin - reach, width + margin + reach, height + margin + reach
        seen = np.flatnonzero((x >= low) & (x < right) & (y >= low) & (y < bottom))
        spots = y.take(seen).astype(np.intp) * stride + x.take(seen)
        below = int(np.searchsorted(seen, self._dim_count))
        for span in (slice(0, below), slice(below, None)):
            self._stamp(flat, spots[span], seen[span], shape, stride)
        return flat[margin * stride + margin :][: (height - 1) * stride + width], stride

    def _stamp(
        self,
        flat: Pixels,
        spots: NDArray[np.intp],
        points: NDArray[np.intp],
        shape: tuple[tuple[int, int, int], ...],
        stride: int,
    ) -> None:
        if not len(spots):
            return
        everything = len(points) == len(self._across)
        level, colours = -1, self._colours[0]
        for layer, dx, dy in shape:
            if layer != level:
                level = layer
                colours = self._colours[layer] if everything else self._colours[layer].take(points)
            flat[spots + (dy * stride + dx)] = colours

    def _cleared(self, width: int, height: int, margin: int) -> tuple[Pixels, int]:
        """All pixels with a margin around them, in the colour of the ground; and how many there are in a row."""
        stride = width + 2 * margin
        if len(self._held) != (height + 2 * margin) * stride:
            self._held = np.empty((height + 2 * margin) * stride, dtype=np.uint32)
        self._held.fill(self._ground)
        return self._held, stride


@lru_cache(maxsize=64)
def stamp(radius: float) -> tuple[tuple[int, int, int], ...]:
    """The pixels of a disc: the level of each and its offsets, the faintest first."""
    reach = int(np.ceil(radius + 0.5))
    fine = (np.arange(-reach * 8, (reach + 1) * 8) + 0.5) / 8
    covered = (np.hypot(fine[:, np.newaxis] - 0.5, fine[np.newaxis] - 0.5) <= radius).astype(float)
    side = 2 * reach + 1
    shares = covered.reshape(side, 8, side, 8).mean(axis=(1, 3))
    levels = np.digitize(shares, (0.18, 0.46, 0.81)) - 1
    levels[reach, reach] = max(levels[reach, reach], 1)  # the smallest disc is still seen
    return tuple(
        (level, x - reach, y - reach) for level in range(len(_LEVELS)) for y, x in np.argwhere(levels == level).tolist()
    )


def radius_for(points: int, width: float, height: float, zoom: float) -> float:
    """Radius of a disc: small where many points share the canvas, larger as one comes nearer."""
    room = np.sqrt(width * height / max(points, 1))
    return float(np.clip(np.clip(0.3 * room, 0.9, 4.5) * zoom**0.38, 0.75, LARGEST))
