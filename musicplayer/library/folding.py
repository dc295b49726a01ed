"""Makes text comparable as people compare it: without case and accents, numbers by their value."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile(r"[0-9]+")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)
_AFTER_EVERYTHING = "\U0010ffff"


def fold(text: str) -> str:
    """Return `text` without case and diacritics: "Björk" and "BJORK" become "bjork"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return kept.translate(_LETTERS_WITHOUT_DECOMPOSITION)


def natural_key(folded: str) -> str:
    """Return a key whose plain order puts "track 2" before "track 10", and nothing at all last.

    Each number is led by a letter that stands for how many digits it has.
    """
    if not folded:
        return _AFTER_EVERYTHING
    return _DIGITS.sub(_sized, folded)


def _sized(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0") or "0"
    return chr(ord("0") + min(len(digits), 40)) + digits
