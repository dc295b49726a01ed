"""Files and folders that come from outside: dropped on the window or its queue, or named on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from indexer.core.catalogue.covers import PICTURES
from indexer.core.language import tr, trn
from indexer.core.playlists.files import is_playlist_file
from indexer.core.playlists.shelf import Shelf
from indexer.core.text import shown_name, shown_text
from indexer.core.tracks import Track, TrackId
from musicplayer.library.library import Library
from musicplayer.library.loose import Gathered, gather
from musicplayer.threads import Tasks


@dataclass(frozen=True)
class Sorted:
    """What the given paths are."""

    folders: tuple[str, ...]
    files: tuple[str, ...]
    missing: tuple[str, ...]


class Visitors(QObject):
    """Adds folders to the library, and gives files as tracks; those that it does not know stay outside of it.

    Signals:
        folder_given: a folder to add.
        play_requested: list of TrackId.
        playlists_given: list of paths of playlist files to import.
        loose_given: list of Track that are not in the library, after they were queued.
        failed: message and advice.
    """

    playlists_given = Signal(object)
    folder_given = Signal(object)  # a str, which as such would lose what is not UTF-8
    play_requested = Signal(object)
    loose_given = Signal(object)
    failed = Signal(str, str)

    def __init__(self, library: Library, parent: QObject | None = None, *, shared: bool = False) -> None:
        """`shared` says that the library is on another machine, where alone folders are added."""
        super().__init__(parent)
        self._shared = shared
        self._library = library
        self._tasks = Tasks(workers=1, parent=self)

    def take(self, paths: Sequence[str]) -> None:
        """Look at the paths, off the UI thread, and do what each asks for: folders are added, files are played."""
        given = tuple(paths)
        self._tasks.run(lambda: sort_paths(given), self._on_sorted, self._raise)

    def tracks_of(self, paths: Sequence[str], then: Callable[[list[TrackId]], object]) -> None:
        """Give `then` the tracks of files, folders and playlist files, in their order, read off the UI thread."""
        given, shelf = tuple(paths), Shelf.of(self._library.catalogue)
        self._tasks.run(lambda: gather(given, shelf), lambda found: self._on_gathered(found, then), self._raise)

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
        pictures = [path for path in found.files if Path(path).suffix.lower() in PICTURES]
        if pictures:
            self.failed.emit(
                tr("{name} is a picture, and no music.", name=shown_name(pictures[0])),
                ""
                if self._shared
                else tr("Drop it on the cover of what plays, or on that of an album, to show it there."),
            )
        files = [path for path in found.files if path not in lists and path not in pictures]
        if files:
            self.tracks_of(files, self.play_requested.emit)

    def _on_gathered(self, found: Gathered, then: Callable[[list[TrackId]], object]) -> None:
        self._library.loose.add(found.loose)
        if found.tracks:
            then(list(found.tracks))
        self._tell_problems(found)
        outside: list[Track] = [track for track in found.loose if self._library.loose_track(track.id) is not None]
        if outside:
            self.loose_given.emit(outside)

    def _tell_problems(self, found: Gathered) -> None:
        if found.problems:
            first, others = found.problems[0], len(found.problems) - 1
            more = trn("{number} other could not be read.", "{number} others could not be read.", others)
            message = f"{first.message} {more}" if others else str(first.message)
            self.failed.emit(shown_text(message), first.advice)
        elif found.unknown:
            self.failed.emit(
                trn(
                    "{number} line of the playlist is not in your library.",
                    "{number} lines of the playlist are not in your library.",
                    found.unknown,
                ),
                "" if self._shared else tr("Add the folder first, with File › Add folder, then drop it again."),
            )

    @staticmethod
    def _raise(error: Exception) -> None:
        raise error


def sort_paths(paths: Sequence[str]) -> Sorted:
    """Tell folders, files and what is not there apart; paths come back absolute."""
    absolute = [Path(path).expanduser().absolute() for path in paths]
    return Sorted(
        folders=tuple(str(path) for path in absolute if path.is_dir()),
        files=tuple(str(path) for path in absolute if path.is_file()),
        missing=tuple(str(path) for path in absolute if not path.exists()),
    )


def folders_of(tracks: Sequence[Track]) -> list[str]:
    """The folders that tracks lie in, each once."""
    return list(dict.fromkeys(str(Path(track.path).parent) for track in tracks))
