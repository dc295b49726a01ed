"""Rows of tracks that are numbers in some order: shows a new order without losing selection or scroll place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QStringListModel

from musicplayer.ui.look.track_rows import Index, TrackRows

Keys = NDArray[np.int64]

_NO_KEYS: Keys = np.empty(0, dtype=np.int64)


class OrderedRows(TrackRows):
    """Holds `keys`, one distinct number per visible row, and tells Qt the smallest truth about a change of them.

    Derive from OrderedTable or OrderedList.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys = _NO_KEYS

    @property
    def keys(self) -> Keys:
        """Shape (rows,): what each visible row stands for. Do not write to it."""
        return self._keys

    def row_showing(self, key: int) -> int | None:
        """The visible row of a key."""
        found = np.flatnonzero(self._keys == key)
        return int(found[0]) if len(found) else None

    def show_keys(self, keys: Keys) -> None:
        """Show exactly these rows in this order.

        Rows that stay keep their persistent indexes: removed rows are sorted to the end and cut off in one go,
        new ones are appended in one go and sorted in, so that it is four signals whatever the change.
        """
        new = np.asarray(keys, dtype=np.int64)
        if np.array_equal(new, self._keys):
            return
        if not self._has_something_to_keep():
            self._show_anew(new)
            return
        self._cut(new)
        self._append(new)
        self._permute(new)

    def _show_anew(self, keys: Keys) -> None:
        raise NotImplementedError

    def _cut_off(self, kept: int) -> None:
        """Remove the rows from `kept` on."""
        raise NotImplementedError

    def _put_on(self, fresh: Keys) -> None:
        """Put rows at the end."""
        raise NotImplementedError

    def _has_something_to_keep(self) -> bool:
        return len(self._keys) > 0 and bool(self.persistentIndexList())

    def _cut(self, new: Keys) -> None:
        stays = np.isin(self._keys, new)
        kept = int(np.count_nonzero(stays))
        if kept == len(self._keys):
            return
        self._permute(np.concatenate([self._keys[stays], self._keys[~stays]]))
        self._cut_off(kept)

    def _append(self, new: Keys) -> None:
        fresh = new[~np.isin(new, self._keys)]
        if len(fresh):
            self._put_on(fresh)

    def _permute(self, new: Keys) -> None:
        if np.array_equal(new, self._keys):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        moved = self._rows_in(new, self._keys[[index.row() for index in before]]) if before else _NO_KEYS
        self._keys = new
        after = [self.index(int(row), index.column()) for row, index in zip(moved, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    @staticmethod
    def _rows_in(order: Keys, keys: Keys) -> Keys:
        sorter = np.argsort(order, kind="stable")
        return np.asarray(sorter[np.searchsorted(order, keys, sorter=sorter)], dtype=np.int64)


class OrderedTable(OrderedRows, QAbstractTableModel):
    """Rows of several columns."""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._keys)

    def _show_anew(self, keys: Keys) -> None:
        self.beginResetModel()
        self._keys = keys
        self.endResetModel()

    def _cut_off(self, kept: int) -> None:
        self.beginRemoveRows(QModelIndex(), kept, len(self._keys) - 1)
        self._keys = self._keys[:kept]
        self.endRemoveRows()

    def _put_on(self, fresh: Keys) -> None:
        self.beginInsertRows(QModelIndex(), len(self._keys), len(self._keys) + len(fresh) - 1)
        self._keys = np.concatenate([self._keys, fresh])
        self.endInsertRows()


class OrderedList(OrderedRows, QStringListModel):
    """Rows of one column, which Qt counts itself, as empty strings.

    A list view asks four times for each row how many rows and columns there are before it paints the first one; for
    100,000 rows, answers in Python take a second.
    """

    def removeRows(self, row: int, count: int, parent: Index = QModelIndex()) -> bool:  # noqa: ARG002, B008
        """Refuse: rows follow the keys, and a view would remove those that were dragged away."""
        return False

    def moveRows(self, source: Index, row: int, count: int, target: Index, to: int) -> bool:  # noqa: ARG002
        """Refuse: a view that moves rows itself does not tell the model of what was dropped on it."""
        return False

    def _show_anew(self, keys: Keys) -> None:
        self._keys = keys
        self.setStringList([""] * len(keys))

    def _cut_off(self, kept: int) -> None:
        QStringListModel.removeRows(self, kept, len(self._keys) - kept)
        self._keys = self._keys[:kept]

    def _put_on(self, fresh: Keys) -> None:
        before = len(self._keys)
        self._keys = np.concatenate([self._keys, fresh])
        self.insertRows(before, len(fresh))
