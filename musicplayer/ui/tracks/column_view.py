"""A table whose columns are chosen, moved, sized and sorted by, share its width as they need it, and are kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from indexer.core.catalogue.shown import Column
from indexer.core.language import tr
from musicplayer.ui.frame.menus import TickingMenu
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.item_views import dress_table
from musicplayer.ui.tracks.column_widths import (
    EARLIER,
    NARROWEST,
    TEXTS,
    is_text,
    name_width,
    needed_width,
    own_in,
    sections_in,
    shared_widths,
    with_new_columns,
)
from musicplayer.ui.tracks.track_table import COLUMNS, HEADERS, MARK, NAMES, TrackTableModel

_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
"""How the program selects a row: Qt would add it, or take it away, where keys are held, as those of Ctrl+L are."""

_MARK_WIDTH = 30
_ROUNDING = 2
_SAMPLES = 200
"""Tracks by whose texts it is told how wide a column needs to be."""

_OTHER_SIZE = 2
"""A library so many times as large, or as small, has its texts measured again."""

_AND_REFUSED = ";"
"""Before what a hand hid of what was told, in the text that is kept of the columns."""


class ColumnView(QTableView):
    """Shows tracks by columns.

    Signals:
        columns_changed: another choice, order or width of columns.
    """

    columns_changed = Signal()

    def __init__(self, model: TrackTableModel, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        """Show these `columns` at first, in this order."""
        super().__init__(parent)
        self._columns = columns
        self._tracks = model
        self._own: set[int] | None = set()  # what a hand sized; None where that is not known yet
        self._needs: dict[int, int] = {}
        self._measured_of = 0
        self._filling = False
        self._told: int | None = None  # the column that says why its rows are here
        self._lent = self._lending = False  # it is shown though nobody chose it; it is shown or hidden just now
        self._refused: set[int] = set()  # what a hand hid where it was told
        self._selects = False  # the program does, in place of a hand
        self.setModel(model)
        dress_table(self)
        self._set_up_columns()
        model.refreshed.connect(self._on_refreshed)

    def columns_menu(self, parent: QWidget) -> QMenu:
        """A menu that shows and hides columns; it stays open while they are ticked."""
        menu = TickingMenu(tr("Columns"), parent)
        for section, column in enumerate(COLUMNS):
            if column is None:
                continue
            action = menu.addAction(tr(NAMES[column]))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(section))
            action.setEnabled(column is not Column.TITLE)
            action.toggled.connect(lambda on, section=section: self._show_column(section, shown=on))
        menu.addSeparator()
        menu.addAction(tr("Widths by content"), self.size_by_content)
        menu.addAction(tr("Reset columns"), self.reset_columns)
        return menu

    def reset_columns(self) -> None:
        """Back to the columns, order and widths of a new installation."""
        header = self.horizontalHeader()
        self._lent = False
        self._refused.clear()
        others = [column for column in COLUMNS if column not in self._columns and column is not None]
        for place, column in enumerate((None, *self._columns, *others)):
            section = COLUMNS.index(column)
            header.moveSection(header.visualIndex(section), place)
            self.setColumnHidden(section, column in others)
            width = _MARK_WIDTH if column is None else max(HEADERS[column].width, name_width(header, section))
            self.setColumnWidth(section, width)
        self._lend()
        self.size_by_content()

    def size_by_content(self) -> None:
        """Let the columns of text share the width as they need it, also those that a hand sized."""
        self._own = set()
        self._fill()
        self.columns_changed.emit()

    def tell(self, column: Column | None) -> None:
        """Show a column though nobody chose it, until another is told or none; one that a hand hid then stays away."""
        self._take_back()
        self._told = None if column is None else COLUMNS.index(column)
        self._lend()
        self._fill()

    def columns_state(self) -> str:
        """Choice, order, widths and sorting of the columns, as text to keep."""
        own = None if self._own is None else ",".join(map(str, sorted(self._own)))
        sized = "" if own is None else f":sized:{own}" if own else ":fills"
        refused = _AND_REFUSED + ",".join(map(str, sorted(self._refused))) if self._refused else ""
        return f"{len(COLUMNS)}:{self._chosen_state().toBase64().toStdString()}{sized}{refused}"

    def restore_columns(self, state: str) -> None:
        """Take what `columns_state` gave; what does not fit changes nothing."""
        header = self.horizontalHeader()
        count, _, rest = state.partition(":")  # Qt takes a header of fewer columns, and then hides the wrong ones
        rest, _, refused = rest.partition(_AND_REFUSED)
        content, _, sized = rest.partition(":")
        saved = QByteArray.fromBase64(content.encode())
        is_older = count in EARLIER
        if is_older:
            saved = with_new_columns(saved, int(count), header)
        if (is_older or count == str(len(COLUMNS))) and header.restoreState(saved):
            self._own = own_in(sized)
            self._refused = sections_in(refused)
            self._fix_mark_column()
            self._lent = False
            self._lend()
            self.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())

    def keep_columns(self, name: str, preferences: Preferences) -> None:
        """Restore what a person chose of the columns, and keep it in the settings under `name`."""
        self.restore_columns(preferences.settings.table_states.get(name, ""))

        def keep() -> None:
            preferences.settings.table_states[name] = self.columns_state()
            preferences.save_soon()

        self.columns_changed.connect(keep)

    def sort_by(self, column: Column, *, descending: bool = False) -> None:
        """Sort, and show so in the header."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.sortByColumn(COLUMNS.index(column), order)

    def show_sorting(self, column: Column, *, descending: bool = False) -> None:
        """Show in the header what the model is sorted by, without sorting it."""
        header = self.horizontalHeader()
        with QSignalBlocker(header):
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(COLUMNS.index(column), order)
        header.viewport().update()

    @property
    def sorting(self) -> tuple[Column, bool]:
        """The column sorted by, and whether descending."""
        header = self.horizontalHeader()
        column = COLUMNS[max(header.sortIndicatorSection(), 0)] or Column.ARTIST
        return column, header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        return _ALONE if self._selects else super().selectionCommand(index, event)

    def selectRow(self, row: int) -> None:
        self._selects = True
        super().selectRow(row)
        self._selects = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns fill the width, all but those that a hand sized."""
        super().resizeEvent(event)
        if self._own is None and self.isVisible():
            self._own = set() if self._seems_to_fill() else set(TEXTS)
        self._fill()

    def _set_up_columns(self) -> None:
        header = self.horizontalHeader()
        header.setAccessibleName(tr("Columns of the library"))
        # To paint "this column is selected", which nothing here shows, Qt would look at every cell of a selection.
        header.setSelectionModel(QItemSelectionModel(self.model(), header))
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(_MARK_WIDTH)
        header.setSortIndicator(COLUMNS.index(Column.ARTIST), Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_header_menu)
        self._fix_mark_column()
        self.setSortingEnabled(True)
        self.reset_columns()
        header.sectionResized.connect(self._on_resized)
        for signal in (header.sectionMoved, header.sortIndicatorChanged):
            signal.connect(lambda *_: self.columns_changed.emit())

    def _fix_mark_column(self) -> None:
        self.horizontalHeader().setSectionResizeMode(MARK, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(MARK, _MARK_WIDTH)

    def _fill(self) -> None:
        """Share what the other columns leave among those of text that no hand sized, as their texts need it."""
        header, own = self.horizontalHeader(), self._own
        wide = [] if own is None else [each for each in TEXTS if each not in own and not header.isSectionHidden(each)]
        if not wide:
            return
        taken = header.length() - sum(header.sectionSize(section) for section in wide)
        room = max(self.viewport().width() - taken, NARROWEST * len(wide))  # else they are scrolled to
        self._measure()
        self._filling = True
        for section, width in zip(wide, shared_widths([self._need(each) for each in wide], room), strict=True):
            header.resizeSection(section, width)
        self._filling = False

    def _measure(self) -> None:
        """Forget what was measured in a library of quite another size: widths stay while tracks come one by one."""
        if self._is_outdated:
            self._needs.clear()
            self._measured_of = self._tracks.library_size

    @property
    def _is_outdated(self) -> bool:
        smaller, larger = sorted((self._tracks.library_size, self._measured_of))
        return smaller < larger and smaller * _OTHER_SIZE <= larger

    def _need(self, section: int) -> int:
        """How wide a column of text needs to be; as in a new installation while there are no texts."""
        column = COLUMNS[section]
        if section not in self._needs and column is not None:
            least = name_width(self.horizontalHeader(), section)
            texts = self._tracks.samples(column, _SAMPLES)
            self._needs[section] = needed_width(texts, self.fontMetrics(), least) if texts else HEADERS[column].width
        return self._needs[section]

    def _on_refreshed(self) -> None:
        if self._is_outdated:
            self._fill()

    def _seems_to_fill(self) -> bool:
        """Whether columns of which nobody noted it filled the table, or could not, having been at their least."""
        header, width = self.horizontalHeader(), self.viewport().width()
        texts = [header.sectionSize(section) for section, column in enumerate(COLUMNS) if is_text(column)]
        least = all(size <= NARROWEST + _ROUNDING for size in texts if size)
        return abs(header.length() - width) <= _ROUNDING or (header.length() > width and least)

    def _lend(self) -> None:
        if self._told is not None and self._told not in self._refused and self.isColumnHidden(self._told):
            self._lent = True
            self._show_quietly(self._told, shown=True)

    def _take_back(self) -> None:
        if self._lent and self._told is not None:
            self._lent = False
            self._show_quietly(self._told, shown=False)

    def _show_quietly(self, section: int, *, shown: bool) -> None:
        self._lending = True
        self.setColumnHidden(section, not shown)
        self._lending = False

    def _chosen_state(self) -> QByteArray:
        """The state of the header without a column that nobody chose."""
        header = self.horizontalHeader()
        if not self._lent or self._told is None:
            return header.saveState()
        with QSignalBlocker(header):
            header.setSectionHidden(self._told, True)
            state = header.saveState()
            header.setSectionHidden(self._told, False)
        return state

    def _on_resized(self, section: int, before: int, now: int) -> None:
        if self._lending:
            return
        by_hand = not self._filling and before and now  # one that is hidden has no width
        if by_hand and self._own is not None and is_text(COLUMNS[section]):
            self._own.add(section)
        self.columns_changed.emit()

    def _show_column(self, section: int, *, shown: bool) -> None:
        if section == self._told:
            self._refused.discard(section) if shown else self._refused.add(section)
            self._lent = False
        self.setColumnHidden(section, not shown)
        self._fill()
        self.columns_changed.emit()

    def _on_header_menu(self, spot: QPoint) -> None:
        menu = self.columns_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(spot))
