"""Albums as a list for the grid."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from indexer.core.catalogue.albums import VARIOUS, Albums
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.fields import MISSING
from indexer.core.catalogue.grouping import Ints
from indexer.core.language import tr, trn
from indexer.core.tracks import Track, TrackId
from musicplayer.ui.look.mime import TRACKS, tracks_to_mime

Index = QModelIndex | QPersistentModelIndex
_FIRST = int(Qt.ItemDataRole.UserRole)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled


class AlbumRole(IntEnum):
    """What the grid asks of an album beside its title."""

    ARTIST = _FIRST + 1
    YEAR = _FIRST + 2  # as text


class AlbumModel(QAbstractListModel):
    """Shows some albums in some order."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names_artists = True
        """Whether an album says whose it is; not where all are of one."""
        self._catalogue = catalogue
        self._albums: Albums | None = None
        self._shown: Ints = np.empty(0, np.intp)

    def show_albums(self, albums: Albums, shown: Ints) -> None:
        """Show the albums numbered `shown`, in this order."""
        if albums is self._albums and np.array_equal(shown, self._shown):
            return
        self.beginResetModel()
        self._albums, self._shown = albums, shown
        self.endResetModel()

    def key_at(self, row: int) -> str:
        """What names the album whatever happens to the library."""
        return "" if self._albums is None else self._albums.key(int(self._shown[row]))

    def row_of(self, key: str) -> int | None:
        """Where an album is shown."""
        album = None if self._albums is None else self._albums.place_of(key)
        found = np.flatnonzero(self._shown == album).tolist() if album is not None else ()
        return next(iter(found), None)

    def cover_track(self, row: int) -> Track:
        """The track whose cover stands for the album, its first."""
        return self._catalogue.track(int(self._rows(row)[0]))

    def cover_id(self, row: int) -> TrackId:
        return self._catalogue.id_at(int(self._rows(row)[0]))

    def tracks_at(self, rows: Sequence[int]) -> list[TrackId]:
        """The tracks of albums, each in the order of its discs."""
        return [track for row in rows for track in self._catalogue.ids(self._rows(row).tolist())]

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if self._albums is None or not index.isValid():
            return None
        album = int(self._shown[index.row()])
        if role == _DISPLAY:
            return title_of(self._albums, album)
        if role == AlbumRole.ARTIST:
            return artist_of(self._albums, album) if self.names_artists else ""
        if role == AlbumRole.YEAR:
            return year_of(self._albums, album)
        if role in (_SPOKEN, _TOOL_TIP):
            return self._spoken(self._albums, album, index.row())
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        return [TRACKS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return tracks_to_mime(self.tracks_at([index.row() for index in indexes]))

    def _rows(self, row: int) -> Ints:
        return self._shown[:0] if self._albums is None else self._albums.rows_of(int(self._shown[row]))

    def _spoken(self, albums: Albums, album: int, row: int) -> str:
        parts = (title_of(albums, album), artist_of(albums, album), year_of(albums, album))
        number = trn("{number} track", "{number} tracks", len(self._rows(row)))
        return ", ".join(filter(None, (*parts, number)))


def title_of(albums: Albums, album: int) -> str:
    return albums.titles[album] or tr("Without an album")


def artist_of(albums: Albums, album: int) -> str:
    name = albums.artists[album]
    return tr("Various artists") if name == VARIOUS else name or tr("Unknown artist")


def year_of(albums: Albums, album: int) -> str:
    year = int(albums.years[album])
    return "" if year == MISSING else str(year)
