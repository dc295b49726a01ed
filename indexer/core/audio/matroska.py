"""Reads Matroska and WebM files as far as tags, length and the place of the sound need it."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from indexer.core.audio.chunks import MOST_CHUNKS, read_at
from indexer.core.tracks import Seconds

HEAD = bytes.fromhex("1a45dfa3")

_SEGMENT = 0x18538067
_INFO = 0x1549A966
_CLUSTER = 0x1F43B675
_IN_CLUSTER = frozenset({0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0x5854, 0xAF})
"""What a cluster of unknown size holds: its time, its blocks, and some numbers about it."""

_TAGS, _TAG = 0x1254C367, 0x7373
_TARGETS, _LEVEL, _LEVEL_NAME, _CHAPTER, _ATTACHMENT = 0x63C0, 0x68CA, 0x63CA, 0x63C4, 0x63C6
_SIMPLE, _NAME, _TEXT = 0x67C8, 0x45A3, 0x4487
_TITLE, _DURATION, _SCALE = 0x7BA9, 0x4489, 0x2AD7B1
_TRACKS, _ENTRY, _TYPE, _SOUND = 0x1654AE6B, 0xAE, 0x83, 2

_ALBUM, _PART, _TRACK = 50, 40, 30
_LEVELS = {"ALBUM": _ALBUM, "CONCERT": _ALBUM, "EPISODE": _ALBUM, "PART": _PART, "SESSION": _PART, "TRACK": _TRACK,
           "SONG": _TRACK, "CHAPTER": _TRACK}  # fmt: skip
_USUAL_SCALE = 1_000_000
"""Nanoseconds of one unit of time."""

_LONGEST_TEXT = 1 << 16
_LARGEST_TAGS = 1 << 22
_MOST_HEADER = 12


class Element(NamedTuple):
    """`size` bytes from `start` on; None where they go on until something follows that cannot lie within."""

    id: int
    start: int
    size: int | None


class Described(NamedTuple):
    """What a file says about itself.

    Attributes:
        texts: by name in small letters, in order.
        seconds: its length where it tells.
        has_sound: False where it lists its tracks and none of them is sound.
    """

    texts: dict[str, list[str]]
    seconds: Seconds | None
    has_sound: bool = True


def sound_of(file: BinaryIO, at: int, end: int) -> tuple[int, int]:
    """Where the clusters, which hold the sound, begin and end; all of the file where there is none.

    Raises:
        OSError: the file cannot be read.
    """
    first, last = None, end
    for element in _of_segment(file, at, end):
        if element.id == _CLUSTER or (first is not None and element.id in _IN_CLUSTER):
            first = element.start if first is None else first
            last = min(end, element.start + (element.size or 0))
    return (at, end) if first is None else (first, max(first, last))


def described(file: BinaryIO, at: int, end: int) -> Described:
    """The tags of a file, named as Vorbis comments are.

    Names mean other things at other levels: the TITLE of an album is the album of a track. What names no level is
    about the track.

    Raises:
        OSError: the file cannot be read.
    """
    texts: dict[str, list[str]] = {}
    seconds, has_sound = None, True
    for element in _of_segment(file, at, end):
        content = _content(file, element, _LARGEST_TAGS) if element.id in {_INFO, _TAGS, _TRACKS} else b""
        if element.id == _INFO:
            info = dict(_parts(content))
            seconds = _length(info)
            if _TITLE in info:
                texts["title"] = [_decoded(info[_TITLE])]
        if element.id == _TRACKS:
            has_sound = any(part == _ENTRY and _is_sound(data) for part, data in _parts(content))
        for part, data in _parts(content) if element.id == _TAGS else ():
            if part == _TAG:
                _add_tag(texts, data)
    return Described(texts, seconds, has_sound)


def _of_segment(file: BinaryIO, at: int, end: int) -> Iterator[Element]:
    """The parts of the segments, down into those whose size is not known."""
    for _ in range(MOST_CHUNKS):
        element = _element(read_at(file, at, _MOST_HEADER), at)
        if element is None or at >= end:
            return
        yield element
        inside = element.id == _SEGMENT or element.size is None
        at = element.start if inside else element.start + (element.size or 0)


def _element(head: bytes, at: int) -> Element | None:
    """The element whose header is at the beginning of `head`, which was read at `at`; None where there is none."""
    if not head or head[0] < 0x10:  # noqa: PLR2004 - an id has four bytes at most
        return None
    id_bytes = 9 - head[0].bit_length()
    if len(head) <= id_bytes or head[id_bytes] == 0:
        return None
    size_bytes = 9 - head[id_bytes].bit_length()
    number = head[id_bytes : id_bytes + size_bytes]
    if len(number) < size_bytes:
        return None
    marked = int.from_bytes(number, "big")
    most = (1 << 7 * size_bytes) - 1
    size = marked & most
    name = int.from_bytes(head[:id_bytes], "big")
    return Element(name, at + id_bytes + size_bytes, None if size == most else size)


def _content(file: BinaryIO, element: Element, most: int) -> bytes:
    return b"" if element.size is None else read_at(file, element.start, min(element.size, most))


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements in `data`, as ids and contents."""
    at = 0
    for _ in range(MOST_CHUNKS):
        element = _element(data[at : at + _MOST_HEADER], at)
        if element is None or element.size is None:
            return
        yield element.id, data[element.start : element.start + element.size]
        at = element.start + element.size


def _length(info: dict[int, bytes]) -> Seconds | None:
    data = info.get(_DURATION, b"")
    if len(data) not in {4, 8}:
        return None
    units = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]  # noqa: PLR2004 - a float or a double
    scale = int.from_bytes(info[_SCALE], "big") if _SCALE in info else _USUAL_SCALE
    seconds = units * scale / 1e9
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _is_sound(entry: bytes) -> bool:
    return int.from_bytes(dict(_parts(entry)).get(_TYPE, b""), "big") == _SOUND


def _add_tag(texts: dict[str, list[str]], tag: bytes) -> None:
    level: int | None = None
    found: list[tuple[str, str]] = []
    for part, data in _parts(tag):
        if part == _TARGETS:
            targets = dict(_parts(data))
            if any(int.from_bytes(targets.get(name, b""), "big") for name in (_CHAPTER, _ATTACHMENT)):
                return
            level = _level(targets)
        elif part == _SIMPLE:
            simple = dict(_parts(data))
            found.append((_decoded(simple.get(_NAME, b"")).lower(), _decoded(simple.get(_TEXT, b""))))
    for name, text in found:
        if name and text:
            texts.setdefault(_at_level(name, level), []).append(text)


def _level(targets: dict[int, bytes]) -> int | None:
    if _LEVEL in targets:
        return int.from_bytes(targets[_LEVEL], "big")
    return _LEVELS.get(_decoded(targets.get(_LEVEL_NAME, b"")).upper())


def _at_level(name: str, level: int | None) -> str:
    """What a name means to a track.

    Source: https://www.matroska.org/technical/tagging.html, "Target types".
    """
    plain = {"part_number": "tracknumber", "track": "tracknumber", "date_released": "date", "date_recorded": "date"}
    if level == _ALBUM:
        return {"title": "album", "artist": "albumartist", "part_number": "discnumber"}.get(name, plain.get(name, name))
    if level == _PART:
        return {"title": "disctitle", "part_number": "discnumber"}.get(name, plain.get(name, name))
    return plain.get(name, name)


def _decoded(data: bytes) -> str:
    return data[:_LONGEST_TEXT].decode("utf-8", "replace").rstrip("\0")
