"""Notices that files came, went or changed in the folders of the library, and says so once things are quiet again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.file_kinds import AUDIO_SUFFIXES
from musicplayer.language import tr
from musicplayer.tasks import Tasks

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

QUIET_MS = 3_000
"""An album that is being copied changes something all the time; a scan before it is there would be done twice."""

LONGEST_MS = 60_000
"""So long at most, for folders that are never quiet."""

POLL_SECONDS = 300
"""How often a folder is listed where the system cannot watch it; 106,574 files take some seconds each time."""

_SUFFIXES = AUDIO_SUFFIXES | {".csv"}
"""Endings of what a scan would look at; `.csv` for the tables of an FMA data set."""


class FolderWatch(QObject):
    """Watches folders with all below them, through the system where it can, else by listing them now and then.

    Signals:
        changed: files changed; sent once for a burst.
        polling: a sentence, when the system cannot watch so many folders and listing takes its place.
    """

    changed = Signal()
    polling = Signal(str)

    _stirred = Signal()

    def __init__(
        self, parent: QObject | None = None, *, quiet_ms: int = QUIET_MS, poll_seconds: float = POLL_SECONDS
    ) -> None:
        super().__init__(parent)
        self._poll_seconds = poll_seconds
        self._folders: tuple[str, ...] = ()
        self._observer: BaseObserver | None = None
        self._tasks = Tasks(workers=1, parent=self)
        self._quiet = QTimer(self, singleShot=True, interval=quiet_ms)
        self._quiet.timeout.connect(self._tell)
        self._longest = QTimer(self, singleShot=True, interval=max(LONGEST_MS, quiet_ms))
        self._longest.timeout.connect(self._tell)
        self._stirred.connect(self._on_stirred, Qt.ConnectionType.QueuedConnection)

    @property
    def folders(self) -> tuple[str, ...]:
        """What is watched."""
        return self._folders

    def watch(self, folders: Sequence[str]) -> None:
        """Watch exactly these folders from a moment on; none of them ends it. Returns at once."""
        wanted = tuple(sorted(folders))
        if wanted == self._folders:
            return
        self._folders = wanted
        self._tasks.run(lambda: self._set_up(wanted), self._on_set_up, self._on_failed)

    def shutdown(self) -> None:
        self._quiet.stop()
        self._longest.stop()
        self._tasks.shutdown()
        _end(self._observer)
        self._observer = None

    def _set_up(self, folders: tuple[str, ...]) -> tuple[BaseObserver | None, bool]:
        """Run in a worker thread: setting up walks every folder. Returns the observer, and whether it polls."""
        # Imported here: not before the first paint.
        from watchdog.observers import Observer  # noqa: PLC0415
        from watchdog.observers.polling import PollingObserver  # noqa: PLC0415

        _end(self._observer)
        self._observer = None
        there = [folder for folder in folders if Path(folder).is_dir()]
        if not there:
            return None, False
        try:
            return _started(Observer(), there, self._stirred.emit), False
        except OSError:  # the limit of watches or of open files, or a file system that has none
            return _started(PollingObserver(timeout=self._poll_seconds), there, self._stirred.emit), True

    def _on_set_up(self, result: tuple[BaseObserver | None, bool]) -> None:
        self._observer, polls = result
        if polls:
            self.polling.emit(
                tr(
                    "The system cannot watch so many folders, so they are listed every {minutes} minutes. "
                    "Raising the limit of watches (on Linux fs.inotify.max_user_watches) makes it immediate.",
                    minutes=round(self._poll_seconds / 60),
                )
            )

    def _on_failed(self, error: Exception) -> None:
        self.polling.emit(tr("The folders cannot be watched ({error}); choose Library › Rescan instead.", error=error))

    def _on_stirred(self) -> None:
        self._quiet.start()
        if not self._longest.isActive():
            self._longest.start()

    def _tell(self) -> None:
        self._quiet.stop()
        self._longest.stop()
        self.changed.emit()


def matters(path: str, *, is_folder: bool) -> bool:
    """Whether a scan would look at what changed: a folder, or a file that may be music, and nothing hidden."""
    name = Path(path).name
    return not name.startswith(".") and (is_folder or Path(name).suffix.lower() in _SUFFIXES)


def _started(observer: BaseObserver, folders: Sequence[str], stirred: Callable[[], None]) -> BaseObserver:
    """Start an observer on folders; it is ended again where it cannot take them all."""
    from watchdog import events  # noqa: PLC0415 - as above

    class Handler(events.FileSystemEventHandler):
        """Run in the observer's thread."""

        def on_any_event(self, event: events.FileSystemEvent) -> None:
            paths = (event.src_path, event.dest_path)
            if any(path and matters(_text(path), is_folder=event.is_directory) for path in paths):
                stirred()

    changes: list[type[events.FileSystemEvent]] = [  # reading a file, as playing does, is none
        *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent, events.FileDeletedEvent),
        *(events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent),
    ]
    try:
        observer.start()
        for folder in folders:
            observer.schedule(Handler(), folder, recursive=True, event_filter=changes)
    except BaseException:
        _end(observer)
        raise
    return observer


def _end(observer: BaseObserver | None) -> None:
    if observer is not None and observer.is_alive():
        observer.stop()
        observer.join(timeout=5)


def _text(path: bytes | str) -> str:
    return path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path
