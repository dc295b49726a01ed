"""The tracks of a journey as a list that can be reordered, with how close each is to the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.near_words import step_words
from indexer.core.language import tr
from indexer.core.tracks import Seconds, TrackId
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, PADDING, TwoLineDelegate
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.look.track_rows import Index, Role, TrackRows, catalogue_fact

Nearness = Callable[[Sequence[TrackId]], Sequence[float | None]]

COVER = 44
STEP = 24
_MARGIN = 5
_SIDE = 16
_BAR = QSize(72, 4)


class JourneyModel(TrackRows, QAbstractListModel):
    """From the start down to the end. A track is in it once.

    Signals:
        edited: someone moved, added or removed tracks.
    """

    takes_drops = True
    edited = Signal()

    def __init__(self, catalogue: Catalogue, nearness: Nearness, parent: QObject | None = None) -> None:
        """Show tracks of `catalogue`; `nearness` says of a list how near each track is to the next."""
        super().__init__(parent)
        self._catalogue = catalogue
        self._nearness = nearness
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

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        track = self._tracks[index.row()]
        if role == Role.TRACK:
            return track
        if role == Role.NEARNESS:
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
        return tr("From the one before: {step}", step=step_words(step))

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


class JourneyDelegate(TwoLineDelegate):
    """Draws the step between two covers: a line from one to the other, how small it is as a bar and in words."""

    def __init__(self, covers: RowCovers, look: Look, parent: QListView) -> None:
        super().__init__(look, parent)
        self._covers = covers

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's own signature
        return QSize(240, COVER + 2 * _MARGIN + (STEP if index.row() else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        row = QStyleOptionViewItem(option)
        self.look_at(option.rect, option.direction)
        if index.row():
            self._paint_step(painter, option, index)
            row.rect = option.rect.adjusted(0, STEP, 0, 0)
        self._paint_ground(painter, row)
        self.paint_row(painter, row, index)
        painter.restore()

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect.adjusted(_SIDE, _MARGIN, -_SIDE, -_MARGIN)
        cover = QRect(area.left(), area.top(), COVER, COVER)
        self._covers.paint(painter, self.placed(cover), index.data(Role.TRACK), dimmed=bool(index.data(Role.AWAY)))
        lines = area.adjusted(COVER + PADDING, 0, 0, 0)
        height = 2 * QFontMetrics(option.font).height() + 16
        lines.adjust(0, (lines.height() - height) // 2, 0, 0)
        self.paint_lines(painter, option, index, lines)

    def _paint_step(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        step = option.rect.adjusted(_SIDE, 0, -_SIDE, 0)
        step.setHeight(STEP)
        middle = self.placed(QRect(step.left(), step.top(), COVER, STEP)).center().x() + 0.5
        painter.setPen(QPen(self.theme.colour("edge"), 1.5, Qt.PenStyle.DotLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(middle, step.top() - _MARGIN + 2), QPointF(middle, step.bottom() + _MARGIN - 1))
        nearness = index.data(Role.NEARNESS)
        if nearness is None:
            return
        left = step.left() + COVER + PADDING
        bar = QRectF(left, step.center().y() + 1 - _BAR.height() / 2, _BAR.width(), _BAR.height())
        self.bar(painter, bar, nearness)
        words = QRect(round(bar.right()) + GAP, step.top(), 160, STEP)
        font: QFont = self.small(option.font)
        self.text(painter, words, step_words(nearness), font, "soft")
