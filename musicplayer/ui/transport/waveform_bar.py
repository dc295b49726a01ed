"""The seek bar: the outline of the whole track, on which one sees where it is loud and goes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from indexer.core.language import tr
from indexer.core.phrases import clock
from indexer.core.tracks import Seconds
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.transport.seek_slider import SeekSlider

HEIGHT = 34
_MARGIN = 4
"""At both ends, and above and below: room for the ring that shows the focus."""

_HEAD = 2
_STRIP = _HEAD + 2
"""Pixels around the playing place that change when it moves."""

_FAINT_PEAK = 0.42
"""Opacity of the peaks beside the body of the sound, which is opaque."""

_HOVER_OPACITY = 0.55
_PER_SECOND = 1000

_QUIETEST_FULL = 0.35
"""A track whose peak is this high (on the stored scale) fills the bar; softer ones are shown as soft as they are."""

_CURVE = 1.2
"""Between what is stored, on which everything loud looks alike, and the amplitude, on which everything soft is flat."""

_LOUDEST_SHARE = 98
"""Per cent of the points that stay below the rim: one slammed door must not flatten the rest of a track."""

Heights = NDArray[np.float32]


class WaveformBar(SeekSlider):
    """A seek slider that draws the track's waveform, and is a plain one while there is none.

    Both states, played and to come, are drawn once for a track, a size and a theme; after that a change of the
    position repaints the few pixels between the old place and the new one.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._waveform: NDArray[np.uint8] | None = None
        self._pictures: tuple[QPixmap, QPixmap] | None = None
        self._hover: int | None = None
        self._shown_x = 0
        self._told = ""
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._redraw)

    @property
    def has_waveform(self) -> bool:
        """Whether there is one to draw, and something to seek in."""
        return self._waveform is not None and self.maximum() > self.minimum()

    def set_waveform(self, waveform: NDArray[np.uint8] | None) -> None:
        """Show a track's waveform, shape (n, 2), peak and root mean square; None for the plain bar."""
        if waveform is not self._waveform:
            self._waveform = waveform
            self._redraw()

    def set_height(self, pixels: int) -> None:
        """Be as high as that, the usual HEIGHT or more."""
        self.setFixedHeight(pixels)
        self.updateGeometry()

    def set_duration(self, seconds: Seconds) -> None:
        super().set_duration(seconds)
        self._tell_place()
        self.update()

    def set_position(self, seconds: Seconds) -> None:
        super().set_position(seconds)
        self._tell_place()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def value_at(self, place: QPoint) -> int:
        """The value that a click at `place` means."""
        if not self.has_waveform:
            return super().value_at(place)
        share = (place.x() - _MARGIN) / max(1, self._room)
        share = min(max(share, 0.0), 1.0)
        if self._is_backwards:
            share = 1 - share
        return round(self.minimum() + share * (self.maximum() - self.minimum()))

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._waveform is None or not self.has_waveform:
            super().paintEvent(event)
            return
        if self._pictures is None:
            self._pictures = self._drawn(self._waveform, played=False), self._drawn(self._waveform, played=True)
        painter = QPainter(self)
        head = self._x_of(self.sliderPosition())
        before, after = QRect(0, 0, head, self.height()), QRect(head, 0, self.width() - head, self.height())
        to_come, played = self._pictures
        if self._is_backwards:
            to_come, played = played, to_come
        self._copy(painter, played, before)
        self._copy(painter, to_come, after)
        self._paint_lines(painter, head)
        if self.hasFocus():
            self._paint_ring(painter)

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        """Repaint only where the played part grew, where that is all that changed."""
        if change is not QAbstractSlider.SliderChange.SliderValueChange or not self.has_waveform:
            super().sliderChange(change)
            return
        x = self._x_of(self.sliderPosition())
        if x != self._shown_x:
            left, right = sorted((x, self._shown_x))
            self._shown_x = x
            self.update(left - _STRIP, 0, right - left + 2 * _STRIP, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.has_waveform or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.setSliderDown(True)
        self.setSliderPosition(self.value_at(event.position().toPoint()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.has_waveform:
            place = event.position().toPoint()
            self._set_hover(place.x())
            if self.isSliderDown():
                self.setSliderPosition(self.value_at(place))
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.has_waveform and self.isSliderDown() and event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hover(None)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.LayoutDirectionChange, QEvent.Type.EnabledChange}:
            self._redraw()

    # Places

    @property
    def _room(self) -> int:
        return self.width() - 2 * _MARGIN

    @property
    def _is_backwards(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _x_of(self, value: int) -> int:
        length = max(1, self.maximum() - self.minimum())
        share = (value - self.minimum()) / length
        return _MARGIN + round((1 - share if self._is_backwards else share) * self._room)

    def _set_hover(self, x: int | None) -> None:
        if x is not None:
            x = min(max(x, _MARGIN), self.width() - _MARGIN)
        for place in (self._hover, x):
            if place is not None:
                self.update(place - _STRIP, 0, 2 * _STRIP, self.height())
        self._hover = x

    def _tell_place(self) -> None:
        """Tell assistive programs the place as a person would say it; the slider's own value is in milliseconds."""
        length = self.maximum() / _PER_SECOND
        place = clock(self.sliderPosition() / _PER_SECOND)
        told = tr("{place} of {length}", place=place, length=clock(length)) if length else ""
        if told != self._told:
            self._told = told
            self.setAccessibleDescription(told)

    # Pictures

    def _redraw(self) -> None:
        self._pictures = None
        self._shown_x = self._x_of(self.sliderPosition())
        self.update()

    def _drawn(self, waveform: NDArray[np.uint8], *, played: bool) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        shape = outline(waveform, round(self._room * ratio))
        if self._is_backwards:
            shape = shape.reversed()
        colour = self._theme.colour("accent" if played else "edge")
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for heights, opacity in ((shape.peaks, _FAINT_PEAK), (shape.body, 1.0)):
            shade = QColor(colour)
            shade.setAlphaF(opacity)
            painter.setBrush(shade)
            painter.drawPolygon(self._polygon(heights))
        painter.end()
        return picture

    def _polygon(self, heights: Heights) -> QPolygonF:
        """The outline, mirrored at the middle line; at least a hair's breadth high, so that silence is seen, too."""
        middle = self.height() / 2
        xs = np.linspace(_MARGIN, self.width() - _MARGIN, len(heights)).tolist()
        reach = np.maximum(heights * (middle - _MARGIN), 0.5).tolist()
        above = [QPointF(x, middle - y) for x, y in zip(xs, reach, strict=True)]
        below = [QPointF(x, middle + y) for x, y in zip(reversed(xs), reversed(reach), strict=True)]
        return QPolygonF(above + below)

    def _copy(self, painter: QPainter, picture: QPixmap, part: QRect) -> None:
        ratio = picture.devicePixelRatioF()
        source = QRectF(part.x() * ratio, 0, part.width() * ratio, part.height() * ratio)
        painter.drawPixmap(QRectF(part), picture, source)

    def _paint_lines(self, painter: QPainter, head: int) -> None:
        """Where it plays, and where a click would go."""
        if self._hover is not None and not self.isSliderDown():
            line = self._theme.colour("text")
            line.setAlphaF(_HOVER_OPACITY)
            painter.fillRect(self._hover, _MARGIN, 1, self.height() - 2 * _MARGIN, line)
        painter.fillRect(head - _HEAD // 2, 2, _HEAD, self.height() - 4, self._theme.colour("text"))

    def _paint_ring(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


@dataclass(frozen=True, eq=False)
class Outline:
    """Heights from 0 to 1, shape (n,) each, from the track's beginning to its end: peaks, and the body inside."""

    peaks: Heights
    body: Heights

    def reversed(self) -> Self:
        return type(self)(self.peaks[::-1], self.body[::-1])


def outline(waveform: NDArray[np.uint8], columns: int) -> Outline:
    """The shape of a waveform, (n, 2), in so many columns.

    Where several points fall into a column, the highest counts, so that a single beat is not lost; where there are
    more columns than points, heights in between are interpolated. The loud peaks of a track are made 1.
    """
    points = waveform.astype(np.float32) / 255
    loud = float(np.percentile(points[:, 0], _LOUDEST_SHARE)) if len(points) else 0.0
    heights = np.minimum(points / max(loud, _QUIETEST_FULL), 1.0) ** np.float32(_CURVE)
    return Outline(_fitted(heights[:, 0], columns), _fitted(heights[:, 1], columns))


def _fitted(heights: Heights, columns: int) -> Heights:
    columns = max(columns, 2)
    if columns < len(heights):
        starts = np.arange(columns) * len(heights) // columns
        return np.maximum.reduceat(heights, starts)
    places = np.linspace(0, len(heights) - 1, columns)
    return np.interp(places, np.arange(len(heights)), heights).astype(np.float32)
