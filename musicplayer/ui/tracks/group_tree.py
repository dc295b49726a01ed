"""The tree left of a table: choose artists, genres or folders, play and drag them."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QStyle,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from indexer.core.catalogue.catalogue import Rows
from indexer.core.language import number
from indexer.core.tracks import TrackId
from musicplayer.ui.look.delegates import GAP, RowDelegate
from musicplayer.ui.look.item_views import ENTER, menu_spot
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index
from musicplayer.ui.tracks.group_model import ALL, GroupModel, GroupRole

_INDENT = 12
_MARGIN = 9
_INSET = 12
"""Pixels from where a line at the top begins to its name, behind the arrow of those that can be opened."""

_PADDING = 11
_FEW = 40
"""Groups below one that are still shown at once when it is the only one at the top."""


class GroupTree(QTreeView):
    """Shows groups.

    Signals:
        chosen: another choice of groups.
        play_requested: list of TrackId.
        menu_requested: list of TrackId, and where on the screen.
    """

    chosen = Signal()
    play_requested = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, model: GroupModel, theme: Theme, *, nested: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._telling = True
        self._opened: set[str] = set()
        self.setObjectName("groups")
        self.setModel(model)
        self.setItemDelegate(GroupDelegate(theme, self, 0 if nested else _INSET))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(nested)
        self.setIndentation(_INDENT if nested else 0)
        self.setExpandsOnDoubleClick(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)  # see the side bar
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMinimumWidth(150)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.doubleClicked.connect(self._on_double_clicked)
        self.expanded.connect(lambda index: self._opened.add(model.key_at(index) or ""))
        self.collapsed.connect(lambda index: self._opened.discard(model.key_at(index) or ""))

    def groups(self) -> list[int]:
        """The chosen groups; ALL where nothing is chosen."""
        return [self._model.group_at(index) for index in self.selectionModel().selectedIndexes()] or [ALL]

    def tracks_of_selected(self) -> list[TrackId]:
        """All that is in the chosen groups."""
        return self._model.tracks_in(self.groups())

    def keys(self) -> list[str]:
        """What names the chosen groups; none for all."""
        return [key for index in self.selectionModel().selectedIndexes() if (key := self._model.key_at(index))]

    def select(self, key: str) -> bool:
        """Choose one group and bring it into view; whether it is shown at all."""
        index = self._model.index_of(key)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return index.isValid()

    def choose(self, keys: list[str]) -> None:
        """Choose exactly these groups, as far as there are such, and bring the first into view."""
        if any(self._model.index_of(key).isValid() for key in keys):
            self.selectionModel().clearSelection()
            self._choose(keys)
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    def refresh(self, rows: Rows) -> None:
        """Show the groups of these rows, silently; what was chosen, open and in view stays so."""
        keys, opened, top = self.keys(), set(self._opened), self.verticalScrollBar().value()
        self._telling = False
        self._model.refresh(rows)
        for key in opened:
            self.setExpanded(self._model.index_of(key), True)
        self._open_only_one()
        self._choose(keys)
        self.verticalScrollBar().setValue(top)
        self._telling = True

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.play_requested.emit(self.tracks_of_selected())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        tracks = self.tracks_of_selected() if index.isValid() else []
        if tracks:
            self.menu_requested.emit(tracks, menu_spot(self, event))

    # Helpers

    def _open_only_one(self) -> None:
        only = self._model.index(1, 0)
        if self._model.rowCount() == 2 and self._model.rowCount(only) <= _FEW:  # noqa: PLR2004 - all, and the only one
            self.setExpanded(only, True)

    def _choose(self, keys: list[str]) -> None:
        indexes = [index for key in keys if (index := self._model.index_of(key)).isValid()]
        for index in indexes or [self._model.index(0, 0)]:
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flag.NoUpdate)
            self.selectionModel().select(index, flag.Select)

    def _on_selection(self) -> None:
        if self._telling:
            self.chosen.emit()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        tracks: list[TrackId] = self._model.tracks_in([self._model.group_at(index)])
        self.play_requested.emit(tracks)


class GroupDelegate(RowDelegate):
    """Paints a line of the tree or of a list: the name, and how many tracks it holds at the right."""

    def __init__(self, theme: Theme, parent: QWidget, margin: int) -> None:
        """Begin the name `margin` pixels from where the line begins."""
        super().__init__(theme, parent)
        self._margin = margin

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(120, QFontMetrics(option.font).height() + _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        name, cell.text = cell.text, ""
        style = cell.widget.style() if cell.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        selected = bool(cell.state & QStyle.StateFlag.State_Selected)
        area = cell.rect.adjusted(self._margin, 0, -_MARGIN, 0)
        count, tone = number(index.data(GroupRole.COUNT)), "selection_text" if selected else "soft"
        painter.save()
        self.look_at(area, cell.direction)
        taken = self.text(painter, area, count, cell.font, tone, right=True)
        rest = area.adjusted(0, 0, -taken - GAP, 0)
        is_all = not index.row() and not index.parent().isValid()
        shown = _cut_before_number(name, QFontMetrics(cell.font), rest.width()) if is_all else name
        self.text(painter, rest, shown, cell.font, "selection_text" if selected else "text")
        painter.restore()


def _cut_before_number(name: str, metrics: QFontMetrics, room: int) -> str:
    """Of a line that stands for all: where it does not fit, its words are cut, not how many there are."""
    words, bracket, rest = name.rpartition(" (")
    if not words:
        return name
    number = f"{bracket}{rest}"
    left = room - metrics.horizontalAdvance(number)
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, left) + number if left > 0 else name
