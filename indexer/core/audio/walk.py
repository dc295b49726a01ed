"""Lists the audio files below a folder, with links, closed folders and odd files met on the way."""

from __future__ import annotations

import os
import stat
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from indexer.core.audio.errors import AudioError, UnreadableFile, UnreadableFolder
from indexer.core.files import disk
from indexer.core.files.kinds import WORDS_SUFFIXES, is_audio_name, is_sheet_name, is_words_name, unknown_ending
from indexer.core.text import path_identity
from indexer.core.tracks import Stamp

_AT_ONCE = 200
"""Entries looked at for one answer: with 20 ms for each, a slow drive is far from being taken for a silent one."""

_SYSTEM_FOLDERS = frozenset({"$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir", "#recycle"})
"""Folders that systems and storage boxes put beside people's files; their names begin with no dot."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """An audio file as a folder lists it; `root` is the library folder that it was found under.

    `encoding` is that of tags that do not say theirs; empty where it is to be found out. `words` is the text beside it
    that has its name, as lyrics have.
    """

    path: str
    root: str
    size: int
    mtime_ns: int
    encoding: str = ""
    words: Stamp | None = None


@dataclass(slots=True)
class Listing:
    """What one library folder holds.

    Attributes:
        root: the folder.
        encoding: of tags in it that do not say theirs; empty where it is to be found out.
        is_there: it can be listed; otherwise nothing is known about its files.
        is_bare: it is there and has no visible entry at all, like a place where nothing is mounted.
        files: audio files by path, in the order that a person would list them.
        sheets: cue sheets by path.
        errors: what could not be looked at, by path: files, and folders with all below them.
        closed: the folders among these.
        unknown: the endings of files that may be music of kinds that are not known, with how many there are.
    """

    root: str
    encoding: str = ""
    is_there: bool = True
    is_bare: bool = False
    files: dict[str, FoundFile] = field(default_factory=dict)
    sheets: dict[str, FoundFile] = field(default_factory=dict)
    errors: dict[str, AudioError] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def list_audio(
    root: str,
    *,
    on_folder: Callable[[], bool] = lambda: True,
    excluded: Collection[str] = (),
    encoding: str = "",
) -> Listing:
    """List the audio files below `root`, following links but no folder twice.

    Hidden files and folders are left out, and so are those that are `excluded` with all below them. `on_folder` is
    called for every folder; False from it ends the walk. A folder that does not answer is closed like one that may
    not be opened. The files say `encoding` to whoever reads them.
    """
    listing = Listing(root, encoding)
    try:
        listing.is_there = stat.S_ISDIR(disk.look(root).st_mode)
    except OSError as error:
        listing.is_there = False
        if not disk.is_absent(error):
            listing.errors[root] = UnreadableFolder(root, disk.said(error))
    if not listing.is_there:
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
        self._texts: list[Stamp] = []  # of the folder that is being taken

    def run(self) -> None:
        while self._folders or self._linked:
            folder = self._folders.popleft() if self._folders else self._linked.popleft()
            if not self._on_folder():
                return
            try:
                identity, entries = disk.ask(folder, partial(_entries, folder))
                if identity not in self._visited:
                    self._visited.add(identity)
                    self._take(folder, entries)
            except OSError as error:
                self._close(folder, error)

    def _take(self, folder: str, entries: list[os.DirEntry[str]]) -> None:
        if folder == self._listing.root:
            self._listing.is_bare = not entries
        wanted = [entry for entry in entries if entry.path not in self._excluded]
        below = []
        self._texts.clear()
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            for entry, seen in zip(some, disk.ask(folder, partial(_seen, some)), strict=True):
                if entry.is_symlink():
                    self._follow(entry)
                elif seen is _FOLDER:
                    below.append(entry.path)
                elif isinstance(seen, OSError):
                    self._refuse(entry, seen)
                elif isinstance(seen, os.stat_result):
                    self._add(entry, seen)
                elif (ending := unknown_ending(entry.name)) is not None:
                    self._listing.unknown[ending] += 1
        self._folders.extendleft(reversed(below))
        if self._texts:
            self._note_words(wanted)

    def _note_words(self, entries: Sequence[os.DirEntry[str]]) -> None:
        """Let the music of a folder know of the texts of its names, the likelier kind first."""
        texts = sorted(self._texts, key=lambda text: WORDS_SUFFIXES.index(os.path.splitext(text.path)[1].lower()))  # noqa: PTH122
        by_name = {_bare_name(text.path): text for text in reversed(texts)}
        files = self._listing.files
        for path in (entry.path for entry in entries if entry.path in files):
            if (text := by_name.get(_bare_name(path))) is not None:
                files[path] = replace(files[path], words=text)

    def _follow(self, link: os.DirEntry[str]) -> None:
        """Look where a link leads; the drive that it leads to is another one for all that is known."""
        try:
            target = os.path.join(os.path.dirname(link.path), os.readlink(link.path))  # noqa: PTH115, PTH118, PTH120
            info = disk.ask(os.path.normpath(target), link.stat)
        except OSError as error:
            self._refuse(link, error)
            return
        if stat.S_ISDIR(info.st_mode):
            self._linked.append(link.path)
        elif is_audio_name(link.name) or is_sheet_name(link.name):
            self._add(link, info)

    def _add(self, entry: os.DirEntry[str], info: os.stat_result) -> None:
        if stat.S_ISREG(info.st_mode) and is_words_name(entry.name):
            self._texts.append(Stamp(entry.path, info.st_size, info.st_mtime_ns))
        elif stat.S_ISREG(info.st_mode):
            found = FoundFile(entry.path, self._listing.root, info.st_size, info.st_mtime_ns, self._listing.encoding)
            there = self._listing.sheets if is_sheet_name(entry.name) else self._listing.files
            there[entry.path] = found
        elif is_audio_name(entry.name):
            self._listing.errors[entry.path] = UnreadableFile(entry.path, "not a regular file")

    def _refuse(self, entry: os.DirEntry[str], error: OSError) -> None:
        """Keep the error of a music file, and what may lie below a link to a drive that is not there or dead.

        Nothing is said of a broken link of another name, which is no concern of a music player.
        """
        if is_audio_name(entry.name):
            if not isinstance(error, FileNotFoundError):
                self._listing.errors[entry.path] = UnreadableFile(entry.path, disk.said(error))
            elif entry.is_symlink():
                self._listing.errors[entry.path] = UnreadableFile(
                    entry.path, "it is a link to a file that is not there"
                )
        elif is_sheet_name(entry.name):
            return
        elif disk.is_absent(error):
            self._listing.closed.append(entry.path)
        else:
            self._close(entry.path, error)

    def _close(self, folder: str, error: OSError) -> None:
        if folder != self._listing.root and disk.is_absent(error):
            return
        self._listing.closed.append(folder)
        self._listing.errors[folder] = UnreadableFolder(folder, disk.said(error))
        if folder == self._listing.root:
            self._listing.is_there = False


_FOLDER = object()
"""What is seen of an entry that is a folder."""


def _entries(folder: str) -> tuple[tuple[int, int], list[os.DirEntry[str]]]:
    """What tells a folder from all others, and what in it is not hidden, by name."""
    info = os.stat(folder)  # noqa: PTH116
    with os.scandir(folder) as entries:
        visible = sorted((entry for entry in entries if _is_visible(entry.name)), key=lambda entry: entry.name)
    return (info.st_dev, info.st_ino), visible


def _seen(entries: Sequence[os.DirEntry[str]]) -> list[object]:
    """For each entry `_FOLDER`, the state of a file that may be music, an error, or None: for links, and all else."""
    return [None if entry.is_symlink() else _state_of(entry) for entry in entries]


def _state_of(entry: os.DirEntry[str]) -> object:
    try:
        if entry.is_dir(follow_symlinks=False):
            return _FOLDER
        is_read = is_audio_name(entry.name) or is_sheet_name(entry.name) or is_words_name(entry.name)
        return entry.stat() if is_read else None
    except OSError as error:
        return error


def _bare_name(path: str) -> str:
    return path_identity(os.path.splitext(path)[0])  # noqa: PTH122


def _is_visible(name: str) -> bool:
    return not name.startswith(".") and name not in _SYSTEM_FOLDERS
