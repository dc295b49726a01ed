"""File › Open a library on the network: those opened before, those nearby, and an address with name and password."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import tr
from indexer.core.phrases import sentence
from musicplayer.library.nearby import Found
from musicplayer.library.shared_libraries import Doubt, Known, Wish
from musicplayer.ui.frame.whose import library_name, machine_of
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.icons import Icons

_WIDTH = 520
_MARGIN = 22
_ROWS = 4
_ROW_HEIGHT = 34
_BYTES_A_LINE = 16
_WHAT = Qt.ItemDataRole.UserRole


class SharedDialog(QDialog):
    """What is typed stays until a library was opened; nothing here waits.

    Signals:
        wished: a Wish, a library to open for the first time.
        chosen: a Known, one to open again.
        forgotten: a Known, after a question.
    """

    wished = Signal(object)
    chosen = Signal(object)
    forgotten = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shared")
        self.setWindowTitle(tr("Open a library on the network"))
        self._icons = icons
        self._known: list[Known] = []
        self._found: list[Found] = []
        self.list = QListWidget()
        self.forget_button = push_button(tr("Forget"))
        self.again_button = push_button(tr("Open"))
        self.address = _field(tr("kitchen, 192.168.1.20 or what a browser shows"))
        self.name = _field("")
        self.password = _field("")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.outcome = text_label("", "danger")
        self.close_button = push_button(tr("Close"))
        self.open_button = push_button(tr("Open the library"), primary=True)
        self._list_part = QWidget()
        self._is_asking = False
        self._build_ui()
        self._connect()
        self._follow()

    def open_fresh(self, address: str = "") -> None:
        """Show it, without what was said before; with an address where one is given."""
        self.outcome.clear()
        if address:
            self.address.setText(address)
        self.show()
        self._fit()
        self.raise_()
        self.activateWindow()
        (self.name if self.address.text() else self.address).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_known(self, known: Sequence[Known]) -> None:
        """List those that were opened before."""
        self._known = list(known)
        self._show_list()

    def show_found(self, found: Found) -> None:
        """List one more that is there, unless it was opened before."""
        if found not in self._found:
            self._found = sorted([*self._found, found])
            self._show_list()

    def say(self, message: str, advice: str = "") -> None:
        """Why nothing was opened; what was typed can be tried again."""
        self._ask_no_more()
        self.outcome.setText(sentence(message, advice))
        self._fit()

    def ask(self, doubt: Doubt) -> None:
        """Show the certificate of a server that nobody vouches for."""
        self._ask_no_more()
        machine = machine_of(doubt.wish.address)
        dialog = ConfirmDialog(
            tr("A certificate that nobody vouches for"),
            tr("Is this the certificate of {machine}?", machine=machine),
            tr(
                "Segue made it itself there, so only a comparison tells it from a forged one: on {machine}, "
                "Playback › Share on the network shows the same SHA-256. You are asked only once.\n\n{fingerprint}",
                machine=machine,
                fingerprint=in_lines(doubt.fingerprint),
            ),
            tr("It is the same"),
            self,
        )
        dialog.ask(lambda _: self._wish(doubt.wish))
        dialog.no.setFocus()

    def settle(self) -> None:
        """The library was opened: nothing more is to be typed, and the password stays nowhere."""
        self._ask_no_more()
        for field in (self.address, self.name, self.password):
            field.clear()
        self.close()

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(lambda *_: self._on_current())
        self.list.itemActivated.connect(lambda _: self._open_chosen())
        self.again_button.clicked.connect(self._open_chosen)
        self.forget_button.clicked.connect(self._ask_forget)
        self.close_button.clicked.connect(self.close)
        self.open_button.clicked.connect(lambda: self._wish(self._typed()))
        for field in (self.address, self.name, self.password):
            field.textChanged.connect(lambda _: self._follow())
            field.returnPressed.connect(self.open_button.click)

    def _typed(self) -> Wish:
        return Wish(self.address.text().strip(), self.name.text().strip(), self.password.text())

    def _wish(self, wish: Wish) -> None:
        self.outcome.clear()
        self._is_asking = True
        self._follow()
        self.wished.emit(wish)

    def _ask_no_more(self) -> None:
        self._is_asking = False
        self._follow()

    def _follow(self) -> None:
        self.open_button.setText(tr("Asking…") if self._is_asking else tr("Open the library"))
        self.open_button.setEnabled(self._typed().is_whole and not self._is_asking)
        is_known = isinstance(self._chosen(), Known)
        self.again_button.setEnabled(is_known)
        self.forget_button.setEnabled(is_known)

    def _chosen(self) -> Known | Found | None:
        item = self.list.currentItem()
        what: Known | Found | None = None if item is None else item.data(_WHAT)
        return what

    def _on_current(self) -> None:
        """One that is only nearby wants name and password, below; so does one that knows this computer no more."""
        chosen = self._chosen()
        if isinstance(chosen, Found):
            self.address.setText(chosen.address)
        elif chosen is not None:
            self.address.setText(chosen.server.address)
            self.name.setText(chosen.server.listener)
        self._follow()

    def _open_chosen(self) -> None:
        chosen = self._chosen()
        if isinstance(chosen, Known):
            self.chosen.emit(chosen)
            self.close()
        elif chosen is not None:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_forget(self) -> None:
        chosen = self._chosen()
        if not isinstance(chosen, Known):
            return
        dialog = ConfirmDialog(
            tr("Forget a library"),
            tr("Forget “{library}”?", library=library_name(chosen.server)),
            tr(
                "What this computer copied of it is deleted, and so are plays and opinions that {machine} was not told "
                "yet. The music, and all that is kept of you there, stays.",
                machine=machine_of(chosen.server.address),
            ),
            tr("Forget"),
            self,
        )
        dialog.ask(lambda _: self.forgotten.emit(chosen))
        dialog.no.setFocus()

    def _show_list(self) -> None:
        """Those opened before, then others that are there."""
        before = self._chosen()
        addresses = {known.server.address for known in self._known}
        rows: list[tuple[Known | Found, str, str, str]] = [
            (known, library_name(known.server), known.server.address, "books") for known in self._known
        ]
        rows += [
            (found, tr("Found: {machine}", machine=found.machine), found.address, "broadcast")
            for found in self._found
            if found.address not in addresses
        ]
        self.list.blockSignals(True)
        self.list.clear()
        for what, name, address, glyph in rows:
            item = QListWidgetItem(self._icons.icon(glyph), f"{name} · {address}")
            item.setData(_WHAT, what)
            item.setToolTip(item.text())
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            self.list.addItem(item)
            if what == before:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._follow()
        self._fit()

    def _fit(self) -> None:
        """As high as what it shows, now that other parts of it are hidden."""
        rows = self.list.count()
        self._list_part.setVisible(rows > 0)
        self.list.setFixedHeight(min(rows, _ROWS) * _ROW_HEIGHT + 2 * self.list.frameWidth() + 2)
        self.outcome.setVisible(bool(self.outcome.text()))
        within, layout = self._list_part.layout(), self.layout()
        if within is not None and layout is not None:
            within.activate()
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            self.setMinimumHeight(needed)
            self.resize(self.width(), needed)

    def _build_ui(self) -> None:
        about = tr(
            "Browse and play what another computer has whose Segue shares its library. It opens in a window of its "
            "own; the name and password are those of a listener there."
        )
        self.list.setAccessibleName(tr("Libraries on the network"))
        self.list.setIconSize(QSize(18, 18))
        chosen = QVBoxLayout(self._list_part)
        chosen.setContentsMargins(0, 4, 0, 8)
        chosen.setSpacing(8)
        chosen.addWidget(self.list)
        chosen.addLayout(button_line(right=[self.forget_button, self.again_button], spacing=8))
        typed = QGridLayout()
        typed.setHorizontalSpacing(14)
        typed.setVerticalSpacing(8)
        typed.setColumnStretch(1, 1)
        fields = ((tr("Address"), self.address), (tr("Name"), self.name), (tr("Password"), self.password))
        for row, (words, field) in enumerate(fields):
            label = text_label(words, "soft")
            label.setBuddy(field)
            label.setWordWrap(False)
            field.setAccessibleName(words)
            typed.addWidget(label, row, 0)
            typed.addWidget(field, row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 18, _MARGIN, 16)
        layout.setSpacing(10)
        layout.addWidget(text_label(tr("Open a library on the network"), "headline"))
        layout.addWidget(text_label(about, "soft"))
        layout.addWidget(self._list_part)
        layout.addLayout(typed)
        layout.addWidget(self.outcome)
        layout.addSpacing(4)
        layout.addLayout(button_line(right=[self.close_button, self.open_button], spacing=10))
        self.setMinimumWidth(_WIDTH)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in a field opens, wherever the focus was before


def in_lines(fingerprint: str) -> str:
    """A fingerprint in lines of 16 bytes, since a line breaks nowhere in it by itself."""
    parts = fingerprint.split(":")
    return ":\n".join(":".join(parts[at : at + _BYTES_A_LINE]) for at in range(0, len(parts), _BYTES_A_LINE))


def _field(example: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(example)
    return made
