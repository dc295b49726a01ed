"""Finds the names of many thousand tracks in a text, in one walk over its words."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus

_WORD = re.compile(r"\w+")
_PERCENT = re.compile("%..")
_LETTER = re.compile(r"[^\W\d_]")


class Names:
    """All names in a set, and by their first word what to cut out of a text to look it up there."""

    def __init__(self, names: Iterable[str]) -> None:
        """Names without a letter are left out: they are in every date."""
        self._names: dict[str, str] = {}
        self._cuts: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        for name in names:
            if _LETTER.search(name):
                for written in _spellings(name):
                    self._add(written, name)
        self._longest_first = {
            word: sorted(cuts, key=lambda cut: cut[1], reverse=True) for word, cuts in self._cuts.items()
        }

    def replaced(self, text: str, placeholder: Callable[[str], str]) -> str:
        """`text` with each name in it, as whole words and with its own capitals, replaced by its placeholder."""
        kept: list[str] = []
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            found = self._longest_at(text, word.group(), word.start(), end)
            if found is not None:
                start, stop = found
                kept += [text[end:start], placeholder(self._names[text[start:stop]])]
                end = stop
        return "".join([*kept, text[end:]])

    def _add(self, written: str, name: str) -> None:
        first = _WORD.search(written)
        if first is not None:
            self._names.setdefault(written, name)
            self._cuts[first.group()].add((first.start(), len(written)))

    def _longest_at(self, text: str, word: str, at: int, end: int) -> tuple[int, int] | None:
        for before, length in self._longest_first.get(word, ()):
            start, stop = at - before, at - before + length
            if start >= end and text[start:stop] in self._names and _ends_a_word(text, stop):
                return start, stop
        return None


def _spellings(name: str) -> set[str]:
    """How a log or an address may write a name."""
    if name.isascii() and name.replace(" ", "").isalnum():
        return {name.replace(" ", space) for space in (" ", "%20", "+", "%2520")}
    forms = {name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)}
    return {written for form in forms for written in _escaped(form)}


def _escaped(name: str) -> Iterator[str]:
    raw = name.encode("utf-8", "surrogatepass")
    in_json = json.dumps(name)[1:-1]
    yield from (name, in_json, json.dumps(in_json)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1])
    yield from (ascii(name)[1:-1], repr(raw)[2:-1], raw.decode("latin-1"), html.escape(name), name.replace("/", "\\"))
    for percent in (quote(raw), quote(raw, safe=""), quote_plus(raw)):
        yield from (percent, _PERCENT.sub(lambda found: found[0].lower(), percent), quote(percent, safe=""))


def _ends_a_word(text: str, at: int) -> bool:
    return at >= len(text) or not (text[at - 1].isalnum() and text[at].isalnum())
