"""Lines of the side bar: small soft captions, places with a glyph in rows that are easy to hit."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from musicplayer.ui.look.delegates import RowDelegate
from musicplayer.ui.look.track_rows import Index

INSET = 8
DROP_TARGET = int(Qt.ItemDataRole.UserRole) + 1
"""Role: whether tracks that are being dragged would fall here."""

_ICON = 17
_PADDING = 12
_GAP = 9
_BUTTON = 32
"""Room beside a caption, for the button of its section."""
_ABOVE_CAPTION = 14
_RADIUS = 6.0


class SidebarDelegate(RowDelegate):
    """Paints captions, which are items without a parent, and places."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if _is_caption(index):
            above = _ABOVE_CAPTION if index.row() else INSET
            return QSize(80, QFontMetrics(self.small(option.font)).height() + above + 6)
        return QSize(80, QFontMetrics(option.font).height() + _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.look_at(option.rect, option.direction)
        if _is_caption(index):
            self._paint_caption(painter, option, index)
        else:
            self._paint_place(painter, option, index)
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """The field to rename in stands where the name does."""
        area = _text_area(option.rect, has_icon=index.data(Qt.ItemDataRole.DecorationRole) is not None)
        editor.setGeometry(QStyle.visualRect(option.direction, option.rect, area))

    def _paint_caption(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        font = self.small(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self.theme.colour("soft"))
        area = option.rect.adjusted(2 * INSET, 0, -INSET, -4)
        room = area.width() - (_BUTTON if index.row() else 0)  # the first section has none
        shown = QFontMetrics(font).elidedText(index.data() or "", Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.placed(area), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, shown)

    def _paint_place(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, option, selected=selected, aimed=bool(index.data(DROP_TARGET)))
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            top = option.rect.center().y() - _ICON // 2
            state = QIcon.State.On if selected else QIcon.State.Off
            spot = QRect(option.rect.left() + 2 * INSET, top, _ICON, _ICON)
            icon.paint(painter, self.placed(spot), Qt.AlignmentFlag.AlignCenter, QIcon.Mode.Normal, state)
        area = _text_area(option.rect, has_icon=icon is not None)
        self.text(painter, area, index.data() or "", option.font, "selection_text" if selected else "text")

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, selected: bool, aimed: bool) -> None:
        tile = QRectF(option.rect.adjusted(INSET, 1, -INSET, -1))
        painter.setPen(Qt.PenStyle.NoPen)
        if selected:
            painter.setBrush(self.theme.colour("selection"))
            painter.drawRoundedRect(tile, _RADIUS, _RADIUS)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self.theme.colour("hover"))
            painter.drawRoundedRect(tile, _RADIUS, _RADIUS)
        if aimed or option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self.theme.colour("focus"))
            painter.drawRoundedRect(tile.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


def room_for(name: str, metrics: QFontMetrics) -> int:
    """Pixels of a line in which the name of a place is shown whole."""
    row = QRect(0, 0, 0, 0)
    return metrics.horizontalAdvance(name) - _text_area(row, has_icon=True).width() + 1


def _is_caption(index: Index) -> bool:
    return not index.parent().isValid()


def _text_area(row: QRect, *, has_icon: bool) -> QRect:
    left = 2 * INSET + (_ICON + _GAP if has_icon else 0)
    return row.adjusted(left, 0, -INSET - 4, 0)
