"""Shows what the lines of a playlist file are in the library before it is taken in, and has the rest looked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import number, tr, trn
from indexer.core.playlists.matching import Imported, Line
from indexer.core.text import shown_text
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.dialogs import choose_folder
from musicplayer.ui.look.item_views import dress_table
from musicplayer.ui.look.labels import WrappedLabel
from musicplayer.ui.playlists.import_model import FOUND, LINE, ImportModel

_SIZE = (940, 520)
_WIDTHS = {LINE: 370, FOUND: 290}
_TEXT_WIDTH = 880
_ROW_PADDING = 12


class ImportDialog(QDialog):
    """Nothing is made of the file before it is accepted.

    Signals:
        decided: list of the lines to take in, and the folders to add to the library for them.
        look_requested: list of the lines that were not found, and a folder to look for them in.
    """

    decided = Signal(object, object)
    look_requested = Signal(object, str)

    def __init__(self, found: Imported, start: str, parent: QWidget, *, shared: bool = False) -> None:
        """Show `found`; a folder is chosen from `start` on, unless the library is `shared` by another machine."""
        super().__init__(parent)
        self.setObjectName("import")
        self.setWindowTitle(tr("Import “{name}”", name=shown_text(found.name)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._is_shared = shared
        self._missing_below = "" if shared else found.folder
        self._start = found.folder or start
        self._folders: list[str] = []
        self.model = ImportModel(found.lines, self)
        self.table = _Lines(self.model)
        self.summary = WrappedLabel("", "title", _TEXT_WIDTH)
        self.details = WrappedLabel("", "soft", _TEXT_WIDTH)
        self.unsure = QCheckBox(tr("Only lines that were not found in their place"))
        self.look = push_button(tr("Look in a folder…"))
        self.add = push_button(tr("Add their folder"))
        self.copy = push_button(tr("Copy what is missing"))
        self.cancel = push_button(tr("Cancel"))
        self.accept_button = push_button(tr("Import"), primary=True)
        self.accept_button.setDefault(True)
        self._build_ui()
        self._connect()
        self._refresh()

    def take(self, found: list[Line], folder: str) -> None:
        """What was found in a folder, in the order of the lines that were missing; it is added with the list."""
        if self.model.take(found):
            self._folders.append(folder)
        self.look.setEnabled(True)
        self._refresh()

    def _connect(self) -> None:
        self.model.changed.connect(self._refresh)
        self.unsure.toggled.connect(self.model.show_only_unsure)
        self.look.clicked.connect(self._choose_folder)
        self.add.clicked.connect(self._add_their_folder)
        self.copy.clicked.connect(self._copy_missing)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self.accept)
        self.accepted.connect(lambda: self.decided.emit(self.model.taken, self._folders))

    def _build_ui(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(10)
        for label in (self.summary, self.details):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft)
            layout.addWidget(label)
        layout.addWidget(self.unsure)
        layout.addWidget(self.table, 1)
        answers = [self.cancel, self.accept_button]
        layout.addLayout(button_line(self.look, self.add, self.copy, right=answers, spacing=10))
        self.table.setFocus()

    def _refresh(self) -> None:
        model, lost = self.model, len(self.model.lost)
        self.summary.setText(
            trn("{found} of {number} line was found", "{found} of {number} lines were found", len(model),
                found=number(model.found()))
        )  # fmt: skip
        parts = [f"{word}: {number(count)}" for word, count in model.counts().most_common()]
        kept = tr("Lines that were not found stay in the list and are filled in when their music comes.")
        self.details.setText(" · ".join(parts) + (f"\n{kept}" if lost else ""))
        self.look.setVisible(lost > 0 and not self._is_shared)
        self.add.setVisible(lost > 0 and bool(self._missing_below))
        self.copy.setVisible(lost > 0)
        self.accept_button.setEnabled(bool(model.taken))

    def _choose_folder(self) -> None:
        choose_folder(self, tr("Look for the missing music"), self._start, self.look_in)

    def look_in(self, folder: str) -> None:
        """Have the missing lines looked for below a folder."""
        self._start = folder
        self.look.setEnabled(False)
        self.details.setText(tr("Looking in {folder}…", folder=shown_text(folder)))
        self.look_requested.emit(self.model.lost, folder)

    def _add_their_folder(self) -> None:
        self._folders.append(self._missing_below)
        self.accept()

    def _copy_missing(self) -> None:
        lines = [shown_text(line.entry.shown) for line in self.model.lost]
        QGuiApplication.clipboard().setText("\n".join(lines))


class _Lines(QTableView):
    """The space bar takes the selected lines or leaves them out."""

    def __init__(self, model: ImportModel) -> None:
        super().__init__()
        self._lines = model
        self.setModel(model)
        self.setAccessibleName(tr("Lines of the playlist file"))
        dress_table(self, _ROW_PADDING)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setStretchLastSection(True)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        if model.rowCount():
            self.setCurrentIndex(model.index(0, LINE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        if event.key() == Qt.Key.Key_Space and rows:
            self._lines.toggle(rows)
        else:
            super().keyPressEvent(event)
