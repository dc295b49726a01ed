"""Opens files of the library, and nothing else: no link leads out of its folders, no silent drive holds a request."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar, cast

from indexer.core.audio.payload import leading_tags
from indexer.core.files import disk
from indexer.core.text import shown_name
from indexer.core.tracks import Seconds
from musicplayer.server.streams.errors import FileAway, silent, vanished

Answer = TypeVar("Answer")

READ_SECONDS: Seconds = 20.0
"""For one block of a file; a disc that sleeps takes ten to spin up."""

_HEAD_BYTES = 20

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe would wait for whoever writes to it
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it is now.

    Attributes:
        path: where it really lies, without links.
        size: in bytes.
        mtime_ns: when its content was changed, in nanoseconds since 1970.
    """

    path: str
    size: int
    mtime_ns: int

    @property
    def tag(self) -> str:
        """Changes whenever the file does."""
        state = f"{self.size}:{self.mtime_ns}:".encode() + os.fsencode(self.path)
        return hashlib.blake2b(state, digest_size=12).hexdigest()


class OpenFile:
    """A file to read from, which stays the one that was opened whatever becomes of its name.

    Attributes:
        found: what it was when it was opened.
    """

    def __init__(self, file: io.FileIO, path: str) -> None:
        """Take over an open file; `path` is where it lies."""
        self._file = file
        state = os.fstat(file.fileno())
        self.found = Found(path, state.st_size, state.st_mtime_ns)

    def read(self, at: int, most: int) -> bytes:
        """Up to `most` bytes from `at` on; none at the end.

        Raises:
            DriveSilent: its drive does not answer.
            FileAway: its drive does not work.
        """
        return _asked(self.found.path, lambda: self._read(at, most))

    def head(self) -> bytes:
        """The first bytes of the sound, behind whatever tags begin the file.

        Raises:
            DriveSilent, FileAway: as for `read`.
        """
        return _asked(self.found.path, self._head)

    def close(self) -> None:
        self._file.close()

    def _head(self) -> bytes:
        tags = leading_tags(cast("BinaryIO", self._file), self.found.size)
        return self._read(tags[-1].start + tags[-1].size if tags else 0, _HEAD_BYTES)

    def _read(self, at: int, most: int) -> bytes:
        self._file.seek(at)
        return self._file.read(most) or b""


class LibraryFiles:
    """The files below the folders of a library."""

    def __init__(self, folders: Callable[[], Iterable[str]], *, wait: Seconds = READ_SECONDS) -> None:
        """`folders` are asked for at every opening, since folders are added and taken away; a drive has `wait`."""
        self._folders = folders
        self._wait = wait

    def find(self, path: str) -> Found:
        """Where the file of a track really lies, and what state it is in. For a worker thread, as is `open`.

        Raises:
            FileAway: it is not there, cannot be read, is no file or leads out of the library.
            DriveSilent: its drive does not answer.
        """
        file = self.open(path)
        file.close()
        return file.found

    def open(self, path: str) -> OpenFile:
        """Open the file of a track.

        Raises:
            FileAway, DriveSilent: as for `find`.
        """
        folders = tuple(self._folders())
        return _asked(path, lambda: _opened(path, folders), self._wait)


def opened(path: str) -> OpenFile:
    """Open a file of Segue's own.

    Raises:
        FileAway: it is not there any more, or cannot be read.
    """
    return _asked(path, lambda: _opened(path, (os.path.dirname(path),)))  # noqa: PTH120 - of any name


def real_path_below(path: str, folders: Iterable[str]) -> str | None:
    """Where a file really lies, without links; None where that is in none of the folders, which may be links.

    The folder that it is named in is asked first: the drives of the others may be silent.

    Raises:
        OSError: there is no such file.
    """
    real = os.path.realpath(path, strict=True)
    for folder in sorted(folders, key=lambda folder: not _is_in(path, folder)):
        if _is_in(real, os.path.realpath(folder)):
            return real
    return None


def _is_in(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))  # noqa: PTH118 - keeps the end, and so `Music2` out of `Music`


def _opened(path: str, folders: Iterable[str]) -> OpenFile:
    real = real_path_below(path, folders)
    if real is None:
        raise FileAway("stream-outside", name=shown_name(path))
    descriptor = os.open(real, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileAway("stream-unreadable", name=shown_name(path))
        return OpenFile(io.FileIO(descriptor), real)
    except BaseException:
        os.close(descriptor)
        raise


def _asked(path: str, work: Callable[[], Answer], wait: Seconds = READ_SECONDS) -> Answer:
    """What `work` gives, with the errors of the system told as those of streams."""
    try:
        return disk.ask(path, work, wait=wait)
    except disk.DiskSilent as error:
        raise silent(path) from error
    except ValueError as error:  # a name with a NUL in it is none of a file
        raise vanished(path) from error
    except OSError as error:
        if disk.is_absent(error):
            raise vanished(path) from error
        raise FileAway("stream-unreadable", name=shown_name(path), detail=disk.said(error)) from error
