"""One album in the grid: its cover, title, artist and year."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from musicplayer.ui.look.delegates import TwoLineDelegate
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.tracks.album_model import AlbumRole

Index = QModelIndex | QPersistentModelIndex
COVER = 148
"""Pixels of a cover's side."""

MARGIN = 10
_GAP = 7
_RADIUS = 6.0
_LINE_GAP = 1
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def cell_size(font: QFont) -> QSize:
    """The least room of a cell."""
    lines = QFontMetrics(font).height() + QFontMetrics(TwoLineDelegate.small(font)).height()
    return QSize(COVER + 2 * MARGIN, COVER + 2 * MARGIN + _GAP + _LINE_GAP + lines)


class AlbumDelegate(QStyledItemDelegate):
    """Paints an album; `cover` gives the picture of a row where there is one in memory, and notes that it is wanted."""

    def __init__(
        self, cover: Callable[[int], QImage | None], theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._cover = cover
        self._theme = theme
        self._icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """The whole cell of the grid, so that the cover stands in its middle."""
        grid = option.widget.gridSize() if isinstance(option.widget, QListView) else QSize()
        return grid if grid.isValid() else cell_size(option.font)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, option)
        left = option.rect.left() + (option.rect.width() - COVER) // 2
        cover = QRect(left, option.rect.top() + MARGIN, COVER, COVER)
        self._paint_cover(painter, cover, self._cover(index.row()))
        self._paint_words(painter, option, index, cover)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = option.state
        tile = QRectF(option.rect.adjusted(2, 2, -2, -2))
        if state & QStyle.StateFlag.State_Selected:
            active = bool(state & QStyle.StateFlag.State_Active)
            painter.setBrush(self._theme.colour("selection" if active else "selection_idle"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._theme.colour("hover"))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        focused = state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange
        painter.setPen(self._theme.colour("accent") if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(tile, _RADIUS, _RADIUS)

    def _paint_cover(self, painter: QPainter, area: QRect, image: QImage | None) -> None:
        painter.save()
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(area), _RADIUS, _RADIUS)
        painter.setClipPath(shape)
        if image is not None:
            painter.drawImage(area, image)
        else:
            painter.fillRect(area, self._theme.colour("track"))
            third = area.adjusted(*(area.width() * 3 // 8 * sign for sign in (1, 1, -1, -1)))
            self._icons.draw(painter, third, "disc", self._theme.colour("faint"))
        painter.restore()

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, cover: QRect) -> None:
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        small = TwoLineDelegate.small(option.font)
        top = QRect(cover.left(), cover.bottom() + _GAP, cover.width(), QFontMetrics(bold).height())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._line(painter, top, index.data() or "", bold, "selection_text" if selected else "text")
        second = QRect(top.left(), top.bottom() + 1 + _LINE_GAP, top.width(), QFontMetrics(small).height())
        year = index.data(AlbumRole.YEAR)
        words = index.data(AlbumRole.ARTIST) or ""
        tone = "selection_text" if selected else "soft"
        if year:
            painter.setFont(small)
            painter.setPen(self._theme.colour(tone))
            painter.drawText(second, _RIGHT, year)
            rest = second.adjusted(0, 0, -QFontMetrics(small).horizontalAdvance(year) - _GAP, 0)
            second = QStyle.visualRect(option.direction, second, rest)
        self._line(painter, second, words, small, tone)

    def _line(self, painter: QPainter, area: QRect, text: str, font: QFont, token: str) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(token))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, shown)
