"""The M3U and M3U8 formats: a path a line, with the title and length of it on a comment before."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from musicplayer.library.playlist_entries import Entry, Listing, as_url, needs_dot, relative_path, unquoted

_LINES = re.compile(rb"\r\n|\n|\r")
_INFO = re.compile(r"#EXTINF:\s*(-?\d{1,9}(?:\.\d{1,9})?)?[^,]*,(.*)", re.DOTALL)
_NAME = "#PLAYLIST:"
_UNUSABLE_IN_A_LINE = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]|^\\s|\\s$")
"""Ends a line, or is taken for nothing at one of its ends."""


def parse(content: bytes) -> Listing:
    """Read a list; each line may be UTF-8 or Latin-1, whatever the ending of the file's name promises."""
    name = ""
    entries: list[Entry] = []
    seconds: float | None = None
    about = ""
    for spellings in _lines(content):
        line = spellings[0].strip()
        if not line.startswith("#"):
            entries.append(_entry(spellings, about, seconds))
            about, seconds = "", None
        elif found := _INFO.fullmatch(spellings[-1].strip()):
            about = found[2].strip()
            seconds = float(found[1]) if found[1] and float(found[1]) > 0 else None
        elif line.upper().startswith(_NAME):
            name = spellings[-1].strip()[len(_NAME) :].strip()
    return Listing(name, tuple(entries))


def made(entries: Sequence[Entry], folder: Path) -> bytes:
    """A list in UTF-8 with paths as seen from `folder`; bytes of a name that are no UTF-8 stay as they are."""
    lines = ["#EXTM3U"]
    for entry in entries:
        seconds = -1 if entry.seconds is None else round(entry.seconds)
        about = " - ".join(part for part in (entry.artist, entry.title) if part)
        lines.append(f"#EXTINF:{seconds},{' '.join(about.split())}")
        lines.append(_line(entry.locations[0], folder))
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def _lines(content: bytes) -> Iterator[tuple[str, ...]]:
    """Lines with something in them, each with the spellings that its bytes may stand for."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    for line in _LINES.split(content.removeprefix(codecs.BOM_UTF8)):
        if line.strip():
            yield _decoded(line)


def _decoded(line: bytes) -> tuple[str, ...]:
    try:
        return (line.decode("utf-8"),)
    except UnicodeDecodeError:
        spellings = (line.decode("utf-8", "surrogateescape"), line.decode("cp1252", "ignore"), line.decode("latin-1"))
        return tuple(dict.fromkeys(spellings))


def _entry(spellings: Sequence[str], about: str, seconds: float | None) -> Entry:
    artist, dash, title = about.partition(" - ")
    plain = tuple(unquoted(each) for each in spellings if "%" in each and not each.lower().startswith("file:"))
    return Entry((*spellings, *plain), title if dash else about, artist if dash else "", seconds=seconds)


def _line(path: str, folder: Path) -> str:
    relative = relative_path(path, folder)
    if _UNUSABLE_IN_A_LINE.search(relative):
        return as_url(path.replace(os.sep, "/"))
    return f"./{relative}" if needs_dot(relative) else relative
