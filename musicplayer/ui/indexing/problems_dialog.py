"""Lists the files that could not be played or analysed, each with what to do about it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import tr, trn
from indexer.core.tracks import Problem
from musicplayer.library.database_client import DatabaseClient
from musicplayer.ui.indexing.problems_model import ProblemsModel
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.look.theme import Theme

_SIZE = (980, 440)
_WIDTHS = (200, 320, 280)


class ProblemsDialog(QDialog):
    """Stays open beside the window and follows the list.

    Signals:
        rescan_requested: try the files again.
    """

    rescan_requested = Signal()

    def __init__(self, client: DatabaseClient, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Problems"))
        self.resize(*_SIZE)
        self._client = client
        self.model = ProblemsModel(self)
        self.table = QTableView()
        self._intro = QLabel()
        self._empty = StatePage(theme, icons)
        self.is_loaded = False
        self._build_ui()
        client.problems_loaded.connect(self._on_loaded)
        client.counts_changed.connect(lambda _: self._reload())

    def open_fresh(self) -> None:
        """Show it, with the list read anew."""
        self._empty.show_state("hourglass", tr("Reading the list…"), busy=True)
        self._stack.setCurrentWidget(self._empty)
        self.is_loaded = False
        self._client.load_problems()
        self.show()
        self.raise_()
        self.activateWindow()
        self._close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def summary(self) -> str:
        """What the dialog says in words."""
        return self._intro.text() if self.model.rowCount() else self._empty.text

    def _reload(self) -> None:
        if self.isVisible():
            self._client.load_problems()

    def _build_ui(self) -> None:
        self._intro.setProperty("tone", "soft")
        self._intro.setWordWrap(True)
        self._set_up_table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._copy_button = copy = push_button(tr("Copy list"))
        rescan = push_button(tr("Try again"))
        rescan.setToolTip(tr("Look at changed files again (Library › Rescan)"))
        self._close_button = close = push_button(tr("Close"), primary=True)
        copy.clicked.connect(self._copy)
        rescan.clicked.connect(self.rescan_requested)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addWidget(rescan)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(self._intro)
        layout.addWidget(self._stack, 1)
        layout.addLayout(buttons)

    def _set_up_table(self) -> None:
        table = self.table
        table.setObjectName("problems")
        table.setAccessibleName(tr("Files with problems"))
        table.setModel(self.model)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS):
            table.setColumnWidth(column, width)
        table.doubleClicked.connect(self._on_double_clicked)

    def _on_loaded(self, problems: list[Problem]) -> None:
        self.is_loaded = True
        self.model.show_problems(problems)
        number = len(problems)
        self._intro.setText(
            trn(
                "{number} file could not be taken in or analysed. Everything else works as usual; "
                "a file is tried again when it changes.",
                "{number} files could not be taken in or analysed. Everything else works as usual; "
                "a file is tried again when it changes.",
                number,
            )
            if number
            else tr("Files that cannot be read, played or analysed are listed here.")
        )
        self._empty.show_state("check-circle", tr("No problems"), tr("Every file was taken in and analysed."))
        self._copy_button.setVisible(number > 0)
        self._stack.setCurrentWidget(self.table if number else self._empty)

    def _copy(self) -> None:
        rows = range(self.model.rowCount())
        lines = ["\t".join(str(self.model.index(row, column).data()) for column in range(4)) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self.model.path_at(index.row())).parent)))
