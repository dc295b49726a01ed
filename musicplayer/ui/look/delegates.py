"""Rows that are painted by hand: what all of them share, and the two lines of a track in a list."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index, Role

PADDING = 12
GAP = 8
_LINE_GAP = 2
_ROW_MARGIN = 7
GLYPH = 16
_BAR_RADIUS = 2

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Places parts of a row in a window that begins at either side, and paints grounds, lines of text and bars."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._row = QRect()
        self._direction = Qt.LayoutDirection.LeftToRight

    def look_at(self, row: QRect, direction: Qt.LayoutDirection) -> None:
        """Place what follows in this row."""
        self._row, self._direction = row, direction

    def placed(self, area: QRect) -> QRect:
        """Where `area`, told for a row that begins at the left, is in a window that may begin at the right."""
        return QStyle.visualRect(self._direction, self._row, area)

    def placed_exactly(self, area: QRectF) -> QRectF:
        """The same to parts of a pixel."""
        if self._direction == Qt.LayoutDirection.LeftToRight:
            return area
        return QRectF(self._row.left() + self._row.right() + 1 - area.right(), area.top(), area.width(), area.height())

    def text(self, painter: QPainter, area: QRect, text: str, font: QFont, token: str, *, right: bool = False) -> int:
        """Draw one line, cut with an ellipsis; return the width it took."""
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setFont(font)
        painter.setPen(self.theme.colour(token))
        painter.drawText(self.placed(area), (_RIGHT if right else _LEFT) | Qt.TextFlag.TextDontClip, shown)
        return metrics.horizontalAdvance(shown)

    def bar(self, painter: QPainter, area: QRectF, share: float) -> None:
        """Draw a bar that is filled to `share`, 0 to 1, to parts of a pixel."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for width, token in ((area.width(), "track"), (area.width() * share, "soft")):
            part = QRectF(area.left(), area.top(), width, area.height())
            painter.setBrush(self.theme.colour(token))
            painter.drawRoundedRect(self.placed_exactly(part), _BAR_RADIUS, _BAR_RADIUS)

    @staticmethod
    def ground(option: QStyleOptionViewItem) -> str | None:
        """The colour under a row that is selected or pointed at; None for the others."""
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            return "selection" if state & QStyle.StateFlag.State_Active else "selection_idle"
        return "hover" if state & QStyle.StateFlag.State_MouseOver else None

    @staticmethod
    def is_focused(option: QStyleOptionViewItem) -> bool:
        """Whether the keyboard is at this row, and was used to get there."""
        state = option.state
        return bool(state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange)

    @staticmethod
    def small(font: QFont) -> QFont:
        """The font of second lines and captions."""
        small = QFont(font)
        if font.pixelSize() > 0:
            small.setPixelSize(max(font.pixelSize() - 1, 9))
        else:
            small.setPointSizeF(max(font.pointSizeF() - 0.75, 7.0))
        return small


class TwoLineDelegate(RowDelegate):
    """Paints title over artist, the length to the right of the title."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look.theme, parent)
        self.icons = look.icons

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(160, 2 * QFontMetrics(option.font).height() + _LINE_GAP + 2 * _ROW_MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.look_at(option.rect, option.direction)
        self._paint_ground(painter, option)
        self.paint_row(painter, option, index)
        painter.restore()

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint what is in the row; for the lists to add to."""
        self.paint_lines(painter, option, index, option.rect.adjusted(PADDING, 0, -PADDING, 0))

    def paint_lines(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> None:
        """Title and length on the first line of `area`, the artist on the second."""
        top, bottom = self.lines(option, area)
        current, away = bool(index.data(Role.CURRENT)), self.is_pale(index)
        length = index.data(Role.LENGTH) or ""
        taken = self.text(painter, top, length, option.font, "faint" if away else "soft", right=True)
        title_font = QFont(option.font)
        if current:
            title_font.setWeight(QFont.Weight.DemiBold)
        title = index.data(Qt.ItemDataRole.DisplayRole) or ""
        colour = "accent" if current else "faint" if away else "text"
        self.text(painter, top.adjusted(0, 0, -(taken + GAP if taken else 0), 0), title, title_font, colour)
        self.text(painter, bottom, index.data(Role.ARTIST) or "", self.small(option.font), "faint" if away else "soft")

    @staticmethod
    def is_pale(index: Index) -> bool:
        """Whether a row cannot be played now, or was already."""
        return bool(index.data(Role.AWAY)) or bool(index.data(Role.PLAYED))

    def lines(self, option: QStyleOptionViewItem, area: QRect) -> tuple[QRect, QRect]:
        """The two lines of a row."""
        height = QFontMetrics(option.font).height()
        top = QRect(area.left(), area.top() + _ROW_MARGIN, area.width(), height)
        return top, top.translated(0, height + _LINE_GAP)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        ground = self.ground(option)
        if ground is not None:
            painter.fillRect(option.rect, self.theme.colour(ground))
        if self.is_focused(option):
            painter.setPen(self.theme.colour("focus"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
