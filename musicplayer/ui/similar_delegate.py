"""A row of the panel: title over artist, closeness, and what can be done with it under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip

from musicplayer.ui.delegates import GAP, GLYPH, PADDING, Index, TwoLineDelegate
from musicplayer.ui.list_roles import Role
from musicplayer.ui.words import closeness_fill, percent

_BUTTON = 28
_BAR_WIDTH = 54
_BAR_HEIGHT = 4
_WHY = "Why?"


class SimilarDelegate(TwoLineDelegate):
    """Closeness as a bar and in per cent, and a button that adds the row to the queue.

    Under the pointer the bar makes room for "Why?".

    Signals:
        add_requested: the row whose button was pressed.
        why_requested: the row whose closeness was pressed.
    """

    add_requested = Signal(int)
    why_requested = Signal(int)

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        top, bottom = self.lines(option, self._texts(option.rect))
        closeness = float(index.data(Role.CLOSENESS) or 0.0)
        self._text(painter, bottom, percent(closeness), self.small(option.font), "soft", right=True)
        why = self.why_rect(option)
        if option.state & QStyle.StateFlag.State_MouseOver:
            self._paint_why(painter, option, why)
        else:
            bar = QRectF(why.left(), 0, _BAR_WIDTH, _BAR_HEIGHT)
            bar.moveCenter(QPointF(bar.center().x(), bottom.center().y() + 1))
            self._paint_bar(painter, bar, closeness_fill(closeness))
        self._paint_names(painter, option, index, top, bottom, why.left() - GAP)
        self._paint_button(painter, option, self.button_rect(option.rect))

    def button_rect(self, row: QRect) -> QRect:
        """Where the button of a row is."""
        return QRect(row.right() - PADDING + 4 - _BUTTON, row.center().y() - _BUTTON // 2 + 1, _BUTTON, _BUTTON)

    def why_rect(self, option: QStyleOptionViewItem) -> QRect:
        """Where a row shows its closeness, and under the pointer asks why."""
        bottom = self.lines(option, self._texts(option.rect))[1]
        widest = QFontMetrics(self.small(option.font)).horizontalAdvance("99.9%")
        return bottom.adjusted(bottom.width() - widest - GAP - _BAR_WIDTH, -2, 0, 2)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:  # noqa: ARG002
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        buttons = ((self.add_requested, self.button_rect(option.rect)), (self.why_requested, self.why_rect(option)))
        for pressed, place in buttons:
            if place.contains(event.position().toPoint()):
                if event.type() == QEvent.Type.MouseButtonRelease:
                    pressed.emit(index.row())
                return True
        return False

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() == QEvent.Type.ToolTip and self.button_rect(option.rect).contains(event.pos()):
            QToolTip.showText(event.globalPos(), "Add to queue", view)
            return True
        if event.type() == QEvent.Type.ToolTip and self.why_rect(option).contains(event.pos()):
            near = index.data(Qt.ItemDataRole.ToolTipRole)
            QToolTip.showText(event.globalPos(), f"{near}. Click to see why.", view)
            return True
        return super().helpEvent(event, view, option, index)

    @staticmethod
    def _texts(row: QRect) -> QRect:
        """What the button leaves of a row."""
        return row.adjusted(PADDING, 0, 4 - PADDING - _BUTTON - GAP, 0)

    def _paint_why(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> None:
        font = self.small(option.font)
        font.setUnderline(self._is_under_pointer(option, area))
        place = area.adjusted(0, 2, 0, -2)
        place.setWidth(_BAR_WIDTH)
        self._text(painter, place, _WHY, font, "accent", right=True)

    def _paint_names(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, top: QRect, bottom: QRect, edge: int
    ) -> None:
        away = bool(index.data(Role.AWAY))
        length = self._text(painter, top, index.data(Role.LENGTH) or "", self.small(option.font), "soft", right=True)
        title = index.data(Qt.ItemDataRole.DisplayRole) or ""
        self._text(painter, top.adjusted(0, 0, -length - GAP, 0), title, option.font, "faint" if away else "text")
        artist = QRect(bottom)
        artist.setRight(edge)
        self._text(painter, artist, index.data(Role.ARTIST) or "", self.small(option.font), "faint" if away else "soft")

    def _paint_bar(self, painter: QPainter, bar: QRectF, share: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for width, token in ((bar.width(), "track"), (bar.width() * share, "accent")):
            painter.setBrush(self.theme.colour(token))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), width, bar.height()), 2, 2)

    def _paint_button(self, painter: QPainter, option: QStyleOptionViewItem, button: QRect) -> None:
        if self._is_under_pointer(option, button):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("pressed"))
            painter.drawRoundedRect(button, 6, 6)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        glyph = QRect(0, 0, GLYPH, GLYPH)
        glyph.moveCenter(button.center())
        self.icons.draw(painter, glyph, "plus-bold", self.theme.colour("text" if over else "soft"))

    @staticmethod
    def _is_under_pointer(option: QStyleOptionViewItem, area: QRect) -> bool:
        if option.widget is None or not option.state & QStyle.StateFlag.State_MouseOver:
            return False
        return area.contains(option.widget.mapFromGlobal(option.widget.cursor().pos()))
