"""The lines of tempo, key and energy beside the rows of a journey: where they run, how they are drawn, their titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QStyle, QWidget

from indexer.core.discover.along import NAMES
from indexer.core.language import tr
from musicplayer.ui.journey.journey_list import Passing
from musicplayer.ui.look.theme import Theme

SIDE = 16
"""Pixels that rows keep free at either side."""

_GAP = 12
_AFTER_TEXT = 6
_DOT = 2.5
_INSET = 5.0
"""Pixels from a side of a lane to the lowest and the highest of a line."""

_WIDTHS = ((820, 54, 66), (620, 46, 38), (440, 0, 44))
"""Widths of a list from which on a lane has room for so many pixels of text and of line."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """Room at the end of rows for a text and a line of each kind, in pixels."""

    text: int
    line: int

    @classmethod
    def within(cls, width: int) -> Lanes:
        """What there is room for in a list of this width: less in a narrow one, at last nothing."""
        return next((cls(text, line) for least, text, line in _WIDTHS if width >= least), cls(0, 0))

    @property
    def width(self) -> int:
        """Pixels that all lanes take together, with the gaps before them."""
        return len(NAMES) * (_GAP + self.text + self.line) if self.line else 0

    def areas(self, row: QRectF) -> Iterator[tuple[QRectF, QRectF]]:
        """Where the text and the line of each lane are in a row that begins at the left."""
        left = row.right() - SIDE - self.width
        for _ in NAMES if self.line else ():
            left += _GAP
            yield (
                QRectF(left, row.top(), max(self.text - _AFTER_TEXT, 0), row.height()),
                QRectF(left + self.text, row.top(), self.line, row.height()),
            )
            left += self.text + self.line


def paint_line(painter: QPainter, area: QRectF, passing: Passing, theme: Theme, *, mirrored: bool = False) -> None:
    """Draw how a line comes from the row above, through the middle of this row, and goes on to the one below.

    Where it jumps it is dotted: what is heard as a break is seen as one.
    """
    if passing.here is None:
        return
    spot = QPointF(_x(area, passing.here, mirrored), area.center().y())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for other, edge, jump in (
        (passing.before, area.top(), passing.jumps[0]),
        (passing.after, area.bottom(), passing.jumps[1]),
    ):
        if other is not None:
            style = Qt.PenStyle.DotLine if jump else Qt.PenStyle.SolidLine
            painter.setPen(QPen(theme.colour("edge"), 1.5, style, Qt.PenCapStyle.RoundCap))
            painter.drawLine(spot, QPointF((spot.x() + _x(area, other, mirrored)) / 2, edge))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("soft"))
    painter.drawEllipse(spot, _DOT, _DOT)


def _x(area: QRectF, value: float, mirrored: bool) -> float:
    share = 1.0 - value if mirrored else value
    return area.left() + _INSET + share * (area.width() - 2 * _INSET)


class LaneTitles(QWidget):
    """Says above a list what its lanes are."""

    def __init__(self, view: QListView, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._theme = theme
        self.setToolTip(
            tr(
                "Tempo in beats a minute, key round the circle of fifths, and how loud a track is, along the way. "
                "A line is dotted where it jumps."
            )
        )
        view.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self.update())

    def sizeHint(self) -> QSize:
        return QSize(100, self.fontMetrics().height() + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def titles(self) -> Sequence[str]:
        """What stands there now: nothing where there is no room for lanes."""
        return [tr(name) for name in NAMES] if Lanes.within(self._view.viewport().width()).line else []

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        row = QRectF(0, 0, self._view.viewport().width(), self.height())
        font = QFont(self.font())
        if font.pixelSize() > 0:
            font.setPixelSize(max(font.pixelSize() - 2, 9))
        painter.setFont(font)
        painter.setPen(self._theme.colour("soft"))
        areas = Lanes.within(round(row.width())).areas(row)
        for title, (text, line) in zip(self.titles(), areas, strict=True):
            widest = text.united(line).adjusted(-_GAP / 2, 0, _GAP / 2, 0)
            area = QStyle.visualRect(self.layoutDirection(), row.toRect(), widest.toRect())
            shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, shown)
