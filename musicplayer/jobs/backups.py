"""Has backups made and restored, and the library moved, by the indexer; beside the jobs that index."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from indexer.core.events import Failed, Finished, Progress
from indexer.core.home import Home
from indexer.core.settings import Settings
from musicplayer.jobs.jobs import Jobs

BACKUP, WEEKLY, RESTORE, MOVE = "backup", "weekly", "restore", "move"
TARGET_VARIABLE = "SEGUE_MONGODB_NEW_URI"


class Backups(QObject):
    """One of them at a time.

    Signals:
        started: which it is: "backup", "weekly", "restore" or "move".
        progress: a Progress.
        done: which it was, and what came of it, numbers by name.
        failed: which it was, message and advice.
    """

    started = Signal(str)
    progress = Signal(object)
    done = Signal(str, object)
    failed = Signal(str, str, str)

    def __init__(
        self, home: Home, settings: Settings, parent: QObject | None = None, *, jobs: Jobs | None = None
    ) -> None:
        """`jobs` stands in for the real ones in tests."""
        super().__init__(parent)
        self._home = home
        self._jobs = jobs or Jobs(home, settings, self)
        self._jobs.started.connect(self.started)
        self._jobs.progress.connect(self._on_progress)
        self._jobs.finished.connect(self._on_finished)
        self._jobs.failed.connect(self._on_failed)

    @property
    def is_running(self) -> bool:
        return self._jobs.is_running

    @property
    def is_weekly_due(self) -> bool:
        from indexer.core.backup import is_due  # noqa: PLC0415 - of no use to the start

        return is_due(self._home)

    def back_up(self, file: str | Path, *, features: bool = False) -> None:
        """Write a backup, with what was heard if `features`."""
        self._jobs.run(BACKUP, "backup", *(("--features",) if features else ()), _named(file))

    def make_weekly_copy(self) -> None:
        """Make the copy of this week if it is due."""
        self._jobs.run(WEEKLY, "backup", "--automatic")

    def restore(self, file: str | Path, *, replace: bool) -> None:
        """Bring a backup back: in place of the library, or to what it lacks."""
        self._jobs.run(RESTORE, "restore", _named(file), "--replace" if replace else "--merge")

    def move(self, uri: str | None) -> None:
        """Move the library to the database at an address, or to the managed one."""
        if uri is None:
            self._jobs.run(MOVE, "database", "move", "--managed")
        else:
            self._jobs.run(MOVE, "database", "move", secrets={TARGET_VARIABLE: uri})

    def shutdown(self) -> None:
        """End what runs; a half-written backup leaves nothing, a half-done restore can be repeated."""
        self._jobs.shutdown()

    def _on_progress(self, event: Progress) -> None:
        self.progress.emit(event)

    def _on_finished(self, event: Finished) -> None:
        if event.cancelled:
            self.failed.emit(self._jobs.kind, "", "")
        else:
            self.done.emit(self._jobs.kind, event.summary)

    def _on_failed(self, event: Failed) -> None:
        self.failed.emit(self._jobs.kind, event.message, event.advice)


def _named(file: str | Path) -> str:
    """A path that no command line takes for an option."""
    return str(Path(file).absolute())
