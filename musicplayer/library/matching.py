"""Where in a text a search matches, although case, accents and ligatures were folded away to find it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from musicplayer.library.folding import fold

Span = tuple[int, int]
_REMEMBERED = 4_096
"""Texts: some screens of cells, which are painted again and again."""


@lru_cache(_REMEMBERED)
def spans(text: str, needles: tuple[str, ...]) -> tuple[Span, ...]:
    """Return the parts of `text` that fold to any of `needles`, as starts and ends, ascending and apart.

    A letter of which only a part matches, such as the ß in "strasse", is taken whole.
    """
    if text.isascii():
        return _joined(_found(text.lower(), needles))
    folded, origins = _folded(text)
    return _joined([(origins[start], origins[end - 1] + 1) for start, end in _found(folded, needles)])


def _found(folded: str, needles: Sequence[str]) -> list[Span]:
    found = []
    for needle in filter(None, needles):
        start = folded.find(needle)
        while start >= 0:
            found.append((start, start + len(needle)))
            start = folded.find(needle, start + len(needle))
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place in `text` that it comes from."""
    parts = [fold(letter) for letter in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def _joined(found: Sequence[Span]) -> tuple[Span, ...]:
    """Overlapping and touching spans as one."""
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
