"""Text with a rim in the colour of the ground, to be read on top of points; drawn once, then kept as a picture."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

_RIM = 2.0
"""Pixels of ground around every letter."""

_RIM_STRENGTH = 0.82
_KEPT = 512


def write(painter: QPainter, box: QRectF, text: str, font: QFont, colour: QColor, ground: QColor) -> None:
    """Write one line of text whose letters begin at the left and top of `box`."""
    ratio = painter.device().devicePixelRatioF()
    image = _written(text, font.family(), font.pixelSize(), font.weight(), colour.rgb(), ground.rgb(), ratio)
    painter.drawImage(QPointF(round(box.left() - _RIM - 1), round(box.top() - _RIM - 1)), image)


@lru_cache(maxsize=_KEPT)
def _written(
    text: str, family: str, pixels: int, weight: QFont.Weight, colour: int, ground: int, ratio: float
) -> QImage:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    metrics = QFontMetricsF(font)
    air = 2 * (_RIM + 1)
    width, height = ceil((metrics.horizontalAdvance(text) + air) * ratio), ceil((metrics.height() + air) * ratio)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(QPointF(_RIM + 1, _RIM + 1 + metrics.ascent()), font, text)
    rim = QColor.fromRgb(ground)
    rim.setAlphaF(_RIM_STRENGTH)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(
        path, QPen(rim, 2 * _RIM, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.fillPath(path, QColor.fromRgb(colour))
    painter.end()
    return image
