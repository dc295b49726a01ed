"""Rows of two lines for the queue and the panel: title over artist, length, and what each list adds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from musicplayer.ui.icons import Icons
from musicplayer.ui.list_roles import Role
from musicplayer.ui.theme import Theme
from musicplayer.ui.words import closeness_fill, percent

PADDING = 12
GAP = 8
_LINE_GAP = 2
_ROW_MARGIN = 7
_BUTTON = 28
_GLYPH = 16
_BAR_WIDTH = 54
_BAR_HEIGHT = 4

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TwoLineDelegate(QStyledItemDelegate):
    """Paints title over artist, the length to the right of the title."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(160, 2 * QFontMetrics(option.font).height() + _LINE_GAP + 2 * _ROW_MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self._paint_ground(painter, option)
        self.paint_row(painter, option, index)
        painter.restore()

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint what is in the row; for the lists to add to."""
        self.paint_lines(painter, option, index, option.rect.adjusted(PADDING, 0, -PADDING, 0))

    def paint_lines(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> None:
        """Title and length on the first line of `area`, the artist on the second."""
        top, bottom = self.lines(option, area)
        current, away = bool(index.data(Role.CURRENT)), bool(index.data(Role.AWAY))
        length = index.data(Role.LENGTH) or ""
        taken = self._text(painter, top, length, option.font, "faint" if away else "soft", right=True)
        title_font = QFont(option.font)
        if current:
            title_font.setWeight(QFont.Weight.DemiBold)
        title = index.data(Qt.ItemDataRole.DisplayRole) or ""
        colour = "accent" if current else "faint" if away else "text"
        self._text(painter, top.adjusted(0, 0, -(taken + GAP if taken else 0), 0), title, title_font, colour)
        self._text(painter, bottom, index.data(Role.ARTIST) or "", self.small(option.font), "faint" if away else "soft")

    def lines(self, option: QStyleOptionViewItem, area: QRect) -> tuple[QRect, QRect]:
        """The two lines of a row."""
        height = QFontMetrics(option.font).height()
        top = QRect(area.left(), area.top() + _ROW_MARGIN, area.width(), height)
        return top, top.translated(0, height + _LINE_GAP)

    @staticmethod
    def small(font: QFont) -> QFont:
        small = QFont(font)
        if font.pixelSize() > 0:
            small.setPixelSize(max(font.pixelSize() - 1, 9))
        else:
            small.setPointSizeF(max(font.pointSizeF() - 0.75, 7.0))
        return small

    def _text(self, painter: QPainter, area: QRect, text: str, font: QFont, token: str, *, right: bool = False) -> int:
        """Draw one line, cut with an ellipsis; return the width it took."""
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setFont(font)
        painter.setPen(self.theme.colour(token))
        painter.drawText(area, _RIGHT if right else _LEFT, shown)
        return metrics.horizontalAdvance(shown)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            focused = bool(state & QStyle.StateFlag.State_Active)
            painter.fillRect(option.rect, self.theme.colour("selection" if focused else "selection_idle"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, self.theme.colour("hover"))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(self.theme.colour("accent"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))


class QueueDelegate(TwoLineDelegate):
    """A row of the queue; the current one has a bar and a loudspeaker."""

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        if index.data(Role.CURRENT):
            painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), self.theme.colour("accent"))
            glyph = QRect(area.left(), area.center().y() - _GLYPH // 2, _GLYPH, _GLYPH)
            self.icons.draw(painter, glyph, "speaker-high-fill", self.theme.colour("accent"))
            area.adjust(_GLYPH + GAP, 0, 0, 0)
        self.paint_lines(painter, option, index, area)


class SimilarDelegate(TwoLineDelegate):
    """A row of the panel: closeness as a bar and in per cent, and a button that adds it to the queue.

    Signals:
        add_requested: the row whose button was pressed.
    """

    add_requested = Signal(int)

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        button = self.button_rect(option.rect)
        area = option.rect.adjusted(PADDING, 0, 0, 0)
        area.setRight(button.left() - GAP)
        top, bottom = self.lines(option, area)
        closeness = float(index.data(Role.CLOSENESS) or 0.0)
        small = self.small(option.font)
        taken = self._text(painter, bottom, percent(closeness), small, "soft", right=True)
        widest = QFontMetrics(small).horizontalAdvance("99.9%")
        bar = QRectF(bottom.right() - max(taken, widest) - GAP - _BAR_WIDTH, 0, _BAR_WIDTH, _BAR_HEIGHT)
        bar.moveCenter(QPointF(bar.center().x(), bottom.center().y() + 1))
        self._paint_bar(painter, bar, closeness_fill(closeness))
        self._paint_names(painter, option, index, top, bottom, round(bar.left()) - GAP)
        self._paint_button(painter, option, button)

    def button_rect(self, row: QRect) -> QRect:
        """Where the button of a row is."""
        return QRect(row.right() - PADDING + 4 - _BUTTON, row.center().y() - _BUTTON // 2 + 1, _BUTTON, _BUTTON)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:  # noqa: ARG002
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        if not self.button_rect(option.rect).contains(event.position().toPoint()):
            return False
        if event.type() == QEvent.Type.MouseButtonRelease:
            self.add_requested.emit(index.row())
        return True

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() == QEvent.Type.ToolTip and self.button_rect(option.rect).contains(event.pos()):
            QToolTip.showText(event.globalPos(), "Add to queue", view)
            return True
        return super().helpEvent(event, view, option, index)

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
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        pointer = option.widget.mapFromGlobal(option.widget.cursor().pos()) if option.widget else None
        if over and pointer is not None and button.contains(pointer):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.colour("pressed")))
            painter.drawRoundedRect(button, 6, 6)
        glyph = QRect(0, 0, _GLYPH, _GLYPH)
        glyph.moveCenter(button.center())
        self.icons.draw(painter, glyph, "plus-bold", self.theme.colour("text" if over else "soft"))
