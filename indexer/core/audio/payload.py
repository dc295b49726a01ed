"""Finds where the sound lies in an audio file, between headers and tags that programs rewrite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple

from indexer.core.audio.chunks import ASF_HEAD, MOST_CHUNKS, RIFF_HEADS, WAVE64_HEAD, Layout, chunks, layout_of, read_at
from indexer.core.audio.matroska import HEAD as MATROSKA_HEAD
from indexer.core.audio.matroska import sound_of
from indexer.core.audio.mpeg import first_frame

_HALF_UNKNOWN = range(0x7FFF_F000, 0x8000_0001)
"""Sizes that writers who count with a sign put where they do not know one."""

MOST_TAGS = 1_000
"""In front of the sound, or behind it, in a row; more are no tags but an attack."""

_HEAD_BYTES = 20
_ID3_HEADER = 10
_APE_HEADER = 32
_ID3V1_SIZE = 128
_OGG_HEADER = 27
_RF64_SIZES = 16
"""Bytes in the chunk `ds64` up to the end of the sound's size."""

_MAGICS = (
    *(b"ID3", b"fLaC", b"OggS", *RIFF_HEADS, b"FORM", b"MAC ", b"wvPk", b"wvpk", b"MPCK", b"MP+", b"APETAGEX"),
    *(ASF_HEAD, b"TTA1", b"TTA2", b"tBaK", b"DSD ", b"FRM8", b"caff", WAVE64_HEAD, MATROSKA_HEAD, b"#!AMR"),
    *(b".snd", b"ajkg", b".RMF", b".ra\xfd", b"Creative Voice", b"ADIF", b"OFR "),
    *(b"\x0b\x77", b"\x77\x0b", b"\x7f\xfe\x80\x01", b"\xfe\x7f\x01\x80", b"\x1f\xff\xe8\x00", b"\xff\x1f\x00\xe8"),
    b"DTSHDHDR",
)
"""How files of sound begin, with a tag or without one; the last two lines are AC-3 and DTS."""

_MLP_SYNC = (b"\xf8\x72\x6f\xba", b"\xf8\x72\x6f\xbb")
"""Stands four bytes from the beginning of Dolby TrueHD and MLP."""

_LIST_BYTES = 1024
_LISTS = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"[Reference]", b"\x1f\x8b")
"""How lists of addresses begin: M3U and HLS, FFmpeg's, PLS, ASX; and gzip, which VLC unpacks to look again."""

_ROOTS = (b"<MPD", b"<SmoothStreamingMedia", b"<playlist", b"<smil", b"<asx", b"<ASX")
"""Of lists in XML: DASH, Smooth Streaming, XSPF, SMIL, ASX."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Where the sound is: `size` bytes from `start`.

    Attributes:
        start: offset in bytes from the beginning of the file.
        size: bytes that are there, >= 0.
        missing: bytes that the container promises beyond the end of the file.
        paged: the bytes are Ogg pages, whose headers hold numbers that retagging changes.
    """

    start: int
    size: int
    missing: int = 0
    paged: bool = False


class TagPart(NamedTuple):
    """`size` bytes from `start` on that are a tag of this kind."""

    kind: Literal["id3", "id3v1", "ape", "lyrics"]
    start: int
    size: int


