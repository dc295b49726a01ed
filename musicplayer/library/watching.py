"""Notices that files came, went or changed in the folders of the library, and says so once things are quiet again."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.core.files.kinds import is_audio_name, is_sheet_name
from indexer.core.language import tr

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

QUIET_MS = 3_000
"""An album that is being copied changes something all the time; a scan before it is there would be done twice."""

LONGEST_MS = 60_000
"""So long at most, for folders that are never quiet."""

POLL_SECONDS = 300
"""How often a folder is listed where the system cannot watch it; 106,574 files take some seconds each time."""

LOOK_SECONDS = 5
"""How often it is looked whether a folder left or came back, as with its drive: no watch tells that or outlives it."""

_NO_WATCHES = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
"""Errors that say that the system has no watches left, or none for this kind of drive."""

_END_SECONDS = 5.0

_FMA_TABLE = ".csv"
"""The ending of the tables of an FMA data set, which a scan reads, too."""


class FolderWatch(QObject):
    """Watches folders with all below them, through the system where it can, else by listing them now and then.

    A folder that leaves, and one that comes back, are changes.

    Each is set up in a thread of its own, for one whose drive does not answer holds its thread for ever.

    Signals:
        changed: files changed; sent once for a burst.
        polling: a sentence, when the system cannot watch so many folders and listing takes its place.
    """

    changed = Signal()
    polling = Signal(str)

    _stirred = Signal()
    _polls = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        quiet_ms: int = QUIET_MS,
        poll_seconds: float = POLL_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        super().__init__(parent)
        self._poll_seconds = poll_seconds
        self._told_polling = False
        self._observers = _Observers()
        self._quiet = QTimer(self, singleShot=True, interval=quiet_ms)
        self._quiet.timeout.connect(self._tell)
        self._longest = QTimer(self, singleShot=True, interval=max(LONGEST_MS, quiet_ms))
        self._longest.timeout.connect(self._tell)
        self._again = QTimer(self, interval=round(1_000 * poll_seconds))
        self._again.timeout.connect(lambda: self._look(again=True))
        self._looking = QTimer(self, interval=round(1_000 * look_seconds))
        self._looking.timeout.connect(self._look)
        self._stirred.connect(self._on_stirred, Qt.ConnectionType.QueuedConnection)
        self._polls.connect(self._on_polls, Qt.ConnectionType.QueuedConnection)

    @property
    def folders(self) -> tuple[str, ...]:
        """What is to be watched."""
        return self._observers.wanted

    @property
    def watched(self) -> tuple[str, ...]:
        """What is watched by now; a folder that is away follows when it is back."""
        return self._observers.watched

    def watch(self, folders: Sequence[str], away: Collection[str] = ()) -> None:
        """Watch exactly these folders from a moment on; none of them ends it. Returns at once.

        Args:
            folders: those that are there, and those that may come.
            away: which of them are thought not to be there: that such a one is, is a change.
        """
        if self._observers.want(folders, away):
            self._look()
        for timer in (self._again, self._looking):
            if folders:
                timer.start()
            else:
                timer.stop()

    def shutdown(self) -> None:
        self._quiet.stop()
        self._longest.stop()
        self._again.stop()
        self._looking.stop()
        self._observers.close()

    def _look(self, *, again: bool = False) -> None:
        """Look where each folder is; `again`: try also those that could not be watched."""
        for folder in self._observers.begin():
            threading.Thread(target=self._look_at, args=(folder, again), name="segue-watch", daemon=True).start()

    def _look_at(self, folder: str, again: bool) -> None:
        """Run in a thread of its own: setting up walks the folder."""
        observer, news = None, News.NONE
        try:
            place = _place(folder)
            news = self._observers.note(folder, place)
            if place is not None and (news is not News.NONE or again) and not self._observers.has(folder):
                observer = self._observer(folder)
        finally:
            self._observers.keep(folder, observer)
        if news is News.MOVED:
            self._stir()

    def _observer(self, folder: str) -> BaseObserver | None:
        """One that watches a folder, None where nothing can now; run in a thread as above."""
        # Imported here: not before the first paint.
        from watchdog.observers import Observer  # noqa: PLC0415
        from watchdog.observers.polling import PollingObserver  # noqa: PLC0415

        try:
            return _started(Observer(), folder, self._stir)
        except OSError as error:
            if error.errno not in _NO_WATCHES:
                return None
        with suppress(OSError):
            observer = _started(PollingObserver(timeout=self._poll_seconds), folder, self._stir)
            self._observers.if_open(self._polls.emit)
            return observer
        return None

    def _stir(self) -> None:
        """Run in an observer's thread."""
        self._observers.if_open(self._stirred.emit)

    def _on_polls(self) -> None:
        if self._told_polling:
            return
        self._told_polling = True
        self.polling.emit(
            tr(
                "The system cannot watch so many folders, so they are listed every {minutes} minutes. "
                "Raising the limit of watches (on Linux fs.inotify.max_user_watches) makes it immediate.",
                minutes=round(self._poll_seconds / 60),
            )
        )

    def _on_stirred(self) -> None:
        self._quiet.start()
        if not self._longest.isActive():
            self._longest.start()

    def _tell(self) -> None:
        self._quiet.stop()
        self._longest.stop()
        self.changed.emit()


