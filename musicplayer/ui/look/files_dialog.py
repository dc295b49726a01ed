"""A dialog that lists files and what is to be known of each, goes to their folders and copies the list as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import tr
from indexer.core.text import shown_text
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.item_views import ROW_PADDING, dress_table
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.look.track_rows import Index

_SIZE = (980, 440)
_MOST_FITTED = 500
"""Rows that are measured one by one; of more, all others have two lines."""

_CELL_PADDING = 18
"""Pixels of the width of a column that its text does not have."""


class _OfFile(Protocol):
    """What is known of a file."""

    @property
    def path(self) -> str: ...


File = TypeVar("File", bound=_OfFile)


class FilesModel(QAbstractTableModel, Generic[File]):
    """One row per file; a subclass says what its columns are called and what they say."""

    heads: ClassVar[tuple[str, ...]]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: Sequence[File] = ()

    def texts(self, file: File) -> Sequence[str]:
        """What stands in the columns."""
        raise NotImplementedError

    def show_files(self, files: Sequence[File]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._files = files
        self.endResetModel()

    def file_at(self, row: int) -> File:
        return self._files[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._files)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return shown_text(self.texts(self._files[index.row()])[index.column()])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(self.heads[section])
        return None


class FilesDialog(QDialog):
    """A sentence, the table or a page that says why there is none, and buttons; stays open beside the window."""

    def __init__(
        self,
        title: str,
        name: str,
        model: FilesModel[Any],
        widths: Sequence[int],
        look: Look,
        parent: QWidget | None = None,
        *,
        row_padding: int = ROW_PADDING,
        wraps: bool = False,
    ) -> None:
        """List what `model` holds, in a table that is called `name` and whose first columns have these `widths`.

        With `wraps` rows are as high as their sentences need, as long as there are not very many.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(*_SIZE)
        self.table = QTableView()
        self.intro = QLabel()
        self.empty = StatePage(look)
        self.copy_button = push_button(tr("Copy list"))
        self.close_button = push_button(tr("Close"), primary=True)
        self._rows = model
        self._row_padding = row_padding
        self._set_up_table(name, widths, row_padding)
        self._build_ui()
        if wraps:
            self._wrap()

    def bring_up(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()

    def say(self, intro: str) -> None:
        """Show the table, or the page where it would be empty, under this sentence."""
        some = self._rows.rowCount() > 0
        self.intro.setText(intro)
        self.copy_button.setVisible(some)
        self._stack.setCurrentWidget(self.table if some else self.empty)

    def wait(self, words: str) -> None:
        """Say instead that the list is being read."""
        self.empty.show_state("hourglass", words, busy=True)
        self._stack.setCurrentWidget(self.empty)

    def add_button(self, button: QPushButton) -> None:
        """Put another button beside the one that copies."""
        self._buttons.insertWidget(1, button)

    def lines(self) -> list[Sequence[str]]:
        """What is copied, row by row."""
        model = self._rows
        return [model.texts(model.file_at(row)) for row in range(model.rowCount())]

    def _build_ui(self) -> None:
        self.intro.setProperty("tone", "soft")
        self.intro.setWordWrap(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.close)
        self._buttons = button_line(self.copy_button, right=[self.close_button])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(self.intro)
        layout.addWidget(self._stack, 1)
        layout.addLayout(self._buttons)

    def _set_up_table(self, name: str, widths: Sequence[int], row_padding: int) -> None:
        table, header = self.table, self.table.horizontalHeader()
        dress_table(table, row_padding)
        table.setObjectName("problems")
        table.setAccessibleName(name)
        table.setModel(self._rows)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(widths):
            table.setColumnWidth(column, width)
        table.doubleClicked.connect(self._on_double_clicked)

    def _wrap(self) -> None:
        """Have rows follow what they say, and the widths of the columns."""
        table, rows = self.table, self.table.verticalHeader()
        table.setWordWrap(True)
        rows.setMinimumSectionSize(rows.defaultSectionSize())
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit_rows)
        self._rows.modelReset.connect(self._fit_soon.start)
        table.horizontalHeader().sectionResized.connect(self._fit_soon.start)

    def _fit_rows(self) -> None:
        rows, line = self._rows.rowCount(), self.table.fontMetrics().height()
        for row in range(min(rows, _MOST_FITTED)):
            lines = max(self._height_of(self._rows.index(row, column)) for column in range(self._rows.columnCount()))
            self.table.setRowHeight(row, lines + self._row_padding)
        if rows > _MOST_FITTED:
            self.table.verticalHeader().setDefaultSectionSize(2 * line + self._row_padding)

    def _height_of(self, index: Index) -> int:
        """Pixels that the text of a cell needs at the width of its column."""
        room = QRect(0, 0, max(self.table.columnWidth(index.column()) - _CELL_PADDING, 1), 0)
        return self.table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, index.data()).height()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join("\t".join(map(shown_text, line)) for line in self.lines()))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        folder = Path(self._rows.file_at(index.row()).path).parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
