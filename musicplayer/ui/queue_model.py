"""The play queue as a list model: rows follow the player, drops become edits of the queue."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt

from indexer.library import Seconds, TrackId
from musicplayer.library.catalogue import Catalogue, Column
from musicplayer.playback.player import Player
from musicplayer.playback.queue import QueueItem
from musicplayer.ui.list_roles import Role
from musicplayer.ui.mime import QUEUE_ROWS, TRACKS, queue_rows_of, queue_rows_to_mime, tracks_of
from musicplayer.ui.ordered_rows import Index, OrderedRows

_ROW_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
UNKNOWN = "Not in the library any more"


class QueueModel(OrderedRows):
    """One row per item of the queue. Keys are the items' own numbers."""

    def __init__(self, player: Player, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._catalogue = catalogue
        self._items: dict[int, QueueItem] = {}
        self._current: int | None = None
        player.queue_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the queue as it is."""
        items = self._player.queue.items
        self._items.update((item.uid, item) for item in items)
        self._current = self._player.queue.index
        self.show_keys(np.array([item.uid for item in items], dtype=np.int64))
        self._items = {item.uid: item for item in items}
        self.repaint_all()

    def repaint_all(self) -> None:
        """Names or marks may be others."""
        if len(self._keys):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, 0))

    def track_at(self, row: int) -> TrackId:
        return self._items[int(self._keys[row])].track

    def total_seconds(self) -> Seconds:
        """Length of everything in the queue; tracks of unknown length count nothing."""
        rows = [self._catalogue.row_of(self.track_at(row)) for row in range(len(self._keys))]
        return sum(self._catalogue.seconds(row) or 0.0 for row in rows if row is not None)

    # Qt's side

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        track = self.track_at(index.row())
        if role == Role.TRACK:
            return track
        if role == Role.CURRENT:
            return index.row() == self._current
        row = self._catalogue.row_of(track)
        if row is None:
            return {Qt.ItemDataRole.DisplayRole: UNKNOWN, Role.AWAY: True}.get(role)
        return self._of_catalogue(row, role, index)

    def _of_catalogue(self, row: int, role: int, index: Index) -> Any:
        catalogue = self._catalogue
        if role == Qt.ItemDataRole.DisplayRole:
            return catalogue.title(row)
        if role == Role.ARTIST:
            return catalogue.artist(row)
        if role == Role.LENGTH:
            return catalogue.text(row, Column.LENGTH)
        if role == Role.AWAY:
            return catalogue.is_away(row) or not catalogue.is_listed(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            now = "Playing now: " if index.row() == self._current else ""
            return f"{now}{catalogue.title(row)}, {catalogue.artist(row)}, {catalogue.text(row, Column.LENGTH)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _ROW_FLAGS if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [QUEUE_ROWS, TRACKS]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        return queue_rows_to_mime(rows, [self.track_at(row) for row in rows])

    def dropMimeData(
        self,
        data: QMimeData,
        action: Qt.DropAction,  # noqa: ARG002 - rows of the queue move, others are copied, whatever key is held
        row: int,
        column: int,  # noqa: ARG002
        parent: Index,
    ) -> bool:
        at = row if row >= 0 else parent.row() if parent.isValid() else len(self._keys)
        rows = queue_rows_of(data)
        if rows:
            self._player.move(rows, at)
            return True
        tracks = tracks_of(data)
        if tracks:
            self._player.insert(at, tracks)
        return bool(tracks)
