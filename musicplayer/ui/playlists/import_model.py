"""The lines of a playlist file as a table: what each is in the library, how it was found, whether to take it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from indexer.core.language import mark, tr
from indexer.core.playlists.matching import How, Line
from indexer.core.text import shown_text
from musicplayer.ui.look.track_rows import Index

LINE, FOUND, HOW = range(3)
HEADS = (mark("In the playlist file"), mark("In your library"), mark("Found"))
WORDS = {
    How.EXACT: mark("in its place"),
    How.MOVED: mark("moved"),
    How.ENDING: mark("with another ending"),
    How.NAME: mark("by name"),
    How.SEVERAL: mark("not found: several fit"),
    How.ARTIST: mark("not found: only of another artist"),
    How.STREAM: mark("an address of the network"),
    How.MISSING: mark("not found"),
}
IN_FOLDER = mark("in the folder")
_SURE = frozenset({How.EXACT})
_NONE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class ImportModel(QAbstractTableModel):
    """Every line is taken until it is left out.

    Signals:
        changed: other lines are taken, or more were found.
    """

    changed = Signal()

    def __init__(self, lines: Sequence[Line], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = list(lines)
        self._taken = [True] * len(self._lines)
        self._rows: Sequence[int] = range(len(self._lines))

    @property
    def taken(self) -> list[Line]:
        """The lines to take in, in order."""
        return [line for line, taken in zip(self._lines, self._taken, strict=True) if taken]

    @property
    def lost(self) -> list[Line]:
        """Those that were found nowhere."""
        return [line for line in self._lines if is_lost(line)]

    def counts(self) -> Counter[str]:
        """How many lines were found how, by the words for it."""
        return Counter(word_of(line) for line in self._lines)

    def found(self) -> int:
        return len(self._lines) - len(self.lost)

    def __len__(self) -> int:
        return len(self._lines)

    def show_only_unsure(self, only: bool) -> None:
        """Show the lines that were not found in their very places, or all."""
        self.beginResetModel()
        everything = range(len(self._lines))
        self._rows = [row for row in everything if self._lines[row].how not in _SURE] if only else everything
        self.endResetModel()

    def take(self, found: Iterable[Line]) -> int:
        """Note where lost lines were found outside the library, in the order of `lost`; how many that were."""
        places = [number for number, line in enumerate(self._lines) if is_lost(line)]
        number = 0
        for place, line in zip(places, found, strict=True):
            if line.path:
                entry = replace(line.entry, locations=(line.path, *line.entry.locations))
                self._lines[place] = replace(self._lines[place], entry=entry, path=line.path)
                number += 1
        self._repaint()
        return number

    def toggle(self, rows: Sequence[int]) -> None:
        """Take lines, by the rows that show them, or leave all of them out if all are taken."""
        chosen = [self._rows[row] for row in rows]
        wanted = not all(self._taken[line] for line in chosen)
        for line in chosen:
            self._taken[line] = wanted
        self._repaint()

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _NONE | Qt.ItemFlag.ItemIsUserCheckable if index.column() == LINE else _NONE

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return tr(HEADS[section])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = self._rows[index.row()]
        line, column = self._lines[place], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _text(line, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == LINE:
            return f"{_text(line, LINE)}. {_text(line, HOW)}"
        if role == Qt.ItemDataRole.CheckStateRole and column == LINE:
            return Qt.CheckState.Checked if self._taken[place] else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != LINE:
            return False
        self._taken[self._rows[index.row()]] = Qt.CheckState(value) == Qt.CheckState.Checked
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def _repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(HEADS) - 1))
        self.changed.emit()


def is_lost(line: Line) -> bool:
    """Whether a line was found neither in the library nor in a folder."""
    return not line.tracks and not line.path


def word_of(line: Line) -> str:
    return tr(IN_FOLDER) if line.path and not line.tracks else tr(WORDS[line.how])


def _text(line: Line, column: int) -> str:
    if column == HOW:
        return word_of(line)
    text = line.path if column == FOUND else line.entry.shown or tr("An entry without a name")
    return shown_text(text)
