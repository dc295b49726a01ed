"""What is written on the map: names of classes where they are densest, of tracks where there is room; with a rim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from indexer.core.discover.map import MusicMap, Points
from indexer.core.discover.map_colours import NONE, OTHER, ColourClass, Colouring
from indexer.core.language import tr
from musicplayer.ui.map.map_view import MapView

_CELLS = 28
_BLURS = 2
_LEAST_SHARE = 0.012
_APART = 0.055
"""Of the map's height: names of classes are at least so far apart."""

_LABEL_WIDTH, _LABEL_HEIGHT = 190.0, 36.0
_MOST = 60
_FEW = 900
_NEAR = 1.8
"""Tracks are named where no more than this are in sight, and only as one comes nearer."""

_RIM = 2.0
"""Pixels of ground around every letter."""

_RIM_STRENGTH = 0.82
_KEPT = 512


@dataclass(frozen=True)
class ClassLabel:
    """The name of a class, where it is written, its place in the colouring, and its share of all points."""

    text: str
    place: tuple[float, float]
    code: int
    share: float


def class_name(entry: ColourClass) -> str:
    """What a class is called, in the language that is spoken."""
    return entry.label if entry.is_named else tr(entry.label)


def class_labels(drawn: MusicMap, colouring: Colouring) -> list[ClassLabel]:
    """The larger classes, each where its points are densest and it has most of them to itself."""
    if not len(drawn):
        return []
    low, high = drawn.places.min(axis=0), drawn.places.max(axis=0)
    cells = ((drawn.places - low) / np.maximum(high - low, 1e-6) * (_CELLS - 1e-3)).astype(np.intp)
    flat = cells[:, 1] * _CELLS + cells[:, 0]
    everyone = _blurred(np.bincount(flat, minlength=_CELLS**2))
    labels: list[ClassLabel] = []
    for code in sorted(range(len(colouring.classes)), key=lambda code: -colouring.classes[code].count):
        entry = colouring.classes[code]
        share = entry.count / len(drawn)
        if entry.slot in (OTHER, NONE) or share < _LEAST_SHARE:
            continue
        chosen = colouring.codes == code
        members = drawn.places[chosen]
        own = _blurred(np.bincount(flat[chosen], minlength=_CELLS**2))
        worth = own * np.sqrt(own / np.maximum(everyone, 1e-9))
        for cell in np.argsort(-worth, kind="stable")[:40].tolist():
            spot = (np.array([cell % _CELLS, cell // _CELLS]) + 0.5) / _CELLS * (high - low) + low
            spot = members[np.argmin(np.square(members - spot).sum(axis=1))]
            if all(_apart(spot, label.place) for label in labels):
                labels.append(ClassLabel(class_name(entry), (float(spot[0]), float(spot[1])), code, share))
                break
    return labels


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
    coarse = 2.0 ** np.floor(np.log2(view.scale))
    cells = np.floor(drawn.places[seen] * coarse / np.array([_LABEL_WIDTH, _LABEL_HEIGHT])).astype(np.int64)
    _, first = np.unique(cells[:, 1] * 1_000_003 + cells[:, 0], return_index=True)
    return seen[np.sort(first)][:_MOST]


def _apart(spot: NDArray[np.floating], place: tuple[float, float]) -> bool:
    return bool(abs(spot[1] - place[1]) > _APART or abs(spot[0] - place[0]) > 3 * _APART)


def _blurred(counts: NDArray[np.intp]) -> NDArray[np.float64]:
    image = counts.reshape(_CELLS, _CELLS).astype(np.float64)
    for _ in range(_BLURS):
        padded = np.pad(image, 1)
        image = (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] + 2 * image) / 6
    return image.ravel()


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
