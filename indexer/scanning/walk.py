"""Lists the audio files below a folder, with links, closed folders and odd files met on the way."""

from __future__ import annotations

import os
import stat
from collections import Counter, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from indexer.audio_errors import AudioError, UnreadableFile, UnreadableFolder
from indexer.file_kinds import is_audio_name, unknown_ending

_SYSTEM_FOLDERS = frozenset({"$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir", "#recycle"})
"""Folders that systems and storage boxes put beside people's files; their names begin with no dot."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """An audio file as a folder lists it; `root` is the library folder that it was found under."""

    path: str
    root: str
    size: int
    mtime_ns: int


@dataclass(slots=True)
class Listing:
    """What one library folder holds.

    Attributes:
        root: the folder.
        is_there: it can be listed; otherwise nothing is known about its files.
        is_bare: it is there and has no visible entry at all, like a place where nothing is mounted.
        files: audio files by path, in the order that a person would list them.
        errors: what could not be looked at, by path: files, and folders with all below them.
        closed: the folders among these.
        unknown: the endings of files that may be music of kinds that are not known, with how many there are.
    """

    root: str
    is_there: bool = True
    is_bare: bool = False
    files: dict[str, FoundFile] = field(default_factory=dict)
    errors: dict[str, AudioError] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def list_audio(root: str, *, on_folder: Callable[[], bool] = lambda: True, excluded: Collection[str] = ()) -> Listing:
    """List the audio files below `root`, following links but no folder twice.

    Hidden files and folders are left out, and so are those that are `excluded` with all below them. `on_folder` is
    called for every folder; False from it ends the walk.
    """
    listing = Listing(root)
    if not Path(root).is_dir():
        listing.is_there = False
        return listing
    _Walk(listing, on_folder, frozenset(excluded)).run()
    return listing


class _Walk:
    """One walk: real folders first, so that a file keeps its real path where a link leads to it too."""

    def __init__(self, listing: Listing, on_folder: Callable[[], bool], excluded: frozenset[str]) -> None:
        self._listing = listing
        self._on_folder = on_folder
        self._excluded = excluded
        self._folders = deque([listing.root])
        self._linked: deque[str] = deque()
        self._visited: set[tuple[int, int]] = set()

    def run(self) -> None:
        while self._folders or self._linked:
            folder = self._folders.popleft() if self._folders else self._linked.popleft()
            if not self._on_folder():
                return
            try:
                if self._is_new(folder):
                    self._list(folder)
            except OSError as error:
                self._close(folder, error)

    def _is_new(self, folder: str) -> bool:
        info = Path(folder).stat()
        identity = (info.st_dev, info.st_ino)
        if identity in self._visited:
            return False
        self._visited.add(identity)
        return True

    def _list(self, folder: str) -> None:
        with os.scandir(folder) as entries:
            visible = sorted((entry for entry in entries if _is_visible(entry.name)), key=lambda entry: entry.name)
        if folder == self._listing.root:
            self._listing.is_bare = not visible
        below = []
        for entry in visible:
            if entry.path in self._excluded:
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    below.append(entry.path)
                elif entry.is_symlink() and entry.is_dir():
                    self._linked.append(entry.path)
                elif is_audio_name(entry.name):
                    self._add(entry)
                elif (ending := unknown_ending(entry.name)) is not None and entry.is_file():
                    self._listing.unknown[ending] += 1
            except OSError as error:
                self._refuse(entry, error)
        self._folders.extendleft(reversed(below))

    def _add(self, entry: os.DirEntry[str]) -> None:
        info = entry.stat()
        if stat.S_ISREG(info.st_mode):
            found = FoundFile(entry.path, self._listing.root, info.st_size, info.st_mtime_ns)
            self._listing.files[entry.path] = found
        else:
            self._listing.errors[entry.path] = UnreadableFile(entry.path, "not a regular file")

    def _refuse(self, entry: os.DirEntry[str], error: OSError) -> None:
        """Keep the error of a music file; a broken link of another name is no concern of a music player."""
        if not is_audio_name(entry.name):
            return
        if isinstance(error, FileNotFoundError):
            if not os.path.lexists(entry.path):
                return
            self._listing.errors[entry.path] = UnreadableFile(entry.path, "it is a link to a file that is not there")
        else:
            self._listing.errors[entry.path] = UnreadableFile(entry.path, error.strerror or type(error).__name__)

    def _close(self, folder: str, error: OSError) -> None:
        if folder != self._listing.root and not os.path.lexists(folder):
            return
        self._listing.closed.append(folder)
        self._listing.errors[folder] = UnreadableFolder(folder, error.strerror or type(error).__name__)
        if folder == self._listing.root:
            self._listing.is_there = False


def _is_visible(name: str) -> bool:
    return not name.startswith(".") and name not in _SYSTEM_FOLDERS
