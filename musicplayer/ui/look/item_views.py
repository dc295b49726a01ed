"""What tables and lists of tracks have in common: how rows look and are chosen, and where a context menu opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QElapsedTimer,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCompleter,
    QFrame,
    QHeaderView,
    QLineEdit,
    QListView,
    QTableView,
    QWidget,
)

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

ROW_PADDING = 11
"""Pixels that a row is higher than its text."""

_LOWEST = 64


class TrackList(QListView):
    """Rows of tracks, in the queue, the panel and the journey.

    Signals:
        activated_row: a row was double-clicked, or Enter pressed on it.
        menu_requested: where on the screen; the selection is what it is about.
    """

    activated_row = Signal(int)
    menu_requested = Signal(QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))

    def minimumSizeHint(self) -> QSize:
        """A row at least, so that several lists fit above each other in a low window."""
        return QSize(super().minimumSizeHint().width(), _LOWEST)

    def selected_rows(self) -> list[int]:
        return chosen_rows(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected_rows():
            self.menu_requested.emit(menu_spot(self, event))


class TypedAhead:
    """What is typed to go to a row: letters together, anew after a rest; one again and again goes to the next."""

    def __init__(self) -> None:
        self._typed = ""
        self._since = QElapsedTimer()

    def find(self, key: str, here: int, starting: Callable[[str, int], int | None]) -> int | None:
        """The row to go to from the row `here`, -1 for none; `starting` finds a text from a row on."""
        fresh = not self._typed or self._since.hasExpired(QApplication.keyboardInputInterval())
        self._typed = key if fresh else self._typed + key
        self._since.start()
        repeated = set(self._typed) == {key}
        found = starting(self._typed, here + 1 if repeated else max(here, 0))
        return starting(key, here + 1) if found is None and repeated else found


def dress_table(table: QTableView, row_padding: int = ROW_PADDING) -> None:
    """Rows of one height, chosen whole, in alternating colours, without a grid; Tab leaves the table."""
    rows = table.verticalHeader()
    rows.setVisible(False)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(table.fontMetrics().height() + row_padding)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setFrameShape(QFrame.Shape.NoFrame)


def chosen_rows(view: QAbstractItemView) -> list[int]:
    """The selected rows in order, taken by block: a selection of 100,000 rows is one."""
    rows: set[int] = set()
    for block in view.selectionModel().selection().toList():
        rows.update(range(block.top(), block.bottom() + 1))
    return sorted(rows)


def choose_rows(view: QAbstractItemView, rows: Sequence[int]) -> None:
    """Select exactly these rows, by block; the first one becomes the current one."""
    if not rows:
        view.clearSelection()
        return
    model, last = view.model(), 0 if isinstance(view, QListView) else view.model().columnCount() - 1
    chosen, flag = QItemSelection(), QItemSelectionModel.SelectionFlag
    wanted = sorted(set(rows))
    ends = [place for place, row in enumerate(wanted) if wanted[place + 1 : place + 2] != [row + 1]]
    for start, end in zip([0, *(place + 1 for place in ends)], ends, strict=False):
        chosen.select(model.index(wanted[start], 0), model.index(wanted[end], last))
    column = max(view.currentIndex().column(), 1 if last else 0)
    view.selectionModel().setCurrentIndex(model.index(wanted[0], column), flag.NoUpdate)
    view.selectionModel().select(chosen, flag.ClearAndSelect)


def menu_spot(view: QAbstractItemView, event: QContextMenuEvent) -> QPoint:
    """Where on the screen a context menu opens: at the mouse, or below the current row when a key asked for it."""
    if event.reason() == QContextMenuEvent.Reason.Mouse:
        return event.globalPos()
    return view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).bottomLeft())


def offers_of(
    field: QLineEdit, offered: QAbstractItemModel, most: int, name: str
) -> tuple[QCompleter, QAbstractItemView]:
    """What shows `offered` below a field, up to `most` lines at once, and its list, called `name` when read out."""
    completer = QCompleter(offered, field)
    completer.setWidget(field)
    completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
    completer.setMaxVisibleItems(most)
    popup = cast("QAbstractItemView", completer.popup())  # which it makes when it is asked for
    popup.setObjectName("picks")
    popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    popup.setAccessibleName(name)
    return completer, popup
