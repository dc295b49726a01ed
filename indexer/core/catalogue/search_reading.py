"""How what is typed behind a field of the search language is read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from indexer.core.catalogue.search_dates import date_term
from indexer.core.catalogue.search_fields import (
    ANYWHERE,
    DATE_FIELDS,
    LISTENER,
    MEASURED_FIELDS,
    NUMBER_FIELDS,
    STATED_EXAMPLES,
    STATES_SAID,
    TEXT_FIELDS,
)
from indexer.core.catalogue.search_terms import ChoiceTerm, HeardTerm, NumberTerm, QueryError, Term, TextTerm
from indexer.core.musical_keys import NO_KEY, keys_named
from indexer.core.text import fold

_LOOKS_ALIKE = (*TEXT_FIELDS, *NUMBER_FIELDS, *DATE_FIELDS, LISTENER)
_YES, _NO = frozenset({"yes", "1", "true", "ja"}), frozenset({"no", "0", "false", "nein"})
_CHANNELS = {"mono": "1", "stereo": "2"}

_SAME = 0.004
"""Numbers with parts that differ by less are one; they have two decimals."""

_SIMILAR = 0.75
"""Names of fields that are at least so alike are taken for each other; tried on swapped and missing letters."""

_NEAR = 0.4
_KILO = 1_000
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d+)?)")
_REAL = r"-?\d{1,9}(?:[.,]\d{1,9})?"
_EQUAL = frozenset({":", "="})


@dataclass(frozen=True)
class Typed:
    """What was typed for one term, and its pieces.

    Attributes:
        said: all of it.
        field: what stands before the operator, empty for none.
        operator: such as `:` or `>=`, empty without a field.
        value: what stands behind it.
        quoted: whether that is in quotation marks.
    """

    said: str
    field: str
    operator: str
    value: str
    quoted: bool = False

    @property
    def name(self) -> str:
        return self.field.lower()

    @property
    def compares(self) -> str:
        """`:`, `=`, `<`, `>`, `<=` or `>=`."""
        return self.operator.removeprefix(":") if len(self.operator) > 1 else self.operator


@dataclass(frozen=True)
class Reading:
    """What was read of a term.

    Attributes:
        term: it; None while it is being typed.
        unknown: what stands before a colon like a field and is none.
        note: why it is looked for as words.
    """

    term: Term | None
    unknown: str = ""
    note: QueryError | None = None


def read_term(typed: Typed) -> Reading:
    """Read one term.

    Raises:
        QueryError: a number is none, or there is no such field to compare with.
    """
    name = typed.name
    if name in NUMBER_FIELDS:
        return Reading(_number_term(typed))
    if name in DATE_FIELDS:
        return Reading(_date_term(typed))
    if name in MEASURED_FIELDS or name in STATED_EXAMPLES:
        return _stated(typed)
    if name:
        _check_field(typed)
    if name in TEXT_FIELDS or name == LISTENER:
        return Reading(_named_term(typed))
    return Reading(_words(typed), unknown=typed.field if typed.value else "")


def _named_term(typed: Typed) -> Term | None:
    """By a name; nothing while it is being typed."""
    if typed.name == LISTENER:
        return HeardTerm(fold(typed.value), said=typed.said) if typed.value else None
    if not typed.value and not typed.quoted:
        return None
    return TextTerm(TEXT_FIELDS[typed.name], fold(typed.value), said=typed.said)


def _words(typed: Typed) -> Term | None:
    """What is typed as it stands: a title may well hold a colon."""
    text = f"{typed.field}{typed.operator}{typed.value}"
    return TextTerm(ANYWHERE, fold(text), said=typed.said) if text else None


def _check_field(typed: Typed) -> None:
    """Refuse what looks like a field and is none, and comparing what has no size.

    Raises:
        QueryError: with the name that was probably meant.
    """
    name, compares = typed.name, typed.compares not in _EQUAL
    if name in TEXT_FIELDS or name == LISTENER:
        if compares:
            raise QueryError("query-compares-words", field=name, operator=typed.compares, value=typed.value or "…")
        return
    meant = get_close_matches(name, _LOOKS_ALIKE, 1, _SIMILAR)
    if compares or (meant and typed.value):
        if meant:
            raise QueryError("query-field-meant", field=name, meant=meant[0])
        raise QueryError("query-field", field=name)


def _date_term(typed: Typed) -> Term:
    field, value = typed.name, typed.value
    if typed.quoted and not value:
        return NumberTerm(DATE_FIELDS[field].field, -math.inf, 0, said=typed.said)
    term = date_term(DATE_FIELDS[field].field, typed.compares, value)
    if term is None:
        examples = {"one": DATE_FIELDS[field].example, "other": f"{field}>2024-05"}
        if not value:
            raise QueryError("query-date-missing", field=field, **examples)
        raise QueryError("query-date", field=field, value=value, **examples)
    return replace(term, said=typed.said)


def _number_term(typed: Typed) -> Term:
    field, column = typed.name, NUMBER_FIELDS[typed.name].field
    if typed.quoted and not typed.value:
        return _missing(column, typed)
    low_text, dash, high_text = typed.value.partition("-")
    low = _number(field, low_text)
    high = _number(field, high_text) if dash else low
    if field == "rating" and not high and typed.compares in _EQUAL:
        return _missing(column, typed)
    if field == "length" and typed.compares in _EQUAL and not dash:
        high = math.nextafter(low + 0.5, 0)  # what the table rounds to this length
        low = low - 0.5
    if NUMBER_FIELDS[field].has_parts:  # of which a column keeps as much as float32 can
        low, high = low - _SAME, high + _SAME
    return NumberTerm(column, *_bounds(typed.compares, low, high), said=typed.said)


def _missing(column: str, typed: Typed) -> NumberTerm:
    """Those of which nothing is known."""
    return NumberTerm(column, 0, 0, missing=True, said=typed.said)


def _bounds(operator: str, low: float, high: float, near: float = 0.0) -> tuple[float, float]:
    """The least and the greatest number that fit; those that differ by less than `near` are one."""
    above = high + near if near else math.nextafter(high, math.inf)
    below = low - near if near else math.nextafter(low, -math.inf)
    return {
        ">": (above, math.inf),
        ">=": (low - near, math.inf),
        "<": (-math.inf, below),
        "<=": (-math.inf, high + near),
    }.get(operator, (low - near, high + near))


def _number(field: str, text: str) -> float:
    found = _CLOCK.fullmatch(text)
    is_plain = text.isdecimal() or (NUMBER_FIELDS[field].has_parts and ":" not in text)
    if found is None or (field != "length" and not is_plain):
        if not text:
            raise QueryError("query-number-missing", field=field, example=NUMBER_FIELDS[field].example)
        raise QueryError("query-number", field=field, text=text, example=NUMBER_FIELDS[field].example)
    hours, minutes, seconds = found.groups()
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds)


def _stated(typed: Typed) -> Reading:
    """Fields that older searches had as words, which is how they are read where they are given something else."""
    if not typed.value and not typed.quoted and typed.name != "heart":
        return Reading(None)
    readers: dict[str, Callable[[Typed], ChoiceTerm | NumberTerm | None]] = {"is": _state, "heart": _heart, "key": _key}
    term = readers.get(typed.name, _measured)(typed)
    if term is not None:
        return Reading(replace(term, said=typed.said))
    example = MEASURED_FIELDS[typed.name].example if typed.name in MEASURED_FIELDS else STATED_EXAMPLES[typed.name]
    return Reading(_words(typed), note=QueryError("query-as-words", text=typed.said, example=example))


def _state(typed: Typed) -> ChoiceTerm | NumberTerm | None:
    return STATES_SAID.get(typed.value.lower()) if typed.compares in _EQUAL else None


def _heart(typed: Typed) -> ChoiceTerm | None:
    value = typed.value.lower()
    if typed.compares not in _EQUAL or (value and value not in _YES | _NO):
        return None
    return ChoiceTerm("favourite", (1,), negated=value in _NO)


def _key(typed: Typed) -> ChoiceTerm | None:
    if typed.compares not in _EQUAL:
        return None
    codes = keys_named(typed.value) if typed.value else frozenset({NO_KEY})
    return ChoiceTerm("key", tuple(sorted(codes))) if codes else None


def _measured(typed: Typed) -> NumberTerm | None:
    """One number is as exact as it is typed, limits are at least as exact as the table.

    `bpm:120` and `bpm<=120` take what is shown as 120, `loudness:-9` is about -9, and -9.4 is below -9.
    """
    field = MEASURED_FIELDS[typed.name]
    if not typed.value:
        return _missing(field.field, typed)
    text = typed.value.lower()
    found = re.fullmatch(
        rf"(?P<low>{_REAL})(?:(?:-|\.\.)(?P<high>{_REAL}))?\s*(?:{field.units})?", _CHANNELS.get(text, text)
    )
    if found is None:
        return None
    texts = [found["low"], found["high"] or found["low"]]
    low, high = sorted(float(text.replace(",", ".")) for text in texts)
    if typed.name == "samplerate":
        low, high = (_KILO * number if abs(number) < _KILO else number for number in (low, high))
    if field.shown is None:
        return NumberTerm(field.field, *_bounds(typed.compares, low, high))
    digits = max(len(re.split("[.,]", text)[-1]) if re.search("[.,]", text) else 0 for text in texts)
    if found["high"] is not None or typed.compares not in _EQUAL:
        digits = max(digits, field.shown)
    near = _NEAR * 10.0**-digits  # between two numbers of so many digits, which float32 keeps apart
    return NumberTerm(field.field, *_bounds(typed.compares, low, high, near), digits=digits)
