"""Finds the names of many thousand tracks in a text, in one walk over its words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from urllib.parse import quote

_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")


class Names:
    """Names by their first word, so that a text is compared with the few that may begin where one looks."""

    def __init__(self, names: Iterable[str]) -> None:
        """Names without a letter are left out: they are in every date."""
        self._by_first_word: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
        for name in names:
            if _LETTER.search(name):
                for written in _spellings(name):
                    self._add(written)

    def replaced(self, text: str, placeholder: Callable[[str], str]) -> str:
        """`text` with each name in it, as whole words and with its own capitals, replaced by its placeholder."""
        kept: list[str] = []
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            found = self._longest_at(text, word.group(), word.start(), end)
            if found is not None:
                start, name = found
                kept += [text[end:start], placeholder(name)]
                end = start + len(name)
        return "".join([*kept, text[end:]])

    def _add(self, name: str) -> None:
        first = _WORD.search(name)
        if first is not None:
            self._by_first_word[first.group()].add((name, first.start()))

    def _longest_at(self, text: str, word: str, at: int, end: int) -> tuple[int, str] | None:
        candidates = [
            (at - offset, name)
            for name, offset in self._by_first_word.get(word, ())
            if at - offset >= end and text.startswith(name, at - offset) and _ends_a_word(text, at - offset + len(name))
        ]
        return max(candidates, key=lambda found: len(found[1]), default=None)


def _spellings(name: str) -> set[str]:
    forms = {name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)}
    escaped = {json.dumps(form)[1:-1] for form in forms} | {ascii(form)[1:-1] for form in forms}
    percent = {quote(form.encode("utf-8", "surrogatepass"), safe=safe) for form in forms for safe in ("/", "")}
    return forms | escaped | percent


def _ends_a_word(text: str, at: int) -> bool:
    return at >= len(text) or not (text[at - 1].isalnum() and text[at].isalnum())
