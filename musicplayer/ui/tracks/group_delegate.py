"""A line of a tree of groups: the name, and how many tracks it holds at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from indexer.core.language import number
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.tracks.group_model import GroupRole

Index = QModelIndex | QPersistentModelIndex
_MARGIN = 9
_GAP = 8
_PADDING = 11
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class GroupDelegate(QStyledItemDelegate):
    """Paints name and count."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(120, QFontMetrics(option.font).height() + _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        name, cell.text = cell.text, ""
        style = cell.widget.style() if cell.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        count = number(index.data(GroupRole.COUNT))
        metrics = QFontMetrics(cell.font)
        area = cell.rect.adjusted(4, 0, -_MARGIN, 0)
        selected = bool(cell.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setFont(cell.font)
        painter.setPen(self._theme.colour("selection_text" if selected else "soft"))
        painter.drawText(area, _RIGHT, count)
        rest = area.adjusted(0, 0, -metrics.horizontalAdvance(count) - _GAP, 0)
        area = QStyle.visualRect(cell.direction, area, rest)
        painter.setPen(self._theme.colour("selection_text" if selected else "text"))
        painter.drawText(area, _LEFT, metrics.elidedText(name, Qt.TextElideMode.ElideRight, area.width()))
        painter.restore()
