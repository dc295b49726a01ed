"""Joins the settings dialog and the indexing page with the window, and carries changed settings out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from indexer.core.language import tr
from musicplayer.ui.frame.places import Place
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.indexing.indexing_page import IndexingPage
from musicplayer.ui.indexing.library_control import LibraryControl
from musicplayer.ui.settings.database import DatabasePage
from musicplayer.ui.settings.dialog import SettingsDialog
from musicplayer.ui.window.backup_control import BackupControl

if TYPE_CHECKING:
    from indexer.core.store import LibraryFolder


class SettingsControl(QObject):
    """Makes the dialog when it is first wanted, and the page at once: it follows the jobs."""

    def __init__(
        self,
        shell: Shell,
        services: Services,
        backup: BackupControl,
        library_control: LibraryControl,
        has_tray: Callable[[], bool],
    ) -> None:
        """`has_tray` says whether the desktop has a tray at present."""
        super().__init__(shell.window)
        self._shell = shell
        self._backup = backup
        self._library_control = library_control
        self._has_tray = has_tray
        self._services = services
        self._dialog: SettingsDialog | None = None
        self._folders: list[LibraryFolder] = []
        self.page = IndexingPage(services.jobs, services.similar, services.library, services.look)
        shell.places.add(Place("indexing", tr("Indexing"), "activity", None, self.page))
        self._connect()
        shell.closing.then(self.shutdown)

    @property
    def dialog(self) -> SettingsDialog:
        """The settings dialog."""
        if self._dialog is None:
            services = self._services
            preferences, window = services.preferences, self._shell.window
            dialog = SettingsDialog(
                preferences.home,
                services.library,
                preferences,
                services.sharing,
                services.look.icons,
                window,
                has_tray=self._has_tray(),
                shared=services.shared is not None,
            )
            dialog.folders.show_folders(self._folders)
            dialog.folders.add_requested.connect(lambda: self._library_control.choose_folder_over(dialog))
            dialog.folders.rescan_wanted.connect(services.jobs.scan)
            dialog.database.chosen.connect(lambda uri: services.library.move_to(uri or None))
            self._connect_backups(dialog.database)
            dialog.sound_requested.connect(self._shell.actions.sound.trigger)
            self._dialog = dialog
        return self._dialog

    def open(self) -> None:
        """Show the settings where they were left."""
        self.dialog.open_at()

    def open_topic(self, key: str) -> None:
        """Show the settings at a topic."""
        self.dialog.open_at(key)

    def shutdown(self) -> None:
        if self._dialog is not None:
            self._dialog.shutdown()

    def on_folders(self, folders: list[LibraryFolder]) -> None:
        self._folders = folders
        self.page.set_folders(folders)

    def on_setting(self, field: str) -> None:
        if field == "theme":
            mode = self._services.preferences.settings.theme.value
            self._services.look.theme.set_mode(mode)
            self._shell.actions.themes[mode].setChecked(True)
        elif field == "language":
            self._shell.messages.tell(tr("The language changes with the next start of Segue."))
        elif field == "kafka":
            self._services.library.client.choose_broker(self._services.preferences.settings.kafka)
            self._services.live.choose(self._services.preferences.settings.kafka)

    def _connect(self) -> None:
        shell, services, page = self._shell, self._services, self.page
        actions = shell.actions
        actions.settings.triggered.connect(self.open)
        actions.indexing.triggered.connect(lambda: shell.places.go("indexing"))
        page.rescan_requested.connect(services.jobs.scan)
        page.rebuild_requested.connect(shell.actions.rebuild.trigger)
        page.folder_requested.connect(lambda folder: services.jobs.rebuild(full=True, folder=folder))
        page.problems_requested.connect(shell.actions.problems.trigger)
        page.model_requested.connect(shell.actions.about_model.trigger)
        page.folders_requested.connect(lambda: self.open_topic("folders"))

    def _connect_backups(self, page: DatabasePage) -> None:
        control = self._backup
        page.move_requested.connect(control.move)
        control.moved.connect(page.show_moved)
        control.move_failed.connect(page.show_failure)
        control.kept.connect(page.backups.refresh)
        page.backups.backup_requested.connect(control.choose_backup)
        page.backups.restore_requested.connect(control.choose_restore)
