"""Who may listen over the network: the listeners and the devices of each, one to add, and what is taken away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from indexer.core.language import tr, trn
from indexer.core.plays import OWNER
from indexer.core.serving import AddListener, KnownListener, RemoveListener, Request, RevokeDevice
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.look.form import text_label

_REQUEST = Qt.ItemDataRole.UserRole
_HEIGHT = 130


class ListenersBox(QWidget):
    """Shows them, and asks for changes.

    Signals:
        asked: a Request for the server.
    """

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[KnownListener, ...] = ()
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(tr("Who may listen"))
        self.tree.setFixedHeight(_HEIGHT)
        self.remove_button = push_button(tr("Remove"))
        self.name = _field(tr("Name"))
        self.password = _field(tr("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.add_button = push_button(tr("Add"))
        self._build_ui()
        self.tree.currentItemChanged.connect(lambda *_: self._follow())
        self.name.textChanged.connect(lambda _: self._follow())
        self.password.textChanged.connect(lambda _: self._follow())
        self.password.returnPressed.connect(self.add_button.click)
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self._follow()

    def show_listeners(self, listeners: Sequence[KnownListener]) -> None:
        """List them, each with the devices that have a key."""
        if tuple(listeners) == self._shown:
            return
        self._shown = tuple(listeners)
        self.tree.clear()
        for listener in listeners:
            row = QTreeWidgetItem([_words(listener)])
            row.setData(0, _REQUEST, None if listener.id == OWNER else RemoveListener(listener.id))
            self.tree.addTopLevelItem(row)
            for device in listener.devices:
                below = QTreeWidgetItem([device.name])
                below.setData(0, _REQUEST, RevokeDevice(listener.id, device.id))
                row.addChild(below)
        self.tree.expandAll()
        self._follow()

    def _build_ui(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for part in (self.name, self.password, self.add_button):
            line.addWidget(part, 0 if part is self.add_button else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(text_label(tr("Who may listen"), "title"))
        layout.addWidget(self.tree, 1)
        layout.addLayout(button_line(right=[self.remove_button]))
        layout.addWidget(text_label(tr("Each listener has plays and taste of their own."), "small"))
        layout.addLayout(line)

    def _follow(self) -> None:
        self.add_button.setEnabled(bool(self.name.text().strip() and self.password.text()))
        self.remove_button.setEnabled(self._chosen() is not None)
        is_device = isinstance(self._chosen(), RevokeDevice)
        self.remove_button.setText(tr("Take back the key") if is_device else tr("Remove"))

    def _chosen(self) -> Request | None:
        item = self.tree.currentItem()
        chosen: Request | None = None if item is None else item.data(0, _REQUEST)
        return chosen

    def _add(self) -> None:
        self.asked.emit(AddListener(self.name.text().strip(), self.password.text()))
        self.name.clear()
        self.password.clear()

    def _remove(self) -> None:
        """A device can have a new key at once; a listener is asked about."""
        chosen, item = self._chosen(), self.tree.currentItem()
        if isinstance(chosen, RevokeDevice):
            self.asked.emit(chosen)
        elif chosen is not None and item is not None:
            dialog = ConfirmDialog(
                tr("Remove a listener"),
                tr("Remove {name}?", name=item.text(0)),
                tr("They can listen no more, and the keys of their devices are of no use. Their plays are kept."),
                tr("Remove"),
                self,
            )
            dialog.ask(lambda _: self.asked.emit(chosen))


def _field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(name)
    made.setAccessibleName(name)
    return made


def _words(listener: KnownListener) -> str:
    """The name, and what is to be known of it."""
    parts = [listener.name]
    if listener.id == OWNER:
        parts.append(tr("this player"))
    elif listener.admin:
        parts.append(tr("admin"))
    if listener.devices:
        parts.append(trn("{number} device", "{number} devices", len(listener.devices)))
    return " · ".join(parts)
