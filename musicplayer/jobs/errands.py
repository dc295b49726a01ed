"""Has the indexer do other things than to index, beside the jobs that do: one errand of a kind at a time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from indexer.core.events import Failed, Finished
from indexer.core.home import Home
from indexer.core.settings import Settings
from musicplayer.jobs.jobs import Jobs

IMPORT, TASTE = "import", "taste"


class Errands(QObject):
    """What such errands tell.

    Signals:
        started: which it is.
        progress: a Progress.
        noticed: a Notice.
        done: which it was, and what came of it, numbers by name.
        failed: which it was, message and advice; both empty where it was cancelled.
    """

    started = Signal(str)
    progress = Signal(object)
    noticed = Signal(object)
    done = Signal(str, object)
    failed = Signal(str, str, str)

    def __init__(
        self, home: Home, settings: Settings, parent: QObject | None = None, *, jobs: Jobs | None = None
    ) -> None:
        """`jobs` stands in for the real ones in tests."""
        super().__init__(parent)
        self._home = home
        self._settings = settings
        self._jobs = jobs or Jobs(home, settings, self)
        self._jobs.started.connect(self.started)
        self._jobs.progress.connect(self.progress)
        self._jobs.notice.connect(self.noticed)
        self._jobs.finished.connect(self._on_finished)
        self._jobs.failed.connect(self._on_failed)

    @property
    def is_running(self) -> bool:
        return self._jobs.is_running

    @property
    def kind(self) -> str:
        """What runs now, empty when nothing does."""
        return self._jobs.kind

    def cancel(self) -> None:
        """End what runs; what it did until then stays."""
        self._jobs.cancel()

    def shutdown(self) -> None:
        """End what runs; all of it can be done again."""
        self._jobs.shutdown()

    def _on_finished(self, event: Finished) -> None:
        if event.cancelled:
            self.failed.emit(self._jobs.kind, "", "")
        else:
            self.done.emit(self._jobs.kind, event.summary)

    def _on_failed(self, event: Failed) -> None:
        self.failed.emit(self._jobs.kind, event.message, event.advice)


class Learning(Errands):
    """Brings listening histories, and has taste learnt from what was listened to."""

    def import_history(self, path: str | Path) -> None:
        """Import an export of another player or service."""
        self._jobs.run(IMPORT, "history", "import", named(path))

    def build_taste(self) -> None:
        """Learn the listener's taste anew."""
        self._jobs.run(TASTE, "taste", "build", "--profile", self._settings.profile)


def named(file: str | Path) -> str:
    """A path that no command line takes for an option."""
    return str(Path(file).absolute())
