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

_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that do not stand for a byte of a name, as `os.fsdecode` has them."""

_LIKE_ANOTHER = str.maketrans(
    {
        **dict.fromkeys(
            "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\u058a\u05be\u2e3a\u2e3b\ufe58\uff0d", "-"
        ),
        **dict.fromkeys(
            "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02c8\u05f3\u2039\u203a\ua78c`\u00b4", "'"
        ),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u02ba\u05f4\u00ab\u00bb\u301d\u301e\u301f", '"'),
        **dict.fromkeys("\u2022\u2027\u2219\u22c5\u30fb", "\u00b7"),
        **dict.fromkeys("\u2044\u2215\u29f8", "/"),
        **dict.fromkeys("\u301c\u3030\u02dc", "~"),
        "\ua789": ":",
        "\u30a0": "=",
        **dict.fromkeys(
            "\u00ad\u061c\u0640\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\ufeff\u180e", None
        ),
    }
)
"""Signs that differ in their drawing only, by kind: hyphens and dashes, apostrophes, quotation marks, dots in the
middle of a line, slashes, tildes; and what is not seen at all, such as soft hyphens and marks of the direction."""

_DOT_ABOVE_I = "i\u0307"
_ACCENTS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # on Latin, Greek and Cyrillic letters
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # points of Hebrew
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"  # vowels of Arabic
)
"""Marks that people leave out. Those of other scripts are letters or parts of one: the dakuten of kana, the vowels and
tones of Thai, the signs of Devanagari."""

_OWN_LETTERS = re.compile("[\u0438\u0443]\u0306")
"""Cyrillic short i and short u: the breve makes another letter, with a key of its own."""

_DIGITS = re.compile(r"[0-9]+")
_AFTER_EVERYTHING = "\U0010ffff"

_JOINERS = re.compile("[\u200c\u200d]")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)


def identity(text: str) -> str:
    """`text` as names are compared to tell whether they are one: the same letters, whatever their case and drawing.

    Kinds of hyphens, apostrophes, quotation marks and spaces are alike, and so are full and half width, composed and
    decomposed letters; "ß" is the small form of "SS". Letters that differ by more than that are different: an accent,
    a dakuten, a dot on the i; so is punctuation: "M.I.A." is not "Mia.".

    Source: NFKC_Casefold, The Unicode Standard, section 3.13, with signs of one kind made one.
    """
    plain = text.lower().replace("`", "'") if text.isascii() else _levelled(text)
    return " ".join(plain.split())


def path_identity(path: str) -> str:
    """`path` as a file system compares it that looks past case and past how letters are composed."""
    return unicodedata.normalize("NFC", path).casefold()


def fold(text: str) -> str:
    """`text` as it is searched: `identity` without accents, so that "bjork" finds "Björk" and "björk" finds "Bjork"."""
    if text.isascii():
        return _levelled(text)
    spread = unicodedata.normalize("NFD", _JOINERS.sub("", _levelled(text)))
    kept = _OWN_LETTERS.sub(lambda letter: unicodedata.normalize("NFC", letter[0]), spread)
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", kept))
    return plain.translate(_LETTERS_WITHOUT_DECOMPOSITION)


def natural_key(folded: str) -> str:
    """Return a key whose plain order puts "track 2" before "track 10", and nothing at all last.

    Each number is led by a letter that stands for how many digits it has.
    """
    if not folded:
        return _AFTER_EVERYTHING
    return _DIGITS.sub(_sized, folded)


def _levelled(text: str) -> str:
    """Without case, and with one form of each sign; spaces stay as many as they were."""
    if text.isascii():
        return text.lower().replace("`", "'")
    before = ""
    while (
        text != before
    ):  # what one step uncovers may concern another: a mathematical letter has a case once it is plain
        before = text
        signs = unicodedata.normalize("NFC", text).translate(_LIKE_ANOTHER)
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", signs).casefold())
        text = text.replace(_DOT_ABOVE_I, "i")
    return text


def _sized(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0") or "0"
    return chr(ord("0") + min(len(digits), 40)) + digits


def clean(text: str, limit: int = LONGEST_TEXT) -> str:
    """Return `text` without control characters and lone surrogates, on one line, at most `limit` characters."""
    kept = _UNWANTED.sub("", text[: limit * _MARGIN])
    return " ".join(kept.split())[:limit].rstrip()


def clock(seconds: float) -> str:
    """A time in a file as people read it: minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def shown_text(text: str) -> str:
    """A text, name or path as it can be shown: bytes in it that are not UTF-8 appear as replacement marks."""
    bytes_alone = _NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", text)
    return bytes_alone.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def shown_path(path: Path | str) -> str:
    """The whole path as text on one line that can be shown and stored."""
    return clean(shown_text(os.fspath(path)), limit=4096)


def shown_name(path: Path | str) -> str:
    """The last part of a path as text that can be shown and stored."""
    return shown_path(os.path.basename(os.fspath(path).rstrip(os.sep))) or shown_path(path)  # noqa: PTH119


def as_text(value: object) -> str:
    """`value`, which must be text.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, str):
        raise TypeError(value)
    return value
