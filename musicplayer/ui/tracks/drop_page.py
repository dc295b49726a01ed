"""An empty list, which takes what is dropped on it as the list would."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.look.theme import Theme


class DropPage(StatePage):
    """Hands drops to the model of the list."""

    def __init__(self, model: QAbstractItemModel, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, width=240, parent=parent)
        self._model = model
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._model.canDropMimeData(event.mimeData(), Qt.DropAction.CopyAction, -1, -1, QModelIndex()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._model.dropMimeData(event.mimeData(), Qt.DropAction.CopyAction, -1, -1, QModelIndex()):
            event.acceptProposedAction()
