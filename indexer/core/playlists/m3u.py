"""The M3U and M3U8 formats: a path a line, with the title and length of it on a comment before."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.core.playlists.entries import Entry, Listing, as_url, needs_dot, relative_path, unquoted
from indexer.core.tracks import Seconds

_LINES = re.compile(rb"\r\n|\n|\r")
_INFO = re.compile(r'#EXTINF:\s*(-?\d{1,9}(?:\.\d{1,9})?)?(?:"[^"]*"|[^,])*+,(.*)', re.DOTALL | re.IGNORECASE)
_START = re.compile(r"#EXTVLCOPT:start-time=(\d{1,7}(?:\.\d{1,9})?)")
"""How VLC names a part of a file; other players pass over the line and play all of it."""

_MORE = re.compile(r"#(PLAYLIST|EXTALB|EXTENC):(.*)", re.DOTALL | re.IGNORECASE)
_LEGACY = (
    "cp1252",
    "latin-1",
    "mac_roman",
    "cp1250",
    "cp1251",
    "cp1253",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
    "cp850",
)
"""What players wrote before UTF-8, by region; the one that names files of the library is right."""
_UTF16 = (
    (re.compile(rb"\xff\xfe|\xfe\xff"), "utf-16"),
    (re.compile(rb"[\t\n\r -~]\0"), "utf-16-le"),
    (re.compile(rb"\0[\t\n\r -~]"), "utf-16-be"),
)
"""How a list begins that is in UTF-16, whether or not it says so: a comment, a drive or a slash comes first."""
_UNUSABLE_IN_A_LINE = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]|^\\s|\\s$")
"""Ends a line, or is taken for nothing at one of its ends."""


def parse(content: bytes) -> Listing:
    """Read a list; each line may be UTF-8 or a legacy encoding, whatever the ending of the file's name promises."""
    said: dict[str, str] = {}
    encoding = ""
    entries: list[Entry] = []
    about = _About()
    for line in lines_of(content):
        spellings = spellings_of(line, encoding)
        first = spellings[0].strip()
        if not first.startswith("#"):
            entries.append(_entry(spellings, about, said.get("EXTALB", "")))
            about = _About()
        elif found := _INFO.fullmatch(_readable(spellings).strip()):
            about = _about(found, spellings, about.start)
        elif found := _START.fullmatch(first):
            about = replace(about, start=float(found[1]))
        elif found := _MORE.fullmatch(_readable(spellings).strip()):
            said[found[1].upper()] = found[2].strip()
            encoding = _codec(found[2].strip()) if found[1].upper() == "EXTENC" else encoding
    return Listing(said.get("PLAYLIST", ""), tuple(entries))


def made(entries: Sequence[Entry], folder: Path) -> bytes:
    """A list in UTF-8 with paths as seen from `folder`; bytes of a name that are no UTF-8 stay as they are."""
    lines = ["#EXTM3U"]
    for entry in entries:
        seconds = -1 if entry.seconds is None else round(entry.seconds)
        about = " - ".join(part for part in (entry.artist, entry.title) if part)
        lines.append(f"#EXTINF:{seconds},{' '.join(about.split())}")
        for name, time in (("start", entry.start), ("stop", entry.end)):
            lines += [] if time is None else [f"#EXTVLCOPT:{name}-time={time:.6f}"]
        lines.append(_line(entry.locations[0], folder))
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def lines_of(content: bytes) -> Iterator[bytes]:
    """Lines with something in them."""
    codec = next((codec for start, codec in _UTF16 if start.match(content)), "")
    content = content.decode(codec, "replace").encode("utf-8", "replace") if codec else content
    for line in _LINES.split(content.removeprefix(codecs.BOM_UTF8)):
        if line.strip():
            yield line


def spellings_of(line: bytes, encoding: str = "") -> tuple[str, ...]:
    """The spellings that the bytes of a line may stand for; where they are no UTF-8, first the bytes as they are."""
    try:
        return _once_or_twice(line.decode("utf-8"))
    except UnicodeDecodeError:
        known = (encoding,) if encoding else ()
        spellings = [_in(line, codec) for codec in (*known, *_LEGACY)]
        return tuple(dict.fromkeys((line.decode("utf-8", "surrogateescape"), *filter(None, spellings))))


def _once_or_twice(text: str) -> tuple[str, ...]:
    """A text, and what it was before a program took its UTF-8 for Windows' Latin: "ZoÃ«" for "Zoë"."""
    if text.isascii():
        return (text,)
    try:
        return text, text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return (text,)


@dataclass(frozen=True)
class _About:
    """What a comment says about the line after it: as it is to be shown, and as else it may be spelt."""

    text: str = ""
    seconds: float | None = None
    readings: tuple[str, ...] = ()
    start: Seconds | None = None


def _in(line: bytes, codec: str) -> str:
    try:
        return line.decode(codec)
    except UnicodeDecodeError:
        return line.decode(codec, "ignore") if codec == "cp1252" else ""


def _codec(name: str) -> str:
    """The codec that a list says it is written in, empty for one that is none of text."""
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
    except (LookupError, ValueError):
        return ""
    return found.name


def _readable(spellings: Sequence[str]) -> str:
    """The likeliest spelling to show: not the one that keeps bytes for what they are."""
    return spellings[min(1, len(spellings) - 1)]


def _about(found: re.Match[str], spellings: Sequence[str], start: Seconds | None) -> _About:
    others = (_INFO.fullmatch(spelling.strip()) for spelling in spellings[2:])
    readings = tuple(other[2].strip() for other in others if other)
    seconds = float(found[1]) if found[1] and float(found[1]) > 0 else None
    return _About(found[2].strip(), seconds, readings, start)


def _entry(spellings: Sequence[str], about: _About, album: str) -> Entry:
    artist, dash, title = about.text.partition(" - ")
    plain = tuple(unquoted(each) for each in spellings if "%" in each and not each.lower().startswith("file:"))
    return Entry(
        (*spellings, *plain),
        title if dash else about.text,
        artist if dash else "",
        album,
        about.seconds,
        readings=about.readings,
        start=about.start,
    )


def _line(path: str, folder: Path) -> str:
    relative = relative_path(path, folder)
    if _UNUSABLE_IN_A_LINE.search(relative):
        return as_url(path.replace(os.sep, "/"))
    return f"./{relative}" if needs_dot(relative) else relative
