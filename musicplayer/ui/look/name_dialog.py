"""Asks for the name of something new."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.playlists.edits import LONGEST_NAME
from musicplayer.ui.look.buttons import push_button

_WIDTH = 380


class NameDialog(QDialog):
    """A field with a suggestion that the first key replaces.

    Signals:
        named: the name, not empty.
    """

    named = Signal(str)

    def __init__(
        self, title: str, note: str, suggestion: str, yes: str, will_be: Callable[[str], str], parent: QWidget
    ) -> None:
        """`will_be` tells what a typed name becomes where it is taken."""
        super().__init__(parent)
        self.setObjectName("name")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._will_be = will_be
        self.field = QLineEdit(suggestion)
        self.field.setMaxLength(LONGEST_NAME)
        self.field.setAccessibleName(tr("Name"))
        self.note = QLabel()
        self.yes = push_button(yes, primary=True)
        self.no = push_button(tr("Cancel"))
        self.yes.setDefault(True)
        self._build_ui(title, note)
        self.field.textChanged.connect(self._on_typed)
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(self.reject)
        self.field.selectAll()
        self._on_typed(suggestion)

    def _build_ui(self, title: str, note: str) -> None:
        headline = QLabel(title)
        headline.setProperty("tone", "title")
        about = QLabel(note)
        about.setVisible(bool(note))
        for label, tone in ((about, "soft"), (self.note, "small")):
            label.setProperty("tone", tone)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.field.setMinimumWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(10)
        for part in (headline, about, self.field, self.note):
            layout.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch()
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        layout.addLayout(buttons)

    def _on_typed(self, text: str) -> None:
        name = text.strip()
        becomes = self._will_be(name) if name else ""
        self.yes.setEnabled(bool(name))
        self.note.setText(
            tr("There is one of this name, so this will be “{name}”.", name=becomes) if becomes != name else " "
        )

    def _on_yes(self) -> None:
        self.accept()
        self.named.emit(self.field.text().strip())
