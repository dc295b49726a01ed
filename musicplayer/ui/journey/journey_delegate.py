"""A row of a journey: cover, title over artist, length; above it the step that leads there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, PADDING, TwoLineDelegate
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index, Role
from musicplayer.ui.look.words import closeness_fill, percent

COVER = 44
STEP = 24
_MARGIN = 5
_SIDE = 16
_BAR = QSize(72, 4)


class JourneyDelegate(TwoLineDelegate):
    """Draws the step between two covers: a line from one to the other, closeness as a bar and in per cent."""

    def __init__(self, covers: RowCovers, theme: Theme, icons: Icons, parent: QListView) -> None:
        super().__init__(theme, icons, parent)
        self._covers = covers

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's own signature
        return QSize(240, COVER + 2 * _MARGIN + (STEP if index.row() else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        row = QStyleOptionViewItem(option)
        self.look_at(option.rect, option.direction)
        if index.row():
            self._paint_step(painter, option, index)
            row.rect = option.rect.adjusted(0, STEP, 0, 0)
        self._paint_ground(painter, row)
        self.paint_row(painter, row, index)
        painter.restore()

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect.adjusted(_SIDE, _MARGIN, -_SIDE, -_MARGIN)
        cover = QRect(area.left(), area.top(), COVER, COVER)
        self._covers.paint(painter, self.placed(cover), index.data(Role.TRACK), dimmed=bool(index.data(Role.AWAY)))
        lines = area.adjusted(COVER + PADDING, 0, 0, 0)
        height = 2 * QFontMetrics(option.font).height() + 16
        lines.adjust(0, (lines.height() - height) // 2, 0, 0)
        self.paint_lines(painter, option, index, lines)

    def _paint_step(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        step = option.rect.adjusted(_SIDE, 0, -_SIDE, 0)
        step.setHeight(STEP)
        middle = self.placed(QRect(step.left(), step.top(), COVER, STEP)).center().x() + 0.5
        painter.setPen(QPen(self.theme.colour("edge"), 1.5, Qt.PenStyle.DotLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(middle, step.top() - _MARGIN + 2), QPointF(middle, step.bottom() + _MARGIN - 1))
        closeness = index.data(Role.CLOSENESS)
        if closeness is None:
            return
        left = step.left() + COVER + PADDING
        bar = QRectF(left, step.center().y() + 1 - _BAR.height() / 2, _BAR.width(), _BAR.height())
        self.bar(painter, bar, closeness_fill(closeness))
        words = QRect(round(bar.right()) + GAP, step.top(), 80, STEP)
        font: QFont = self.small(option.font)
        self.text(painter, words, percent(closeness), font, "soft")
