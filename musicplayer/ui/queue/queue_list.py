"""The list of the queue: rows to move with keys, and their marks for what plays, what chose them and where it stops."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QItemSelection, QItemSelectionModel, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, GLYPH, PADDING, TwoLineDelegate
from musicplayer.ui.look.item_views import TrackList
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import Index, Role

_HAND_MS = 5_000
"""A list under a mouse that moved so lately is not scrolled by itself."""

_TOUCHES = {QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
_COVER = 34
_MARK = 14
_DISC = 4
"""Pixels by which the ground of a glyph is larger."""
_STATE_GLYPHS = {PlaybackState.PLAYING.value: "speaker-high-fill", PlaybackState.PAUSED.value: "pause-fill"}
_SOURCE_GLYPHS = {"radio": "broadcast", "journey": "path"}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class QueueList(TrackList):
    """Rows of the queue.

    Signals:
        move_requested: the selected rows, -1 for up and 1 for down.
        remove_requested: take the selected rows out.
        undo_requested: take the last change back.
        resized: there is room for more or fewer rows.
        scrolled_by_hand: somebody looks elsewhere in it.
    """

    move_requested = Signal(object, int)
    remove_requested = Signal()
    undo_requested = Signal()
    resized = Signal()
    scrolled_by_hand = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._touched = QElapsedTimer()
        self.verticalScrollBar().actionTriggered.connect(lambda _: self.scrolled_by_hand.emit())

    @property
    def is_in_hand(self) -> bool:
        """Whether somebody drags, or moved the mouse over it a moment ago; a mouse that rests there does not count."""
        recently = self._touched.isValid() and not self._touched.hasExpired(_HAND_MS)
        return self.state() != QAbstractItemView.State.NoState or (recently and self.underMouse())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched.start()
        if event.type() == QEvent.Type.Wheel:
            self.scrolled_by_hand.emit()
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def select_rows(self, first: int, last: int) -> None:
        """Select a range; its first row is the current one."""
        model, flag = self.model(), QItemSelectionModel.SelectionFlag
        chosen = QItemSelection(model.index(first, 0), model.index(last, 0))
        self.selectionModel().setCurrentIndex(model.index(first, 0), flag.NoUpdate)
        self.selectionModel().select(chosen, flag.ClearAndSelect)

    def event(self, event: QEvent) -> bool:
        """Claim the keys for "undo" and "delete", which the window may use otherwise."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Delete))
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        step = _STEPS.get(Qt.Key(event.key()), 0) if alt else 0
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.remove_requested.emit()
        elif step and self.selected_rows():
            self.move_requested.emit(self.selected_rows(), step)
        else:
            super().keyPressEvent(event)


class QueueDelegate(TwoLineDelegate):
    """The current row has a bar, and a loudspeaker while it plays; rows that were played are paler."""

    def __init__(self, look: Look, covers: RowCovers, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
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
        """Paint the cover, and the glyph of what plays on it; return where the words begin."""
        place = QRect(area.left(), area.center().y() - _COVER // 2 + 1, _COVER, _COVER)
        glyph = QRect(0, 0, GLYPH, GLYPH)
        glyph.moveCenter(self.placed(place).center())
        self.covers.paint(
            painter, self.placed(place), index.data(Role.TRACK), dimmed=mark is not None or self.is_pale(index)
        )
        if mark is not None:
            self._paint_disc(painter, glyph)
            self.icons.draw(painter, glyph, mark, self.theme.colour("accent"))
        return place.right() + 1 + GAP

    def _paint_disc(self, painter: QPainter, glyph: QRect) -> None:
        """A ground for the glyph, which nobody could read on letters or on a picture of its colour."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("surface"))
        painter.drawEllipse(glyph.adjusted(-_DISC, -_DISC, _DISC, _DISC))
        painter.restore()

    def _paint_marks(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> int:
        """Paint glyphs at the end of the second line; return the width they take."""
        bottom = self.lines(option, area)[1]
        glyphs = []
        if index.data(Role.STOPS):
            glyphs.append(("stop-circle-fill", "text"))
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
        self.text(painter, bottom.adjusted(0, 0, -marked, 0), artist, self.small(option.font), colour)
        painter.restore()
