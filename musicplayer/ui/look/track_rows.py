"""What every list and table of tracks tells Qt alike: the roles of a row, and how rows are dragged and dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark
from indexer.core.tracks import Track, TrackId
from musicplayer.ui.look.mime import TRACKS, tracks_to_mime

Index = QModelIndex | QPersistentModelIndex

UNKNOWN = mark("Not in the library any more")
OUTSIDE = mark("Not in the library")
_ROW_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
_FIRST = int(Qt.ItemDataRole.UserRole)

if TYPE_CHECKING:
    _Model = QAbstractItemModel
else:
    _Model = object


class Role(IntEnum):
    """Item data roles; Qt's display role is the title."""

    TRACK = _FIRST + 1
    ARTIST = _FIRST + 2
    LENGTH = _FIRST + 3  # as text
    NEARNESS = _FIRST + 4  # 0..1
    CURRENT = _FIRST + 5
    AWAY = _FIRST + 6
    SOURCE = _FIRST + 20  # what put it into the queue by itself, as text
    STOPS = _FIRST + 21  # playing ends after it
    PLAYED = _FIRST + 22
    LOOSE = _FIRST + 24  # it is not in the library
    STATE = _FIRST + 23  # what the player does with the current one, as the text of a PlaybackState


class TrackRows(_Model):
    """Rows that stand for tracks and can be dragged away as such; stands before a model of Qt among the bases."""

    takes_drops: ClassVar[bool] = False
    """Whether tracks can be dropped between the rows."""

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        """The tracks of rows, in the order of `rows`."""
        raise NotImplementedError

    def track_at(self, row: int) -> TrackId:
        return self.tracks_at([row])[0]

    # Qt's side

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid():
            return _ROW_FLAGS
        return Qt.ItemFlag.ItemIsDropEnabled if self.takes_drops else Qt.ItemFlag.NoItemFlags

    def supportedDropActions(self) -> Qt.DropAction:
        copied = Qt.DropAction.CopyAction
        return copied | Qt.DropAction.MoveAction if self.takes_drops else copied

    def mimeTypes(self) -> list[str]:
        return [TRACKS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return self.dragged(sorted({index.row() for index in indexes}))

    # For those that derive from it

    def dragged(self, rows: list[int]) -> QMimeData:
        """What is carried when `rows` are dragged; more than the tracks where a list moves rows of its own."""
        return tracks_to_mime(self.tracks_at(rows))

    def drop_place(self, row: int, parent: Index) -> int:
        """The row before which a drop puts tracks, from what Qt tells `dropMimeData`."""
        if row >= 0:
            return row
        return parent.row() if parent.isValid() else self.rowCount()


def nobody(_: TrackId) -> Track | None:
    """Knows no track."""
    return None


def catalogue_fact(catalogue: Catalogue, row: int, role: int) -> Any:
    """What every list says of a track in `row` of the catalogue; None for a role that it knows nothing of."""
    if role == Qt.ItemDataRole.DisplayRole:
        return catalogue.title(row)
    if role == Role.ARTIST:
        return catalogue.artist(row)
    if role == Role.LENGTH:
        return catalogue.text(row, Column.LENGTH)
    if role == Role.AWAY:
        return catalogue.is_away(row) or not catalogue.is_listed(row)
    return None
