"""The tracks of a shelf as rows, which change under the pointer without moving what it points at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from indexer.core.language import tr
from indexer.core.plays import Opinion, Thumb
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.ui.look.track_rows import UNKNOWN, Role, TrackRows

Index = QModelIndex | QPersistentModelIndex
OpinionOf = Callable[[TrackId], Opinion]
_NOWHERE = QModelIndex()


class ShelfRole(IntEnum):
    """What a cell says besides what all lists say."""

    THUMB = int(Qt.ItemDataRole.UserRole) + 60  # 1, 0 or -1


class ShelfModel(TrackRows, QAbstractListModel):
    """Tracks in the order of a shelf."""

    def __init__(self, track_of: TrackOf, opinion_of: OpinionOf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._track_of = track_of
        self._opinion_of = opinion_of
        self._tracks: list[TrackId] = []

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        return tuple(self._tracks)

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._tracks[row] for row in rows if 0 <= row < len(self._tracks)]

    def row_of(self, track: TrackId) -> int | None:
        return self._tracks.index(track) if track in self._tracks else None

    def show_tracks(self, tracks: Sequence[TrackId], held: int | None = None) -> None:
        """Show these; what lies in the row `held` stays there. A row that shows another track is no new row."""
        wanted = settled(self._tracks, tracks, held)
        before, after = len(self._tracks), len(wanted)
        if after > before:
            self.beginInsertRows(_NOWHERE, before, after - 1)
            self._tracks += wanted[before:]
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(_NOWHERE, after, before - 1)
            del self._tracks[after:]
            self.endRemoveRows()
        if wanted != self._tracks:
            self._tracks = wanted
        self.refresh()

    def refresh(self) -> None:
        """Names, covers or opinions may be others."""
        if self._tracks:
            self.dataChanged.emit(self.index(0), self.index(len(self._tracks) - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        track = self._tracks[index.row()]
        if role == Role.TRACK:
            return track
        if role == ShelfRole.THUMB:
            return int(self._opinion_of(track).thumb)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(track)
        return self._named(track, role)

    def _named(self, track: TrackId, role: int) -> Any:
        known = self._track_of(track)
        if role == Qt.ItemDataRole.DisplayRole:
            return known.title if known else tr(UNKNOWN)
        if role == Role.ARTIST:
            return known.artist if known else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{known.title}\n{known.artist}" if known else ""
        return None

    def _spoken(self, track: TrackId) -> str:
        known, thumb = self._track_of(track), self._opinion_of(track).thumb
        said = {Thumb.UP: tr("Thumb up"), Thumb.DOWN: tr("Thumb down")}.get(thumb, "")
        names = (known.title, known.artist) if known else (tr(UNKNOWN),)
        return ", ".join(part for part in (*names, said) if part)


def settled(shown: Sequence[TrackId], wanted: Sequence[TrackId], held: int | None) -> list[TrackId]:
    """The tracks that are wanted, with the one in row `held` of what is shown still in that row.

    Where too few are wanted to reach that row, those shown before it fill the rows up.
    """
    if held is None or not 0 <= held < len(shown):
        return list(wanted)
    kept = shown[held]
    rest = [track for track in wanted if track != kept]
    if len(rest) < held:
        rest += [track for track in shown[:held] if track not in rest][: held - len(rest)]
    return [*rest[:held], kept, *rest[held:]]
