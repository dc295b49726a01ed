"""What is sung, a row a line: the line of this moment is marked and stays in the middle, a click goes to one."""

from __future__ import annotations

from PySide6.QtCore import (
    QEasingCurve,
    QElapsedTimer,
    QEvent,
    QPropertyAnimation,
    QRect,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QWidget

from indexer.core.language import tr
from indexer.core.tags.sung import NO_LYRICS, Lyrics
from indexer.core.tracks import Seconds
from musicplayer.ui.look.delegates import RowDelegate
from musicplayer.ui.look.item_views import ENTER
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index

_HAND_MS = 4_000
"""So long somebody who scrolls is left where they are."""

_GLIDE_MS = 260
_LARGER, _LARGEST = 1.32, 1.9
"""Of the size of usual text: to be read from a chair, the more so where there is room."""

_WIDTHS = (520, 900)
"""Pixels of width between which it grows."""

_MARGIN = 8
_AIR = 5
"""Pixels above and below a line."""

_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
_TOUCHES = {QEvent.Type.Wheel, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}


class LyricsList(QListView):
    """Shows lyrics and follows the music where times are known.

    Signals:
        seek_requested: seconds, where a line begins that was chosen.
    """

    seek_requested = Signal(float)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lyrics")
        self.setAccessibleName(tr("Lyrics"))
        self._lyrics = NO_LYRICS
        self._now: int | None = None
        self._touched = QElapsedTimer()
        self._lines = QStringListModel(self)
        self.setModel(self._lines)
        self._delegate = _LineDelegate(look.theme, self)
        self.setItemDelegate(self._delegate)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self._glide = QPropertyAnimation(self.verticalScrollBar(), b"value", self)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.setDuration(_GLIDE_MS)
        self.clicked.connect(lambda index: self._go_to(index.row()))
        look.theme.changed.connect(self.viewport().update)

    def show_lyrics(self, lyrics: Lyrics) -> None:
        """Show these from the first line on."""
        self._lyrics, self._now = lyrics, None
        self._touched.invalidate()
        self._delegate.show_line(None, timed=bool(lyrics.starts))
        self._lines.setStringList(list(lyrics.lines))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if lyrics.starts else Qt.CursorShape.ArrowCursor)
        self._glide.stop()
        self.scrollToTop()

    @property
    def line(self) -> int | None:
        """The row of the line that is marked."""
        return self._now

    def follow(self, position: Seconds) -> None:
        """Mark the line of that moment, and bring it to the middle unless somebody reads elsewhere."""
        line = self._lyrics.line_at(position)
        if line == self._now:
            return
        far = self._now is None or line is None or abs(line - self._now) > 1
        self._now = line
        self._delegate.show_line(line, timed=True)
        self.viewport().update()
        if not self._in_hand():
            self._centre(at_once=far)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self._go_to(self.currentIndex().row())
        else:
            self._touched.start()
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched.start()
            self._glide.stop()
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # lines break elsewhere
        self._centre(at_once=True)

    def _in_hand(self) -> bool:
        return self._touched.isValid() and not self._touched.hasExpired(_HAND_MS)

    def _go_to(self, row: int) -> None:
        if row < len(self._lyrics.starts):
            self._touched.invalidate()
            self.seek_requested.emit(self._lyrics.starts[row])

    def _centre(self, *, at_once: bool) -> None:
        if self._now is None:
            return
        bar = self.verticalScrollBar()
        place = self.visualRect(self._lines.index(self._now, 0))
        wanted = bar.value() + place.center().y() - self.viewport().height() // 2
        self._glide.stop()
        if at_once:
            bar.setValue(wanted)
        else:
            self._glide.setStartValue(bar.value())
            self._glide.setEndValue(min(max(wanted, bar.minimum()), bar.maximum()))
            self._glide.start()


class _LineDelegate(RowDelegate):
    """Lines that break where they are too long; that of the moment in the colour of what plays."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(theme, view)
        self._view = view
        self._line: int | None = None
        self._timed = False

    def show_line(self, line: int | None, *, timed: bool) -> None:
        self._line, self._timed = line, timed

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        return QSize(width, self._height(str(index.data()) or " ", self._font(option.font), width) + 2 * _AIR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, text = index.row() == self._line, str(index.data())
        painter.save()
        if self.is_focused(option):
            painter.setPen(self.theme.colour("focus"))
            painter.drawRoundedRect(option.rect.adjusted(0, 0, -1, -1), 5, 5)
        area = option.rect.adjusted(_MARGIN, _AIR, -_MARGIN, -_AIR)
        pointed = self._timed and self.ground(option) is not None
        font = self._font(option.font)
        if now:
            bold = QFont(font)
            bold.setWeight(QFont.Weight.DemiBold)
            if self._height(text, bold, option.rect.width()) <= area.height():  # else it would need another row
                font = bold
        painter.setFont(font)
        painter.setPen(self.theme.colour("accent" if now else "text" if pointed or not self._timed else "soft"))
        painter.drawText(area, _WRAP, text)
        painter.restore()

    def _font(self, usual: QFont) -> QFont:
        narrow, wide = _WIDTHS
        share = min(max((self._view.viewport().width() - narrow) / (wide - narrow), 0.0), 1.0)
        larger = _LARGER + share * (_LARGEST - _LARGER)
        font = QFont(usual)
        if usual.pixelSize() > 0:
            font.setPixelSize(round(usual.pixelSize() * larger))
        else:
            font.setPointSizeF(usual.pointSizeF() * larger)
        return font

    @staticmethod
    def _height(text: str, font: QFont, width: int) -> int:
        room = QRect(0, 0, width - 2 * _MARGIN, 10_000)
        return QFontMetrics(font).boundingRect(room, _WRAP, text).height()
