"""File › Back up and Restore, the weekly copy, the move to another database: asks, has it done, tells the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from indexer.core.errors import SegueError
from indexer.core.events import Progress, Stage
from indexer.core.language import mark, number, tr, trn
from indexer.core.phrases import size
from musicplayer.jobs.backups import BACKUP, MOVE, RESTORE, WEEKLY
from musicplayer.threads import Tasks
from musicplayer.ui.frame.idle import IdleWatch
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.settings.backups import ask_backup, ask_restore, date_and_time

if TYPE_CHECKING:
    from indexer.core.backup import BackupManifest

_ENDING = "zip"
_FIRST_LOOK_MS = 2 * 60_000
_LOOK_MS = 30 * 60_000
"""Whether a weekly copy is due; a due one waits for a quiet moment for as long, then is made in any case."""
_WORDS = {
    BACKUP: mark("Backing up the library…"),
    WEEKLY: mark("Making the weekly copy of the library…"),
    RESTORE: mark("Restoring the backup…"),
    MOVE: mark("Moving the library…"),
}
_STAGES = {
    Stage.BACKUP: mark("Backing up the library · {share} %"),
    Stage.VERIFY: mark("Verifying · {share} %"),
    Stage.RESTORE: mark("Restoring · {share} %"),
    Stage.MOVE: mark("Moving the library · {share} %"),
}


class BackupControl(QObject):
    """Joins the backups with the window.

    Signals:
        kept: a backup or copy was made.
        moved: the address that the library was moved to, empty for the managed database.
        move_failed: message and advice.
    """

    kept = Signal()
    moved = Signal(str)
    move_failed = Signal(str, str)

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._backups = services.backups
        self._tasks = Tasks(workers=1, parent=self)
        self._target: str | None = None
        self._file = ""
        self.idle = IdleWatch(services.player, self)
        self._look = QTimer(self, interval=_FIRST_LOOK_MS)
        self._connect()
        shell.closing.then(self.shutdown)

    def choose_backup(self) -> None:
        """Ask what goes into a backup and where to, and have it written."""
        ask_backup(self._shell.window, self._choose_file)

    def choose_restore(self) -> None:
        """Let a backup be chosen, and ask what becomes of the library."""
        dialog = QFileDialog(self._shell.window, tr("Restore from a backup"), self._services.preferences.folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(tr("Backups ({endings})", endings=f"*.{_ENDING}"))
        dialog.fileSelected.connect(self.examine)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def examine(self, file: str) -> None:
        """Look into a backup, and ask whether to restore it."""
        self._services.preferences.remember_folder(file)
        self._tasks.run(lambda: _look_into(file), lambda manifest: self._ask(file, manifest), self._on_unreadable)

    def back_up(self, file: str, *, features: bool) -> None:
        self._services.preferences.remember_folder(file)
        self._file = file
        self._backups.back_up(file, features=features)

    def move(self, uri: str) -> None:
        """Move the library to an address, or to the managed database where it is empty."""
        self._target = uri or None
        self._services.library.hold()
        self._backups.move(self._target)

    def look_for_weekly_copy(self) -> None:
        """Make the copy if one is due: in a quiet moment, or, if none came since the last look, now."""
        self._look.setInterval(_LOOK_MS)
        if not self._is_free() or not self._backups.is_weekly_due:
            self.idle.watch(on=False)
        elif self.idle.is_watching:
            self._make_weekly_copy()
        else:
            self.idle.watch(on=True)

    def shutdown(self) -> None:
        self._look.stop()
        self._tasks.shutdown()

    def _connect(self) -> None:
        actions, backups = self._shell.actions, self._backups
        actions.back_up.triggered.connect(self.choose_backup)
        actions.restore.triggered.connect(self.choose_restore)
        backups.started.connect(self._on_started)
        backups.progress.connect(self._on_progress)
        backups.done.connect(self._on_done)
        backups.failed.connect(self._on_failed)
        self._look.timeout.connect(self.look_for_weekly_copy)
        if self._services.shared is None:
            self._look.start()
        self.idle.changed.connect(lambda idle: self._make_weekly_copy() if idle else None)

    def _is_free(self) -> bool:
        return not (self._backups.is_running or self._services.jobs.is_running)

    def _make_weekly_copy(self) -> None:
        self.idle.watch(on=False)
        if self._is_free():
            self._backups.make_weekly_copy()

    def _choose_file(self, features: bool) -> None:
        dialog = QFileDialog(self._shell.window, tr("Back up library"), self._services.preferences.folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Backups ({endings})", endings=f"*.{_ENDING}"))
        dialog.setDefaultSuffix(_ENDING)
        dialog.selectFile(f"Segue {QDateTime.currentDateTime().toString('yyyy-MM-dd')}")
        dialog.fileSelected.connect(lambda file: self.back_up(file, features=features))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask(self, file: str, manifest: BackupManifest) -> None:
        services = self._services
        ask_restore(
            self._shell.window,
            manifest,
            tracks=services.library.catalogue.row_count,
            playlists=len(services.playlists.all()),
            then=lambda replace: self._backups.restore(file, replace=replace),
        )

    def _on_unreadable(self, error: Exception) -> None:
        if isinstance(error, SegueError):
            self._shell.messages.warn(error.message, error.advice)
        elif isinstance(error, OSError):
            self._shell.messages.warn(tr("The backup cannot be read: {error}.", error=error.strerror or error))
        else:
            raise error

    def _on_started(self, kind: str) -> None:
        self._announce(tr(_WORDS[kind]))

    def _on_progress(self, event: Progress) -> None:
        if event.total and event.stage in _STAGES:
            self._announce(tr(_STAGES[event.stage], share=number(100 * event.done // event.total)))

    def _announce(self, words: str) -> None:
        """In the foot of the side bar, unless it tells of the indexer's own work."""
        if not self._services.jobs.is_running:
            self._shell.foot.job.announce(words)

    def _on_done(self, kind: str, summary: Mapping[str, float]) -> None:
        self._shell.foot.job.settle()
        if kind == BACKUP:
            self._tell_backed_up(summary)
        elif kind == RESTORE:
            self._tell_restored(summary)
        elif kind == MOVE:
            self._on_moved()
        if kind in {BACKUP, WEEKLY}:
            self.kept.emit()

    def _on_failed(self, kind: str, message: str, advice: str) -> None:
        self._shell.foot.job.settle()
        if kind == MOVE:
            self._services.library.move_to(self._services.preferences.settings.database_uri)
            self.move_failed.emit(message, advice)
        if message:
            self._shell.messages.warn(message, advice)

    def _on_moved(self) -> None:
        self._services.preferences.set("database_uri", self._target)
        self._services.library.move_to(self._target)
        self.moved.emit(self._target or "")
        self._shell.messages.tell(
            tr("The library was moved, and the copy compared with what it is a copy of."),
            tr("The old database keeps it, until you run: indexer database move --forget-old"),
        )

    def _tell_backed_up(self, summary: Mapping[str, float]) -> None:
        tracks = int(summary.get("tracks", 0))
        self._shell.messages.tell(
            trn("{number} track is in the backup.", "{number} tracks are in the backup.", tracks),
            tr("{file}, {size}, was read back and is whole.", file=self._file, size=size(summary.get("bytes", 0))),
        )

    def _tell_restored(self, summary: Mapping[str, float]) -> None:
        at = date_and_time(summary.get("created", 0))
        changed = (number(summary.get(name, 0)) for name in ("added", "changed", "removed"))
        added, other, removed = changed
        self._shell.messages.tell(
            tr("The backup of {date} was restored.", date=at),
            tr(
                "{added} entries were added, {changed} changed, {removed} taken away. Files that were not analysed "
                "are analysed with Library › Rescan.",
                added=added,
                changed=other,
                removed=removed,
            ),
        )


def _look_into(file: str) -> BackupManifest:
    """Run in a worker thread: what a backup says of itself."""
    from indexer.core.backup import read_manifest  # noqa: PLC0415 - of no use to the start

    return read_manifest(Path(file))
