"""What is written on the map: which tracks are named where there is room, what classes are called; with a rim."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from indexer.core.discover.map import MusicMap, Points
from indexer.core.discover.map_colours import ColourClass
from indexer.core.language import tr
from musicplayer.ui.map.map_view import MapView

_LABEL_WIDTH, _LABEL_HEIGHT = 190.0, 36.0
_MOST = 60
_FEW = 900
_NEAR = 1.8
"""Tracks are named where no more than this are in sight, and only as one comes nearer."""

_RIM = 2.0
"""Pixels of ground around every letter."""

_RIM_STRENGTH = 0.82
_KEPT = 512


def class_name(entry: ColourClass) -> str:
    """What a class is called, in the language that is spoken."""
    return entry.label if entry.is_named else tr(entry.label)


def named_points(drawn: MusicMap, view: MapView, lit: NDArray[np.bool_] | None) -> Points:
    """Points whose tracks are named: none while many are in sight, else one in every piece of the map.

    The pieces stay where they are while the map is panned, so that names do not flicker.
    """
    if view.zoom < _NEAR:
        return np.empty(0, dtype=np.intp)
    low, high = view.place_at(0, 0), view.place_at(*view.size)
    seen = drawn.between(low, high)
    if lit is not None:
        seen = seen[lit[seen]]
    if not 0 < len(seen) <= _FEW:
        return np.empty(0, dtype=np.intp)
    coarse = 2.0 ** np.floor(np.log2(view.scales))
    cells = np.floor(drawn.places[seen] * coarse / np.array(view.swapped((_LABEL_WIDTH, _LABEL_HEIGHT)))).astype(
        np.int64
    )
    _, first = np.unique(cells[:, 1] * 1_000_003 + cells[:, 0], return_index=True)
    return seen[np.sort(first)][:_MOST]


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
