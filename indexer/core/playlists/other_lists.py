"""The formats PLS, WPL and ASX, which other players and old ones wrote; they are read, never written."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator

from indexer.core.playlists import m3u
from indexer.core.playlists.entries import Entry, Listing, PlaylistFileError, unquoted
from indexer.core.tracks import Seconds

_FIELD = re.compile(r"\s*(file|title|length)(\d{1,7})\s*=(.*)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"""<(/?)([A-Za-z][\w:]*)((?:"[^"]*"|'[^']*'|[^<>"'])*+)>""")
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:]*)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,9})?)")
_HEAD = 4_096
"""Bytes within which the outermost element of a WPL or ASX begins."""


def looks_like_pls(content: bytes) -> bool:
    return content.removeprefix(codecs.BOM_UTF8).lstrip()[:10].lower() == b"[playlist]"


def looks_like_tags(content: bytes) -> bool:
    """Whether it is WPL or ASX by its outermost element."""
    head = content[:_HEAD].replace(b"\0", b"").lower()
    return b"<asx" in head or b"<smil" in head


def parse_pls(content: bytes) -> Listing:
    """Read a PLS; its entries come in the order of their numbers."""
    fields: dict[int, dict[str, tuple[str, ...]]] = {}
    for line in m3u.lines_of(content):
        spellings = m3u.spellings_of(line)
        found = [match for each in spellings if (match := _FIELD.fullmatch(each))]
        if found:
            values = tuple(match[3].strip() for match in found)
            fields.setdefault(int(found[0][2]), {})[found[0][1].lower()] = values
    return Listing("", tuple(_pls_entry(fields[number]) for number in sorted(fields) if "file" in fields[number]))


def parse_tags(content: bytes, file_name: str) -> Listing:
    """Read a WPL or ASX, as forgiving as the players that wrote them: many are no whole XML.

    Raises:
        PlaylistFileError: it is neither.
    """
    if not looks_like_tags(content):
        raise PlaylistFileError("playlist-unknown", file=file_name)
    reader = _TagReader()
    text = _text(content)
    before = 0
    for match in _TAG.finditer(text):
        reader.take(text[before : match.start()], match[2].lower(), _attributes(match[3]), is_end=bool(match[1]))
        before = match.end()
    return Listing(reader.name, tuple(reader.entries))


class _TagReader:
    """Takes elements as they come, and keeps what they say of tracks."""

    def __init__(self) -> None:
        self.name = ""
        self.entries: list[Entry] = []
        self._in_entry = False
        self._said: dict[str, str] = {}
        self._places: list[str] = []

    def take(self, text: str, tag: str, attributes: dict[str, str], *, is_end: bool) -> None:
        if tag == "media" and not is_end:
            self._add((attributes.get("src", ""),), attributes)
        elif tag == "entry":
            if is_end and self._places:
                self._add(tuple(self._places), self._said)
            self._in_entry, self._said, self._places = not is_end, {}, []
        elif self._in_entry and tag == "ref" and not is_end:
            self._places.append(attributes.get("href", ""))
        elif self._in_entry and tag == "duration":
            self._said["duration"] = attributes.get("value", "")
        elif is_end and tag in {"title", "author"}:
            self._tell(tag, " ".join(html.unescape(text).split()))

    def _tell(self, tag: str, text: str) -> None:
        if self._in_entry:
            self._said[tag] = text
        elif tag == "title" and not self.name:
            self.name = text

    def _add(self, places: tuple[str, ...], said: dict[str, str]) -> None:
        spelt = tuple(spelling for place in places if place for spelling in _spellings(place))
        if spelt:
            artist = said.get("author") or said.get("trackartist") or said.get("albumartist") or ""
            title, album = said.get("title") or said.get("tracktitle") or "", said.get("albumtitle") or ""
            self.entries.append(Entry(spelt, title, artist, album, _seconds(said.get("duration", ""))))


def _pls_entry(fields: dict[str, tuple[str, ...]]) -> Entry:
    about, *readings = fields.get("title", ("",))
    artist, dash, title = about.partition(" - ")
    length = next(iter(fields.get("length", ())), "")
    seconds = float(length) if length.isascii() and length.isdecimal() and len(length) < 8 else 0.0  # noqa: PLR2004
    places = tuple(spelling for place in fields["file"] for spelling in _spellings(place))
    return Entry(places, title if dash else about, artist if dash else "", "", seconds or None, None, tuple(readings))


def _spellings(place: str) -> Iterator[str]:
    yield place
    if "%" in place and not place.lower().startswith("file:"):
        yield unquoted(place)


def _attributes(text: str) -> dict[str, str]:
    return {found[1].lower(): html.unescape(found[2] or found[3] or "") for found in _ATTRIBUTE.finditer(text)}


def _seconds(clock: str) -> Seconds | None:
    if found := _CLOCK.fullmatch(clock.strip()):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3]) or None
    return int(clock) / 1000 if clock.isascii() and clock.isdecimal() and len(clock) < 12 else None  # noqa: PLR2004


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
