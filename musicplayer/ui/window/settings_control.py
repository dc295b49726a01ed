"""Joins the settings dialog and the indexing page with the window, and carries changed settings out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from indexer.core.home import Home
from indexer.core.language import tr
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.services import Services
from musicplayer.ui.indexing.indexing_page import IndexingPage
from musicplayer.ui.settings.database import DatabasePage
from musicplayer.ui.settings.dialog import SettingsDialog

if TYPE_CHECKING:
    from musicplayer.ui.window.main_window import MainWindow


class SettingsControl(QObject):
    """Makes the dialog when it is first wanted, and the page at once: it follows the jobs."""

    def __init__(self, window: MainWindow, services: Services, home: Home) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._home = home
        self._dialog: SettingsDialog | None = None
        self._folders: list[object] = []
        self.page = IndexingPage(services.jobs, services.similar, services.library, services.theme, services.icons)
        window.centre.add(Place("indexing", tr("Indexing"), "ear", Section.LIBRARY, self.page))
        self._connect()

    @property
    def dialog(self) -> SettingsDialog:
        """The settings dialog."""
        if self._dialog is None:
            services = self._services
            dialog = SettingsDialog(self._home, services.library, services.preferences, services.icons, self._window)
            dialog.folders.show_folders(self._folders)
            dialog.folders.add_requested.connect(self._window.library_control.choose_folder)
            dialog.folders.rescan_wanted.connect(services.jobs.scan)
            dialog.database.chosen.connect(lambda uri: services.library.move_to(uri or None))
            self._connect_backups(dialog.database)
            dialog.sound_requested.connect(self._window.actions_by_name.sound.trigger)
            self._dialog = dialog
        return self._dialog

    def open(self) -> None:
        """Show the settings where they were left."""
        self.dialog.open_at()

    def shutdown(self) -> None:
        if self._dialog is not None:
            self._dialog.shutdown()

    def _connect(self) -> None:
        window, services, page = self._window, self._services, self.page
        actions, client = window.actions_by_name, services.library.client
        actions.settings.triggered.connect(self.open)
        actions.indexing.triggered.connect(lambda: window.centre.go("indexing"))
        client.counts_changed.connect(page.set_counts)
        client.folders_changed.connect(self._on_folders)
        services.preferences.changed.connect(self._on_setting)
        page.rescan_requested.connect(services.jobs.scan)
        page.rebuild_requested.connect(window.library_control.ask_rebuild)
        page.folder_requested.connect(lambda folder: services.jobs.rebuild(full=True, folder=folder))
        page.problems_requested.connect(window.show_problems)
        page.model_requested.connect(window.model_card.open_fresh)
        page.folders_requested.connect(lambda: self.dialog.open_at("folders"))

    def _connect_backups(self, page: DatabasePage) -> None:
        control = self._window.extras.backup
        page.move_requested.connect(control.move)
        control.moved.connect(page.show_moved)
        control.move_failed.connect(page.show_failure)
        control.kept.connect(page.backups.refresh)
        page.backups.backup_requested.connect(control.choose_backup)
        page.backups.restore_requested.connect(control.choose_restore)

    def _on_folders(self, folders: list[object]) -> None:
        self._folders = folders
        self.page.set_folders(folders)

    def _on_setting(self, field: str) -> None:
        if field == "theme":
            mode = self._services.preferences.settings.theme.value
            self._services.theme.set_mode(mode)
            self._window.actions_by_name.themes[mode].setChecked(True)
        elif field == "language":
            self._window.messages.tell(tr("The language changes with the next start of Segue."))
