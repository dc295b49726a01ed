"""The table of a playlist: play, remove and drag rows, drop between them, sort to look."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from indexer.core.catalogue.shown import Column
from indexer.core.language import tr
from indexer.core.tracks import TrackId
from musicplayer.ui.look.item_views import ENTER, chosen_rows, dress_table, menu_spot
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.playlists.playlist_model import COLUMNS, MARK, PLACE, PlaylistModel
from musicplayer.ui.tracks.column_widths import NARROWEST

_WIDTHS = {MARK: 30, PLACE: 52, Column.GENRE: 100, Column.YEAR: 58, Column.LENGTH: 66, Column.PLAYS: 58}
_LINE = 2
_GIVE_WAY = (Column.GENRE, Column.PLAYS, Column.YEAR)
"""Columns that are left out, in this order, where names of tracks would be too narrow beside them."""


class PlaylistView(QTableView):
    """Shows a playlist.

    Signals:
        row_activated: a row was double-clicked, or Enter pressed on it.
        play_requested: list of TrackId, a selection of several.
        play_from_requested: the row from which the playlist is to be played.
        remove_requested: the selected rows.
        move_requested: the selected rows, -1 for up and 1 for down.
        undo_requested: take the last change back.
        menu_requested: where on the screen; the selection is what it is about.
    """

    row_activated = Signal(int)
    play_requested = Signal(object)
    play_from_requested = Signal(int)
    remove_requested = Signal(object)
    move_requested = Signal(object, int)
    undo_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, model: PlaylistModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._drop_row: int | None = None
        self._fixed: dict[str | Column, int] = {}
        self.setObjectName("playlist")
        self.setAccessibleName(tr("Tracks of the playlist"))
        self.setModel(model)
        self._set_up_rows()
        self._set_up_columns()
        self._set_up_dragging()
        self.doubleClicked.connect(lambda index: self.row_activated.emit(index.row()))
        model.sorted_changed.connect(self._on_sorted)

    def selected_rows(self) -> list[int]:
        """Visible rows that are selected, from the top."""
        return chosen_rows(self)

    def selected_tracks(self) -> list[TrackId]:
        return self._model.tracks_at(self.selected_rows())

    def drop_row_at(self, spot: QPoint) -> int:
        """The row before which something dropped there goes."""
        index = self.indexAt(spot)
        if not index.isValid():
            return self._model.rowCount()
        return index.row() + (spot.y() > self.visualRect(index).center().y())

    def select_rows(self, first: int, last: int) -> None:
        """Select a range, and go to its first row."""
        if 0 <= first <= last < self._model.rowCount():
            flag, model = QItemSelectionModel.SelectionFlag, self._model
            self.selectionModel().setCurrentIndex(model.index(first, COLUMNS.index(Column.TITLE)), flag.NoUpdate)
            chosen = QItemSelection(model.index(first, 0), model.index(last, len(COLUMNS) - 1))
            self.selectionModel().select(chosen, flag.ClearAndSelect)

    # Qt's side

    def event(self, event: QEvent) -> bool:
        """Claim the key for "undo", which the window has for the queue."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.matches(QKeySequence.StandardKey.Undo) or event.key() == Qt.Key.Key_Delete)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows, key = self.selected_rows(), event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_requested.emit()
        elif key in ENTER and rows and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.play_from_requested.emit(rows[0])
        elif key in ENTER and len(rows) == 1:
            self.row_activated.emit(rows[0])
        elif key in ENTER and rows:
            self.play_requested.emit(self._model.tracks_at(rows))
        elif key == Qt.Key.Key_Delete and rows:
            self.remove_requested.emit(rows)
        elif alt and rows and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_requested.emit(rows, -1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected_rows():
            self.menu_requested.emit(menu_spot(self, event))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # which also scrolls at the edges
        taken = self._model.canDropMimeData(event.mimeData(), event.proposedAction(), 0, 0, QModelIndex())
        event.setAccepted(taken)
        self._show_drop_row(self.drop_row_at(event.position().toPoint()) if taken else None)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._show_drop_row(None)

    def dropEvent(self, event: QDropEvent) -> None:
        row = self.drop_row_at(event.position().toPoint())
        self._show_drop_row(None)
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        if self._model.dropMimeData(event.mimeData(), event.proposedAction(), row, 0, QModelIndex()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out as many columns as names need the room of; there is no scrolling sideways."""
        named = len(COLUMNS) - len(self._fixed)
        for left_out in range(len(_GIVE_WAY) + 1):
            gone = _GIVE_WAY[:left_out]
            room = self.viewport().width() - sum(width for column, width in self._fixed.items() if column not in gone)
            if room >= NARROWEST * named:
                break
        for column in _GIVE_WAY:
            self.setColumnHidden(COLUMNS.index(column), column in gone)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a line across all columns where the rows would go; Qt's own ends with the cell."""
        super().paintEvent(event)
        if self._drop_row is None:
            return
        height = self.rowHeight(0) if self._model.rowCount() else 0
        y = max(self.rowViewportPosition(0) + self._drop_row * height - _LINE // 2, 0)
        painter = QPainter(self.viewport())
        painter.fillRect(0, y, self.viewport().width(), _LINE, self._theme.colour("strong"))

    # Helpers

    def _show_drop_row(self, row: int | None) -> None:
        if row != self._drop_row:
            self._drop_row = row
            self.viewport().update()

    def _set_up_rows(self) -> None:
        dress_table(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _set_up_columns(self) -> None:
        header = self.horizontalHeader()
        header.setAccessibleName(tr("Columns of the playlist"))
        header.setHighlightSections(False)
        header.setMinimumSectionSize(_WIDTHS[MARK])
        for section, column in enumerate(COLUMNS):
            fixed = column in _WIDTHS
            mode = QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(section, mode)
            if fixed:
                width = _WIDTHS[column] if column is MARK else max(_WIDTHS[column], header.sectionSizeHint(section))
                self._fixed[column] = width
                self.setColumnWidth(section, width)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        self._forget_sorting()
        header.setSortIndicatorShown(True)
        header.sortIndicatorChanged.connect(self._model.sort)

    def _set_up_dragging(self) -> None:
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setDragDropOverwriteMode(False)

    def _on_sorted(self) -> None:
        """Another playlist begins in its own order."""
        if self._model.sorted_by is None:
            self._forget_sorting()

    def _forget_sorting(self) -> None:
        header = self.horizontalHeader()
        header.blockSignals(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.blockSignals(False)
