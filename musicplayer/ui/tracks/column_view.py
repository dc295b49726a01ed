"""A table whose columns are chosen, moved, sized and sorted by, fill its width, and are kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QItemSelectionModel, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from indexer.core.catalogue.shown import SHOWN, Column
from indexer.core.language import tr
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.item_views import dress_table
from musicplayer.ui.tracks.track_table import COLUMNS, HEADERS, MARK, NAMES, TrackTableModel

_MARK_WIDTH = 30
_NARROWEST = 80
_ROUNDING = 2
_EARLIER = tuple(str(COLUMNS.index(first)) for first in (Column.FAVOURITE, Column.RECORDING_ID))
"""How many columns there were before the last ones came, and before those."""


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
        self._fills: bool | None = True
        self._filling = False
        self.setModel(model)
        dress_table(self)
        self._set_up_columns()

    def columns_menu(self, parent: QWidget) -> QMenu:
        """A menu that shows and hides columns."""
        menu = QMenu(tr("Columns"), parent)
        for section, column in enumerate(COLUMNS):
            if column is None:
                continue
            action = menu.addAction(tr(NAMES[column]))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(section))
            action.setEnabled(column is not Column.TITLE)
            action.toggled.connect(lambda on, section=section: self._show_column(section, shown=on))
        menu.addSeparator()
        menu.addAction(tr("Reset columns"), self.reset_columns)
        return menu

    def reset_columns(self) -> None:
        """Back to the columns, order and widths of a new installation."""
        header = self.horizontalHeader()
        others = [column for column in COLUMNS if column not in self._columns and column is not None]
        for place, column in enumerate((None, *self._columns, *others)):
            section = COLUMNS.index(column)
            header.moveSection(header.visualIndex(section), place)
            self.setColumnHidden(section, column in others)
            width = _MARK_WIDTH if column is None else max(HEADERS[column].width, header.sectionSizeHint(section))
            self.setColumnWidth(section, width)
        self._fills = True
        self._fill()
        self.columns_changed.emit()

    def columns_state(self) -> str:
        """Choice, order, widths and sorting of the columns, as text to keep."""
        sized = "" if self._fills is None else ":fills" if self._fills else ":sized"
        return f"{len(COLUMNS)}:{self.horizontalHeader().saveState().toBase64().toStdString()}{sized}"

    def restore_columns(self, state: str) -> None:
        """Take what `columns_state` gave; what does not fit changes nothing."""
        header = self.horizontalHeader()
        count, _, rest = state.partition(":")  # Qt takes a header of fewer columns, and then hides the wrong ones
        content, _, sized = rest.partition(":")
        saved = QByteArray.fromBase64(content.encode())
        is_older = count in _EARLIER
        if is_older:
            saved = _with_new_columns(saved, int(count), header)
        if (is_older or count == str(len(COLUMNS))) and header.restoreState(saved):
            self._fills = {"fills": True, "sized": False}.get(sized)
            self._fix_mark_column()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns fill the width, until they were sized by hand."""
        super().resizeEvent(event)
        if self._fills is None and self.isVisible():
            self._fills = self._seems_to_fill()
        if self._fills:
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
        header.sectionResized.connect(lambda *_: self._on_resized())
        for signal in (header.sectionMoved, header.sortIndicatorChanged):
            signal.connect(lambda *_: self.columns_changed.emit())

    def _fix_mark_column(self) -> None:
        self.horizontalHeader().setSectionResizeMode(MARK, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(MARK, _MARK_WIDTH)

    def _fill(self) -> None:
        """Share what the columns of numbers leave among the columns of text, as they share it now."""
        header, width = self.horizontalHeader(), self.viewport().width()
        wide = [
            section
            for section, column in enumerate(COLUMNS)
            if _is_text(column) and not header.isSectionHidden(section)
        ]
        now = sum(header.sectionSize(section) for section in wide)
        numbers = header.length() - now
        width = max(width, numbers + _NARROWEST * len(wide))  # where they do not fit, they are scrolled to
        room = width - numbers
        if not wide or not now:
            return
        self._filling = True
        for section in wide[:-1]:
            header.resizeSection(section, max(header.sectionSize(section) * room // now, _NARROWEST))
        rest = header.length() - header.sectionSize(wide[-1])
        header.resizeSection(wide[-1], max(width - rest, _NARROWEST))
        widest = max(wide, key=header.sectionSize)  # gives what the narrowest columns took too much
        too_much = max(header.length() - width, 0)
        header.resizeSection(widest, max(header.sectionSize(widest) - too_much, _NARROWEST))
        self._filling = False

    def _seems_to_fill(self) -> bool:
        """Whether columns of which nobody noted it filled the table, or could not, having been at their least."""
        header, width = self.horizontalHeader(), self.viewport().width()
        texts = [header.sectionSize(section) for section, column in enumerate(COLUMNS) if _is_text(column)]
        least = all(size <= _NARROWEST + _ROUNDING for size in texts if size)
        return abs(header.length() - width) <= _ROUNDING or (header.length() > width and least)

    def _on_resized(self) -> None:
        if not self._filling:
            self._fills = False
        self.columns_changed.emit()

    def _show_column(self, section: int, *, shown: bool) -> None:
        self.setColumnHidden(section, not shown)
        if self._fills:
            self._fill()
        self.columns_changed.emit()

    def _on_header_menu(self, spot: QPoint) -> None:
        menu = self.columns_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(spot))


def _with_new_columns(saved: QByteArray, count: int, like: QHeaderView) -> QByteArray:
    """The state of a header of the first `count` columns, with those that came since hidden behind them."""
    model = QStandardItemModel(0, count)
    header = QHeaderView(Qt.Orientation.Horizontal)
    header.setModel(model)
    header.setSectionsMovable(True)
    header.setMinimumSectionSize(like.minimumSectionSize())
    if not header.restoreState(saved):
        return QByteArray()
    model.setColumnCount(len(COLUMNS))
    for section in range(count, len(COLUMNS)):
        header.setSectionHidden(section, False)
        column = COLUMNS[section]
        width = 0 if column is None else HEADERS[column].width
        header.resizeSection(section, max(width, like.sectionSizeHint(section)))
        header.setSectionHidden(section, True)
    return header.saveState()


def _is_text(column: Column | None) -> bool:
    return column is not None and SHOWN[column].kind.is_text
