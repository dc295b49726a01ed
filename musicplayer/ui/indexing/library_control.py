"""Connects the actions of the File and Library menus with the indexer, and tells how its work went."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from indexer.core.events import Failed, Finished, ModelSwapped, Stage, StageStarted
from indexer.core.language import tr, trn
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.look.dialogs import ask_rebuild, choose_folder


class LibraryControl(QObject):
    """Adds folders, rescans, rebuilds, pauses and cancels."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._services = services
        self._actions = shell.actions
        self._messages = shell.messages
        self._job = shell.foot.job
        self._window = shell.window
        self._found = 0
        self._connect_actions()
        self.on_idle()

    def choose_folder(self) -> None:
        """Let a folder be chosen and add it."""
        self.choose_folder_over(self._window)

    def choose_folder_over(self, parent: QWidget) -> None:
        """The same over `parent`, which has the keyboard again afterwards."""
        choose_folder(parent, tr("Add a folder of music"), self._services.preferences.folder, self.add_folder)

    def add_folder(self, folder: str) -> None:
        """Take a folder into the library."""
        self._services.preferences.remember_folder(folder)
        self._services.jobs.add_folder(folder)

    def add_folders(self, folders: Sequence[str]) -> None:
        for folder in folders:
            self.add_folder(folder)

    def open_demo(self) -> None:
        """Make the demo library, if there is none yet, and add it; where another machine has the library, nothing."""
        if self._services.shared is None:
            self._services.demo.make()

    def ask_rebuild(self) -> None:
        ask_rebuild(self._window, lambda full: self._services.jobs.rebuild(full=full))

    def on_demo_started(self) -> None:
        self._job.announce(tr("Making the demo library…"))

    def on_stage(self, event: StageStarted) -> None:
        if event.stage is not Stage.SCAN:
            self._services.library.copies.refresh()

    def on_copies(self, number: int) -> None:
        """Say that files were found that are copies."""
        self._messages.tell(
            trn(
                "{number} file is a copy of a track that is in the library already.",
                "{number} files are copies of tracks that are in the library already.",
                number,
            ),
            trn("It is not listed a second time.", "They are not listed a second time.", number),
            tr("Show copies"),
            self._actions.copies.trigger,
        )

    def on_started(self) -> None:
        self._found = 0
        self.on_paused(paused=False)
        for action in (self._actions.pause_indexing, self._actions.cancel_indexing):
            action.setEnabled(True)

    def on_idle(self) -> None:
        for action in (self._actions.pause_indexing, self._actions.cancel_indexing):
            action.setEnabled(False)

    def on_paused(self, paused: bool) -> None:
        self._actions.pause_indexing.setText(tr("Resume indexing") if paused else tr("Pause indexing"))
        self._actions.pause_indexing.setIcon(self._services.look.icons.icon("play" if paused else "pause"))

    def on_problem(self) -> None:
        self._found += 1

    def on_finished(self, event: Finished) -> None:
        if event.cancelled:
            self._messages.tell(
                tr("Indexing was cancelled."), tr("What was done is kept; Library › Rescan goes on from there.")
            )
        elif self._found:
            self._messages.tell(
                trn(
                    "{number} file could not be taken in or analysed.",
                    "{number} files could not be taken in or analysed.",
                    self._found,
                ),
                tr("All others are there."),
                tr("Show problems"),
                self._actions.problems.trigger,
            )

    def on_failed(self, event: Failed) -> None:
        self._messages.warn(event.message, event.advice)

    def on_model(self, event: ModelSwapped) -> None:
        self._services.similar.reload()
        self._messages.tell(
            trn("The index of {number} track is ready.", "The index of {number} tracks is ready.", event.tracks)
        )

    def _connect_actions(self) -> None:
        actions, jobs = self._actions, self._services.jobs
        actions.add_folder.triggered.connect(self.choose_folder)
        actions.open_demo.triggered.connect(self.open_demo)
        actions.rescan.triggered.connect(jobs.scan)
        actions.rebuild.triggered.connect(self.ask_rebuild)
        actions.pause_indexing.triggered.connect(self._job.toggle_pause)
        actions.cancel_indexing.triggered.connect(jobs.cancel)
