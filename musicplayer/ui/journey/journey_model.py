"""The tracks of a journey as a list model that can be reordered, with how close each is to the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt, Signal

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.language import tr
from indexer.core.tracks import Seconds, TrackId
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.look.track_rows import Index, Role, TrackRows, catalogue_fact
from musicplayer.ui.look.words import percent

Closeness = Callable[[Sequence[TrackId]], Sequence[float | None]]


class JourneyModel(TrackRows, QAbstractListModel):
    """From the start down to the end. A track is in it once.

    Signals:
        edited: someone moved, added or removed tracks.
    """

    takes_drops = True
    edited = Signal()

    def __init__(self, catalogue: Catalogue, closeness: Closeness, parent: QObject | None = None) -> None:
        """Show tracks of `catalogue`; `closeness` says of a list how close each track is to the next."""
        super().__init__(parent)
        self._catalogue = catalogue
        self._closeness = closeness
        self._tracks: list[TrackId] = []
        self._steps: list[float | None] = []

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        return tuple(self._tracks)

    def show_tracks(self, tracks: Iterable[TrackId]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._tracks = list(dict.fromkeys(tracks))
        self._measure()
        self.endResetModel()

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._tracks[row] for row in rows]

    def step_to(self, row: int) -> float | None:
        """How close a row is to the one before, 0 to 1; None for the first, and where nobody knows."""
        return self._steps[row - 1] if row else None

    def total_seconds(self) -> Seconds:
        """Length of all; tracks of unknown length count nothing."""
        rows = [self._catalogue.row_of(track) for track in self._tracks]
        return sum(self._catalogue.seconds(row) or 0.0 for row in rows if row is not None)

    def put(self, tracks: Sequence[TrackId], at: int) -> None:
        """Put tracks before the row `at`; those that are there already move."""
        moved = set(tracks)
        before = [track for track in self._tracks[:at] if track not in moved]
        after = [track for track in self._tracks[at:] if track not in moved]
        self._edit([*before, *dict.fromkeys(tracks), *after])

    def remove(self, rows: Iterable[int]) -> None:
        gone = set(rows)
        self._edit([track for row, track in enumerate(self._tracks) if row not in gone])

    def _edit(self, tracks: list[TrackId]) -> None:
        if tracks != self._tracks:
            self.show_tracks(tracks)
            self.edited.emit()

    def _measure(self) -> None:
        self._steps = list(self._closeness(self._tracks))

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        track = self._tracks[index.row()]
        if role == Role.TRACK:
            return track
        if role == Role.CLOSENESS:
            return self.step_to(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._about_step(index.row())
        row = self._catalogue.row_of(track)
        return None if row is None else self._of_catalogue(row, role, index.row())

    def _of_catalogue(self, row: int, role: int, shown: int) -> Any:
        catalogue = self._catalogue
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{shown + 1}. {catalogue.title(row)}, {catalogue.artist(row)}. {self._about_step(shown)}".strip()
        return catalogue_fact(catalogue, row, role)

    def _about_step(self, row: int) -> str:
        step = self.step_to(row)
        if step is None:
            return ""
        return tr("Closer to the one before than {share} of the pairs in your library", share=percent(step))

    def dropMimeData(
        self,
        data: QMimeData,
        action: Qt.DropAction,  # noqa: ARG002 - tracks that are there move, others are added, whatever key is held
        row: int,
        column: int,  # noqa: ARG002
        parent: Index,
    ) -> bool:
        tracks = tracks_of(data)
        if tracks:
            self.put(tracks, self.drop_place(row, parent))
        return bool(tracks)
