"""Settings › Database: the one that Segue manages, or a MongoDB server at an address."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.language import number, tr
from indexer.core.phrases import sentence
from musicplayer.threads import Tasks
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import Form, text_label
from musicplayer.ui.look.theme import mark_as
from musicplayer.ui.settings.backups import BackupSection
from musicplayer.ui.settings.broker import BrokerSection

if TYPE_CHECKING:
    from indexer.core.store import Database

_WAIT_SECONDS = 20.0
_PLACEHOLDER = "mongodb://user:password@host:27017/segue"


class DatabasePage(Form):
    """Where tracks, plays and features are kept.

    Signals:
        chosen: the address to use from now on, empty for the managed database.
        move_requested: the address to take the library to, empty for the managed database.
    """

    chosen = Signal(str)
    move_requested = Signal(str)

    def __init__(self, home: Home, preferences: Preferences, parent: QWidget | None = None) -> None:
        about = tr("Tracks, plays, playlists and the analysis of your music are kept in a MongoDB database.")
        super().__init__(tr("Database"), about, parent)
        self._home = home
        self._preferences = preferences
        self._tasks = Tasks(workers=1, parent=self)
        self.managed = QRadioButton(tr("Managed by Segue"))
        self.own = QRadioButton(tr("A MongoDB server of my own"))
        self.address = QLineEdit(preferences.settings.database_uri or "")
        self.test_button = push_button(tr("Test"))
        self.use_button = push_button(tr("Use this database"), primary=True)
        self.move_button = push_button(tr("Move the library there"))
        self.backups = BackupSection(home, preferences)
        self.broker = BrokerSection(preferences)
        self.outcome = text_label("", "soft")
        self._build_ui()
        self._connect()
        self._on_edited()

    @property
    def wanted(self) -> str | None:
        """The address that is chosen, None for the managed database."""
        return self.address.text().strip() or None if self.own.isChecked() else None

    def test(self) -> None:
        """Try to reach the database that is chosen, in the background, and say how that went."""
        self.test_button.setEnabled(False)
        self._say(tr("Connecting…"), "soft")
        home, uri, started = self._home, self.wanted, time.monotonic()
        self._tasks.run(lambda: _look(home, uri), lambda found: self._on_reached(found, started), self._on_failed)

    def show_moved(self, uri: str) -> None:
        """The library is at that address now, and used there."""
        (self.own if uri else self.managed).setChecked(True)
        self._on_edited()
        self._say(tr("The library was moved here, and the copy compared."), "soft")

    def show_failure(self, message: str, advice: str) -> None:
        """The library could not be moved."""
        self._on_edited()
        self._say(sentence(message, advice), "danger")

    def shutdown(self) -> None:
        self._tasks.shutdown(wait=False)
        self.broker.shutdown()

    def _build_ui(self) -> None:
        group = QButtonGroup(self)
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        notes = {
            self.managed: tr(
                "Nothing to set up. It listens on this computer only, with a password that only you can read."
            ),
            self.own: tr("For a library that several computers index. The address may hold a user and a password."),
        }
        for button, note in notes.items():
            group.addButton(button)
            button.setAccessibleName(button.text())
            words = text_label(note, "small")
            words.setContentsMargins(24, 0, 0, 6)
            column.addWidget(button)
            column.addWidget(words)
        (self.own if self._preferences.settings.database_uri else self.managed).setChecked(True)
        self.address.setPlaceholderText(_PLACEHOLDER)
        self.address.setAccessibleName(tr("Address of the MongoDB server"))
        column.addWidget(self.address)
        column.addSpacing(8)
        column.addLayout(button_line(self.test_button, self.use_button, self.move_button, spacing=8))
        column.addWidget(self.outcome)
        self.whole(part)
        self.heading(tr("Backups"))
        self.whole(self.backups)
        self.heading(tr("Other programs"))
        self.whole(self.broker)

    def _connect(self) -> None:
        self.own.toggled.connect(self._on_edited)
        self.address.textChanged.connect(self._on_edited)
        self.test_button.clicked.connect(self.test)
        self.use_button.clicked.connect(self._on_use)
        self.move_button.clicked.connect(self._on_move)

    def _on_edited(self) -> None:
        self.address.setEnabled(self.own.isChecked())
        complete = self.managed.isChecked() or self.address.text().strip().startswith(("mongodb://", "mongodb+srv://"))
        self.test_button.setEnabled(complete)
        self.use_button.setEnabled(complete and self.wanted != self._preferences.settings.database_uri)
        self.move_button.setEnabled(self.use_button.isEnabled())
        self._say("" if complete else tr("An address begins with mongodb:// or mongodb+srv://."), "soft")

    def _on_use(self) -> None:
        self._preferences.set("database_uri", self.wanted)
        self.use_button.setEnabled(False)
        self.move_button.setEnabled(False)
        self._say(tr("This database is used from now on; the library is read from it."), "soft")
        self.chosen.emit(self.wanted or "")

    def _on_move(self) -> None:
        for button in (self.test_button, self.use_button, self.move_button):
            button.setEnabled(False)
        self._say(tr("The library is copied there and compared; music goes on playing."), "soft")
        self.move_requested.emit(self.wanted or "")

    def _on_reached(self, found: tuple[str, int], started: float) -> None:
        self.test_button.setEnabled(True)
        address, tracks = found
        seconds = time.monotonic() - started
        words = tr(
            "{address} answered in {seconds} s. It holds {tracks} tracks.",
            address=address,
            seconds=number(seconds, 1),
            tracks=number(tracks),
        )
        self._say(words, "soft")

    def _on_failed(self, error: Exception) -> None:
        self.test_button.setEnabled(True)
        words = sentence(error.message, error.advice) if isinstance(error, SegueError) else str(error)
        self._say(words, "danger")

    def _say(self, words: str, tone: str) -> None:
        self.outcome.setText(words)
        mark_as(self.outcome, "tone", tone)


def _look(home: Home, uri: str | None) -> tuple[str, int]:
    """Run in a worker thread: open the database, and return its address and how many tracks it has."""
    from indexer.core.store import open_database  # noqa: PLC0415 - pymongo takes a while to import

    database: Database
    with open_database(home, uri=uri, wait=_WAIT_SECONDS) as database:
        return database.address, database.tracks.count()
