"""Names the entries of a playlist file that the library does not have."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from musicplayer.language import tr, trn
from musicplayer.ui.buttons import push_button
from musicplayer.ui.labels import WrappedLabel

_WIDTH = 560
_HEIGHT = 220


class MissingDialog(QDialog):
    """Every entry in a list to read and copy.

    Signals:
        folder_chosen: add this folder to the library.
    """

    folder_chosen = Signal(str)

    def __init__(self, name: str, found: int, missing: Sequence[str], folder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("missing")
        self.setWindowTitle(tr("Not in your library"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder = folder
        self.names = QPlainTextEdit("\n".join(missing).encode("utf-8", "replace").decode())
        self.names.setReadOnly(True)
        self.names.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.names.setAccessibleName(tr("Entries that are not in your library"))
        self.names.setTabChangesFocus(True)
        self.copy = push_button(tr("Copy"))
        self.add = push_button(tr("Add their folder"))
        self.add.setVisible(bool(folder))
        self.close_button = push_button(tr("Close"), primary=True)
        self.close_button.setDefault(True)
        self._build_ui(name, found, len(missing))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.names.toPlainText()))
        self.add.clicked.connect(self._on_add)
        self.close_button.clicked.connect(self.accept)

    def _build_ui(self, name: str, found: int, missing: int) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(10)
        headline = trn(
            "{number} entry of “{name}” is not in your library",
            "{number} entries of “{name}” are not in your library",
            missing,
            name=name,
        )
        rest = trn("{number} track was found.", "{number} tracks were found.", found)
        if self._folder:
            rest += " " + tr("The missing ones should be in {folder}; once that is added, they go in by themselves.",
                             folder=self._folder)  # fmt: skip
        for text, tone in ((headline, "title"), (rest, "soft")):
            label = WrappedLabel(text.encode("utf-8", "replace").decode(), tone, _WIDTH)
            label.setAlignment(Qt.AlignmentFlag.AlignLeft)
            layout.addWidget(label)
        self.names.setMinimumHeight(_HEIGHT)
        layout.addWidget(self.names, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self.copy)
        buttons.addStretch()
        buttons.addWidget(self.add)
        buttons.addWidget(self.close_button)
        layout.addLayout(buttons)

    def _on_add(self) -> None:
        self.accept()
        self.folder_chosen.emit(self._folder)
