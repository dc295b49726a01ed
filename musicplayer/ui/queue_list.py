"""The list of the queue: rows to move with keys, and a way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from musicplayer.ui.track_list import TrackList

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class QueueList(TrackList):
    """Rows of the queue.

    Signals:
        move_requested: the selected rows, -1 for up and 1 for down.
        remove_requested: take the selected rows out.
        undo_requested: take the last change back.
    """

    move_requested = Signal(object, int)
    remove_requested = Signal()
    undo_requested = Signal()

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
