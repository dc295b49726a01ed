"""A row of the queue: cover, title over artist, length, and marks for what plays, what chose it and where it stops."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, GLYPH, PADDING, TwoLineDelegate
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index, Role

_COVER = 34
_MARK = 14
_STATE_GLYPHS = {PlaybackState.PLAYING.value: "speaker-high-fill", PlaybackState.PAUSED.value: "pause-fill"}
_SOURCE_GLYPHS = {"radio": "broadcast", "journey": "path"}


class QueueDelegate(TwoLineDelegate):
    """The current row has a bar, and a loudspeaker while it plays; rows that were played are paler."""

    def __init__(
        self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, covers: RowCovers | None = None
    ) -> None:
        super().__init__(theme, icons, parent)
        self.covers = covers

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        mark = _STATE_GLYPHS.get(index.data(Role.STATE))
        if index.data(Role.CURRENT):
            bar = QRect(option.rect.topLeft(), QSize(3, option.rect.height()))
            painter.fillRect(self.placed(bar), self.theme.colour("accent"))
        area.setLeft(self._paint_cover(painter, area, index, mark))
        marked = self._paint_marks(painter, option, index, area)
        self._paint_words(painter, option, index, area, marked)

    def _paint_cover(self, painter: QPainter, area: QRect, index: Index, mark: str | None) -> int:
        """Paint the cover, and the glyph of what plays on it or in its stead; return where the words begin."""
        side = _COVER if self.covers is not None else GLYPH
        place = QRect(area.left(), area.center().y() - side // 2 + 1, side, side)
        glyph = QRect(0, 0, GLYPH, GLYPH)
        glyph.moveCenter(self.placed(place).center())
        if self.covers is not None:
            self.covers.paint(
                painter, self.placed(place), index.data(Role.TRACK), dimmed=mark is not None or self.is_pale(index)
            )
        if mark is not None:
            self.icons.draw(painter, glyph, mark, self.theme.colour("accent"))
        return place.right() + 1 + GAP if mark is not None or self.covers is not None else area.left()

    def _paint_marks(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> int:
        """Paint glyphs at the end of the second line; return the width they take."""
        bottom = self.lines(option, area)[1]
        glyphs = []
        if index.data(Role.STOPS):
            glyphs.append(("stop-circle-fill", "accent"))
        if index.data(Role.LOOSE):
            glyphs.append(("file-dotted", "soft"))
        if index.data(Role.SOURCE) in _SOURCE_GLYPHS:
            glyphs.append((_SOURCE_GLYPHS[index.data(Role.SOURCE)], "soft"))
        right = bottom.right() + 1
        for name, colour in glyphs:
            place = QRect(right - _MARK, bottom.center().y() - _MARK // 2 + 1, _MARK, _MARK)
            self.icons.draw(painter, self.placed(place), name, self.theme.colour(colour))
            right -= _MARK + GAP // 2
        return bottom.right() + 1 - right

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect, marked: int
    ) -> None:
        if not marked:
            self.paint_lines(painter, option, index, area)
            return
        painter.save()
        top, bottom = self.lines(option, area)
        painter.setClipRect(self.placed(top))
        self.paint_lines(painter, option, index, area)
        painter.setClipRect(self.placed(bottom))
        artist = index.data(Role.ARTIST) or ""
        colour = "faint" if self.is_pale(index) else "soft"
        self._text(painter, bottom.adjusted(0, 0, -marked, 0), artist, self.small(option.font), colour)
        painter.restore()
