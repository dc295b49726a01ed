"""What the library holds: tracks, files and problems, as small immutable values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

TrackId = NewType("TrackId", str)
"""32 hexadecimal digits made from a track's audio payload, the same wherever the file lies."""

Seconds = float


class TrackState(StrEnum):
    """Whether a track can be played now."""

    PRESENT = "present"
    AWAY = "away"  # its folder is not there now, a drive that is not mounted for one
    GONE = "gone"  # its folder is there and the file is not; history is kept in case it comes back


@dataclass(frozen=True, slots=True)
class Track:
    """One recording of the library.

    `path` is as `os.fsdecode` gives it, so a name that is not valid UTF-8 holds surrogates.
    `genre` is the one to show, `genres` all that are known. `added_at` is seconds since 1970.
    `rev` grows with every change of any track; readers ask for what is newer than what they have.
    """

    id: TrackId
    path: str
    root: str
    title: str = ""
    artist: str = ""
    album: str = ""
    album_artist: str = ""
    genre: str = ""
    genres: tuple[str, ...] = ()
    year: int | None = None
    track_number: int | None = None
    disc_number: int | None = None
    seconds: Seconds | None = None
    licence: str = ""
    subset: str = ""
    fma_id: int | None = None
    state: TrackState = TrackState.PRESENT
    added_at: float = 0.0
    rev: int = 0


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when last looked at; unchanged size and mtime mean it need not be read again."""

    path: str
    root: str
    track: TrackId
    size: int
    mtime_ns: int


class ProblemKind(StrEnum):
    """Why a file could not be taken in or analysed."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    NOT_AUDIO = "not-audio"
    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    SILENT = "silent"
    TOO_SHORT = "too-short"
    VANISHED = "vanished"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one file, for the Problems list.

    `size` and `mtime_ns` are those of the file when it failed; a file that has changed since is tried again.
    """

    path: str
    kind: ProblemKind
    message: str
    advice: str
    at: float
    size: int = 0
    mtime_ns: int = 0
