"""Names of files and texts of tags on their way into tables, logs, playlists and exports."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.commands.tables import printable_path
from indexer.core.audio.errors import CorruptFile
from indexer.core.playlists.entries import Entry
from indexer.core.playlists.m3u import made, parse
from indexer.core.recordings.artists import credits_of
from indexer.core.tags.values import parse_number, parse_year, tidy_genres
from indexer.core.text import LONGEST_TEXT, clean, fold, identity, natural_key, shown_name, shown_path
from indexer.scanning.fma import fma_id_of
from tests.fuzz.target import Box, Target

_SPEAKING_WRONGLY = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NAMES = (
    "song.mp3",
    "a\nb\rc\x1b[31m.mp3",
    "\u202egpj.mp3",
    "#EXTM3U.mp3",
    "http:x.mp3",
    "-rf.mp3",
    "%s%n{0}{x.__class__}.mp3",
    "<b>&amp;</b>.mp3",
    "=cmd|' /C calc'!A0.mp3",
    "\u0301" * 5_000,
    "x" * 100_000,
    "\x00",
)


def _run(data: bytes, box: Box) -> None:
    text = data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace")
    cleaned = clean(text)
    _check_shown(cleaned)
    assert len(cleaned) <= LONGEST_TEXT
    for genre in tidy_genres([text]):
        _check_shown(genre)
    natural_key(fold(text))
    assert identity(identity(text)) == identity(text)
    assert all(map(identity, credits_of(text).everyone)), "an artist without a name"
    parse_year(text)
    parse_number(text)
    _check_path(os.fsdecode(data.replace(b"\x00", b"").replace(b"/", b"_")) or "x", box)


def _check_path(name: str, box: Box) -> None:
    path = f"{box.inside}/{name}"
    for shown in (shown_path(path), shown_name(path), str(CorruptFile(path))):
        _check_shown(shown)
    printable_path(path).encode("utf-8")
    fma_id_of(path)
    entries = parse(made([Entry((path,), name, name)], box.inside)).entries
    assert len(entries) == 1, "one line of a playlist became several"


def _check_shown(text: str) -> None:
    """On one line, storable, and without what reaches beyond its own cell."""
    text.encode("utf-8")
    assert not any(unicodedata.category(letter) == "Cc" or letter in _SPEAKING_WRONGLY for letter in text), repr(text)


def _seeds(_: Box) -> Sequence[bytes]:
    return [*(name.encode("utf-8", "surrogatepass") for name in _NAMES), b"not \xff\xfe utf-8.mp3"]


def _texts() -> SearchStrategy[bytes]:
    return st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8")))


_WORDS = (
    b"\n",
    b"\r",
    b"\x1b[",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\x85",
    b"\xe2\x80\xa8",
    b"#",
    b"%",
    b"{0}",
)
TARGETS = (Target("names", _run, _seeds, _WORDS, _texts, errors=(UnicodeDecodeError,)),)
