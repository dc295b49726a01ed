"""Reads the library of Rhythmbox: rhythmdb.xml, entry by entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from indexer.core.plays import Tally
from indexer.history.lines import LONGEST_RECORD, texts_of
from indexer.history.reading import Found, Refused, Source, Teller, told
from indexer.history.values import Unfit, count_of, named_of, number_of, stars_of

CLIENT = "rhythmbox"

_MARK = re.compile(r"<entry\b|</entry\s*>")
_OPENING = "<entry"


def read(source: Source, teller: Teller) -> Iterator[Found]:
    """A tally for each song that was played or rated; the others, radio stations and podcasts are left out.

    An entry that is broken ends where the next one begins. Entries are parsed one by one, so that there is no place
    for a document type, and memory stays flat.

    Source: rhythmdb/rhythmdb-tree.c of Rhythmbox; ratings are written with the comma of the locale.
    """
    with source.open() as stream:
        for line, text in _entries(texts_of(stream)):
            if text is None:
                yield Refused(line, "history-half")
            else:
                yield told(line, lambda text=text: _tally(text, teller))  # type: ignore[misc]


def _entries(texts: Iterator[str]) -> Iterator[tuple[int, str | None]]:
    """The line and the text of each entry, None for one that does not end."""
    text, line, begun = "", 1, -1
    for more in texts:
        text += more
        at = max(begun, 0)
        for found in _MARK.finditer(text, at + 1 if begun >= 0 else 0):
            if found[0] == _OPENING:
                if begun >= 0:
                    yield line, None
                line += text.count("\n", at, found.start())
                at = begun = found.start()
            elif begun >= 0:
                yield line, text[begun : found.end()]
                line += text.count("\n", at, found.end())
                at, begun = found.end(), -1
        if begun >= 0 and len(text) - begun > LONGEST_RECORD:
            yield line, None
            begun = -1
        keep = begun if begun >= 0 else max(at, len(text) - len(_OPENING))
        line += text.count("\n", at, keep)
        text, begun = text[keep:], 0 if begun >= 0 else -1
    if begun >= 0:
        yield line, None


def _tally(text: str, teller: Teller) -> Tally:
    kind, said = _fields(text)
    if kind != "song":
        raise Unfit("history-podcast")
    named = named_of(
        said.get("artist"),
        said.get("title"),
        album=said.get("album"),
        mbid=said.get("mb-trackid"),
        artist_mbid=said.get("mb-artistid"),
        seconds=said.get("duration"),
    )
    rating = number_of(said.get("rating", "").replace(",", "."))
    return teller.tally(
        named,
        count_of(said.get("play-count")),
        last_at=number_of(said.get("last-played")),
        rating=stars_of(rating, of=5.0),
    )


def _fields(text: str) -> tuple[str, dict[str, str]]:
    """The type of an entry, and the text of each element in it, by its name.

    Raises:
        Unfit: it is broken.
    """
    path: list[str] = []
    kinds: list[str] = []
    said: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        if len(path) == 1:
            kinds.append(attributes.get("type", ""))
        else:
            said[name] = ""

    def take(data: str) -> None:
        if len(path) > 1:
            said[path[-1]] += data

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = take
    try:
        parser.Parse(text.replace("\0", ""), True)
    except expat.ExpatError as error:
        raise Unfit("history-xml") from error
    return kinds[0], said
