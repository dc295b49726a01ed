"""The library table: rows of fixed height, tracks to play, queue, drag, give stars and a heart to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from indexer.core.catalogue.shown import Column
from indexer.core.language import tr
from indexer.core.tracks import TrackId
from musicplayer.ui.look.item_views import ENTER, TypedAhead, chosen_rows, menu_spot
from musicplayer.ui.tracks.cell_delegate import CellDelegate
from musicplayer.ui.tracks.column_view import ColumnView
from musicplayer.ui.tracks.track_table import COLUMNS, MARK, TrackTableModel

_STARS, _HEART = COLUMNS.index(Column.RATING), COLUMNS.index(Column.FAVOURITE)
LIBRARY_COLUMNS = (Column.ARTIST, Column.TITLE, Column.ALBUM, Column.GENRE, Column.YEAR, Column.LENGTH, Column.PLAYS)
"""What a new installation shows of the library."""

ARTIST_COLUMNS = (Column.TITLE, Column.ALBUM, Column.ARTIST, Column.YEAR, Column.LENGTH, Column.PLAYS)
ALBUM_COLUMNS = (Column.NUMBER, Column.TITLE, Column.ARTIST, Column.LENGTH, Column.PLAYS)


class TrackView(ColumnView):
    """Shows the library.

    Signals:
        row_activated: a row was double-clicked, or Enter pressed on it.
        play_requested: list of TrackId, a selection of several.
        play_from_requested: the row from which everything shown is to be played.
        menu_requested: list of TrackId, the rows that hold them, the one under the pointer first, and where on the
            screen.
        stars_chosen: list of TrackId, and the stars that were clicked, 0 to take them away.
        heart_clicked: list of TrackId.
    """

    row_activated = Signal(int)
    play_requested = Signal(object)
    play_from_requested = Signal(int)
    menu_requested = Signal(object, object, QPoint)
    stars_chosen = Signal(object, float)
    heart_clicked = Signal(object)

    def __init__(
        self, model: TrackTableModel, columns: Sequence[Column] = LIBRARY_COLUMNS, parent: QWidget | None = None
    ) -> None:
        """Show these `columns` at first, in this order."""
        super().__init__(model, columns, parent)
        self._model = model
        self._typed = TypedAhead()
        self.setObjectName("library")
        self.setAccessibleName(tr("Library"))
        self._cells = CellDelegate(model.needles, model.theme, self, {_STARS: "☆☆☆☆☆", _HEART: "♡"})
        self._pressed = (-1, -1)
        self.setItemDelegate(self._cells)
        self._set_up_rows()
        self.doubleClicked.connect(lambda index: self.row_activated.emit(index.row()))
        # Left to itself, the view lays out a reset after it has painted it, and paints again.
        model.refreshed.connect(self._lay_out)

    def selected_rows(self) -> list[int]:
        """Visible rows that are selected, from the top; read as ranges, for a selection of everything is one."""
        return chosen_rows(self)

    def selected_tracks(self) -> list[TrackId]:
        return self._model.tracks_at(self.selected_rows())

    def show_track(self, track: TrackId) -> bool:
        """Select the row of a track and bring it into view; whether it is shown at all."""
        row = self._model.row_of(track)
        if row is None:
            return False
        self.selectRow(row)
        self.scrollTo(self._model.index(row, 1), QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    # Qt's side

    def mousePressEvent(self, event: QMouseEvent) -> None:
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        index = self.indexAt(event.position().toPoint())
        self._pressed = (index.row(), index.column()) if plain else (-1, -1)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on stars or on a heart says so of the track in that row."""
        super().mouseReleaseEvent(event)
        spot = event.position().toPoint()
        index, pressed = self.indexAt(spot), self._pressed
        self._pressed = (-1, -1)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and pressed == (index.row(), index.column()):
            self._say_by_click(index, spot.x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER or not self.selectionModel().hasSelection():
            super().keyPressEvent(event)
            return
        rows = self.selected_rows()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.play_from_requested.emit(rows[0])
        elif len(rows) == 1:
            self.row_activated.emit(rows[0])
        else:
            self.play_requested.emit(self._model.tracks_at(rows))

    def keyboardSearch(self, search: str) -> None:
        """Go to what the column that is sorted by starts with; one key again and again goes from one to the next."""
        row = self._typed.find(search, self.currentIndex().row(), self._model.row_starting)
        if row is not None:
            column = max(self.currentIndex().column(), MARK + 1)
            chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self._model.index(row, column), chosen)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        rows = self.selected_rows()
        if index.isValid() and rows:
            pointed = [index.row(), *(row for row in rows if row != index.row())]
            self.menu_requested.emit(self._model.tracks_at(rows), pointed, menu_spot(self, event))

    # Helpers

    def _say_by_click(self, index: QModelIndex, x: int) -> None:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        glyph = self._cells.glyph_at(x, option, index)
        if glyph < 0:
            return
        tracks = self._model.tracks_at([index.row()])
        if index.column() == _HEART:
            self.heart_clicked.emit(tracks)
        else:
            stars = "★" * (glyph + 1)
            self.stars_chosen.emit(tracks, 0.0 if index.data() == stars else float(glyph + 1))

    def _set_up_rows(self) -> None:
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)

    def _lay_out(self) -> None:
        self.executeDelayedItemsLayout()
