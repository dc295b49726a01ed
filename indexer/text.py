"""Makes text from files safe to show and to store, and comparable."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

LONGEST_TEXT = 500
"""Characters kept of one field; a tag of a megabyte is rubbish or a whole book, and neither fits a table cell."""

_MARGIN = 8
"""How much more than the limit is looked at, so that what cleaning removes does not shorten honest text."""

_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters other than white space
    "\ud800-\udfff"  # lone surrogates: no encoding of Unicode can store them
    "\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"  # overrides of the writing direction reach beyond their own cell
)

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)


def fold(text: str) -> str:
    """Return `text` without case and diacritics: "Björk" and "BJORK" become "bjork"."""
    if text.isascii():
        return text.lower()
    plain = text
    for _ in range(2):  # a mathematical letter has a case only once it is decomposed
        plain = unicodedata.normalize("NFKD", plain.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return kept.translate(_LETTERS_WITHOUT_DECOMPOSITION)


def clean(text: str, limit: int = LONGEST_TEXT) -> str:
    """Return `text` without control characters and lone surrogates, on one line, at most `limit` characters."""
    kept = _UNWANTED.sub("", text[: limit * _MARGIN])
    return " ".join(kept.split())[:limit].rstrip()


def clock(seconds: float) -> str:
    """A time in a file as people read it: minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def shown_path(path: Path | str) -> str:
    """The whole path as text that can be shown and stored; bytes that are not UTF-8 appear as replacement marks."""
    return clean(os.fsencode(path).decode("utf-8", "replace"), limit=4096)


def shown_name(path: Path | str) -> str:
    """The last part of a path as text that can be shown and stored."""
    return shown_path(os.path.basename(os.fspath(path).rstrip(os.sep))) or shown_path(path)  # noqa: PTH119
