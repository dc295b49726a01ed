"""The tracks of a journey as a list that can be reordered: how close each is to the one before, and how it sounds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt, Signal

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.along import Line, lines_along, said_of
from indexer.core.discover.near_words import step_words
from indexer.core.language import tr
from indexer.core.tracks import Seconds, TrackId
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.look.track_rows import Index, Role, TrackRows, catalogue_fact

Nearness = Callable[[Sequence[TrackId]], Sequence[float | None]]


class JourneyRole(IntEnum):
    """What a row of a journey has beside `Role`."""

    STOP = int(Qt.ItemDataRole.UserRole) + 40  # whether the journey is to go by way of it
    LANES = int(Qt.ItemDataRole.UserRole) + 41  # tuple of Passing


@dataclass(frozen=True, slots=True)
class Passing:
    """How a line goes through a row.

    Attributes:
        before, here, after: where it stands in the row before, in this one and in the next, 0 to 1; None for unknown.
        text: what it is here.
        jumps: whether it jumps on its way here, and on its way from here.
    """

    before: float | None
    here: float | None
    after: float | None
    text: str
    jumps: tuple[bool, bool]


class JourneyModel(TrackRows, QAbstractListModel):
    """From the start down to the end. A track is in it once.

    Signals:
        edited: someone moved, added or removed tracks.
        joined: tracks that were not in it were dropped on it, a list.
    """

    takes_drops = True
    edited = Signal()
    joined = Signal(object)

    def __init__(self, catalogue: Catalogue, nearness: Nearness, parent: QObject | None = None) -> None:
        """Show tracks of `catalogue`; `nearness` says of a list how near each track is to the next."""
        super().__init__(parent)
        self._catalogue = catalogue
        self._nearness = nearness
        self._tracks: list[TrackId] = []
        self._steps: list[float | None] = []
        self._lines: tuple[Line, ...] = ()
        self._stops: frozenset[TrackId] = frozenset()

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        return tuple(self._tracks)

    def show_tracks(self, tracks: Iterable[TrackId]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._tracks = list(dict.fromkeys(tracks))
        self._measure()
        self.endResetModel()

    @property
    def has_lanes(self) -> bool:
        """Whether anything is known of tempo, key or energy of any track."""
        return any(point is not None for line in self._lines for point in line.points)

    def refresh(self) -> None:
        """What is known of the tracks may be other than before."""
        self._lines = lines_along(self._catalogue, self._tracks)
        if self._tracks:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._tracks) - 1, 0))

    def mark_stops(self, stops: Collection[TrackId]) -> None:
        """Mark the tracks that the journey is to go by way of."""
        self._stops = frozenset(stops)
        if self._tracks:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._tracks) - 1, 0))

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._tracks[row] for row in rows]

    def step_to(self, row: int) -> float | None:
        """How near a row is to the one before, 0 to 1; None for the first, and where nobody knows."""
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
        self._steps = list(self._nearness(self._tracks))
        self._lines = lines_along(self._catalogue, self._tracks)

    def _passing(self, row: int) -> tuple[Passing, ...]:
        """How each line goes through a row; none where nothing is known of any, so that names have the room."""
        if not self.has_lanes:
            return ()
        last = len(self._tracks) - 1
        return tuple(
            Passing(
                before=line.points[row - 1] if row else None,
                here=line.points[row],
                after=line.points[row + 1] if row < last else None,
                text=line.texts[row],
                jumps=(line.jumps[row], row < last and line.jumps[row + 1]),
            )
            for line in self._lines
        )

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        track = self._tracks[index.row()]
        if role == Role.TRACK:
            return track
        if role == Role.NEARNESS:
            return self.step_to(index.row())
        if role == JourneyRole.STOP:
            return track in self._stops
        if role == JourneyRole.LANES:
            return self._passing(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._about(index.row())
        row = self._catalogue.row_of(track)
        return None if row is None else self._of_catalogue(row, role, index.row())

    def _of_catalogue(self, row: int, role: int, shown: int) -> Any:
        catalogue = self._catalogue
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{shown + 1}. {catalogue.title(row)}, {catalogue.artist(row)}. {self._about(shown)}".strip()
        return catalogue_fact(catalogue, row, role)

    def _about(self, row: int) -> str:
        """What is seen of a row beside its names, in sentences."""
        step, sound = self.step_to(row), said_of(self._lines, row)
        said = (
            tr("The journey goes by way of this track.") if self._tracks[row] in self._stops else "",
            "" if step is None else tr("From the one before: {step}", step=step_words(step)) + ".",
            f"{sound[:1].upper()}{sound[1:]}." if sound else "",
        )
        return " ".join(filter(None, said))

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
            there = set(self._tracks)
            self.put(tracks, self.drop_place(row, parent))
            if joined := [track for track in dict.fromkeys(tracks) if track not in there]:
                self.joined.emit(joined)
        return bool(tracks)
