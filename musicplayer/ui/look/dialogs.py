"""Sheets of the window that ask: before something long or final, about doubles, for a name and for a folder."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from indexer.core.language import tr, trn
from indexer.core.playlists.edits import LONGEST_NAME
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.labels import WrappedLabel

_WIDTH = 460
_FIELD_WIDTH = 380


class ConfirmDialog(QDialog):
    """A question, what follows from yes, and two buttons."""

    def __init__(self, title: str, question: str, text: str, yes: str, parent: QWidget, *, option: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("confirm")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.yes = push_button(yes, primary=True)
        self.no = push_button(tr("Cancel"))
        self.option = QCheckBox(option)
        self.option.setAccessibleName(option)
        self.option.setVisible(bool(option))
        self.yes.setDefault(True)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self._build_ui(question, text)

    def add_button(self, button: QPushButton) -> None:
        """Put another answer before "yes"."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def ask(self, then: Callable[[bool], None]) -> None:
        """Open it; after a yes `then` gets whether the option was chosen."""
        self.accepted.connect(lambda: then(self.option.isChecked()))
        self.open()

    def _build_ui(self, question: str, text: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(_left(question, "title"))
        layout.addWidget(_left(text, "soft"))
        layout.addWidget(self.option)
        layout.addSpacing(6)
        self._buttons = button_line(right=[self.no, self.yes], spacing=10)
        layout.addLayout(self._buttons)


class NameDialog(QDialog):
    """Asks for the name of something new, in a field with a suggestion that the first key replaces.

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
        self.field.setMinimumWidth(_FIELD_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(10)
        for part in (headline, about, self.field, self.note):
            layout.addWidget(part)
        layout.addLayout(button_line(right=[self.no, self.yes], spacing=10))

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


def ask_rebuild(parent: QWidget, then: Callable[[bool], None]) -> ConfirmDialog:
    """Ask whether to rebuild the index; `then` gets whether every track is to be heard again."""
    dialog = ConfirmDialog(
        tr("Rebuild index"),
        tr("Rebuild the index of similar tracks?"),
        tr(
            "Segue looks for changed files, analyses what is not analysed yet, and compares all tracks anew. "
            "This can take some minutes for a large library. Music goes on playing, and “More like this” "
            "answers from the present index until the new one is ready."
        ),
        tr("Rebuild"),
        parent,
        option=tr("Analyse every track again as well (much longer)"),
    )
    dialog.ask(then)
    return dialog


def ask_doubles(
    parent: QWidget,
    name: str,
    doubles: int,
    of: int,
    *,
    add_all: Callable[[], object],
    skip: Callable[[], object],
) -> ConfirmDialog:
    """Ask whether to add `doubles` of `of` tracks once more; with nothing else to add there is nothing to skip to."""
    question = trn(
        "{number} track is already in “{name}”", "{number} tracks are already in “{name}”", doubles, name=name
    )
    some = doubles < of
    text = (
        trn("The other {number} can be added alone.", "The other {number} can be added alone.", of - doubles)
        if some
        else trn("It would be in the playlist twice.", "They would be in the playlist twice.", doubles)
    )
    dialog = ConfirmDialog(
        tr("Already in this playlist"),
        question,
        text,
        trn("Skip it", "Skip those", doubles) if some else tr("Add again"),
        parent,
    )
    dialog.accepted.connect(skip if some else add_all)
    if some:
        anyway = push_button(tr("Add all"))
        anyway.clicked.connect(dialog.reject)
        anyway.clicked.connect(add_all)
        dialog.add_button(anyway)
    dialog.open()
    dialog.yes.setFocus()
    return dialog


def choose_folder(parent: QWidget, title: str, start: str, then: Callable[[str], object]) -> None:
    """Ask under `title` for a folder, from `start` on; `then` gets the one that was chosen."""
    dialog = QFileDialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _left(text: str, tone: str) -> WrappedLabel:
    label = WrappedLabel(text, tone, _WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return label
