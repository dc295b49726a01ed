"""One album in the grid: its cover, title, artist and year."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem, QWidget

from musicplayer.ui.look.covers import round_corners
from musicplayer.ui.look.delegates import RowDelegate
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index
from musicplayer.ui.tracks.album_model import AlbumRole

COVER = 148
"""Pixels of a cover's side."""

MARGIN = 10
_GAP = 7
_RADIUS = 6.0
_LINE_GAP = 1


def cell_size(font: QFont) -> QSize:
    """The least room of a cell."""
    lines = QFontMetrics(font).height() + QFontMetrics(RowDelegate.small(font)).height()
    return QSize(COVER + 2 * MARGIN, COVER + 2 * MARGIN + _GAP + _LINE_GAP + lines)


class AlbumDelegate(RowDelegate):
    """Paints an album; `cover` gives the picture of a row where there is one in memory, and notes that it is wanted."""

    def __init__(
        self, cover: Callable[[int], QImage | None], theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._cover = cover
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
        ground = self.ground(option)
        painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else self.theme.colour(ground))
        painter.setPen(self.theme.colour("accent") if self.is_focused(option) else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(option.rect.adjusted(2, 2, -2, -2)), _RADIUS, _RADIUS)

    def _paint_cover(self, painter: QPainter, area: QRect, image: QImage | None) -> None:
        with round_corners(painter, area, _RADIUS):
            if image is not None:
                painter.drawImage(area, image)
                return
            painter.fillRect(area, self.theme.colour("track"))
            middle = area.adjusted(*(area.width() * 3 // 8 * sign for sign in (1, 1, -1, -1)))
            self._icons.draw(painter, middle, "disc", self.theme.colour("faint"))

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, cover: QRect) -> None:
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        small = self.small(option.font)
        top = QRect(cover.left(), cover.bottom() + _GAP, cover.width(), QFontMetrics(bold).height())
        second = QRect(top.left(), top.bottom() + 1 + _LINE_GAP, top.width(), QFontMetrics(small).height())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        tone, year = "selection_text" if selected else "soft", index.data(AlbumRole.YEAR)
        self.look_at(cover, option.direction)
        self.text(painter, top, index.data() or "", bold, "selection_text" if selected else "text")
        taken = self.text(painter, second, year, small, tone, right=True) + _GAP if year else 0
        self.text(painter, second.adjusted(0, 0, -taken, 0), index.data(AlbumRole.ARTIST) or "", small, tone)
