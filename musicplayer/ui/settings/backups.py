"""Settings › Database: weekly copies and where they go, and what is asked before a backup is made or restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from indexer.core.home import Home
from indexer.core.language import code, number, tr, trn
from indexer.core.phrases import size
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.dialogs import ConfirmDialog, choose_folder
from musicplayer.ui.look.form import text_label

if TYPE_CHECKING:
    from indexer.core.backup import BackupManifest


class BackupSection(QWidget):
    """Looks at the folder of copies each time that it is shown.

    Signals:
        backup_requested: a backup is wanted.
        restore_requested: a backup is to be brought back.
    """

    backup_requested = Signal()
    restore_requested = Signal()

    def __init__(self, home: Home, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._preferences = preferences
        self.last = text_label("", "")
        self.folder = text_label("", "small")
        self.back_up = push_button(tr("Back up…"))
        self.restore = push_button(tr("Restore…"))
        self.choose = push_button(tr("Change folder…"))
        self._build_ui()
        self.back_up.clicked.connect(self.backup_requested)
        self.restore.clicked.connect(self.restore_requested)
        self.choose.clicked.connect(self.choose_folder)
        preferences.changed.connect(lambda name: self.refresh() if name == "backup_folder" else None)
        self.refresh()

    def refresh(self) -> None:
        """Show what is in the folder."""
        from indexer.core.backup import copies_in  # noqa: PLC0415 - of no use to the start

        folder = Path(self._preferences.settings.backup_folder or self._home.data / "backups")
        last = next((copy for copy in copies_in(folder) if copy.automatic), None)
        words = tr("There is no weekly copy yet; the first is made in a quiet moment.")
        if last is not None:
            words = tr("Last weekly copy: {date}, {size}.", date=date_and_time(last.at), size=size(last.size))
        self.last.setText(words)
        self.folder.setText(tr("The last four are kept in {folder}", folder=folder))

    def choose_folder(self) -> None:
        """Let the folder of copies be chosen; another drive is the best place."""
        preferences, title = self._preferences, tr("Folder for weekly copies")
        start = preferences.settings.backup_folder
        choose_folder(self, title, start, lambda folder: preferences.set("backup_folder", folder))

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        super().showEvent(event)

    def _build_ui(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        about = tr("What cannot be made again – plays, playlists, folders, settings – is copied once a week.")
        for label in (text_label(about, "soft"), self.last, self.folder):
            column.addWidget(label)
        for button in (self.back_up, self.restore, self.choose):
            button.setAccessibleName(button.text())
        column.addSpacing(4)
        column.addLayout(button_line(self.back_up, self.restore, self.choose, spacing=8))


def ask_backup(parent: QWidget, then: Callable[[bool], None]) -> ConfirmDialog:
    """Ask what goes into a backup; `then` gets whether what was heard is to be in it."""
    dialog = ConfirmDialog(
        tr("Back up library"),
        tr("Back up the library to a file?"),
        tr(
            "Tracks, plays, playlists, folders, what you hid, the settings and the queue go into one file, which is "
            "read back and verified. Your music itself stays where it is."
        ),
        tr("Choose file…"),
        parent,
        option=tr("With the analysis of every track (large; saves analysing again)"),
    )
    dialog.ask(then)
    return dialog


def ask_restore(
    parent: QWidget, manifest: BackupManifest, *, tracks: int, playlists: int, then: Callable[[bool], None]
) -> ConfirmDialog:
    """Ask whether a backup is added to the library or put in its place; `then` gets whether it replaces."""
    holds = tr("The backup holds {what}.", what=_contents(manifest))
    dialog = ConfirmDialog(
        tr("Restore from a backup"),
        tr("Restore the backup of {date}?", date=date_and_time(manifest.created)),
        f"{holds} {_choice(tracks, playlists)}" if tracks or playlists else holds,
        tr("Add what is missing") if tracks or playlists else tr("Restore"),
        parent,
    )
    dialog.accepted.connect(lambda: then(False))
    if tracks or playlists:
        replace = push_button(tr("Replace the library"))
        replace.setObjectName("replace")
        replace.setAccessibleName(replace.text())
        replace.setAutoDefault(False)
        replace.clicked.connect(dialog.reject)
        replace.clicked.connect(lambda: then(True))
        dialog.add_button(replace)
    dialog.open()
    return dialog


def date_and_time(at: float) -> str:
    """Seconds since 1970 as day and time where the reader is."""
    return QLocale(code()).toString(QDateTime.fromSecsSinceEpoch(round(at)), tr("d MMM yyyy, HH:mm"))


def _contents(manifest: BackupManifest) -> str:
    counts = manifest.counts
    parts = (
        trn("{number} track", "{number} tracks", counts.get("tracks", 0)),
        trn("{number} play", "{number} plays", counts.get("plays", 0)),
        trn("{number} playlist", "{number} playlists", manifest.playlists),
    )
    return tr("{first}, {second} and {third}", first=parts[0], second=parts[1], third=parts[2])


def _choice(tracks: int, playlists: int) -> str:
    return tr(
        "Your library has {tracks} tracks and {playlists} playlists.\n\nAdding keeps all of that, and brings back what "
        "is missing, deleted playlists too; no play counts twice. Replacing makes the library what it was then, with "
        "its settings; what is there now is copied first, to the backups in Segue's own folder.",
        tracks=number(tracks),
        playlists=number(playlists),
    )
