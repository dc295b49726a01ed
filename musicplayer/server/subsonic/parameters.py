"""What a request asks with: names with one or several values, from its address and its form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Self, TypeVar
from urllib.parse import parse_qsl

from indexer.core.text import shown_text
from musicplayer.server.subsonic.errors import ParameterRefused

MOST_PARAMETERS = 20_000
"""Values of one request: a queue or playlist of as many tracks, beyond which nobody scrolls."""

MOST_BYTES = 1_500_000
"""Of a form, which holds as many ids."""

MOST_CHARACTERS = 4_000
"""Of a value; names, comments and searches are shorter."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,19}(?:\.[0-9]{0,19})?|\.[0-9]{1,19})", re.ASCII)
_YES, _NO = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})

T = TypeVar("T", int, float)

_SHOWN = 80
"""Characters of a wrong value that are said back."""


class Parameters:
    """The values of a request by name.

    What is empty counts as not given, save where a text may be empty. Every text is valid Unicode.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Hold names and values in their order; a name may come several times."""
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(shown_text(value))

    @classmethod
    def of(cls, query: bytes, form: bytes = b"") -> Self:
        """Read what stands behind the question mark of an address, then a form; bytes that are no UTF-8 are replaced.

        Raises:
            ParameterRefused: there are too many, or one is too long.
        """
        pairs = [*_pairs(query), *_pairs(form)]
        if len(pairs) > MOST_PARAMETERS:
            raise ParameterRefused("subsonic-too-many", number=MOST_PARAMETERS)
        for name, value in pairs:
            if max(len(name), len(value)) > MOST_CHARACTERS:
                raise ParameterRefused("subsonic-too-long", parameter=name[:80], number=MOST_CHARACTERS)
        return cls(pairs)

    def __contains__(self, name: str) -> bool:
        """Whether a value that is not empty was given."""
        return bool(self._given(name))

    def is_given(self, name: str) -> bool:
        """Whether a value was given, be it an empty one."""
        return name in self._values

    def text(self, name: str, default: str | None = None) -> str:
        """The first value of a name; where none is given `default`, which may be empty.

        Raises:
            ParameterRefused: it is missing, and there is no default.
        """
        given = self._given(name)
        if given:
            return given
        if default is None:
            raise ParameterRefused("subsonic-missing", parameter=name)
        return default

    def texts(self, name: str) -> list[str]:
        """All values of a name, without empty ones."""
        return [value for value in self._values.get(name, ()) if value]

    def choice(self, name: str, among: Iterable[str], default: str | None = None) -> str:
        """One of some words.

        Raises:
            ParameterRefused: it is missing and there is no default, or is another word.
        """
        known = list(among)
        value = self.text(name, default)
        if value not in known:
            raise ParameterRefused("subsonic-not-among", parameter=name, value=_short(value), known=known)
        return value

    def whole(self, name: str, default: int | None = None, *, least: int = 0, most: int = 2**63 - 1) -> int:
        """A whole number.

        Raises:
            ParameterRefused: it is missing and there is no default, is no number, or lies outside of least and most.
        """
        if default is not None and name not in self:
            return default
        return self._whole(name, self.text(name), least, most)

    def wholes(self, name: str, *, least: int = 0, most: int = 2**63 - 1) -> list[int]:
        """All values of a name as whole numbers; raises ParameterRefused as `whole` does."""
        return [self._whole(name, value, least, most) for value in self.texts(name)]

    def size(self, name: str, default: int, most: int) -> int:
        """How many of something are wanted: more than there can be in one answer are `most`.

        Raises:
            ParameterRefused: it is no number, or less than 0.
        """
        return min(self.whole(name, default), most)

    def number(self, name: str, default: float, *, least: float = -math.inf, most: float = math.inf) -> float:
        """A number with decimals; raises ParameterRefused as `whole` does."""
        if name not in self:
            return default
        value = self.text(name)
        if not _NUMBER.fullmatch(value):
            raise ParameterRefused("subsonic-no-number", parameter=name, value=_short(value))
        return _within(name, float(value), least, most)

    def flag(self, name: str, default: bool) -> bool:
        """Yes or no.

        Raises:
            ParameterRefused: it is neither.
        """
        if name not in self:
            return default
        value = self.text(name).lower()
        if value not in _YES | _NO:
            raise ParameterRefused("subsonic-no-flag", parameter=name, value=_short(value))
        return value in _YES

    def _given(self, name: str) -> str:
        return next(iter(self._values.get(name, ())), "")

    def _whole(self, name: str, value: str, least: int, most: int) -> int:
        if not _WHOLE.fullmatch(value):
            raise ParameterRefused("subsonic-no-number", parameter=name, value=_short(value))
        return _within(name, int(value), least, most)


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values of an address or a form."""
    try:
        return parse_qsl(
            encoded.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError as error:
        raise ParameterRefused("subsonic-too-many", number=MOST_PARAMETERS) from error


def _within(name: str, number: T, least: float, most: float) -> T:
    if not least <= number <= most:
        raise ParameterRefused(
            "subsonic-out-of-range", parameter=name, value=str(number), least=str(least), most=str(most)
        )
    return number


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
