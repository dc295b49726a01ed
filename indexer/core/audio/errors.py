"""What can be wrong with one audio file: an error class for each, with the code of what is said about it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from indexer.core.errors import SegueError
from indexer.core.text import clean, shown_name
from indexer.core.tracks import Problem, ProblemKind


class AudioError(SegueError):
    """A file that cannot be taken in or analysed.

    Attributes:
        path: the file.
        detail: what a decoder or the system said, empty where there is nothing to add.
        kind: how the problem is filed.
    """

    kind: ClassVar[ProblemKind] = ProblemKind.CORRUPT
    of_kind: ClassVar[str] = "file-undecodable"

    def __init__(self, path: Path | str, detail: str = "") -> None:
        self.path = Path(path)
        self.detail = clean(detail)
        super().__init__(self.of_kind, name=shown_name(path), **({"detail": self.detail} if self.detail else {}))

    def __reduce__(self) -> tuple[type[AudioError], tuple[str, str]]:
        return (type(self), (str(self.path), self.detail))

    def problem(self, *, size: int = 0, mtime_ns: int = 0) -> Problem:
        """This error as an entry of the Problems list; `size` and `mtime_ns` are those of the file that failed."""
        return Problem(
            path=str(self.path),
            kind=self.kind,
            code=self.code,
            values=self.values,
            at=time.time(),
            size=size,
            mtime_ns=mtime_ns,
        )


class EmptyFile(AudioError):
    """No byte of sound: nothing at all, or tags alone."""

    kind = ProblemKind.EMPTY
    of_kind = "file-empty"


class UnreadableFile(AudioError):
    """The system does not let the file be read."""

    kind = ProblemKind.UNREADABLE
    of_kind = "file-unreadable"


class BusyFile(UnreadableFile):
    """The file changed while it was read."""

    of_kind = "file-busy"


class UnreadableFolder(UnreadableFile):
    """The system does not let a folder be listed."""

    of_kind = "folder-unreadable"


class NotAudio(AudioError):
    """The content is something else, whatever the name says."""

    kind = ProblemKind.NOT_AUDIO
    of_kind = "file-not-audio"


class CorruptFile(AudioError):
    """Audio of a known format that cannot be decoded."""

    kind = ProblemKind.CORRUPT
    of_kind = "file-corrupt"


class SilentAudio(AudioError):
    """Decoded, and there is nothing to hear."""

    kind = ProblemKind.SILENT
    of_kind = "file-silent"


class TooShort(AudioError):
    """Decoded, and too short to be described."""

    kind = ProblemKind.TOO_SHORT
    of_kind = "file-too-short"


class VanishedFile(AudioError):
    """Seen a moment ago, and not there any more."""

    kind = ProblemKind.VANISHED
    of_kind = "file-vanished"


def from_os_error(path: Path | str, error: OSError) -> AudioError:
    """The audio error that an error of the operating system amounts to."""
    if isinstance(error, FileNotFoundError):
        return VanishedFile(path)
    return UnreadableFile(path, error.strerror or type(error).__name__)
