"""Small values that only the database deals in: a track's features, a folder of the library, news of a listener."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.core.plays import ListenerId
from indexer.core.tracks import Seconds, TrackId, Words


@dataclass(frozen=True, slots=True, eq=False)
class FeatureRecord:
    """What one profile says of one track.

    Attributes:
        track: the track analysed.
        profile: name of the feature profile, "sonic" for one.
        version: the profile's version; features of another version are never mixed.
        values: shape (windows, dims), float32, finite; read-only when it comes from the database.
        rev: grows with every change of any feature record, 0 before it is stored.
        whole: all of the file was analysed, also where it is so long that parts of it would do.
    """

    track: TrackId
    profile: str
    version: int
    values: NDArray[np.float32]
    rev: int = 0
    whole: bool = False

    @property
    def key(self) -> str:
        """Profile and version in one word: "sonic:1"."""
        return f"{self.profile}:{self.version}"


@dataclass(frozen=True, slots=True, eq=False)
class SoundRecord:
    """What was measured from one end of a track to the other.

    Attributes:
        track: the track measured.
        version: of the way of measuring.
        waveform: shape (points, 2), uint8, peak and root mean square of each part of the track; an amplitude is
            (value / 255) ** 2. Read-only when it comes from the database.
        loudness: integrated, in LUFS (EBU R 128); None for silence.
        peak: greatest absolute sample, 1.0 is full scale.
        seconds: length of what was measured.
    """

    track: TrackId
    version: int
    waveform: NDArray[np.uint8]
    loudness: float | None
    peak: float
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class WordsRecord:
    """What is said of one track in words; `rev` grows with every change of any record, 0 before it is stored."""

    track: TrackId
    words: Words
    rev: int = 0


class TrackFile(NamedTuple):
    """Where a track lies: the file to analyse, the folder of the library, and how long it lasts, if that is known.

    `start` and `end` are where it lies in the file, in seconds; `end` is None for the end of the file. `is_measured`
    where decoding has found how long it lasts, and not a header.
    """

    track: TrackId
    path: str
    root: str
    seconds: Seconds | None
    start: Seconds = 0.0
    end: Seconds | None = None
    is_measured: bool = False


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    """A folder that a person added.

    Attributes:
        path: of the folder.
        added_at: seconds since 1970.
        away: it is not there now.
        excluded: folders below it that are left out of the library.
        unknown: how many files with which endings were left out, being of kinds that are not known; the most first.
        encoding: of tags that do not say theirs, as a person chose; empty where it is found out.
    """

    path: str
    added_at: float
    away: bool
    excluded: tuple[str, ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Heir:
    """A track that left, and the one that stands for it since.

    Attributes:
        track: the one that left.
        heir: another copy of the recording.
        at: when this was found, seconds since 1970.
        added_at: when the heir itself came into the library; it has the date of the track before it.
        undone: a person took it back; it is not found again.
        told: a person was told.
    """

    track: TrackId
    heir: TrackId
    at: float
    added_at: float
    undone: bool = False
    told: bool = False


class Matter(StrEnum):
    """What of a listener can be other than before."""

    PLAYS = "plays"  # tallies, too
    OPINIONS = "opinions"
    HIDDEN = "hidden"
    PLAYLISTS = "playlists"
    QUEUE = "queue"


class News(NamedTuple):
    """Something of a listener that another program wrote."""

    listener: ListenerId
    matter: Matter
