"""One list of the column browser: all genres, artists or albums of what is left, of which several can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QItemSelection,
    QMimeData,
    QModelIndex,
    QObject,
    QPoint,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.grouping import Grouping, Ints
from indexer.core.catalogue.shown import Column
from indexer.core.language import number, tr
from indexer.core.text import fold
from indexer.core.tracks import TrackId
from musicplayer.ui.look.item_views import ENTER, TypedAhead, choose_rows, chosen_rows, menu_spot
from musicplayer.ui.look.mime import TRACKS, tracks_to_mime
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index
from musicplayer.ui.tracks.group_model import GroupRole, GroupWords
from musicplayer.ui.tracks.group_tree import GroupDelegate

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_NO_GROUPS: Ints = np.empty(0, np.intp)
_NO_ROWS: Rows = np.empty(0, np.intp)
_NARROWEST, _LOWEST, _MARGIN = 110, 84, 12


class PaneModel(QStringListModel):
    """The first line stands for all, the others for the groups that hold any of the rows that it was given.

    A line is a place in an array of groups: one of many thousands costs nothing until it is painted. Qt counts the
    lines itself, as empty strings.
    """

    def __init__(
        self, catalogue: Catalogue, groups: Callable[[], Grouping], words: GroupWords, parent: QObject | None = None
    ) -> None:
        """Show what `groups` gives, from the first `refresh` on; `words.all` has a place for their {number}."""
        super().__init__(parent)
        self._catalogue = catalogue
        self._groups = groups
        self._words = words
        self._grouping: Grouping | None = None
        self._shown = self._counts = _NO_GROUPS
        self._rows = _NO_ROWS

    def refresh(self, rows: Rows) -> None:
        """Show the groups that hold any of `rows` of the catalogue."""
        self._grouping, self._rows = self._groups(), rows
        self._counts = self._grouping.counts(rows)
        self._shown = np.flatnonzero(self._counts)
        self.setStringList([""] * (len(self._shown) + 1))

    def keys_at(self, lines: Iterable[int]) -> list[str]:
        """What names the groups of lines whatever happens to the library; none for the first line."""
        grouping = self._grouping
        return [] if grouping is None else [grouping.keys[int(self._shown[line - 1])] for line in lines if line]

    def lines_of(self, keys: Iterable[str]) -> list[int]:
        """Where groups are, those that are shown."""
        places = [] if self._grouping is None else [self._grouping.place_of(key) for key in keys]
        groups = [place for place in places if place is not None and self._counts[place]]
        lines: list[int] = (np.searchsorted(self._shown, groups) + 1).tolist()
        return lines

    def rows_at(self, lines: Sequence[int], rows: Rows | None = None) -> Rows:
        """Those of `rows`, else of the rows that it was given, that lie in the groups of lines; all for the first."""
        given = self._rows if rows is None else rows
        if self._grouping is None or not len(lines) or 0 in lines:
            return given
        return self._grouping.rows_of(self._shown[np.asarray(lines) - 1].tolist(), given)

    def tracks_at(self, lines: Sequence[int]) -> list[TrackId]:
        """The tracks of lines, by artist and album."""
        rows = self.rows_at(lines)
        return self._catalogue.ids(self._catalogue.sort_order(rows, Column.ARTIST).tolist())

    def line_starting(self, typed: str, start: int) -> int | None:
        """The first line at or after `start`, and then from the top, that starts with `typed`."""
        if self._grouping is None:
            return None
        found = np.flatnonzero(self._grouping.folded.starting(fold(typed))[self._shown]) + 1
        return int(found[np.searchsorted(found, start) % len(found)]) if len(found) else None

    # Qt's side

    def removeRows(self, row: int, count: int, parent: Index = QModelIndex()) -> bool:  # noqa: ARG002, B008
        """Refuse: what is dragged elsewhere stays."""
        return False

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid() or self._grouping is None:
            return None
        if role == _DISPLAY:
            return self._name(index.row())
        if role == GroupRole.COUNT:
            return self._count(index.row())
        if role == _SPOKEN:
            name, count = self._name(index.row()), number(self._count(index.row()))
            return tr("{name}, {number} tracks", name=name, number=count)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled | flag.ItemNeverHasChildren

    def mimeTypes(self) -> list[str]:
        return [TRACKS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return tracks_to_mime(self.tracks_at([index.row() for index in indexes]))

    def _name(self, line: int) -> str:
        if not line or self._grouping is None:
            return tr(self._words.all, number=number(len(self._shown)))
        return self._grouping.labels[int(self._shown[line - 1])] or tr(self._words.unknown)

    def _count(self, line: int) -> int:
        return int(self._counts[self._shown[line - 1]]) if line else len(self._rows)


class PaneList(QListView):
    """Shows the groups, of which there is always one chosen: all of them, where nothing else is.

    Signals:
        chosen: another choice of groups.
        play_requested: what the choice left is to be played.
        menu_requested: list of TrackId, and where on the screen.
        stepped: -1 for the list at the left, 1 for the one at the right.
    """

    chosen = Signal()
    play_requested = Signal()
    menu_requested = Signal(object, QPoint)
    stepped = Signal(int)

    def __init__(self, model: PaneModel, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._wanted: list[str] = []
        self._telling = True
        self._typed = TypedAhead()
        self.setObjectName("pane")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(GroupDelegate(theme, self, _MARGIN))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.doubleClicked.connect(lambda _: self.play_requested.emit())
        self.selectionModel().selectionChanged.connect(self._on_selection)

    @property
    def wanted(self) -> list[str]:
        """Keys of what was chosen, whether a search shows it at the moment or not; none for all."""
        return list(self._wanted)

    @property
    def keys(self) -> list[str]:
        """Keys of what is chosen and shown; none for all."""
        return self._model.keys_at(chosen_rows(self))

    def tracks_of_selected(self) -> list[TrackId]:
        """All that is in what is chosen."""
        return self._model.tracks_at(chosen_rows(self))

    def choose(self, keys: Sequence[str]) -> None:
        """Choose exactly these groups, as soon as there are such; all for none."""
        self._wanted = list(keys)
        self._show_wanted()

    def refresh(self, rows: Rows) -> None:
        """Show the groups of these rows, silently; what was chosen is chosen where it is shown."""
        top, keys = self.verticalScrollBar().value(), self.keys
        seen = self.viewport().rect().intersects(self.visualRect(self.currentIndex()))
        self._telling = False
        self._model.refresh(rows)
        self._telling = True
        self._show_wanted()
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(top)
        if seen or keys != self.keys:
            self.scrollTo(self.currentIndex())

    def settle(self) -> None:
        """What was chosen and is not shown any more is not wanted back."""
        self._wanted = self.keys

    def rows_left(self, rows: Rows | None = None) -> Rows:
        """Those of `rows`, else of the rows it shows the groups of, that are in what is chosen."""
        return self._model.rows_at(chosen_rows(self), rows)

    # Qt's side

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, _LOWEST)

    def selectAll(self) -> None:
        """Choose the line that stands for all."""
        self.setCurrentIndex(self._model.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in ENTER and self.currentIndex().isValid():
            self.play_requested.emit()
        elif event.key() in sides and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            self.stepped.emit(sides[Qt.Key(event.key())] * (-1 if mirrored else 1))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        line = self._typed.find(search, self.currentIndex().row(), self._model.line_starting)
        if line is not None:
            self.setCurrentIndex(self._model.index(line))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        tracks = self.tracks_of_selected() if index.isValid() else []
        if tracks:
            self.menu_requested.emit(tracks, menu_spot(self, event))

    # Helpers

    def _show_wanted(self) -> None:
        lines = self._model.lines_of(self._wanted) or [0]
        self._telling = False
        if self._model.rowCount():
            choose_rows(self, lines)
        self._telling = True

    def _on_selection(self, fresh: QItemSelection) -> None:
        if not self._telling:
            return
        self._keep_all_apart(fresh)
        self._wanted = self.keys
        self.chosen.emit()

    def _keep_all_apart(self, fresh: QItemSelection) -> None:
        """All is chosen alone: it takes the place of others, others take its, and it comes where nothing is chosen."""
        lines = chosen_rows(self)
        if lines and lines[0] != 0:
            return
        all_is_fresh = fresh.contains(self._model.index(0))
        wanted = [0] if all_is_fresh or len(lines) <= 1 else lines[1:]
        if wanted == lines:
            return
        current = self.currentIndex()
        self._telling = False
        choose_rows(self, wanted)
        if not all_is_fresh and current.row() in wanted:
            self.selectionModel().setCurrentIndex(current, self.selectionModel().SelectionFlag.NoUpdate)
        self._telling = True
