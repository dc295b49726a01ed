"""What is painted over the points of the map: names, the playing track with its neighbours, the pointer, the lasso."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_labels import ClassLabel, write
from musicplayer.ui.map.map_palette import colour_of
from musicplayer.ui.map.map_view import MapView

_FADE_FROM, _FADE_TO = 2.5, 5.0
_LARGE, _LARGER = 15.0, 27.0


class MapOverlay:
    """Paints with the colours of the theme; coordinates are pixels of the canvas."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._taken: list[QRectF] = []

    def begin(self) -> None:
        """Begin a picture, in which nothing is written yet."""
        self._taken = []

    def names_of_classes(
        self, painter: QPainter, view: MapView, labels: Sequence[ClassLabel], slots: Sequence[int], chosen: set[int]
    ) -> None:
        """Large names where the classes are densest; they give way as one comes nearer."""
        strength = float(np.clip((_FADE_TO - view.zoom) / (_FADE_TO - _FADE_FROM), 0, 1))
        ground = self._theme.colour("surface")
        room = QRectF(0, 0, *view.size).adjusted(8, 8, -8, -8)
        for label in labels if strength > 0 else ():
            if chosen and label.code not in chosen:
                continue
            size = _LARGE + (_LARGER - _LARGE) * min(label.share**0.5 / 0.6, 1.0)
            font = _font(painter.font(), size, QFont.Weight.DemiBold)
            spot = _point(view.to_pixels(np.array([label.place], dtype=np.float32))[0])
            metrics = QFontMetricsF(font)
            box = metrics.boundingRect(label.text)
            box.moveCenter(spot)
            if not room.contains(spot) or not self._takes(_within(box, room).adjusted(-4, 0, 4, 0)):
                continue
            box = _within(box, room)
            colour = self._readable(colour_of(slots[label.code], dark=self._theme.is_dark))
            painter.setOpacity(0.92 * strength)
            write(painter, box, label.text, font, colour, ground)
        painter.setOpacity(1.0)

    def names_of_tracks(
        self, painter: QPainter, spots: NDArray[np.float32], names: Sequence[str], radius: float
    ) -> None:
        """Small names to the right of their points."""
        font = _font(painter.font(), 11.5, QFont.Weight.Normal)
        metrics = QFontMetricsF(font)
        for spot, name in zip(spots, names, strict=True):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, 170)
            left, top = float(spot[0]) + radius + 5, float(spot[1]) - metrics.height() / 2
            box = QRectF(left, top, metrics.horizontalAdvance(text), metrics.height())
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

    def playing(self, painter: QPainter, spot: QPointF, radius: float, title: str, pulse: float) -> None:
        """A ring around the playing track, its title, and a wave that goes out once; `pulse` is 0 to 1 on its way."""
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
        width, aside = metrics.horizontalAdvance(text), radius + 13
        fits = spot.x() + aside + width < painter.viewport().width() / painter.device().devicePixelRatioF() - 4
        left = spot.x() + aside if fits else spot.x() - aside - width
        box = QRectF(left, spot.y() - metrics.height() / 2, width, metrics.height())
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


def _within(box: QRectF, room: QRectF) -> QRectF:
    """A box moved so that it does not reach beyond the sides."""
    moved = QRectF(box)
    moved.moveLeft(max(min(box.left(), room.right() - box.width()), room.left()))
    return moved


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _point(spot: NDArray[np.float32]) -> QPointF:
    return QPointF(float(spot[0]), float(spot[1]))
