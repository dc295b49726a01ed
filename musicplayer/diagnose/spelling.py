"""Patterns that find a text however it was written down: escaped for JSON, for an address, for HTML or by Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Literal

_SEPARATORS = "/\\"
_FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
_SHORT = 3
_LAST_OF_LATIN_1 = 0xFF
_LAST_OF_BASIC_PLANE = 0xFFFF


def any_spelling(text: str) -> str:
    """A regular expression for `text` in any mixture of spellings; to be compiled without regard to case.

    What is shorter than four characters is found as a word of its own only.
    """
    forms = dict.fromkeys([text, *(unicodedata.normalize(form, text) for form in _FORMS)])
    pattern = "|".join("".join(map(_character, form)) for form in forms)
    return f"(?:{pattern})" if len(text) > _SHORT else f"(?<![^\\W_])(?:{pattern})(?![^\\W_])"


def any_of(texts: Sequence[str]) -> re.Pattern[str]:
    """Finds any of the texts in any spelling, the longest first; the group `n2` is the third. None finds nothing."""
    longest_first = sorted(enumerate(texts), key=lambda pair: len(pair[1]), reverse=True)
    groups = "|".join(f"(?P<n{index}>{any_spelling(text)})" for index, text in longest_first)
    return re.compile(groups or r"(?!)", re.IGNORECASE)


@cache
def _character(character: str) -> str:
    """No spelling twice: where a text is nearly the one looked for, all mixtures of spellings would be tried."""
    if character in _SEPARATORS:
        return r"(?:\\{1,4}/?|/|%2f|%5c|%255c|%252f|&#x2f;|\\u002f|\\u005c)"
    ways = {way if len(way.lower()) != len(way) else way.lower() for one in _cases(character) for way in _ways(one)}
    written = sorted(
        ways, key=lambda way: ("{" in way or "&" in way or "%" in way, -len(way), way)
    )  # likely ones first
    return written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"


def _cases(character: str) -> set[str]:
    return {character, character.lower(), character.upper(), character.casefold()}


def _ways(text: str) -> set[str]:
    """The spellings of a character, which is more than one code point where it is written in capitals."""
    raw = text.encode("utf-8", "surrogateescape" if _is_escaped_byte(text) else "surrogatepass")
    percent = "".join(f"%{byte:02x}" for byte in raw)
    ways = {re.escape(text), percent, percent.replace("%", "%25")}
    ways.add("".join(f"&#(?:x{ord(one):x}|{ord(one)});" for one in text))
    ways.add("".join(rf"\\{{1,4}}{_code(one)}" for one in text))
    if any(ord(one) > _LAST_OF_BASIC_PLANE for one in text):
        ways.add("".join(rf"\\{{1,4}}u{unit:04x}" for unit in _utf16(text)))
    if not text.isascii():
        ways.add("".join(rf"\\{{1,4}}x{byte:02x}" for byte in raw))
        ways.add("".join(rf"\\{{1,4}}{byte:o}" for byte in raw))
        ways.add(re.escape(raw.decode("latin-1")))
        ways |= {r"\?", "\ufffd", "\ufffd" * len(raw)}
    if text == " ":
        ways.add(r"\+")
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}.get(text)
    return ways | ({named} if named else set())


def _is_escaped_byte(text: str) -> bool:
    """Whether it is a byte of a file name that is no text, as Python keeps it."""
    return len(text) == 1 and "\udc80" <= text <= "\udcff"


def _code(character: str) -> str:
    number = ord(character)
    if number > _LAST_OF_BASIC_PLANE:
        return rf"U{number:08x}"
    if number > _LAST_OF_LATIN_1:
        return rf"u{number:04x}"
    itself = "" if character.isalnum() else f"|{re.escape(character)}"
    return rf"(?:x{number:02x}|u{number:04x}{itself})"


def _utf16(text: str) -> list[int]:
    raw = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
