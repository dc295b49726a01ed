"""Cells of the library table: what the search found is marked in them, and cut texts are shown whole in a tool tip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QTextLayout, QTextLine, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from indexer.core.catalogue.matching import Span, spans
from musicplayer.ui.look.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Needles = Callable[[int], tuple[str, ...]]
"""The folded texts to mark in a column of the model."""

_RADIUS = 3.0
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)


class CellDelegate(QStyledItemDelegate):
    """Paints cells as the style does, with a soft ground under what was found."""

    def __init__(
        self, needles: Needles, theme: Theme, parent: QWidget | None = None, faint: Mapping[int, str] | None = None
    ) -> None:
        """`faint` is what stands behind the text of some columns while the pointer is over them, to be clicked."""
        super().__init__(parent)
        self._needles = needles
        self._theme = theme
        self._faint = faint or {}

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """A row that plays keeps its colour where it is selected; the faint one of what is away could not be read."""
        super().initStyleOption(option, index)
        colour = index.data(_FOREGROUND)
        if colour is not None and colour != self._theme.colour("faint"):
            option.palette.setColor(option.palette.ColorRole.HighlightedText, colour)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        needles = self._needles(index.column())
        found = spans(index.data() or "", needles) if needles else ()
        if found:
            self._paint_found(painter, option, index, found)
        else:
            super().paint(painter, option, index)
        faint = self._faint.get(index.column(), "")
        if faint and option.state & QStyle.StateFlag.State_MouseOver:
            self._paint_faint(painter, option, index, faint)

    def glyph_at(self, x: int, option: QStyleOptionViewItem, index: Index) -> int:
        """Which of the signs that can be clicked in a cell lies at `x`, from 0 on; -1 for none of them."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        faint = self._faint.get(index.column(), "")
        wide = QFontMetrics(cell.font).horizontalAdvance(faint[:1]) if faint else 0
        place = x - self._text_area(cell).left()
        return place // wide if wide and 0 <= place < wide * len(faint) else -1

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        text = index.data()
        if event.type() != QEvent.Type.ToolTip or not text:
            return super().helpEvent(event, view, option, index)
        cut = self.sizeHint(option, index).width() > view.visualRect(index).width()
        QToolTip.showText(event.globalPos(), text if cut else "", view)
        return True

    def _paint_faint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, faint: str) -> None:
        """What a click would add, behind what is there."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        area, there = self._text_area(cell), len(cell.text)
        metrics = QFontMetrics(cell.font)
        painter.save()
        painter.setFont(cell.font)
        painter.setPen(self._theme.colour("faint"))
        area.setLeft(area.left() + there * metrics.horizontalAdvance(faint[:1]))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, side, faint[there:])
        painter.restore()

    @staticmethod
    def _text_area(cell: QStyleOptionViewItem) -> QRect:
        style = cell.widget.style() if cell.widget else QApplication.style()
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, cell, cell.widget)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, cell, cell.widget) + 1
        return area.adjusted(margin, 0, -margin, 0)

    def _paint_found(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, found: tuple[Span, ...]
    ) -> None:
        """The style paints the cell without its text, then the ground and the text follow."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        style = cell.widget.style() if cell.widget else QApplication.style()
        area = self._text_area(cell)
        text, cell.text = cell.text, ""
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        painter.save()
        self._paint_text(painter, cell, area, text, found)
        painter.restore()

    def _paint_text(
        self, painter: QPainter, cell: QStyleOptionViewItem, area: QRect, text: str, found: tuple[Span, ...]
    ) -> None:
        metrics = QFontMetrics(cell.font)
        shown = metrics.elidedText(text, cell.textElideMode, area.width())
        layout = QTextLayout(shown, cell.font)
        layout.setTextOption(_one_line(cell))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(area.width())
        layout.endLayout()
        top = area.top() + floor((area.height() - line.height()) / 2)  # as the style does, or marked rows would jump
        end = len(shown) if shown == text else len(shown) - 1  # the ellipsis is not part of the text
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("found"))
        for start, stop in found:
            if start < end:
                left, right = _x_of(line, start), _x_of(line, min(stop, end))
                x = area.left() + min(left, right)
                painter.drawRoundedRect(QRectF(x, top, abs(right - left), line.height()), _RADIUS, _RADIUS)
        painter.setPen(self._text_colour(cell))
        layout.draw(painter, QPointF(area.left(), top))

    def _text_colour(self, cell: QStyleOptionViewItem) -> QColor:
        role = cell.palette.ColorRole
        selected = cell.state & QStyle.StateFlag.State_Selected
        return cell.palette.color(role.HighlightedText if selected else role.Text)


def _x_of(line: QTextLine, place: int) -> float:
    """Where a character begins; Qt gives it beside the number of the character that it took."""
    x, _ = cast("tuple[float, int]", line.cursorToX(place))
    return x


def _one_line(cell: QStyleOptionViewItem) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    option.setTextDirection(cell.direction)
    option.setAlignment(QStyle.visualAlignment(cell.direction, cell.displayAlignment))
    return option
