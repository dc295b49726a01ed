"""What tables of tracks show alike: names and sides of columns, and marks of what plays and of what is away."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from indexer.core.catalogue.shown import Column
from indexer.core.language import tr
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.ordered_rows import OrderedTable
from musicplayer.ui.look.track_rows import Index

# Plain numbers: Qt asks a dozen roles of every cell that it paints, and comparing enumerations costs more.
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
DECORATION = int(Qt.ItemDataRole.DecorationRole)
TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)

LOOKS = (FOREGROUND, DECORATION)
GLANCE = (Column.TITLE, Column.ARTIST, Column.LENGTH)
"""What is read out of a row at its first cell, where the keyboard comes in."""

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class MarkedTable(OrderedTable):
    """Knows its columns and how marked rows look; what is in the cells is for those that derive from it to say."""

    def __init__(
        self,
        names: Mapping[Any, str],
        columns: Sequence[Hashable],
        numbers: Collection[Hashable],
        look: Look,
        parent: QObject | None = None,
    ) -> None:
        """Show `columns` under their `names`, of which the column of marks has none; `numbers` stand at the right."""
        super().__init__(parent)
        self.theme = look.theme
        self._names = [names.get(column, "") for column in columns]
        self._sides = [_RIGHT if column in numbers else _LEFT for column in columns]
        self._glance = [columns.index(column) for column in GLANCE]
        self._paused = False
        self._icons = {
            glyph: look.icons.icon(glyph, colour)
            for glyph, colour in (("speaker-high-fill", "accent"), ("pause-fill", "accent"), ("cloud-slash", "faint"))
        }

    def repaint_all(self) -> None:
        """Names or marks may be others."""
        if len(self._keys):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(self._names) - 1))

    # Qt's side

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._names):
            return None
        if role == DISPLAY:
            return tr(self._names[section]) if self._names[section] else ""
        if role == SPOKEN and not self._names[section]:
            return tr("At a glance")
        return self._sides[section] if role == ALIGNMENT else None

    # For those that derive from it

    def look(self, role: int, *, playing: bool, away: bool, marks: bool) -> Any:
        """One of LOOKS for a cell of a row that plays or is away; `marks` tells of the column that has the glyph."""
        if not (playing or away):
            return None
        if role == FOREGROUND:
            return self.theme.colour("accent" if playing else "faint")
        if not marks:
            return None
        if not playing:
            return self._icons["cloud-slash"]
        return self._icons["pause-fill" if self._paused else "speaker-high-fill"]

    def meaning(self, *, playing: bool, away: bool) -> str:
        """What the glyph of a row says."""
        if playing:
            return tr("Paused") if self._paused else tr("Playing now")
        return tr("Its folder is not there now") if away else ""

    def spoken(self, index: Index, state: str) -> str:
        """What is read out for a cell: what it shows, or that it is empty; of marks, the whole row and its `state`."""
        name = self._names[index.column()]
        if name:
            return index.data() or tr("{name}: empty", name=tr(name))
        said = (index.sibling(index.row(), column).data() for column in self._glance)
        return ", ".join(filter(None, (state, *said)))
