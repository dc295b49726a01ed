"""Tells whether two entries of a library are the same recording, so that an answer shows it once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.library import Seconds, Track, TrackId
from indexer.text import fold

_VERSION_WORD = (
    r"live|remaster(?:ed)?|version|edit|mono|stereo|demo|acoustic|bonus|explicit|clean|original|deluxe|single|radio|"
    r"feat|ft|featuring|with|album|anniversary|reissue|digital|session|unplugged"
)
_BRACKETED = re.compile(rf"\s*[(\[][^)\]]*\b(?:{_VERSION_WORD})\b[^)\]]*[)\]]")
_DASHED = re.compile(rf"\s+[-–—:]\s+[^-–—]*\b(?:{_VERSION_WORD})\b.*$")
_FEATURING = re.compile(r"\s+(?:feat|ft|featuring)\b\.?.*$")
_NOT_LETTERS = re.compile(r"[\W_]+")

SAME_SOUND = 0.3
"""Distance of two vectors of unit length below which they stem from one recording, encoded twice.

Of 265 recordings the nearest other one lay 0.49 to 1.22 away, in the median 1.01. Of copies of 20 of them, at 64 kb/s
in mp3, in Ogg Vorbis, 6 dB quieter and 1 % faster, the median lay 0.18 to 0.25 away: 85 % are nearer than this
(`python -m tests.benchmarks versions --home HOME`). A wider limit would find a few more and hide, in a library of
hundreds of thousands of clips of one length, recordings that are only much alike."""

NEAR = 0.6
"""In lists, whose vectors were drawn to their nearest, copies are nearer than this; what is not need not be measured.
Of the same copies the farthest lay at 0.47."""

SAME_LENGTH = 1.0
"""Seconds by which the lengths of one recording, encoded twice, may differ."""

Recording = tuple[str, str]

Apart = Callable[[TrackId, Sequence[TrackId]], Collection[float]]
"""How far a track was heard to be from others, by Euclidean distance: `SimilarityModel.apart`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What tells recordings apart without listening."""

    track: TrackId
    artist: str
    title: str
    seconds: Seconds | None

    @classmethod
    def of(cls, track: Track) -> Entry:
        return cls(track.id, track.artist, track.title, track.seconds)


@lru_cache(maxsize=20_000)
def recording_of(artist: str, title: str) -> Recording | None:
    """What an entry is a recording of: artist and title without "(live)", "- 2011 Remaster" and the like.

    None where either is unknown: two nameless entries are not the same for that.
    """
    key = (artist_of(artist), _letters(_without_version(fold(title))))
    return key if all(key) else None


@lru_cache(maxsize=20_000)
def artist_of(artist: str) -> str:
    """An artist as compared with others: without guests, case, accents and punctuation; empty for none."""
    return _letters(_FEATURING.sub("", fold(artist)))


def of_one_length(length: Seconds | None, other_length: Seconds | None) -> bool:
    """Whether two tracks are as long as each other; not where nobody knows."""
    return length is not None and other_length is not None and abs(length - other_length) <= SAME_LENGTH


class Recordings:
    """Goes down a list of neighbours and lets every recording through once, and none of the seed."""

    def __init__(self, seed: Entry | None, apart: Apart) -> None:
        """Begin a list.

        Args:
            seed: what is asked about, None for what is not in the library.
            apart: measures a track and others.
        """
        self._apart = apart
        self._names: set[Recording | None] = set()
        self._told: list[tuple[Entry, float | None]] = []
        if seed is not None:
            self.tell(seed, 0.0)

    def admits(self, entry: Entry, distance: float | None) -> bool:
        """Whether an entry is no recording of a seed, nor of one admitted before.

        Args:
            entry: the next neighbour.
            distance: Euclidean, from the seed, as lists have it; None in a list of several seeds.
        """
        name = recording_of(entry.artist, entry.title)
        if (name is not None and name in self._names) or self._is_copy(entry, distance):
            return False
        self.tell(entry, distance)
        return True

    def tell(self, entry: Entry, distance: float | None) -> None:
        """Let no further recording of an entry through, a second seed for one."""
        self._names.add(recording_of(entry.artist, entry.title))
        self._told.append((entry, distance))

    def _is_copy(self, entry: Entry, distance: float | None) -> bool:
        """Whether it sounds like one told before; distances from the seed rule out many without measuring."""
        near = [
            other.track
            for other, from_seed in self._told
            if _may_be_near(distance, from_seed) and of_one_length(entry.seconds, other.seconds)
        ]
        return bool(near) and min(self._apart(entry.track, near)) < SAME_SOUND


def _may_be_near(distance: float | None, other: float | None) -> bool:
    """Whether two can be copies by their distances from a seed; by the triangle inequality, else nobody knows."""
    return distance is None or other is None or abs(distance - other) < NEAR


def _without_version(title: str) -> str:
    plain = _FEATURING.sub("", _DASHED.sub("", _BRACKETED.sub("", title)))
    return plain if plain.strip() else title


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text).strip()