def looks_like_audio(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an audio format."""
    if head.startswith(_MAGICS) or head[4:8] in {b"ftyp", *_MLP_SYNC}:
        return True
    return is_mpeg_frame(head)


def holds_audio(file: BinaryIO) -> bool:
    """Whether a file begins like an audio format, or has MPEG frames behind something else.

    Raises:
        OSError: the file cannot be read.
    """
    if looks_like_audio(read_at(file, 0, _HEAD_BYTES)):
        return True
    return first_frame(file, 0, file.seek(0, os.SEEK_END)) is not None


def names_other_files(file: BinaryIO) -> bool:
    """Whether a list of addresses stands where the sound should be, in front of it or behind tags.

    Players take such a file for what it is, whatever its name says, and open what it names, on the network too.

    Raises:
        OSError: the file cannot be read.
    """
    end = file.seek(0, os.SEEK_END)
    head = read_at(file, _after_leading_tags(file, end), _LIST_BYTES)
    plain = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return plain.lstrip().startswith(_LISTS) or (
        plain.lstrip().startswith(b"<") and any(map(plain.__contains__, _ROOTS))
    )


def leading_tags(file: BinaryIO, end: int) -> list[TagPart]:
    """The tags in front of the sound, in order.

    Raises:
        OSError: the file cannot be read.
    """
    tags: list[TagPart] = []
    at = 0
    while at < end and len(tags) < MOST_TAGS:
        head = read_at(file, at, _APE_HEADER)
        if head.startswith(b"ID3") and len(head) >= _ID3_HEADER:
            footer = _ID3_HEADER if head[5] & 0x10 else 0
            tags.append(TagPart("id3", at, _ID3_HEADER + _syncsafe(head[6:10]) + footer))
        elif head.startswith(b"APETAGEX") and len(head) == _APE_HEADER:
            tags.append(TagPart("ape", at, _APE_HEADER + int.from_bytes(head[12:16], "little")))
        else:
            break
        at += tags[-1].size
    return tags


def trailing_tags(file: BinaryIO, start: int, end: int) -> list[TagPart]:
    """The tags behind the sound, the last one first.

    Raises:
        OSError: the file cannot be read.
    """
    tags: list[TagPart] = []
    while len(tags) < MOST_TAGS:
        tag = _last_tag(file, end)
        if tag is None or tag.start < start:
            break
        tags.append(tag)
        end = tag.start
    return tags


def locate(file: BinaryIO) -> Payload:
    """Find the sound in `file`; what is not understood counts as sound.

    Raises:
        OSError: the file cannot be read.
    """
    end = file.seek(0, os.SEEK_END)
    start = _after_leading_tags(file, end)
    behind = trailing_tags(file, start, end)
    end = behind[-1].start if behind else end
    head = read_at(file, start, _HEAD_BYTES)
    if head.startswith(b"fLaC"):
        return _between(_after_flac_metadata(file, start + 4, end), end)
    if head.startswith(b"OggS"):
        return _between(_first_sounding_page(file, start, end), end, paged=True)
    if (layout := layout_of(head)) is not None:
        return _chunk(file, layout, start, end)
    if head[4:8] == b"ftyp":
        return _atom(file, start, end)
    if head.startswith(MATROSKA_HEAD):
        start, end = sound_of(file, start, end)
    elif head.startswith(b".snd"):
        start = min(end, start + int.from_bytes(head[4:8], "big"))
    return _between(start, end)


def page_bodies(data: bytes) -> Iterator[bytes]:
    """The bodies of the whole Ogg pages in `data`, without their headers; `data` may begin inside a page."""
    at = data.find(b"OggS")
    while 0 <= at <= len(data) - _OGG_HEADER:
        table = at + _OGG_HEADER
        body = table + data[at + 26]
        after = body + sum(data[table:body])
        if after > len(data):
            return
        yield data[body:after]
        at = data.find(b"OggS", after)


def is_mpeg_frame(head: bytes) -> bool:
    """MPEG layer 2, layer 3 or ADTS; layer 1 is left out because a UTF-16 text begins like it."""
    return len(head) > 2 and head[0] == 0xFF and head[1] >= 0xE0 and (head[1] >> 1) & 3 != 3  # noqa: PLR2004


def _between(start: int, end: int, *, paged: bool = False) -> Payload:
    return Payload(start, max(0, end - start), paged=paged)


def _after_leading_tags(file: BinaryIO, end: int) -> int:
    return min(end, sum(tag.size for tag in leading_tags(file, end)))


def _syncsafe(data: bytes) -> int:
    """A number of seven bits a byte, as ID3v2 writes sizes."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _last_tag(file: BinaryIO, end: int) -> TagPart | None:
    """The tag that ends at `end`, None where there is none."""
    tail_at = max(0, end - _ID3V1_SIZE)
    tail = read_at(file, tail_at, end - tail_at)
    footer = tail[-_APE_HEADER:]
    if footer.startswith(b"APETAGEX") and len(footer) == _APE_HEADER:
        size = int.from_bytes(footer[12:16], "little") + (_APE_HEADER if footer[23] & 0x80 else 0)
        return TagPart("ape", end - size, size) if size else None
    if len(tail) == _ID3V1_SIZE and tail.startswith(b"TAG"):  # as an APETAGEX of 130 bytes does, too
        return TagPart("id3v1", tail_at, _ID3V1_SIZE)
    if tail.endswith(b"LYRICS200") and tail[-15:-9].isdigit():
        size = int(tail[-15:-9]) + 15
        return TagPart("lyrics", end - size, size)
    if tail[-_ID3_HEADER:].startswith(b"3DI"):
        size = 2 * _ID3_HEADER + _syncsafe(tail[-4:])
        return TagPart("id3", end - size, size)
    return None


def _after_flac_metadata(file: BinaryIO, at: int, end: int) -> int:
    start = at
    for _ in range(MOST_CHUNKS):
        head = read_at(file, at, 4)
        if len(head) < 4:  # noqa: PLR2004
            break
        at += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            break
    return at if at <= end else start


def _first_sounding_page(file: BinaryIO, at: int, end: int) -> int:
    """Skip pages that end no packet of sound: their position is 0, or -1 where a header packet goes on."""
    start = at
    for _ in range(MOST_CHUNKS):
        head = read_at(file, at, _OGG_HEADER)
        if len(head) < _OGG_HEADER or not head.startswith(b"OggS"):
            return start
        if int.from_bytes(head[6:14], "little", signed=True) > 0:
            return at
        at += _OGG_HEADER + head[26] + sum(file.read(head[26]))
        if at >= end:
            break
    return start


def _chunk(file: BinaryIO, layout: Layout, start: int, end: int) -> Payload:
    """The chunk with the sound."""
    larger = None
    for chunk in chunks(file, layout, start + layout.first, end):
        if chunk.name == b"ds64":
            larger = int.from_bytes(read_at(file, chunk.start, _RF64_SIZES)[8:], "little")
        elif chunk.name in layout.sound:
            size = chunk.size if chunk.size is not None else larger
            unknown = size is None or (size in _HALF_UNKNOWN and chunk.start + size > end)
            return _promised(chunk.start, end if unknown else chunk.start + (size or 0), end)
    return _between(min(end, start + layout.first), end)


def _atom(file: BinaryIO, at: int, end: int) -> Payload:
    """The first `mdat` atom of an MP4 file."""
    start = at
    for _ in range(MOST_CHUNKS):
        head = read_at(file, at, 16)
        if len(head) < 8:  # noqa: PLR2004
            break
        size, header = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(head[8:], "big"), 16
        after = at + size if size else end
        if head[4:8] == b"mdat":
            return _promised(at + header, after, end)
        if after < at + header:
            break
        at = after
    return _between(start, end)


def _promised(start: int, promised_end: int, end: int) -> Payload:
    start = min(start, end)
    return Payload(start, max(0, min(promised_end, end) - start), missing=max(0, promised_end - end))
