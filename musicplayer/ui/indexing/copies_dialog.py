"""Lists the copies of tracks that are in the library already, each beside the file that stands for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import mark, tr, trn
from musicplayer.library.copies import Copies, Copy
from musicplayer.ui.indexing.problems_model import readable
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.item_views import dress_table
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.track_rows import Index

HEADERS = (mark("File"), mark("Folder"), mark("In the library as"))
_SIZE = (980, 440)
_WIDTHS = (240, 320)


class CopiesModel(QAbstractTableModel):
    """One row per copy."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._copies: Sequence[Copy] = ()

    def show_copies(self, copies: Sequence[Copy]) -> None:
        self.beginResetModel()
        self._copies = copies
        self.endResetModel()

    def copy_at(self, row: int) -> Copy:
        return self._copies[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._copies)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        copy = self._copies[index.row()]
        folder, name = os.path.split(copy.path)
        return readable((name, folder, copy.of)[index.column()])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADERS[section])
        return None


class CopiesDialog(QDialog):
    """Stays open beside the window and follows what is found."""

    def __init__(self, copies: Copies, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Copies"))
        self.resize(*_SIZE)
        self._copies = copies
        self.model = CopiesModel(self)
        self.table = QTableView()
        self.intro = QLabel()
        self._empty = StatePage(theme, icons)
        self._build_ui()
        copies.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known."""
        number = len(self._copies.all)
        self.model.show_copies(self._copies.all)
        self.intro.setText(
            trn(
                "{number} file is a copy of a track that is in the library already. It is not listed a second time.",
                "{number} files are copies of tracks that are in the library already. They are not listed a second "
                "time.",
                number,
            )
        )
        self.intro.setVisible(number > 0)
        self._copy_button.setVisible(number > 0)
        self._empty.show_state("check-circle", tr("No copies"), tr("No two files of the library have the same sound."))
        self._stack.setCurrentWidget(self.table if number else self._empty)

    def open_fresh(self) -> None:
        """Show it, and look again."""
        self._copies.refresh()
        self.show()
        self.raise_()
        self.activateWindow()

    def _build_ui(self) -> None:
        self.intro.setProperty("tone", "soft")
        self.intro.setWordWrap(True)
        self._set_up_table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._copy_button = push_button(tr("Copy list"))
        close = push_button(tr("Close"), primary=True)
        self._copy_button.clicked.connect(self._copy_list)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy_button)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(self.intro)
        layout.addWidget(self._stack, 1)
        layout.addLayout(buttons)

    def _set_up_table(self) -> None:
        table, header = self.table, self.table.horizontalHeader()
        dress_table(table)
        table.setObjectName("problems")
        table.setAccessibleName(tr("Copies"))
        table.setModel(self.model)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS):
            table.setColumnWidth(column, width)
        table.doubleClicked.connect(self._on_double_clicked)

    def _copy_list(self) -> None:
        lines = ["\t".join(readable(path) for path in (copy.path, copy.of)) for copy in self._copies.all]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        folder = Path(self.model.copy_at(index.row()).path).parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
