"""Bars over time, drawn in the colours of the look; the pointer and the arrow keys read one bar after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from indexer.core.language import number
from musicplayer.ui.look.flow_layout import FlowLayout
from musicplayer.ui.look.hues import hue
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import Theme

OTHERS = -1
"""Hue of what is not told apart."""

PLAIN = -2
"""Hue of a plot with one series."""

_HEIGHT = 186
_TOP = 34
_BOTTOM = 20
_READING = 20
_AIR = 6
_WIDEST_BAR = 26.0
_ROUND = 2.0
_SWATCH = 10
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
_STEP_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True)
class Series:
    """Values of one kind, one a bar, in the hue of a slot, or `OTHERS` or `PLAIN`."""

    name: str
    values: tuple[int, ...]
    hue: int = PLAIN


@dataclass(frozen=True)
class Bars:
    """What a plot shows.

    Attributes:
        series: stacked on each other, the first one below.
        labels: under the bars; empty texts for bars without one.
        readings: what is said of each bar when it is read.
        about: what is said while none is.
    """

    series: tuple[Series, ...] = ()
    labels: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    about: str = ""


class BarPlot(QWidget):
    """Draws `Bars`, and reads out the one under the pointer or the one that the arrow keys chose."""

    def __init__(self, name: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = look.theme
        self._bars = Bars()
        self._read: int | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.theme.changed.connect(self.update)

    @property
    def bars(self) -> int:
        """How many there are."""
        return len(self._bars.readings)

    @property
    def reading(self) -> str:
        """What it says over the bars."""
        return self._bars.about if self._read is None else self._bars.readings[self._read]

    def show_bars(self, bars: Bars) -> None:
        if len(bars.readings) != len(self._bars.readings):
            self._read = None
        self._bars = bars
        self._tell()

    def read(self, bar: int | None) -> None:
        """Say what a bar stands for; None for the whole."""
        if bar != self._read:
            self._read = bar
            self._tell()

    def sizeHint(self) -> QSize:
        return QSize(280, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = len(self._bars.readings)
        step = _STEP_KEYS.get(Qt.Key(event.key()))
        if step is None or not count:
            super().keyPressEvent(event)
            return
        self.read(count - 1 if self._read is None else min(max(self._read + step, 0), count - 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area, count = self._area(), len(self._bars.readings)
        at = int((event.position().x() - area.left()) / (area.width() / count)) if count and area.width() > 0 else -1
        self.read(at if 0 <= at < count else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.read(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.read(None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_reading(painter)
        top = self._top_value()
        self._paint_scale(painter, top)
        self._paint_bars(painter, top)
        self._paint_labels(painter)
        if self.hasFocus():
            painter.setPen(self._theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _tell(self) -> None:
        self.setAccessibleDescription(self.reading)
        self.update()

    def _area(self) -> QRectF:
        side = self.fontMetrics().horizontalAdvance(number(self._top_value())) + 2 * _AIR
        return QRectF(side, _TOP, self.width() - side - _AIR, self.height() - _TOP - _BOTTOM)

    def _top_value(self) -> int:
        """A round number that no bar is higher than."""
        values = [series.values for series in self._bars.series]
        highest = max((sum(stack) for stack in zip(*values, strict=True)), default=0)
        if highest <= _STEPS[1]:
            return _STEPS[1]
        scale: int = 10 ** int(log10(highest))
        return next(step * scale for step in _STEPS if step * scale >= highest)

    def _paint_reading(self, painter: QPainter) -> None:
        box = QRectF(_AIR, 2, self.width() - 2 * _AIR, _READING)
        words = self.fontMetrics().elidedText(self.reading, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.setPen(self._theme.colour("soft" if self._read is None else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_scale(self, painter: QPainter, top: int) -> None:
        area = self._area()
        half = top // 2 if top % 2 == 0 else None
        for value in (0, half, top):
            if value is None:
                continue
            y = area.bottom() - area.height() * value / top
            painter.setPen(self._theme.colour("border"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.colour("faint"))
            box = QRectF(0, y - 8, area.left() - _AIR, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(value))

    def _paint_bars(self, painter: QPainter, top: int) -> None:
        area, count = self._area(), len(self._bars.readings)
        if not count:
            return
        room = area.width() / count
        width = max(min(room - 2, _WIDEST_BAR), 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for bar in range(count):
            left, bottom = area.left() + bar * room + (room - width) / 2, area.bottom()
            if bar == self._read:
                painter.setBrush(self._theme.colour("hover"))
                painter.drawRect(QRectF(area.left() + bar * room, area.top(), room, area.height()))
            for series in self._bars.series:
                height = area.height() * series.values[bar] / top
                if height:
                    painter.setBrush(colour_of(series.hue, self._theme))
                    painter.drawRoundedRect(QRectF(left, bottom - height, width, height), _ROUND, _ROUND)
                    bottom -= height

    def _paint_labels(self, painter: QPainter) -> None:
        """Under the bars that have one, from the left, without those that would touch the one before."""
        area, count = self._area(), len(self._bars.labels)
        metrics, free = QFontMetrics(self.font()), 0.0
        painter.setPen(self._theme.colour("soft"))
        for bar, words in enumerate(self._bars.labels):
            if not words:
                continue
            wide = metrics.horizontalAdvance(words)
            middle = area.left() + (bar + 0.5) * area.width() / count
            left = min(max(middle - wide / 2, 0.0), self.width() - wide)
            if left >= free:
                painter.drawText(QPointF(left, self.height() - _AIR), words)
                free = left + wide + 2 * _AIR


class Legend(QWidget):
    """Which hue is which series, with how many plays each has."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._flow = FlowLayout(self, spacing=10)

    def show_series(self, series: Sequence[Series]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for each in series:
            self._flow.addWidget(_Entry(each, self._look.theme, self))
        self.updateGeometry()


class _Entry(QWidget):
    """A square in a hue, and a name."""

    def __init__(self, series: Series, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._series, self._theme = series, theme
        self._words = f"{series.name}  {number(sum(series.values))}"
        self.setAccessibleName(self._words)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        self.ensurePolished()  # or the font is not yet the one of the style
        metrics = self.fontMetrics()
        return QSize(_SWATCH + 2 * _AIR + min(metrics.horizontalAdvance(self._words), _HEIGHT), metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour_of(self._series.hue, self._theme))
        painter.drawRoundedRect(QRectF(0, (self.height() - _SWATCH) / 2, _SWATCH, _SWATCH), _ROUND, _ROUND)
        painter.setPen(self._theme.colour("text"))
        box = QRectF(_SWATCH + _AIR, 0, self.width() - _SWATCH - _AIR, self.height())
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, ceil(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


class StackedPlot(QWidget):
    """A plot of several series above its legend."""

    def __init__(self, name: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot, self.legend = BarPlot(name, look), Legend(look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        layout.addWidget(self.legend)

    def show_bars(self, bars: Bars) -> None:
        self.plot.show_bars(bars)
        self.legend.show_series(bars.series)


def colour_of(slot: int, theme: Theme) -> QColor:
    """The colour of a series."""
    if slot == OTHERS:
        return theme.colour("edge")
    return theme.colour("soft") if slot == PLAIN else hue(slot, dark=theme.is_dark)
