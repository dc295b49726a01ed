"""The tracks that sound like a seed, as a list model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt

from indexer.library import TrackId
from musicplayer.discover.selection import SimilarRow
from musicplayer.library.catalogue import Catalogue, Column
from musicplayer.ui.list_roles import Role
from musicplayer.ui.mime import TRACKS, tracks_to_mime
from musicplayer.ui.ordered_rows import Index
from musicplayer.ui.words import percent

_ROW_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled


class SimilarModel(QAbstractListModel):
    """Most alike first."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._rows: tuple[SimilarRow, ...] = ()

    def show_rows(self, rows: Sequence[SimilarRow]) -> None:
        """Show these instead; the same ones again change nothing, so that a selection stays."""
        if tuple(rows) == self._rows:
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def track_at(self, row: int) -> TrackId:
        return self._rows[row].track

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._rows[row].track for row in rows]

    def tracks(self) -> list[TrackId]:
        return [row.track for row in self._rows]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self._rows[index.row()]
        if role == Role.TRACK:
            return shown.track
        if role == Role.CLOSENESS:
            return shown.closeness
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"Closer than {shown.closeness * 100:.1f} % of the pairs in your library"
        row = self._catalogue.row_of(shown.track)
        return None if row is None else self._of_catalogue(row, role, shown)

    def _of_catalogue(self, row: int, role: int, shown: SimilarRow) -> Any:
        catalogue = self._catalogue
        if role == Qt.ItemDataRole.DisplayRole:
            return catalogue.title(row)
        if role == Role.ARTIST:
            return catalogue.artist(row)
        if role == Role.LENGTH:
            return catalogue.text(row, Column.LENGTH)
        if role == Role.AWAY:
            return catalogue.is_away(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            close = percent(shown.closeness)
            return (
                f"{catalogue.title(row)}, {catalogue.artist(row)}, {catalogue.text(row, Column.LENGTH)}, {close} close"
            )
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _ROW_FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        return [TRACKS]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:
        return tracks_to_mime(self.tracks_at(sorted({index.row() for index in indexes})))
