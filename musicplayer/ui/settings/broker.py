"""Settings › Database: the address of a Kafka broker that is told what is played, and whether it answers."""

from __future__ import annotations

import os
import time

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from indexer.core.errors import SegueError
from indexer.core.kafka.address import ADDRESS_VARIABLE, Address, AddressRefused
from indexer.core.language import number, tr
from indexer.core.phrases import sentence
from musicplayer.threads import Tasks
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.theme import mark_as

_EXAMPLE = "kafka://user:password@host:9092"


class BrokerSection(QWidget):
    """An address holds when the field is left or Enter is pressed; one that cannot be understood never does."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._tasks = Tasks(workers=1, parent=self)
        self.address = QLineEdit(preferences.settings.kafka)
        self.test_button = push_button(tr("Test"))
        self.outcome = text_label("", "soft")
        self._build_ui()
        self.address.textChanged.connect(self._on_edited)
        self.address.editingFinished.connect(self._on_left)
        self.test_button.clicked.connect(self.test)
        self._on_edited()

    def test(self) -> None:
        """Ask the broker whether it is there, in the background, and say how that went."""
        try:
            address = Address.of(self.address.text())
        except AddressRefused as error:
            self._on_failed(error)
            return
        self.test_button.setEnabled(False)
        self._say(tr("Connecting…"), "soft")
        started = time.monotonic()
        self._tasks.run(lambda: _look(address), lambda name: self._on_reached(name, started), self._on_failed)

    def shutdown(self) -> None:
        self._tasks.shutdown(wait=False)

    def _build_ui(self) -> None:
        about = tr(
            "A Kafka broker can be told what is played and liked as it happens, for other programs of yours. What is "
            "set here holds at once; without an address nobody is told."
        )
        self.address.setObjectName("kafka")
        self.address.setPlaceholderText(_EXAMPLE)
        self.address.setAccessibleName(tr("Address of the Kafka broker"))
        self.address.setAccessibleDescription(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(text_label(about, "soft"))
        column.addWidget(self.address)
        if os.environ.get(ADDRESS_VARIABLE):
            self.address.setEnabled(False)
            words = tr("The variable {variable} says which broker it is.", variable=ADDRESS_VARIABLE)
            column.addWidget(text_label(words, "small"))
        column.addLayout(button_line(self.test_button, spacing=8))
        column.addWidget(self.outcome)

    def _on_edited(self) -> None:
        self.test_button.setEnabled(bool(self.address.text().strip()))
        self._say("", "soft")

    def _on_left(self) -> None:
        typed = self.address.text().strip()
        try:
            if typed:
                Address.of(typed)
        except AddressRefused as error:
            self._on_failed(error)
        else:
            self._preferences.set("kafka", typed)

    def _on_reached(self, name: str, started: float) -> None:
        self.test_button.setEnabled(True)
        seconds = number(time.monotonic() - started, 1)
        self._say(tr("{address} answered in {seconds} s.", address=name, seconds=seconds), "soft")

    def _on_failed(self, error: Exception) -> None:
        self.test_button.setEnabled(bool(self.address.text().strip()))
        self._say(sentence(error.message, error.advice) if isinstance(error, SegueError) else str(error), "danger")

    def _say(self, words: str, tone: str) -> None:
        self.outcome.setText(words)
        mark_as(self.outcome, "tone", tone)


def _look(address: Address) -> str:
    """Run in a worker thread: reach the broker, and return what may be shown of its address."""
    from indexer.core.kafka.broker import topics_at  # noqa: PLC0415 - only where a broker is set

    topics_at(address)
    return str(address)
