"""The list of the queue: rows to move with keys, and a way back."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from musicplayer.ui.look.item_views import TrackList

_HAND_MS = 5_000
"""A list under a mouse that moved so lately is not scrolled by itself."""

_TOUCHES = {QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
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
