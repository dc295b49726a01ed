"""Where in a text a search matches, although case, accents and ligatures were folded away to find it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.core.text import fold

Span = tuple[int, int]
_REMEMBERED = 4_096
"""Texts: some screens of cells, which are painted again and again."""

_LATER_JAMO = (
    ("\u1160", "\u11ff"),
    ("\u314f", "\u3163"),
    ("\u3187", "\u318e"),
    ("\ud7b0", "\ud7fb"),
    ("\uffa0", "\uffdc"),
)
"""Vowels and ends of Korean syllables, in their three kinds; written apart, they are one letter with the beginning."""

_DAKUTEN = "\uff9e\uff9f"
"""Of half width, behind the kana that they belong to."""


@lru_cache(_REMEMBERED)
def spans(text: str, needles: tuple[str, ...]) -> tuple[Span, ...]:
    """Return the parts of `text` that fold to any of `needles`, as starts and ends, ascending and apart.

    A letter of which only a part matches, such as the ß in "strasse", is taken whole.
    """
    if text.isascii():
        return _joined(_found(fold(text), needles))
    letters = list(_letters(text))
    parts = [fold(text[start:end]) for start, end in letters]
    origins = [origin for origin, part in zip(letters, parts, strict=True) for _ in part]
    found = _found("".join(parts), needles)
    return _joined([(origins[start][0], origins[end - 1][1]) for start, end in found])


def _found(folded: str, needles: Sequence[str]) -> list[Span]:
    found = []
    for needle in filter(None, needles):
        start = folded.find(needle)
        while start >= 0:
            found.append((start, start + len(needle)))
            start = folded.find(needle, start + len(needle))
    return found


def _letters(text: str) -> Iterator[Span]:
    """Start and end of each letter, with the accents and other signs that are written after it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _joins(text[place]):
            yield start, place
            start = place


def _joins(sign: str) -> bool:
    """Whether a sign belongs to the letter before it: accents, vowel signs, joiners, the rest of a syllable."""
    if unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cf"} or sign in _DAKUTEN:
        return True
    return any(first <= sign <= last for first, last in _LATER_JAMO)


def _joined(found: Sequence[Span]) -> tuple[Span, ...]:
    """Overlapping and touching spans as one."""
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
