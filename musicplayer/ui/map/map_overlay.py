"""What is painted over the points of the map: names, the playing track with its neighbours, the pointer, the lasso."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from indexer.core.discover.map_names import NamePlace
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_labels import write
from musicplayer.ui.map.map_palette import colour_of
from musicplayer.ui.map.map_view import MapView

_FADE_FROM, _FADE_TO = 2.5, 5.0
_LARGE, _LARGER = 15.0, 27.0
_RIM = 8.0
"""Pixels at the sides of the page that stay free of words."""


class MapOverlay:
    """Paints with the colours of the theme; coordinates are pixels of the canvas."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._taken: list[QRectF] = []

    def begin(self) -> None:
        """Begin a picture, in which nothing is written yet."""
        self._taken = []

    def names_of_classes(
        self,
        painter: QPainter,
        view: MapView,
        places: Sequence[NamePlace],
        named: Sequence[tuple[str, int]],
        chosen: set[int],
    ) -> None:
        """Large names where classes prevail, inside the page; they give way as one comes nearer.

        `named` has the name and the slot of every class, `chosen` those that are lit, none for all.
        """
        strength = float(np.clip((_FADE_TO - view.zoom) / (_FADE_TO - _FADE_FROM), 0, 1))
        ground = self._theme.colour("surface")
        room = _room(view.size)
        for label in places if strength > 0 else ():
            if chosen and label.code not in chosen:
                continue
            text, slot = named[label.code]
            size = _LARGE + (_LARGER - _LARGE) * min(label.share**0.5 / 0.6, 1.0)
            font = _font(painter.font(), size, QFont.Weight.DemiBold)
            spot = _point(view.to_pixels(np.array([label.place], dtype=np.float32))[0])
            metrics = QFontMetricsF(font)
            box = metrics.boundingRect(text)
            box.moveCenter(spot)
            if not room.contains(spot) or not self._takes(_within(box, room).adjusted(-4, 0, 4, 0)):
                continue
            box = _within(box, room)
            colour = self._readable(colour_of(slot, dark=self._theme.is_dark))
            painter.setOpacity(0.92 * strength)
            write(painter, box, text, font, colour, ground)
        painter.setOpacity(1.0)

    def names_of_tracks(
        self,
        painter: QPainter,
        size: tuple[float, float],
        spots: NDArray[np.float32],
        names: Sequence[str],
        radius: float,
    ) -> None:
        """Small names to the right of their points, to the left where there is no room on a page of this size."""
        font = _font(painter.font(), 11.5, QFont.Weight.Normal)
        metrics = QFontMetricsF(font)
        for spot, name in zip(spots, names, strict=True):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, 170)
            box = _beside(_point(spot), radius + 5, metrics.horizontalAdvance(text), metrics.height(), _room(size))
            if not self._takes(box):
                continue
            write(painter, box, text, font, self._theme.colour("soft"), self._theme.colour("surface"))

    def links(self, painter: QPainter, playing: QPointF, others: Sequence[QPointF], radius: float) -> None:
        """Lines from the playing track to what sounds like it, which has halos."""
        accent = self._theme.colour("accent")
        line = QColor(accent)
        line.setAlphaF(0.5)
        painter.setPen(QPen(line, 1.0))
        painter.drawLines([QLineF(playing, other) for other in others])
        for other in others:
            self._ring(painter, other, radius + 3.5, accent, 1.6)

    def playing(
        self, painter: QPainter, size: tuple[float, float], spot: QPointF, radius: float, title: str, pulse: float
    ) -> None:
        """A ring around the playing track, its title on a page of this size, and a wave that goes out once.

        `pulse` is 0 to 1 on its way.
        """
        accent = self._theme.colour("accent")
        if 0 < pulse < 1:
            wave = QColor(accent)
            wave.setAlphaF(0.55 * (1 - pulse))
            painter.setPen(QPen(wave, 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(spot, radius + 6 + 34 * pulse, radius + 6 + 34 * pulse)
        painter.setPen(QPen(self._theme.colour("surface"), 2))
        painter.setBrush(accent)
        painter.drawEllipse(spot, radius + 3, radius + 3)
        self._ring(painter, spot, radius + 7, accent, 2)
        font = _font(painter.font(), 13, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, 240)
        box = _beside(spot, radius + 13, metrics.horizontalAdvance(text), metrics.height(), _room(size))
        self._taken.append(box)
        write(painter, box, text, font, self._theme.colour("text"), self._theme.colour("surface"))

    def pointed(self, painter: QPainter, spot: QPointF, radius: float) -> None:
        """A ring around the point under the pointer, or where the keyboard went."""
        self._ring(painter, spot, radius + 3, self._theme.colour("text"), 1.8)

    def lasso(self, painter: QPainter, line: Sequence[QPointF], *, closed: bool) -> None:
        """The line drawn so far, with what it would enclose."""
        strong = self._theme.colour("strong")
        inside = QColor(strong)
        inside.setAlphaF(0.12)
        painter.setBrush(inside)
        painter.setPen(QPen(strong, 1.6, Qt.PenStyle.SolidLine if closed else Qt.PenStyle.DashLine))
        painter.drawPolygon(QPolygonF(line))

    def focus(self, painter: QPainter, rect: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour("focus"), 2))
        painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _takes(self, box: QRectF) -> bool:
        """Whether there is room for a text; it is taken then."""
        free = not any(box.intersects(other) for other in self._taken)
        if free:
            self._taken.append(box)
        return free

    def _ring(self, painter: QPainter, spot: QPointF, radius: float, colour: QColor, width: float) -> None:
        """A circle on a wider one in the colour of the ground, so that it is seen on any point."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour("surface"), width + 2))
        painter.drawEllipse(spot, radius, radius)
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(spot, radius, radius)

    def _readable(self, colour: QColor) -> QColor:
        """A hue half on its way to the colour of text."""
        text = self._theme.colour("text")
        mix = [round((own + 1.2 * other) / 2.2) for own, other in zip(_rgb(colour), _rgb(text), strict=True)]
        return QColor(*mix)


def _font(base: QFont, pixels: float, weight: QFont.Weight) -> QFont:
    font = QFont(base)
    font.setPixelSize(round(pixels))
    font.setWeight(weight)
    return font


def _room(size: tuple[float, float]) -> QRectF:
    """Where on a page of this size words may stand."""
    return QRectF(0, 0, *size).adjusted(_RIM, _RIM, -_RIM, -_RIM)


def _beside(spot: QPointF, aside: float, width: float, height: float, room: QRectF) -> QRectF:
    """A box to the right of a spot, to the left where it would reach beyond the side."""
    box = QRectF(spot.x() + aside, spot.y() - height / 2, width, height)
    if box.right() > room.right() and spot.x() - aside - width >= room.left():
        box.moveRight(spot.x() - aside)
    return _within(box, room) if room.contains(spot) else box


def _within(box: QRectF, room: QRectF) -> QRectF:
    """A box moved so that it does not reach beyond any side."""
    moved = QRectF(box)
    moved.moveLeft(max(min(box.left(), room.right() - box.width()), room.left()))
    moved.moveTop(max(min(box.top(), room.bottom() - box.height()), room.top()))
    return moved


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _point(spot: NDArray[np.float32]) -> QPointF:
    return QPointF(float(spot[0]), float(spot[1]))
