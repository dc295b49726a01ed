"""Drags over the playlists of the side bar beside those of tracks: files, and playlists to another place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QTreeWidget, QTreeWidgetItem

from musicplayer.ui.frame.sidebar import children_of
from musicplayer.ui.look.mime import TRACKS, files_of

_KEY = int(Qt.ItemDataRole.UserRole)
_LINE = 2


class SidebarDrops(QObject):
    """Watches the places of one section whose key begins with `prefix`.

    Signals:
        files_dropped: the key of the place, empty for the section's title, and paths.
        moved: the key of a place that was dragged, and its index among the others.
    """

    files_dropped = Signal(str, object)
    moved = Signal(str, int)

    def __init__(
        self, sidebar: QTreeWidget, head: QTreeWidgetItem, prefix: str, accepts: Callable[[str], bool]
    ) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar
        self._head = head
        self._prefix = prefix
        self._accepts = accepts
        self._line = QFrame(sidebar.viewport())
        self._line.setObjectName("dropLine")
        self._line.hide()
        sidebar.setDragEnabled(True)
        sidebar.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        kind = event.type()
        if kind in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self._line.hide()
        if not isinstance(event, QDropEvent) or event.mimeData().hasFormat(TRACKS):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        spot = event.position().toPoint()
        if isinstance(event, QDragMoveEvent):
            taken = self._show(event, spot)
            event.setAccepted(taken or kind == QEvent.Type.DragEnter)  # refused at the edge, nothing more would come
        else:
            event.setAccepted(self._drop(event, spot))
        return True

    def _show(self, event: QDragMoveEvent, spot: QPoint) -> bool:
        if self._dragged(event) is not None:
            self._place_line(spot)
            return True
        return bool(files_of(event.mimeData())) and self._target(spot) is not None

    def _drop(self, event: QDropEvent, spot: QPoint) -> bool:
        place = self._dragged(event)
        if place is not None:
            self.moved.emit(place, self._index_for(place, spot))
            return True
        target, paths = self._target(spot), files_of(event.mimeData())
        if target is None or not paths:
            return False
        self.files_dropped.emit(target, paths)
        return True

    def _dragged(self, event: QDropEvent) -> str | None:
        """The key of the place that is being dragged."""
        item = self._sidebar.currentItem()
        key = "" if item is None or event.source() is not self._sidebar else str(item.data(0, _KEY) or "")
        return key if key.startswith(self._prefix) else None

    def _target(self, spot: QPoint) -> str | None:
        """The key of the place under the pointer if files can be put there."""
        item = self._sidebar.itemAt(spot)
        if item is None:
            return None
        key = str(item.data(0, _KEY) or "")
        return key if item is self._head or (key.startswith(self._prefix) and self._accepts(key)) else None

    def _index_for(self, place: str, spot: QPoint) -> int:
        """Where among the others a place goes that is let go there."""
        others = [item for item in self._items() if item.data(0, _KEY) != place]
        return sum(self._sidebar.visualItemRect(item).center().y() < spot.y() for item in others)

    def _place_line(self, spot: QPoint) -> None:
        rects = [self._sidebar.visualItemRect(item) for item in self._items()]
        above = [rect.bottom() for rect in rects if rect.center().y() < spot.y()]
        y = max(above) if above else self._sidebar.visualItemRect(self._head).bottom()
        self._line.setGeometry(8, y - _LINE // 2, self._sidebar.viewport().width() - 16, _LINE)
        self._line.show()

    def _items(self) -> list[QTreeWidgetItem]:
        return children_of(self._head)
