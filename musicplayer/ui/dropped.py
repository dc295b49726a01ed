"""Files and folders that come from outside: dropped on the window or named on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from indexer import disk
from indexer.library import TrackId
from musicplayer.language import tr
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.playlist_files import is_playlist_file
from musicplayer.tasks import Tasks

GIVE_UP_MS = 60_000


@dataclass(frozen=True)
class Sorted:
    """What the given paths are."""

    folders: tuple[str, ...]
    files: tuple[str, ...]
    missing: tuple[str, ...]


class Visitors(QObject):
    """Adds folders to the library, and plays files: at once where they are known, else once they are taken in.

    Signals:
        folder_given: a folder to add.
        play_requested: list of TrackId.
        playlists_given: list of paths of playlist files to import.
        failed: message and advice.
    """

    playlists_given = Signal(object)
    folder_given = Signal(object)  # a str, which as such would lose what is not UTF-8
    play_requested = Signal(object)
    failed = Signal(str, str)

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._tasks = Tasks(workers=1, parent=self)
        self._awaited: tuple[str, ...] = ()
        self._give_up = QTimer(self, singleShot=True, interval=GIVE_UP_MS)
        self._give_up.timeout.connect(self._forget)

    def take(self, paths: Sequence[str]) -> None:
        """Look at the paths, off the UI thread, and do what each asks for."""
        given = tuple(paths)
        self._tasks.run(lambda: sort_paths(given), self._on_sorted, self._raise)

    def on_catalogue_changed(self) -> None:
        """Tracks came in; play those that were waited for."""
        if self._awaited:
            self._play(self._awaited)

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _on_sorted(self, found: Sorted) -> None:
        for path in found.missing:
            self.failed.emit(
                tr("There is no file or folder {path}.", path=path), tr("Check the name; nothing else is affected.")
            )
        for folder in found.folders:
            self.folder_given.emit(folder)
        lists = [path for path in found.files if is_playlist_file(path)]
        if lists:
            self.playlists_given.emit(lists)
        files = tuple(path for path in found.files if path not in lists)
        if files:
            self._play(files)

    def _play(self, files: tuple[str, ...]) -> None:
        known = tracks_of_paths(self._catalogue, files)
        if known:
            self._forget()
            self.play_requested.emit(known)
        elif not self._awaited:
            self._awaited = files
            self._give_up.start()
            for folder in dict.fromkeys(str(Path(file).parent) for file in files):
                self.folder_given.emit(folder)

    def _forget(self) -> None:
        self._awaited = ()
        self._give_up.stop()

    @staticmethod
    def _raise(error: Exception) -> None:
        raise error


def sort_paths(paths: Sequence[str]) -> Sorted:
    """Tell folders, files and what is not there apart; paths come back absolute."""
    absolute = [str(Path(path).expanduser().absolute()) for path in paths]
    folders = tuple(path for path in absolute if disk.is_folder(path))
    files = tuple(path for path in absolute if disk.is_file(path))
    return Sorted(folders, files, missing=tuple(path for path in absolute if path not in {*folders, *files}))


def tracks_of_paths(catalogue: Catalogue, paths: Sequence[str]) -> list[TrackId]:
    """The tracks that lie at these paths, in this order; all of a file that a cue sheet divides."""
    found: dict[str, list[int]] = {path: [] for path in paths}
    for row in catalogue.rows().tolist():
        if (path := catalogue.path(row)) in found:
            found[path].append(row)
    starts = catalogue.numbers("start")
    return [catalogue.id_at(row) for path in paths for row in sorted(found[path], key=starts.__getitem__)]
