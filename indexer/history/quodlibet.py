"""Reads the library of Quod Libet, a list of songs in Python's pickle format, without ever unpickling it."""

from __future__ import annotations

import pickletools
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from indexer.core.plays import Tally
from indexer.history.reading import Found, Refused, Source, Teller, told
from indexer.history.values import count_of, named_of, number_of, stars_of, text_of

CLIENT = "quodlibet"

_ROOM = "quodlibet."
"""Where the classes of songs lie; of no other class anything is made."""

_ENCODE = object()
"""Stands for `_codecs.encode`, by which bytes are written in the older protocols."""

_CLASS = object()
"""Stands for the class of a song."""

_MARK = object()

_PUT = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_GET = frozenset({"GET", "BINGET", "LONG_BINGET"})
_MADE: dict[str, Callable[[], Any]] = {
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "MARK": lambda: _MARK,
}
_FIXED = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_BYTES = frozenset({"STRING", "BINSTRING", "SHORT_BINSTRING"})
"""Texts of Python 2, which `pickletools` gives as Latin-1."""

_VALUES = frozenset(
    {
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
    }
)
_NOTHING = frozenset({"PROTO", "FRAME", "STOP"})


class _Foreign(Exception):
    """The pickle wants something that no library of songs does."""


_DAMAGED = (_Foreign, ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError, struct.error)
"""What following a damaged pickle raises."""


def read(source: Source, teller: Teller) -> Iterator[Found]:
    """A tally for each song that was played, skipped or rated; the number of a song in the list stands for a line.

    The operations of the pickle are looked at one by one and only those that make texts, numbers, lists and
    dictionaries are followed: no class is looked up and no function called, whatever the file asks for. Memory grows
    with the texts, since a pickle may come back to each of them.

    Source: quodlibet/formats/_serialize.py of Quod Libet: a list of dictionaries by tag, in protocol 2.
    """
    number = 0
    with source.open() as stream:
        songs = _Machine(stream).songs()
        while True:
            try:
                song = next(songs, None)
            except _DAMAGED:
                yield Refused(number + 1, "history-damaged")
                return
            if song is None:
                return
            number += 1
            yield told(number, lambda song=song: _tally(song, teller))  # type: ignore[misc]


def _tally(song: dict[Any, Any], teller: Teller) -> Tally:
    said = {_text(name): _text(value) if isinstance(value, bytes) else value for name, value in song.items()}
    named = named_of(
        _first(said.get("artist")),
        _first(said.get("title")),
        album=_first(said.get("album")),
        mbid=_first(said.get("musicbrainz_trackid")),
        artist_mbid=_first(said.get("musicbrainz_artistid")),
        isrc=_first(said.get("isrc")),
        seconds=said.get("~#length"),
    )
    return teller.tally(
        named,
        count_of(said.get("~#playcount")),
        skips=count_of(said.get("~#skipcount")),
        last_at=number_of(said.get("~#lastplayed")),
        rating=stars_of(number_of(said.get("~#rating")), of=1.0),
    )


def _first(value: Any) -> str:
    """Of several values, which stand on lines."""
    return text_of(value.split("\n", 1)[0]) if isinstance(value, str) else ""


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@dataclass
class _Machine:
    """The part of the machine of pickle that makes plain values.

    Attributes:
        stream: the pickle.
        stack: values and marks.
        memo: values by the number under which the pickle comes back to them.
    """

    stream: BinaryIO
    stack: list[Any] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def songs(self) -> Iterator[dict[Any, Any]]:
        """The dictionaries that are added to the first list, each emptied once the next one is asked for.

        Raises:
            _DAMAGED: there is something else than songs in it, or it ends early; first come the songs that are whole.
        """
        try:
            yield from self._followed()
        except _DAMAGED:
            yield from [each for each in self.stack[1:] if isinstance(each, dict)][:-1]
            raise

    def _followed(self) -> Iterator[dict[Any, Any]]:
        for code, argument, _ in pickletools.genops(self.stream):
            if code.name in {"APPEND", "APPENDS"} and self._adds_to_first(code.name):
                for song in self._taken() if code.name == "APPENDS" else [self.stack.pop()]:
                    if not isinstance(song, dict):
                        raise _Foreign
                    yield song
                    song.clear()
            else:
                self._do(code.name, argument)

    def _adds_to_first(self, name: str) -> bool:
        """Whether an operation adds to the list that all is in."""
        at = len(self.stack) - 2
        if name == "APPENDS":
            at = max((place for place, value in enumerate(self.stack) if value is _MARK), default=0) - 1
        return at == 0 and isinstance(self.stack[0], list)

    def _do(self, name: str, argument: Any) -> None:
        stack = self.stack
        if name in _MADE:
            stack.append(_MADE[name]())
        elif name in _VALUES:
            stack.append(argument)
        elif name in _BYTES:
            stack.append(argument.encode("latin-1"))
        elif name in _PUT:
            self.memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name in _GET:
            stack.append(self.memo[argument])
        elif name in _FIXED:
            self._make_tuple(_FIXED[name])
        elif name not in _NOTHING:
            self._gather(name, argument)

    def _gather(self, name: str, argument: Any) -> None:
        stack = self.stack
        match name:
            case "SETITEM":
                value, key = stack.pop(), stack.pop()
                self._set([key, value])
            case "SETITEMS":
                self._set(self._taken())
            case "APPEND" | "APPENDS":
                taken = self._taken() if name == "APPENDS" else [stack.pop()]
                if not isinstance(stack[-1], list):
                    raise _Foreign
                stack[-1].extend(taken)
            case "LIST" | "TUPLE":
                taken = self._taken()
                stack.append(taken if name == "LIST" else tuple(taken))
            case "GLOBAL":
                self._find(argument)
            case "STACK_GLOBAL":
                function, module = stack.pop(), stack.pop()
                self._find(f"{module} {function}")
            case "REDUCE" | "NEWOBJ":
                self._make(stack.pop(), stack.pop())
            case "BUILD":
                stack.pop()  # attributes of a song, which has none that matter
            case _:
                raise _Foreign

    def _make_tuple(self, size: int) -> None:
        if len(self.stack) < size:
            raise _Foreign
        self.stack[-size:] = [tuple(self.stack[-size:])]

    def _taken(self) -> list[Any]:
        """What lies above the last mark, which goes, too."""
        taken: list[Any] = []
        while (value := self.stack.pop()) is not _MARK:
            taken.append(value)
        return taken[::-1]

    def _set(self, pairs: list[Any]) -> None:
        target = self.stack[-1]
        if not isinstance(target, dict):
            raise _Foreign
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(key, str | bytes):
                raise _Foreign
            target[key] = value

    def _find(self, name: str) -> None:
        module, _, function = name.partition(" ")
        if (module, function) == ("_codecs", "encode"):
            self.stack.append(_ENCODE)
        elif module.startswith(_ROOM):
            self.stack.append(_CLASS)
        else:
            raise _Foreign

    def _make(self, arguments: Any, maker: Any) -> None:
        if maker is _CLASS and arguments == ():
            self.stack.append({})
        elif maker is _ENCODE and isinstance(arguments, tuple) and isinstance(arguments[0], str):
            self.stack.append(arguments[0].encode("latin-1"))
        else:
            raise _Foreign
