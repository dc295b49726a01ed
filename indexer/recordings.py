"""Tells whether two entries of a library are the same recording, so that an answer shows it once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

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

SAME_SOUND = 0.05
"""Distance of two vectors of unit length below which they stem from one recording, encoded twice."""

SAME_LENGTH = 1.0
"""Seconds by which the lengths of one recording, encoded twice, may differ."""

Recording = tuple[str, str]

Apart = Callable[[TrackId, TrackId], float]
"""Euclidean distance of two tracks' vectors."""


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


def recording_of(artist: str, title: str) -> Recording | None:
    """What an entry is a recording of: artist and title without "(live)", "- 2011 Remaster" and the like.

    None where either is unknown: two nameless entries are not the same for that.
    """
    key = (_letters(_FEATURING.sub("", fold(artist))), _letters(_without_version(fold(title))))
    return key if all(key) else None


def sounds_the_same(distance: float, length: Seconds | None, other_length: Seconds | None) -> bool:
    """Whether two tracks are so close, by Euclidean distance, and of one length, that they are one recording."""
    if length is None or other_length is None:
        return False
    return distance < SAME_SOUND and abs(length - other_length) <= SAME_LENGTH


class Recordings:
    """Goes down a list of neighbours and lets every recording through once, and none of the seed."""

    def __init__(self, seed: Entry | None, apart: Apart | None = None) -> None:
        """Begin a list.

        Args:
            seed: what is asked about, None for what is not in the library.
            apart: the distance of any two tracks; without it, nameless copies are told only from the seed.
        """
        self._seed_length = None if seed is None else seed.seconds
        self._apart = apart
        self._names: set[Recording | None] = set() if seed is None else {recording_of(seed.artist, seed.title)}
        self._admitted: list[tuple[Entry, float]] = []

    def admits(self, entry: Entry, distance: float) -> bool:
        """Whether an entry is no recording of the seed, nor of one admitted before.

        Args:
            entry: the next neighbour.
            distance: Euclidean, from the seed.
        """
        name = recording_of(entry.artist, entry.title)
        if name is not None and name in self._names:
            return False
        if sounds_the_same(distance, self._seed_length, entry.seconds) or self._is_copy(entry, distance):
            return False
        self._names.add(name)
        self._admitted.append((entry, distance))
        return True

    def _is_copy(self, entry: Entry, distance: float) -> bool:
        """Whether it sounds like one admitted; the distances from the seed rule out nearly all without measuring."""
        if self._apart is None:
            return False
        alike = (
            other
            for other, from_seed in self._admitted
            if sounds_the_same(abs(distance - from_seed), entry.seconds, other.seconds)
        )
        return any(self._apart(entry.track, other.track) < SAME_SOUND for other in alike)


def _without_version(title: str) -> str:
    plain = _FEATURING.sub("", _DASHED.sub("", _BRACKETED.sub("", title)))
    return plain if plain.strip() else title


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text).strip()
