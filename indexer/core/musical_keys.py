"""Keys of music as numbers in the order of mixing: round the circle of fifths, each minor beside its major."""

from __future__ import annotations

import re

NO_KEY = -1
"""Stands for music in no clear key, or in one that is not known."""

KEYS = 24
_PLACES = 12
_TONICS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "H": 11}
_SHIFTS = {"": 0, "#": 1, "♯": 1, "s": 1, "is": 1, "b": -1, "♭": -1}
_NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_MINOR, _MAJOR = frozenset({"m", "min", "minor", "moll"}), frozenset({"", "maj", "major", "dur"})
_NAME = re.compile(
    r"(?P<tonic>[a-h])(?P<shift>#|♯|♭|is|s|b)?[\s-]*(?P<mode>minor|min|moll|m|major|maj|dur)?", re.IGNORECASE
)
_WHEEL = re.compile(r"(?P<place>1[0-2]|[1-9])(?P<letter>[abmd])", re.IGNORECASE)
_OPEN = 7
"""How far the numbers of the Open Key notation lie before those of the Camelot wheel."""


def key_code(tonic: int, *, minor: bool) -> int:
    """The number of a key, 0 to 23, by the semitones of its tonic from C."""
    major = tonic + 3 if minor else tonic  # the one with the same notes
    return 2 * ((7 + 7 * major) % _PLACES) + (0 if minor else 1)


def code_of_name(name: str | None) -> int:
    """The number of a key named such as "A minor"; `NO_KEY` for none."""
    found = keys_named(name or "")
    return next(iter(found)) if len(found) == 1 else NO_KEY


def name_of_code(code: int) -> str | None:
    """`A minor`, as `code_of_name` is given it; None for no key."""
    if not 0 <= code < KEYS:
        return None
    tonic, minor = _tonic(code)
    return f"{_NAMES[tonic]} {'minor' if minor else 'major'}"


def key_written(code: int) -> str:
    """`Am · 8A`: as musicians write it, and where it stands on the wheel of those who mix; empty for no key."""
    if not 0 <= code < KEYS:
        return ""
    tonic, minor = _tonic(code)
    return f"{_NAMES[tonic]}{'m' if minor else ''} · {code // 2 + 1}{'A' if minor else 'B'}"


def keys_named(text: str) -> frozenset[int]:
    """The keys that a text names: "Am", "A minor", "a-moll", "C#m", "Db", "8A", "1m", all in "minor"; else none."""
    text = text.strip()
    if text.lower() in _MINOR - {"m"}:
        return frozenset(range(0, KEYS, 2))
    if text.lower() in _MAJOR - {""}:
        return frozenset(range(1, KEYS, 2))
    if (wheel := _WHEEL.fullmatch(text)) is not None:
        place, letter = int(wheel["place"]) - 1, wheel["letter"].lower()
        if letter in "md":
            place = (place + _OPEN) % _PLACES
        return frozenset({2 * place + (0 if letter in "am" else 1)})
    named = _NAME.fullmatch(text)
    if named is None:
        return frozenset()
    tonic = (_TONICS[named["tonic"].upper()] + _SHIFTS[(named["shift"] or "").lower()]) % _PLACES
    return frozenset({key_code(tonic, minor=(named["mode"] or "").lower() in _MINOR)})


def _tonic(code: int) -> tuple[int, bool]:
    """Semitones from C, and whether minor."""
    minor = code % 2 == 0
    major = 7 * (code // 2 - 7) % _PLACES  # fifths go round in twelve steps, and seven is its own inverse
    return ((major - 3) % _PLACES if minor else major), minor
