"""Settings › Database: when the last weekly copy was made, where copies go, and a backup by hand."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from indexer.core.home import Home
from indexer.core.language import tr
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.words import size
from musicplayer.ui.settings.backup_dialogs import date_and_time


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
        dialog = QFileDialog(self, tr("Folder for weekly copies"), self._preferences.settings.backup_folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self._preferences.set("backup_folder", folder))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

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
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.back_up, self.restore, self.choose):
            button.setAccessibleName(button.text())
            buttons.addWidget(button)
        buttons.addStretch()
        column.addSpacing(4)
        column.addLayout(buttons)
