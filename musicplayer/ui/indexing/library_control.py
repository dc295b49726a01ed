"""Connects the actions of the File and Library menus with the indexer, and tells how its work went."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from indexer.core.events import Failed, Finished, ModelSwapped
from indexer.core.language import tr, trn
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.look.dialogs import ask_rebuild


class LibraryControl(QObject):
    """Adds folders, rescans, rebuilds, pauses and cancels.

    Signals:
        problems_requested: a person wants to see what could not be taken in.
    """

    problems_requested = Signal()

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._services = services
        self._actions = shell.actions
        self._messages = shell.messages
        self._status = shell.status
        self._window = shell.window
        self._found = 0
        self._connect_actions()
        self._connect_jobs()
        self._connect_demo()
        self._on_idle()

    def choose_folder(self) -> None:
        """Let a folder be chosen and add it."""
        settings = self._services.preferences.settings
        start = settings.last_folder or str(Path.home())
        dialog = QFileDialog(self._window, tr("Add a folder of music"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.add_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_folder(self, folder: str) -> None:
        """Take a folder into the library."""
        self._services.preferences.settings.last_folder = str(Path(folder).parent)
        self._services.preferences.save_soon()
        self._services.jobs.add_folder(folder)

    def add_folders(self, folders: Sequence[str]) -> None:
        for folder in folders:
            self.add_folder(folder)

    def open_demo(self) -> None:
        """Make the demo library, if there is none yet, and add it."""
        self._services.demo.make()

    def ask_rebuild(self) -> None:
        ask_rebuild(self._window, lambda full: self._services.jobs.rebuild(full=full))

    def _connect_actions(self) -> None:
        actions, jobs = self._actions, self._services.jobs
        actions.add_folder.triggered.connect(self.choose_folder)
        actions.open_demo.triggered.connect(self.open_demo)
        actions.rescan.triggered.connect(jobs.scan)
        actions.rebuild.triggered.connect(self.ask_rebuild)
        actions.pause_indexing.triggered.connect(self._status.job.toggle_pause)
        actions.cancel_indexing.triggered.connect(jobs.cancel)

    def _connect_jobs(self) -> None:
        jobs = self._services.jobs
        jobs.started.connect(self._on_started)
        jobs.paused.connect(self._on_paused)
        jobs.problem.connect(self._on_problem)
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.idle.connect(self._on_idle)
        jobs.model_swapped.connect(self._on_model)

    def _connect_demo(self) -> None:
        demo, job = self._services.demo, self._status.job
        demo.started.connect(lambda: job.announce(tr("Making the demo library…")))
        demo.made.connect(lambda _: job.settle())
        demo.made.connect(self._services.jobs.add_folder)
        demo.failed.connect(lambda *_: job.settle())
        demo.failed.connect(self._messages.warn)

    def _on_started(self) -> None:
        self._found = 0
        self._on_paused(paused=False)
        for action in (self._actions.pause_indexing, self._actions.cancel_indexing):
            action.setEnabled(True)

    def _on_idle(self) -> None:
        for action in (self._actions.pause_indexing, self._actions.cancel_indexing):
            action.setEnabled(False)

    def _on_paused(self, paused: bool) -> None:
        self._actions.pause_indexing.setText(tr("Resume indexing") if paused else tr("Pause indexing"))
        self._actions.pause_indexing.setIcon(self._services.icons.icon("play" if paused else "pause"))

    def _on_problem(self) -> None:
        self._found += 1

    def _on_finished(self, event: Finished) -> None:
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
                self.problems_requested.emit,
            )

    def _on_failed(self, event: Failed) -> None:
        self._messages.warn(event.message, event.advice)

    def _on_model(self, event: ModelSwapped) -> None:
        self._services.similar.reload()
        self._messages.tell(
            trn("The index of {number} track is ready.", "The index of {number} tracks is ready.", event.tracks)
        )
