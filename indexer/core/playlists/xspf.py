"""The XSPF format, read without ever following what an XML file can point at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from indexer.core.playlists.entries import Entry, Listing, PlaylistFileError, as_url, relative_path, unquoted
from indexer.core.tracks import TrackId

NAMESPACE = "http://xspf.org/ns/0/"
OWN_ID = "segue:track:"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TRACK = ("playlist", "trackList", "track")
_FIELDS = frozenset({"location", "identifier", "title", "creator", "album", "duration"})
_LONGEST_FIELD = 32_768


def parse(content: bytes, file_name: str) -> Listing:
    """Read a list.

    Raises:
        PlaylistFileError: it is no XSPF, or declares a document type, which a playlist needs not and an attack does.
    """
    reader = _Reader(file_name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise PlaylistFileError("xspf-broken", file=file_name, error=error) from error
    if not reader.is_playlist:
        raise PlaylistFileError("xspf-other", file=file_name)
    return Listing(reader.name, tuple(reader.entries))


def made(name: str, entries: Sequence[Entry], folder: Path) -> bytes:
    """A list with locations as seen from `folder`."""
    root = ET.Element("playlist", {"version": "1", "xmlns": NAMESPACE})
    _add(root, "title", name)
    tracks = ET.SubElement(root, "trackList")
    for entry in entries:
        track = ET.SubElement(tracks, "track")
        _add(track, "location", as_url(relative_path(entry.locations[0], folder)))
        _add(track, "identifier", f"{OWN_ID}{entry.track}" if entry.track else "")
        _add(track, "title", entry.title)
        _add(track, "creator", entry.artist)
        _add(track, "album", entry.album)
        _add(track, "duration", "" if entry.seconds is None else str(round(entry.seconds * 1000)))
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


class _Reader:
    """Takes what the parser meets, and keeps the fields of tracks."""

    def __init__(self, file_name: str) -> None:
        self.is_playlist = False
        self.name = ""
        self.entries: list[Entry] = []
        self._file_name = file_name
        self._path: list[str] = []
        self._fields: dict[str, list[str]] = {}
        self._heard: list[str] = []

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.is_playlist |= not self._path and name == "playlist"
        self._path.append(name)
        self._heard = []
        if self._is_track():
            self._fields = {}

    def text(self, data: str) -> None:
        self._heard.append(data)

    def end(self, _: str) -> None:
        words = "".join(self._heard).strip()[:_LONGEST_FIELD]
        self._heard = []
        if self._is_track():
            self.entries.append(_entry(self._fields))
        elif self._is_track(1) and self._path[-1] in _FIELDS:
            self._fields.setdefault(self._path[-1], []).append(words)
        elif self._path == ["playlist", "title"]:
            self.name = words
        self._path.pop()

    def refuse(self, *_: object) -> None:
        raise PlaylistFileError("xspf-doctype", file=self._file_name)

    def _is_track(self, below: int = 0) -> bool:
        depth = len(self._path) - below  # asked first: a file may nest a million deep
        return depth == len(_TRACK) and tuple(self._path[:depth]) == _TRACK


def _entry(fields: dict[str, list[str]]) -> Entry:
    def first(name: str) -> str:
        return next(iter(fields.get(name, ())), "")

    own = [each[len(OWN_ID) :] for each in fields.get("identifier", ()) if each.startswith(OWN_ID)]
    milliseconds = first("duration")
    known = milliseconds.isascii() and milliseconds.isdecimal() and len(milliseconds) < 12  # noqa: PLR2004 - 3 years
    return Entry(
        tuple(spelling for each in fields.get("location", ()) for spelling in _spellings(each)),
        first("title"),
        first("creator"),
        first("album"),
        int(milliseconds) / 1000 if known else None,
        TrackId(own[0]) if own else None,
    )


def _spellings(location: str) -> tuple[str, ...]:
    """As the format has it, percent-encoded; and as written, for programs that forget to encode."""
    if location.lower().startswith("file:") or "%" not in location:
        return (location,)
    return unquoted(location), location


def _add(parent: ET.Element, tag: str, text: str) -> None:
    if text:
        ET.SubElement(parent, tag).text = _NOT_XML.sub("�", text)
