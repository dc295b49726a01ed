"""The list view that the queue and the panel share: selection as rows, Enter, context menu, drag."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from musicplayer.ui.look.item_views import ENTER, chosen_rows, menu_spot

_LOWEST = 64


class TrackList(QListView):
    """Rows of tracks.

    Signals:
        activated_row: a row was double-clicked, or Enter pressed on it.
        menu_requested: where on the screen; the selection is what it is about.
    """

    activated_row = Signal(int)
    menu_requested = Signal(QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))

    def minimumSizeHint(self) -> QSize:
        """A row at least, so that several lists fit above each other in a low window."""
        return QSize(super().minimumSizeHint().width(), _LOWEST)

    def selected_rows(self) -> list[int]:
        return chosen_rows(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected_rows():
            self.menu_requested.emit(menu_spot(self, event))
