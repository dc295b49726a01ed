"""What comes after the track that plays, as a list: a double click goes on with one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from indexer.core.catalogue.shown import format_length
from indexer.core.language import tr
from indexer.core.playing.queue import QueueItem
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.playback.player import Player
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, PADDING, TwoLineDelegate
from musicplayer.ui.look.item_views import TrackList
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import UNKNOWN, Index, Role, TrackRows

MOST = 100
"""Rows: nobody reads on; the queue has them all."""

_COVER = 36


class ComingRows(TrackRows, QAbstractListModel):
    """The next tracks of the queue, in the order in which they will play."""

    def __init__(self, player: Player, track_of: TrackOf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._track_of = track_of
        self._items: tuple[QueueItem, ...] = ()

    def refresh(self) -> None:
        """Show the queue as it is."""
        items = tuple(self._player.queue.upcoming()[:MOST])
        if items != self._items:
            self.beginResetModel()
            self._items = items
            self.endResetModel()

    def place_of(self, row: int) -> int | None:
        """Where the track of a row is in the queue; None where it left it."""
        uids = [item.uid for item in self._player.queue.items]
        uid = self._items[row].uid
        return uids.index(uid) if uid in uids else None

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._items[row].track for row in rows]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        wanted = self._items[index.row()].track
        if role == Role.TRACK:
            return wanted
        track = self._track_of(wanted)
        if track is None:
            return tr(UNKNOWN) if role == Qt.ItemDataRole.DisplayRole else None
        facts: dict[int, str] = {
            Qt.ItemDataRole.DisplayRole: track.title,
            Qt.ItemDataRole.AccessibleTextRole: f"{track.title}, {track.artist}, {format_length(track.seconds)}",
            Role.ARTIST: track.artist,
            Role.LENGTH: format_length(track.seconds),
        }
        return facts.get(role)


class ComingList(TrackList):
    """Rows with covers."""

    def __init__(self, player: Player, track_of: TrackOf, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(tr("Up next"), parent)
        self.setObjectName("coming")
        self.rows = ComingRows(player, track_of, self)
        self.setModel(self.rows)
        self.setItemDelegate(_ComingDelegate(look, RowCovers(look, track_of, self), self))


class _ComingDelegate(TwoLineDelegate):
    def __init__(self, look: Look, covers: RowCovers, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._covers = covers

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        place = QRect(area.left(), area.center().y() - _COVER // 2 + 1, _COVER, _COVER)
        self._covers.paint(painter, self.placed(place), index.data(Role.TRACK))
        self.paint_lines(painter, option, index, area.adjusted(_COVER + GAP, 0, 0, 0))
