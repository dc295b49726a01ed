"""The files that could not be taken in, as a table."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from indexer.core.language import mark, tr
from indexer.core.tracks import Problem
from musicplayer.ui.look.track_rows import Index

HEADERS = (mark("File"), mark("What is wrong"), mark("What to do"), mark("Folder"))


class ProblemsModel(QAbstractTableModel):
    """One row per file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: list[Problem] = []

    def show_problems(self, problems: Sequence[Problem]) -> None:
        self.beginResetModel()
        self._problems = sorted(problems, key=lambda problem: problem.path)
        self.endResetModel()

    def path_at(self, row: int) -> str:
        return self._problems[row].path

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._problems)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        problem = self._problems[index.row()]
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        folder, name = os.path.split(problem.path)
        return readable((name, problem.message, problem.advice, folder)[index.column()])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADERS[section])
        return None


def readable(text: str) -> str:
    """A path to show: bytes that are no text become the replacement character."""
    return os.fsencode(text).decode("utf-8", "replace")
