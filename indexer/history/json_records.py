"""Finds the records in JSON of any size: objects in lists or on lines, one after the other, past whatever is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from indexer.history.lines import LONGEST_RECORD, texts_of
from indexer.history.reading import Refused

Record = dict[str, Any]

_DECODER = json.JSONDecoder(strict=False)
_SIGN = re.compile(r"[^\s,]")
_IN_OBJECT = re.compile(r'[{}\[\]":]|[^\s,{}\[\]":]+')
_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_NEXT = re.compile(r"[}\]]\s*,?\s*(?=\{)|\n[\s,]*(?=\{)")
"""Before a record that follows a broken one."""

_REST = re.compile(r"[^\n]*")
_SCALAR = re.compile(r"[^\s,{}\[\]]+")
_VALUE = re.compile(r"true|false|null|-?Infinity|NaN|-?[0-9][0-9.eE+-]*")
_DEEPEST = 64
"""Lists and objects around records; the pages of a service have five."""


def records_in(stream: BinaryIO) -> Iterator[tuple[int, Record] | Refused]:
    """Each object that is an element of a list or stands by itself, with the line that it begins on.

    Objects that hold lists of records, the pages of a service, are gone into where they are larger than a record may
    be; smaller ones that stand by themselves are given whole. Memory holds `LONGEST_RECORD` characters or a little
    more. Whatever is no JSON is refused line by line, and reading goes on behind it.
    """
    yield from _Scan(stream).run()


class _Scan:
    """A place in the text, and the brackets that are open around it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._texts = texts_of(stream)
        self._text = ""
        self._at = 0
        self._line = 1
        self._is_whole = False
        self._open: list[str] = []
        self._begun = 1
        self._before = ""
        self._has_given = False
        self._refused = 0

    def run(self) -> Iterator[tuple[int, Record] | Refused]:
        while self._move():
            if self._open and self._open[-1] == "{":
                yield from self._within_object()
            else:
                yield from self._between_records()
        if "{" in self._open:
            yield from self._refuse("history-half", self._begun)

    # Where records are

    def _between_records(self) -> Iterator[tuple[int, Record] | Refused]:
        sign = self._text[self._at]
        if sign == "{":
            found = self._record()
            if found is not None:
                self._has_given = True
                yield found
            elif self._open:
                yield from self._refuse("history-json")
                self._skip_to_next()
            else:
                yield from self._push("{")
        elif sign == "[":
            yield from self._push("[")
        elif sign == "]" and self._open:
            self._pop()
        else:
            yield from self._refuse("history-json")
            self._pass(_TEXT.match(self._text, self._at) or _SCALAR.match(self._text, self._at))

    def _record(self) -> tuple[int, Record] | None:
        """The object that begins here; None where it is broken, or longer than one record."""
        for _ in range(2):
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                if not self._look_ahead():
                    return None
            else:
                line = self._line
                self._to(end)
                return line, found
        return None

    def _skip_to_next(self) -> None:
        while True:
            found = _NEXT.search(self._text, self._at + 1)
            if found is not None:
                self._to(found.end())
                return
            self._to(len(self._text) - 1)
            if not self._read():
                self._to(len(self._text))
                return

    # Where they are not: in an object that holds lists of them

    def _within_object(self) -> Iterator[tuple[int, Record] | Refused]:
        self._look_ahead()
        found = _IN_OBJECT.match(self._text, self._at)
        sign = found[0] if found is not None else ""
        if sign == "{" and self._before != ":":  # what began before this never ended
            yield from self._refuse("history-half", self._begun)
            self._open.clear()
            self._before = ""
        elif sign in {"{", "["}:
            yield from self._push(sign)
        elif sign == "}":
            self._pop()
            if not self._open and not self._has_given:
                yield from self._refuse("history-json", self._begun)
        elif sign == '"' and _TEXT.match(self._text, self._at) is None:  # a text that does not end on its line
            yield from self._refuse("history-half")
            self._open.clear()
            self._pass(_REST.match(self._text, self._at))
        elif sign and sign[0] not in '":[]' and not _VALUE.fullmatch(sign):  # words that no object has
            yield from self._refuse("history-half", self._begun)
            self._open.clear()
        else:
            self._before = sign
            self._pass(_TEXT.match(self._text, self._at) or found)

    # Moving

    def _push(self, sign: str) -> Iterator[Refused]:
        if len(self._open) >= _DEEPEST:
            yield from self._refuse("history-json")
            self._open.clear()
        if not self._open:
            self._begun, self._has_given = self._line, False
        self._open.append(sign)
        self._before = sign
        self._to(self._at + 1)

    def _pop(self) -> None:
        self._open.pop()
        self._before = "}"
        self._to(self._at + 1)

    def _pass(self, found: re.Match[str] | None) -> None:
        self._to(self._at + 1 if found is None or found.end() == self._at else found.end())

    def _move(self) -> bool:
        """Go to what is no space; whether there is anything."""
        while True:
            found = _SIGN.search(self._text, self._at)
            if found is not None:
                self._to(found.start())
                return True
            self._to(len(self._text))
            if not self._read():
                return False

    def _to(self, at: int) -> None:
        self._line += self._text.count("\n", self._at, at)
        self._at = at

    def _look_ahead(self) -> bool:
        """Have the text of the longest record at hand; whether there is more of it than before."""
        before = len(self._text) - self._at
        while len(self._text) - self._at < LONGEST_RECORD and self._read():
            pass
        return len(self._text) - self._at > before

    def _read(self) -> bool:
        more = next(self._texts, None)
        if more is None:
            return False
        self._text = self._text[self._at :] + more
        self._at = 0
        return True

    def _refuse(self, code: str, line: int | None = None) -> Iterator[Refused]:
        """Say it once a line."""
        where = self._line if line is None else line
        if where > self._refused:
            self._refused = where
            yield Refused(where, code)
