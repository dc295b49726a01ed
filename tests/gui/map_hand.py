"""What a hand does on the music map, and a small map to do it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QVariantAnimation
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from indexer.core.tracks import Track
from musicplayer.ui.map.map_canvas import MapCanvas

COLUMNS = 6
GENRES = ("Jazz", "Rock", "Folk")


def on_the_map(tracks: Sequence[Track]) -> list[Track]:
    """Tracks by as many artists, in three genres."""
    return [replace(track, artist=track.title, genre=GENRES[number % 3]) for number, track in enumerate(tracks)]


def grid(count: int) -> NDArray[np.float32]:
    """Rows of six, numbers from left to right and from top to bottom."""
    return np.array([(n % COLUMNS * 0.15, n // COLUMNS * 0.15) for n in range(count)], np.float32)


def spot(canvas: MapCanvas, point: int, dx: int = 0, dy: int = 0) -> QPoint:
    """Pixel of a point, and so much beside it."""
    return canvas.spot_of(point).toPoint() + QPoint(dx, dy)


def at_once(canvas: MapCanvas) -> None:
    """Have changes of the view take no time."""
    for animation in canvas.findChildren(QVariantAnimation):
        animation.setDuration(0)


def hover(canvas: MapCanvas, point: int, dx: int = 1, dy: int = 1) -> None:
    """Move the pointer there once everything is where it will be."""
    QApplication.processEvents()
    move(canvas, spot(canvas, point, dx, dy))


def move(canvas: MapCanvas, to: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """Move the pointer within the canvas, without the one of the screen, which other windows share."""
    kind, plain = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    at = QPointF(canvas.mapToGlobal(to))
    QApplication.sendEvent(canvas, QMouseEvent(kind, QPointF(to), at, Qt.MouseButton.NoButton, held, plain))


def drag(canvas: MapCanvas, corners: Sequence[QPoint], modifier: Qt.KeyboardModifier) -> None:
    """Press at the first corner, go through all, let go at the last."""
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifier, corners[0])
    for corner in corners:
        move(canvas, corner, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifier, corners[-1])


def around(canvas: MapCanvas, points: Sequence[int]) -> list[QPoint]:
    """A box around some points, as a hand draws it."""
    spots = [spot(canvas, point) for point in points]
    left, right = min(each.x() for each in spots) - 25, max(each.x() for each in spots) + 25
    top, bottom = min(each.y() for each in spots) - 25, max(each.y() for each in spots) + 25
    return [QPoint(left, top), QPoint(right, top), QPoint(right, bottom), QPoint(left, bottom), QPoint(left, top + 8)]
