"""What can be wrong with one audio file: an error class for each, with a sentence and an advice for a person."""

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
    sentence: ClassVar[str] = "{name} cannot be read as audio."
    counsel: ClassVar[str] = ""

    def __init__(self, path: Path | str, detail: str = "") -> None:
        self.path = Path(path)
        self.detail = clean(detail)
        message = self.sentence.format(name=shown_name(path))
        super().__init__(f"{message} ({self.detail})" if self.detail else message, self.counsel)

    def __reduce__(self) -> tuple[type[AudioError], tuple[str, str]]:
        return (type(self), (str(self.path), self.detail))

    def problem(self, *, size: int = 0, mtime_ns: int = 0) -> Problem:
        """This error as an entry of the Problems list; `size` and `mtime_ns` are those of the file that failed."""
        return Problem(
            path=str(self.path),
            kind=self.kind,
            message=self.message,
            advice=self.advice,
            at=time.time(),
            size=size,
            mtime_ns=mtime_ns,
        )


class EmptyFile(AudioError):
    """No byte of sound: nothing at all, or tags alone."""

    kind = ProblemKind.EMPTY
    sentence = "{name} is empty."
    counsel = "Copy it again from where it came, or delete it."


class UnreadableFile(AudioError):
    """The system does not let the file be read."""

    kind = ProblemKind.UNREADABLE
    sentence = "{name} cannot be opened."
    counsel = "Check that you may read it and that its drive works, then rescan."


class BusyFile(UnreadableFile):
    """The file changed while it was read."""

    sentence = "{name} is still being written."
    counsel = "Rescan when the copy or download has finished."


class UnreadableFolder(UnreadableFile):
    """The system does not let a folder be listed."""

    sentence = "The folder {name} cannot be opened, so what is in it was left as it was."
    counsel = "Check that you may read the folder and that its drive works, then rescan."


class NotAudio(AudioError):
    """The content is something else, whatever the name says."""

    kind = ProblemKind.NOT_AUDIO
    sentence = "{name} holds no audio, whatever its name says."
    counsel = "Give it its right name ending, or move it out of the music folder."


class CorruptFile(AudioError):
    """Audio of a known format that cannot be decoded."""

    kind = ProblemKind.CORRUPT
    sentence = "{name} is damaged."
    counsel = "Replace it with a sound copy."


class SilentAudio(AudioError):
    """Decoded, and there is nothing to hear."""

    kind = ProblemKind.SILENT
    sentence = "{name} is silent, so nothing sounds like it."
    counsel = "It can be played; replace it if there should be music in it."


class TooShort(AudioError):
    """Decoded, and too short to be described."""

    kind = ProblemKind.TOO_SHORT
    sentence = "{name} is too short to be compared with other tracks."
    counsel = "It can be played; nothing needs to be done unless it should be longer."


class VanishedFile(AudioError):
    """Seen a moment ago, and not there any more."""

    kind = ProblemKind.VANISHED
    sentence = "{name} disappeared while it was being read."
    counsel = "Rescan if it should be there."


def from_os_error(path: Path | str, error: OSError) -> AudioError:
    """The audio error that an error of the operating system amounts to."""
    if isinstance(error, FileNotFoundError):
        return VanishedFile(path)
    return UnreadableFile(path, error.strerror or type(error).__name__)
