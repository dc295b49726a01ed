"""The indexer without being asked: starts when files change, holds while somebody is there, offers to build again."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from indexer.core.language import mark, tr
from indexer.core.settings import IndexWhen
from musicplayer.library.watching import FolderWatch
from musicplayer.ui.frame.idle import IdleWatch
from musicplayer.ui.frame.message_bar import MessageBar
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell

if TYPE_CHECKING:
    from indexer.core.store import LibraryFolder

REBUILD = mark("Rebuild")
_ROUNDING = 1e-9
_ADVICE = mark("Rebuilding the index compares all tracks anew, for better answers. Music goes on playing.")


class IndexingControl(QObject):
    """Joins the folders that are watched, the idle watch, and the jobs."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._preferences = services.preferences
        self._jobs = services.jobs
        self._is_shared = services.shared is not None
        self._folders: dict[str, bool] = {}
        self._held = False
        self._missed = False
        self.watch = FolderWatch(self)
        self.idle = IdleWatch(services.player, self)
        self.watch.changed.connect(self._on_files_changed)
        self.watch.polling.connect(shell.messages.tell)
        self.idle.changed.connect(lambda _: self.hold_or_go_on())
        self._watch_for_people()
        shell.closing.begun.connect(lambda: self._preferences.set("scan_due", self._jobs.is_running))
        shell.closing.then(self.watch.shutdown)

    def on_folders(self, folders: list[LibraryFolder]) -> None:
        self._folders = {} if self._is_shared else {folder.path: folder.away for folder in folders}
        self._watch()
        if self._folders and self._preferences.settings.scan_due:
            self._preferences.set("scan_due", False)
            self._jobs.scan()

    def on_setting(self, field: str) -> None:
        if field == "watch_folders":
            self._watch()
        elif field == "index_when":
            self._watch_for_people()
            self.hold_or_go_on()

    def on_jobs_idle(self) -> None:
        self._held = False
        if self._missed:
            self._missed = False
            self._jobs.scan()

    def hold_or_go_on(self) -> None:
        """Pause a job while someone is there, and go on with one that was paused for that reason only."""
        only_idle = self._preferences.settings.index_when is IndexWhen.IDLE
        wanted = only_idle and not self.idle.is_idle and self._jobs.is_running
        if wanted and not self._jobs.is_paused:
            self._held = True
            self._jobs.pause()
        elif self._held and not wanted:
            self._held = False
            self._jobs.resume()

    def on_paused(self, paused: bool) -> None:
        """A person who lets it go on meanwhile has the last word, until the next stage."""
        if not paused:
            self._held = False

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


class RebuildOffer(QObject):
    """Watches the model and the jobs; says nothing while one of them is at work."""

    def __init__(self, services: Services, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._similar = services.similar
        self._jobs = services.jobs
        self._preferences = services.preferences
        self._messages = messages
        self._is_shared = services.shared is not None
        messages.offer_declined.connect(self._on_declined)

    def review(self) -> None:
        """Make the offer, or take it back; none is made where another machine has the library."""
        steps = 0 if self._is_shared else self._steps()
        if steps and not self._jobs.is_running and steps > self._declined_steps():
            changed = tr(
                "Your library has changed by {share}% since its index was built.",
                share=round(self._similar.growth * 100),
            )
            self._messages.offer(changed, tr(_ADVICE), tr(REBUILD), self._jobs.rebuild)
        else:
            self._messages.withdraw_offer()

    def _steps(self) -> int:
        """How often the library has grown by the share at which a model is built again."""
        if not self._similar.is_outgrown:
            return 0
        from indexer.core.model.manifest import REBUILD_SHARE  # noqa: PLC0415 - loaded with the model by then

        return floor(self._similar.growth / REBUILD_SHARE + _ROUNDING)

    def _declined_steps(self) -> int:
        model, _, steps = self._preferences.settings.rebuild_declined.rpartition("/")
        return int(steps) if model == self._model() and steps.isdecimal() else 0

    def _model(self) -> str:
        manifest = self._similar.manifest
        return "" if manifest is None else manifest.id

    def _on_declined(self) -> None:
        self._preferences.settings.rebuild_declined = f"{self._model()}/{self._steps()}"
        self._preferences.save_soon()
