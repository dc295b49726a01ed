"""Starts and holds the indexer by itself: when files change, and, where that is wished, only while nobody is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from indexer.core.settings import IndexWhen
from musicplayer.library.watching import FolderWatch
from musicplayer.ui.frame.idle import IdleWatch
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell

if TYPE_CHECKING:
    from indexer.core.store import LibraryFolder


class IndexingControl(QObject):
    """Joins the folders that are watched, the idle watch, and the jobs."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._preferences = services.preferences
        self._jobs = services.jobs
        self._folders: dict[str, bool] = {}
        self._held = False
        self._missed = False
        self.watch = FolderWatch(self)
        self.idle = IdleWatch(services.player, self)
        services.library.client.folders_changed.connect(self._on_folders)
        services.preferences.changed.connect(self._on_setting)
        self.watch.changed.connect(self._on_files_changed)
        self.watch.polling.connect(shell.messages.tell)
        self.idle.changed.connect(lambda _: self._hold_or_go_on())
        self._jobs.started.connect(lambda _: self._hold_or_go_on())
        self._jobs.stage.connect(lambda _: self._hold_or_go_on())
        self._jobs.paused.connect(self._on_paused)
        self._jobs.idle.connect(self._on_jobs_idle)
        self._watch_for_people()
        shell.closing.then(self.watch.shutdown)

    def _on_folders(self, folders: list[LibraryFolder]) -> None:
        self._folders = {folder.path: folder.away for folder in folders}
        self._watch()

    def _on_setting(self, field: str) -> None:
        if field == "watch_folders":
            self._watch()
        elif field == "index_when":
            self._watch_for_people()
            self._hold_or_go_on()

    def _watch_for_people(self) -> None:
        self.idle.watch(self._preferences.settings.index_when is IndexWhen.IDLE)

    def _watch(self) -> None:
        folders = self._folders if self._preferences.settings.watch_folders else {}
        self.watch.watch(list(folders), {folder for folder, is_away in folders.items() if is_away})

    def _on_files_changed(self) -> None:
        """Scan, or, while a job runs that may have looked already, as soon as it is over."""
        if self._jobs.is_running:
            self._missed = True
        else:
            self._jobs.scan()

    def _on_jobs_idle(self) -> None:
        self._held = False
        if self._missed:
            self._missed = False
            self._jobs.scan()

    def _hold_or_go_on(self) -> None:
        """Pause a job while someone is there, and go on with one that was paused for that reason only."""
        only_idle = self._preferences.settings.index_when is IndexWhen.IDLE
        wanted = only_idle and not self.idle.is_idle and self._jobs.is_running
        if wanted and not self._jobs.is_paused:
            self._held = True
            self._jobs.pause()
        elif self._held and not wanted:
            self._held = False
            self._jobs.resume()

    def _on_paused(self, paused: bool) -> None:
        """A person who lets it go on meanwhile has the last word, until the next stage."""
        if not paused:
            self._held = False