Place = tuple[int, int]
"""Device and number of a folder: another one where a drive was taken out and put in again."""


class News(Enum):
    """What a look at a folder told."""

    NONE = auto()
    FIRST = auto()
    MOVED = auto()


class _Observers:
    """The one owner of all observers: each ends when its folder is not wanted any more, or when all end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: tuple[str, ...] = ()
        self._observers: dict[str, BaseObserver] = {}
        self._places: dict[str, Place | None] = {}
        self._under_way: set[str] = set()
        self._is_open = True

    @property
    def wanted(self) -> tuple[str, ...]:
        return self._wanted

    @property
    def watched(self) -> tuple[str, ...]:
        return tuple(sorted(self._observers))

    def want(self, folders: Sequence[str], away: Collection[str]) -> bool:
        """End what is not among `folders`; whether these are others than before."""
        wanted = tuple(sorted(set(folders)))
        with self._lock:
            if wanted == self._wanted:
                return False
            before, self._wanted = self._places, wanted
            self._places = {folder: before.get(folder) for folder in wanted if folder in before or folder in away}
            left = [self._observers.pop(folder) for folder in list(self._observers) if folder not in wanted]
        _end(left)
        return True

    def begin(self) -> list[str]:
        """The folders that are not being looked at, which they are from now on until `keep`."""
        with self._lock:
            free = [folder for folder in self._wanted if folder not in self._under_way]
            self._under_way.update(free)
            return free

    def has(self, folder: str) -> bool:
        with self._lock:
            return folder in self._observers

    def note(self, folder: str, place: Place | None) -> News:
        """Know where a folder is, None where it is away, and end what watched it elsewhere."""
        with self._lock:
            if folder not in self._wanted:
                return News.NONE
            is_first, before = folder not in self._places, self._places.get(folder)
            self._places[folder] = place
            if before == place and not is_first:
                return News.NONE
            left = [self._observers.pop(folder)] if folder in self._observers else []
        _end(left)
        return News.FIRST if is_first else News.MOVED

    def keep(self, folder: str, observer: BaseObserver | None) -> None:
        """Take what setting a folder up has given; nothing where it cannot be watched now."""
        with self._lock:
            self._under_way.discard(folder)
            if observer is None:
                return
            if self._is_open and folder in self._wanted:
                self._observers[folder] = observer
                return
        _end([observer])

    def if_open(self, call: Callable[[], None]) -> None:
        """Make a call unless all has ended: who would be told may be gone then."""
        with self._lock:
            if self._is_open:
                call()

    def close(self) -> None:
        with self._lock:
            self._is_open, self._wanted = False, ()
            observers, self._observers = list(self._observers.values()), {}
        _end(observers)


def _place(folder: str) -> Place | None:
    try:
        status = Path(folder).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def matters(path: str, *, is_folder: bool) -> bool:
    """Whether a scan would look at what changed: a folder, or a file that may be music, and nothing hidden."""
    name = Path(path).name
    is_read = is_audio_name(name) or is_sheet_name(name) or name.lower().endswith(_FMA_TABLE)
    return not name.startswith(".") and (is_folder or is_read)


def _started(observer: BaseObserver, folder: str, stirred: Callable[[], None]) -> BaseObserver:
    """Start an observer on a folder; it is ended again where it cannot take it."""
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
        observer.schedule(Handler(), folder, recursive=True, event_filter=changes)
    except BaseException:
        _end([observer])
        raise
    return observer


def _end(observers: Sequence[BaseObserver]) -> None:
    """End observers; those that are stuck in a drive that does not answer are not waited for long."""
    for observer in observers:
        observer.stop()
    until = time.monotonic() + _END_SECONDS
    for observer in observers:
        if observer.is_alive():
            observer.join(timeout=max(0.0, until - time.monotonic()))


def _text(path: bytes | str) -> str:
    return path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path
