"""How a search is put together: words side by side, OR, NOT and brackets; and the order that it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from indexer.core.catalogue.search_fields import ANYWHERE, FIELDS
from indexer.core.catalogue.search_reading import Reading, Typed, read_term
from indexer.core.catalogue.search_terms import Group, Part, QueryError, TextTerm
from indexer.core.catalogue.shown import Column
from indexer.core.text import fold

DEEPEST = 20
"""Brackets in brackets; what opens deeper than that is a sign like any other."""

SORTED_BY = {
    **{column.value: column for column in Column},
    **{column.value.replace("_", ""): column for column in Column},
    "played": Column.LAST_PLAYED,
    "track": Column.NUMBER,
}
"""What stands behind `sort:`."""

_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"(OR|AND|NOT)(?=[\s()\"]|$)")
_FIELD = re.compile(r"(?P<field>[A-Za-z]+)(?P<operator>:?[<>]=?|[:=])")
_PHRASE = re.compile(r'"(?P<text>[^"]*)(?P<end>"?)')


@dataclass(frozen=True)
class Sorting:
    """A column to sort by, and whether from its end."""

    column: Column
    descending: bool


@dataclass(frozen=True)
class Sentence:
    """What was read: parts that all have to hold, the order, fields that are none, and what a person should know."""

    parts: tuple[Part, ...]
    sorting: tuple[Sorting, ...]
    unknown: tuple[str, ...]
    notes: tuple[QueryError, ...]


@dataclass
class _Level:
    """What is inside one pair of brackets: alternatives of parts that belong together."""

    start: int
    negated: bool = False
    alternatives: list[list[Part]] = field(default_factory=lambda: [[]])
    inverted: str = ""  # a NOT that waits for what it is about

    def take(self, part: Part) -> None:
        if self.inverted:
            part, self.inverted = replace(part, negated=not part.negated), ""
        self.alternatives[-1].append(part)

    def parts(self) -> tuple[Part, ...]:
        filled = [parts for parts in self.alternatives if parts]
        if len(filled) <= 1:
            return tuple(filled[0]) if filled else ()
        each = tuple(parts[0] if len(parts) == 1 else Group(tuple(parts)) for parts in filled)
        return (Group(each, any_of=True),)


class Reader:
    """Reads one search from its beginning to its end; there is no text that it does not read."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._at = 0
        self._levels = [_Level(0)]
        self._sorting: list[Sorting] = []
        self._unknown: list[str] = []
        self._notes: list[QueryError] = []

    def read(self) -> Sentence:
        """Read it all.

        Raises:
            QueryError: a quotation mark is not closed, a number is none, or there is no such field.
        """
        while self._skip_space():
            self._step()
        if len(self._levels) > 1:
            self._notes.append(QueryError("query-bracket"))
        while len(self._levels) > 1:
            self._close()
        whole = self._levels[0]
        if whole.inverted and not any(whole.alternatives):
            whole.alternatives = [[_word(whole.inverted)]]
        return Sentence(whole.parts(), tuple(self._sorting), tuple(self._unknown), tuple(self._notes))

    def read_pieces(self) -> tuple[bool, Typed]:
        """Take the first term apart without asking what it means: whether a minus stands before it, and its pieces.

        Raises:
            QueryError: a quotation mark is not closed.
        """
        if not self._skip_space():
            return False, Typed("", "", "", "")
        start = self._at
        negated, name, operator = self._head()
        value, quoted = self._value()
        return negated, Typed(self._text[start : self._at], name, operator, value, quoted)

    def _skip_space(self) -> bool:
        space = _SPACE.match(self._text, self._at)
        self._at = self._at if space is None else space.end()
        return self._at < len(self._text)

    def _step(self) -> None:
        """Read what comes next; every step goes on by one character at least."""
        text, at, level = self._text, self._at, self._levels[-1]
        opens = "-(" if text.startswith("-(", at) else "(" if text[at] == "(" else ""
        word = _WORD.match(text, at)
        if text[at] == ")" and len(self._levels) > 1:
            self._at += 1
            self._close()
        elif opens and len(self._levels) <= DEEPEST:
            self._levels.append(_Level(at, negated=len(opens) > 1))
            self._at += len(opens)
        elif text[at] == "|":
            self._at += 1
            self._next_alternative(level)
        elif word is not None:
            self._at = word.end()
            self._operator(level, word[1])
        else:
            self._terms(level)

    def _close(self) -> None:
        """End the innermost brackets; what is in them is one part of what is around."""
        inner = self._levels.pop()
        parts = inner.parts()
        if not parts:
            return
        part = parts[0] if len(parts) == 1 else Group(parts)
        negated = part.negated is not inner.negated
        self._levels[-1].take(replace(part, negated=negated, said=self._text[inner.start : self._at]))

    def _next_alternative(self, level: _Level) -> None:
        if level.alternatives[-1]:
            level.alternatives.append([])
            level.inverted = ""

    def _operator(self, level: _Level, word: str) -> None:
        """An operator without anything before it is a word; NOT needs nothing before it."""
        if word == "NOT":
            level.inverted = "" if level.inverted else word
        elif not level.alternatives[-1]:
            if len(level.alternatives) == 1:
                level.take(_word(word))
        elif word == "OR":
            self._next_alternative(level)

    def _terms(self, level: _Level) -> None:
        """Read a term, or several with a "|" between them that share a field: `genre:jazz|blues`."""
        start = self._at
        negated, name, operator = self._head()
        found: list[Part] = []
        while True:
            begun = self._at
            value, quoted = self._value()
            said = self._text[start if not found else begun : self._at]
            if name.lower() == "sort" and self._sort(value, operator, descending=negated):
                return
            self._keep(read_term(Typed(said, name, operator, value, quoted)), name, found)
            if not self._goes_on():
                break
            self._at += 1
            if (other := _FIELD.match(self._text, self._at)) is not None and other["field"].lower() in FIELDS:
                name, operator, self._at = other["field"], other["operator"], other.end()
        if found:
            part = found[0] if len(found) == 1 else Group(tuple(found), any_of=True)
            negated = part.negated is not negated
            level.take(replace(part, negated=negated, said=self._text[start : self._at]))

    def _head(self) -> tuple[bool, str, str]:
        """Whether a minus stands here, a field and its operator."""
        negated = self._text[self._at] == "-"
        self._at += negated
        field = _FIELD.match(self._text, self._at)
        if field is None:
            return negated, "", ""
        self._at = field.end()
        return negated, field["field"], field["operator"]

    def _keep(self, reading: Reading, name: str, found: list[Part]) -> None:
        if reading.term is not None:
            found.append(reading.term)
        if reading.unknown:
            self._unknown.append(name)
        if reading.note is not None:
            self._notes.append(reading.note)

    def _goes_on(self) -> bool:
        """Whether a "|" stands here with something right behind it."""
        following = self._text[self._at + 1 : self._at + 2]
        return self._text[self._at : self._at + 1] == "|" and not (following.isspace() or following in {"", "|", ")"})

    def _value(self) -> tuple[str, bool]:
        """What stands up to the next space, and whether in quotation marks.

        Raises:
            QueryError: those are not closed.
        """
        phrase = _PHRASE.match(self._text, self._at)
        if phrase is not None:
            if not phrase["end"]:
                raise QueryError("query-quotation")
            self._at = phrase.end()
            return phrase["text"], True
        start, opened = self._at, 0
        while self._at < len(self._text):
            sign = self._text[self._at]
            if sign.isspace() or sign == "|" or (sign == ")" and not opened and len(self._levels) > 1):
                break
            opened += (sign == "(") - (sign == ")")
            self._at += 1
        return self._text[start : self._at], False

    def _sort(self, value: str, operator: str, *, descending: bool) -> bool:
        """Take what is to be sorted by; whether it is about that at all."""
        if operator not in {":", "="}:
            return False
        for name in value.split(","):
            falls = descending is not name.startswith("-")
            column = SORTED_BY.get(name.strip("-+").lower())
            if column is not None:
                self._sorting.append(Sorting(column, falls))
            elif name.strip("-+"):
                self._notes.append(QueryError("query-sort", name=name.strip("-+")))
        return True


def _word(word: str) -> Part:
    return TextTerm(ANYWHERE, fold(word), said=word)
