"""What the library holds: tracks, files and problems, as small immutable values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import NamedTuple, NewType

from indexer.core.sentences.told import Told, Values

TrackId = NewType("TrackId", str)
"""32 hexadecimal digits made from a track's audio payload, the same wherever the file lies."""

AWAITED = "awaited:"
"""How the id in a playlist begins that stands for no track, but says what the line waits for."""

Seconds = float

WHOLE_UP_TO: Seconds = 45.0
"""Longer tracks are judged by parts at first: a symphony would cost a hundred times a clip."""


class Hearing(StrEnum):
    """How much of its long tracks a library wants to be judged by."""

    QUICK = "quick"  # parts of them
    THOROUGH = "thorough"  # all of them, once every track has been heard quickly
    MAINS = "mains"  # the same, but never on battery power


def is_awaited(track: str) -> bool:
    """Whether an id of a playlist stands for music that is not in the library."""
    return track.startswith(AWAITED)


class TrackState(StrEnum):
    """Whether a track can be played now."""

    PRESENT = "present"
    AWAY = "away"  # its folder is not there now, a drive that is not mounted for one
    GONE = "gone"  # its folder is there and the file is not; history is kept in case it comes back


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where the sound of a track lies: a whole file, or from `start` to `end` seconds of it; None is the file's end.

    The sample at `start` is the first one, the sample at `end` the first one that belongs to it no more.
    """

    path: str
    start: Seconds = 0.0
    end: Seconds | None = None

    @property
    def is_part(self) -> bool:
        """Whether it is less than the whole file."""
        return self.start > 0 or self.end is not None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What decoding found of the sound of a track, where headers only guess.

    Attributes:
        seconds: from the first sample to the last.
        samples: how many there are in each channel at `rate`; None where they were not counted one by one.
        rate: samples a second; None as before.
        lead: seconds of silence before the first sound, below -80 dB of full scale; None where that was not measured.
        tail: seconds of silence after the last sound; None as before.
    """

    seconds: Seconds
    samples: int | None = None
    rate: int | None = None
    lead: Seconds | None = None
    tail: Seconds | None = None


class Tone(NamedTuple):
    """Tempo in beats a minute and key, such as "A minor", of a track; None where it has none."""

    tempo: float | None
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a file says of the track in it; texts are empty and numbers None where it says nothing.

    `genre` is the one to show, `genres` all that are known.
    `mbid` is of the recording at MusicBrainz, `album_mbid` of the release, `artist_mbid` of the first artist, each 36
    characters, `isrc` 12 characters; nothing else is ever in them.
    `rating` is in stars, above 0 and up to 5; None also where it says 0.
    `artists` are the single names in `artist`, which is shown as written, where the file tells them apart; else empty.
    `album_artists` are the same of `album_artist`.
    `bit_rate` is in kbit/s, the mean where it varies, `sample_rate` in Hz; both and `channels` as the header has them.
    """

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
    artists: tuple[str, ...] = ()
    album_artists: tuple[str, ...] = ()
    compilation: bool = False
    rating: float | None = None
    mbid: str = ""
    album_mbid: str = ""
    artist_mbid: str = ""
    isrc: str = ""
    bit_rate: int | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a track in words that are no names; all of it is short and clean.

    Attributes:
        lyrics: as they are sung, a line a line.
        comments: each on one line.
        tags: words by which people sort music: moods, styles, groupings.
        counted: stems of what is sung and how often it is, the most frequent first, as a data set counted them.
    """

    lyrics: str = ""
    comments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    counted: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lyrics or self.comments or self.tags or self.counted)


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Track(Description):
    """One recording of the library.

    `path` is as `os.fsdecode` gives it, so a name that is not valid UTF-8 holds surrogates.
    `added_at` is seconds since 1970.
    `rev` grows with every change of any track; readers ask for what is newer than what they have.
    `track_gain` and `album_gain` are what the file's tags add to reach -18 LUFS, in dB; the peaks are the greatest
    samples by the same tags, 1.0 being full scale. None where the tags do not say.
    `start` and `end` are where the track lies in its file, in seconds; `end` is None for the end of the file. A track
    of a cue sheet has a part of its file, every other one all of it.
    `seconds` is what decoding measured; until then what the file's header says, which may be a guess. `speech` where
    it was analysed and sounds like talk, which is no proof. `tempo` in beats a minute and `key`, such as "A minor", are
    what its features say, `loudness` in LUFS what hearing it to the end gave; None until then, and where there is none.
    """

    id: TrackId
    path: str
    root: str
    _: KW_ONLY
    subset: str = ""
    fma_id: int | None = None
    state: TrackState = TrackState.PRESENT
    added_at: float = 0.0
    rev: int = 0
    track_gain: float | None = None
    album_gain: float | None = None
    track_peak: float | None = None
    album_peak: float | None = None
    start: Seconds = 0.0
    end: Seconds | None = None
    speech: bool = False
    tempo: float | None = None
    key: str | None = None
    loudness: float | None = None

    @property
    def stretch(self) -> Stretch:
        """Where its sound lies."""
        return Stretch(self.path, self.start, self.end)


TrackOf = Callable[[TrackId], Track | None]
"""What the library knows of a track."""


TAGS_VERSION = 7
"""Of what is read from a file's tags; files that were read by an earlier version are read again by the next scan."""


class Stamp(NamedTuple):
    """A file beside music as it was when it was read: a cue sheet, lyrics."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when last looked at; unchanged size and mtime mean it need not be read again.

    `tags_version` is what was known about tags then. `track` is what all of the file is; where a cue sheet divides
    it, its tracks are the `parts`. `sheets` are those beside it that were about it, used or not; `words` is the text
    beside it that has its name.
    """

    path: str
    root: str
    track: TrackId
    size: int
    mtime_ns: int
    tags_version: int = TAGS_VERSION
    parts: tuple[TrackId, ...] = ()
    sheets: tuple[Stamp, ...] = ()
    words: Stamp | None = None

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        """The tracks of the library that lie in the file."""
        return self.parts or (self.track,)


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre of a tree; `parent` is the id of the one above it, 0 at the top."""

    id: int
    title: str
    parent: int = 0


ANALYSIS_RULE = 2
"""By which it is chosen what of a file is analysed. The first took parts of it by the length in its header, sound or no
sound."""


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
    SHEET = "sheet"


HINDRANCES = frozenset(ProblemKind) - {ProblemKind.TRUNCATED, ProblemKind.METADATA, ProblemKind.SHEET}
"""Problems that stop an analysis; a file that merely ends early, or about which little is known, is analysed."""


@dataclass(frozen=True, slots=True)
class Problem(Told):
    """What is wrong with one file, for the Problems list.

    `size` and `mtime_ns` are those of the file when it failed; a file that has changed since is tried again. `track`
    is given where the problem is that of one track of a file that a cue sheet divides. `rule` is the one by which it
    was analysed.
    """

    path: str
    kind: ProblemKind
    code: str
    values: Values
    at: float
    size: int = 0
    mtime_ns: int = 0
    track: TrackId | None = None
    rule: int = ANALYSIS_RULE

    @property
    def key(self) -> str:
        """What it is filed under."""
        return problem_key(self.path, self.track)


def problem_key(path: str, track: TrackId | None = None) -> str:
    """What a problem is filed under: the path of its file, with the track where it is that of a part of the file."""
    return path if track is None else f"{path}#{track}"
