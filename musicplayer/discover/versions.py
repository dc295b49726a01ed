"""Tells whether two entries of a library are the same recording under another name."""

from __future__ import annotations

import re

from indexer.library import Seconds
from musicplayer.library.folding import fold

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


def recording_of(artist: str, title: str) -> Recording | None:
    """What an entry is a recording of: artist and title without "(live)", "- 2011 Remaster" and the like.

    None where either is unknown: two nameless entries are not the same for that.
    """
    key = (_letters(_FEATURING.sub("", fold(artist))), _letters(_without_version(fold(title))))
    return key if all(key) else None


def sounds_the_same(distance: float, length: Seconds | None, other_length: Seconds | None) -> bool:
    """Whether two tracks are so close, and of one length, that they are one recording."""
    if length is None or other_length is None:
        return False
    return distance < SAME_SOUND and abs(length - other_length) <= SAME_LENGTH


def _without_version(title: str) -> str:
    plain = _FEATURING.sub("", _DASHED.sub("", _BRACKETED.sub("", title)))
    return plain if plain.strip() else title


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text).strip()
