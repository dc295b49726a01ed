"""Groups of tracks, artists or genres for example, as a tree of those that the search left something of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.grouping import NO_PARENT, Grouping, Ints
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark, number, tr
from indexer.core.tracks import TrackId
from musicplayer.ui.look.mime import TRACKS, tracks_to_mime

Index = QModelIndex | QPersistentModelIndex
ALL = -1
"""Stands for everything, the first line of the tree."""

_FIRST = int(Qt.ItemDataRole.UserRole)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
_LEAF_FLAGS = _FLAGS | Qt.ItemFlag.ItemNeverHasChildren


class GroupRole(IntEnum):
    """What a view asks of a group beside its name."""

    COUNT = _FIRST + 1


@dataclass(frozen=True)
class GroupWords:
    """What a tree of groups is called; translated when shown.

    Attributes:
        all: the line that stands for everything.
        unknown: the group of tracks that name none.
    """

    all: str = mark("All tracks")
    unknown: str = mark("Unknown")


class GroupModel(QAbstractItemModel):
    """Shows a Grouping. The number behind an index is the group's, plus two, for Qt's numbers are not negative."""

    def __init__(
        self, catalogue: Catalogue, groups: Callable[[], Grouping], words: GroupWords, parent: QObject | None = None
    ) -> None:
        """Show what `groups` gives, from the first `refresh` on."""
        super().__init__(parent)
        self._catalogue = catalogue
        self._groups = groups
        self._words = words
        self._grouping: Grouping | None = None
        self._rows: Rows = np.empty(0, np.intp)
        self._counts: Ints | None = None
        self._total = 0
        self._below: dict[int, list[int]] = {}
        self._top: list[int] = []
        self._place: dict[int, int] = {}
        self.sorting: Callable[[], tuple[Column, bool]] = lambda: (Column.ARTIST, False)
        """Tells the column that tracks of groups are given in the order of, and whether from its end."""

    def refresh(self, rows: Rows) -> None:
        """Show the groups that hold any of `rows` of the catalogue."""
        self.beginResetModel()
        self._grouping, self._rows = self._groups(), rows
        self._counts = self._grouping.counts(rows)
        self._total = len(rows)
        self._place = {ALL: 0}
        self._top = [ALL] if self._total else []
        below: dict[int, list[int]] = {NO_PARENT: self._top}
        parents = self._grouping.parents.tolist()
        for group in self._counts.nonzero()[0].tolist():
            siblings = below.setdefault(parents[group], [])
            self._place[group] = len(siblings)
            siblings.append(group)
        del below[NO_PARENT]
        self._below = below
        self.endResetModel()

    def group_at(self, index: Index) -> int:
        """The group of a valid index, ALL for the first one."""
        return int(index.internalId()) - 2

    def key_at(self, index: Index) -> str | None:
        """What names the group whatever happens to the library; None for all."""
        group = self.group_at(index)
        return None if group == ALL or self._grouping is None else self._grouping.keys[group]

    def index_of(self, key: str) -> QModelIndex:
        """Where a group is; an invalid index for one that is not shown."""
        group = None if self._grouping is None else self._grouping.place_of(key)
        return self._index(group) if group is not None and group in self._place else QModelIndex()

    def rows_in(self, groups: Sequence[int], rows: Rows) -> Rows:
        """Those of `rows` that lie in any of `groups`."""
        if self._grouping is None or ALL in groups:
            return rows
        return self._grouping.rows_of(groups, rows)

    def tracks_in(self, groups: Sequence[int]) -> list[TrackId]:
        """Those of the shown tracks that lie in groups, in the order that `sorting` tells."""
        rows = self.rows_in(groups, self._rows)
        return self._catalogue.ids(self._catalogue.sort_order(rows, *self.sorting()).tolist())

    # Qt's side

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        # Called for every group when a tree is laid out.
        siblings = self._siblings(parent) if parent.isValid() else self._top
        return self.createIndex(row, 0, siblings[row] + 2) if not column and 0 <= row < len(siblings) else QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        group = self.group_at(index) if index.isValid() else ALL
        if group == ALL or self._grouping is None:
            return QModelIndex()
        above = int(self._grouping.parents[group])
        return QModelIndex() if above == NO_PARENT else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._siblings(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: ARG002, B008
        return 1

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid() or self._grouping is None:
            return None
        group = self.group_at(index)
        if role == _DISPLAY:
            return self._name(group)
        if role == GroupRole.COUNT:
            return self._count(group)
        if role == _SPOKEN:
            return tr("{name}, {number} tracks", name=self._name(group), number=number(self._count(group)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _FLAGS if self.group_at(index) in self._below else _LEAF_FLAGS

    def mimeTypes(self) -> list[str]:
        return [TRACKS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return tracks_to_mime(self.tracks_in([self.group_at(index) for index in indexes]))

    # Helpers

    def _siblings(self, parent: Index) -> list[int]:
        if not parent.isValid():
            return self._top
        group = self.group_at(parent)
        return self._below.get(group, [])

    def _index(self, group: int) -> QModelIndex:
        return self.createIndex(self._place[group], 0, group + 2)

    def _name(self, group: int) -> str:
        if group == ALL:
            return tr(self._words.all)
        return (self._grouping.labels[group] if self._grouping else "") or tr(self._words.unknown)

    def _count(self, group: int) -> int:
        if group == ALL or self._counts is None:
            return self._total
        return int(self._counts[group])
