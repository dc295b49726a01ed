"""The search field: asks a moment after the last key, says at once when it was cleared or Enter was pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from indexer.core.language import mark, tr
from musicplayer.ui.look.buttons import dress_search_field
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import mark_as

DEBOUNCE_MS = 5
"""Enough for keys that wait already to be searched for together; a search takes about 10 ms at 106,574 tracks."""
TIP = mark(
    "Words are found anywhere. In one place: artist: album: title: genre:\n"
    'Numbers: year>1998  length<4:00  bpm:120-130    Exact: "live at"    Without: -remix\n'
    "Either: genre:jazz|blues  (live OR demo)    Order: sort:-added    Ctrl+S keeps the search as a smart playlist"
)


class SearchBox(QLineEdit):
    """Where a search is typed.

    Signals:
        searched: the text to search for.
        entered: Enter was pressed; `searched` came before with this very text.
        left_downwards: the arrow down was pressed.
        keep_requested: Ctrl+S was pressed, with something in the field.
    """

    searched = Signal(str)
    entered = Signal()
    left_downwards = Signal()
    keep_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = ""
        self.setPlaceholderText(tr("Search your music"))
        self.setAccessibleName(tr("Search your music"))
        self.setToolTip(tr(TIP))
        dress_search_field(self, icons).triggered.connect(self._ask)
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self._ask)
        self.textChanged.connect(self._on_text)

    def ask_now(self) -> None:
        """Do not wait for a pause in the typing."""
        self._ask()

    def show_asked(self, text: str) -> None:
        """Show what is searched for already."""
        self._asked = text
        self.setText(text)
        self._pause.stop()

    def mark_wrong(self, wrong: bool) -> None:
        """Show whether the text is a search at all."""
        if self.property("wrong") != wrong:
            mark_as(self, "wrong", wrong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
            self.entered.emit()
        elif event.matches(QKeySequence.StandardKey.Save):
            if self.text().strip():
                self._ask()
                self.keep_requested.emit()
        elif key == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def _on_text(self, text: str) -> None:
        if text:
            self._pause.start()
        else:
            self._ask()

    def _ask(self) -> None:
        self._pause.stop()
        if self.text() != self._asked:
            self._asked = self.text()
            self.searched.emit(self._asked)
