"""Finds where the sound lies in an audio file, between headers and tags that programs rewrite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MOST_CHUNKS = 10_000
"""A file with more chunks before its sound is damaged; the bound keeps a hostile one from keeping us."""

_UNKNOWN_SIZE = 0xFFFF_FFF0
"""Chunk sizes from here on mean that the writer did not know the size: a stream that was saved, or RF64."""

_HALF_UNKNOWN = range(0x7FFF_F000, 0x8000_0001)
"""What writers that count with a sign put there for the same reason."""

_FARTHEST = 2**62
"""Sizes of damaged files point beyond where a file can be asked to go."""

_ID3_HEADER = 10
_APE_HEADER = 32
_ID3V1_SIZE = 128
_OGG_HEADER = 27
_ASF_MAGIC = bytes.fromhex("3026b2758e66cf11")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_MAGICS = (b"ID3", b"fLaC", b"OggS", b"RIFF", b"RF64", b"FORM", b"MAC ", b"wvPk", b"wvpk", b"MPCK", b"MP+", b"APETAGEX")

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


def looks_like_audio(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an audio format."""
    if head.startswith((*_MAGICS, _ASF_MAGIC)) or head[4:8] == b"ftyp":
        return True
    return _is_mpeg_frame(head)


def names_other_files(file: BinaryIO) -> bool:
    """Whether a list of addresses stands where the sound should be, in front of it or behind tags.

    Players take such a file for what it is, whatever its name says, and open what it names, on the network too.

    Raises:
        OSError: the file cannot be read.
    """
    end = file.seek(0, os.SEEK_END)
    head = _read(file, _skip_leading_tags(file, end), _LIST_BYTES)
    plain = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return plain.lstrip().startswith(_LISTS) or (
        plain.lstrip().startswith(b"<") and any(map(plain.__contains__, _ROOTS))
    )


def locate(file: BinaryIO) -> Payload:
    """Find the sound in `file`; what is not understood counts as sound.

    Raises:
        OSError: the file cannot be read.
    """
    end = file.seek(0, os.SEEK_END)
    start = _skip_leading_tags(file, end)
    end = _skip_trailing_tags(file, start, end)
    head = _read(file, start, 16)
    if head.startswith(b"fLaC"):
        return _between(_after_flac_metadata(file, start + 4, end), end)
    if head.startswith(b"OggS"):
        return _between(_first_sounding_page(file, start, end), end, paged=True)
    if head[:4] in (b"RIFF", b"RF64", b"FORM"):
        return _chunk(file, start + 12, end, big_endian=head.startswith(b"FORM"))
    if head[4:8] == b"ftyp":
        return _atom(file, start, end)
    if head.startswith(_ASF_MAGIC):
        return _asf_data(file, start, end)
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


def _is_mpeg_frame(head: bytes) -> bool:
    """MPEG layer 2, layer 3 or ADTS; layer 1 is left out because a UTF-16 text begins like it."""
    return len(head) > 2 and head[0] == 0xFF and head[1] >= 0xE0 and (head[1] >> 1) & 3 != 3  # noqa: PLR2004


def _between(start: int, end: int, *, paged: bool = False) -> Payload:
    return Payload(start, max(0, end - start), paged=paged)


def _read(file: BinaryIO, at: int, count: int) -> bytes:
    if at > _FARTHEST:
        return b""
    file.seek(at)
    return file.read(count)


def _skip_leading_tags(file: BinaryIO, end: int) -> int:
    start = 0
    while start < end:
        head = _read(file, start, _APE_HEADER)
        if head.startswith(b"ID3") and len(head) >= _ID3_HEADER:
            footer = _ID3_HEADER if head[5] & 0x10 else 0
            start += _ID3_HEADER + _syncsafe(head[6:10]) + footer
        elif head.startswith(b"APETAGEX") and len(head) == _APE_HEADER:
            start += _APE_HEADER + int.from_bytes(head[12:16], "little")
        else:
            break
    return min(start, end)


def _syncsafe(data: bytes) -> int:
    """A number of seven bits a byte, as ID3v2 writes sizes."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _skip_trailing_tags(file: BinaryIO, start: int, end: int) -> int:
    while (shorter := _before_last_tag(file, end)) != end and shorter >= start:
        end = shorter
    return end


def _before_last_tag(file: BinaryIO, end: int) -> int:
    """Where the tag that ends at `end` begins; `end` itself where there is none."""
    tail_at = max(0, end - _ID3V1_SIZE)
    tail = _read(file, tail_at, end - tail_at)
    if len(tail) == _ID3V1_SIZE and tail.startswith(b"TAG"):
        return end - _ID3V1_SIZE
    footer = tail[-_APE_HEADER:]
    if footer.startswith(b"APETAGEX") and len(footer) == _APE_HEADER:
        header = _APE_HEADER if footer[23] & 0x80 else 0
        return end - int.from_bytes(footer[12:16], "little") - header
    if tail.endswith(b"LYRICS200") and tail[-15:-9].isdigit():
        return end - int(tail[-15:-9]) - 15
    return end


def _after_flac_metadata(file: BinaryIO, at: int, end: int) -> int:
    start = at
    for _ in range(_MOST_CHUNKS):
        head = _read(file, at, 4)
        if len(head) < 4:  # noqa: PLR2004
            break
        at += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            break
    return at if at <= end else start


def _first_sounding_page(file: BinaryIO, at: int, end: int) -> int:
    """Skip pages that end no packet of sound: their position is 0, or -1 where a header packet goes on."""
    start = at
    for _ in range(_MOST_CHUNKS):
        head = _read(file, at, _OGG_HEADER)
        if len(head) < _OGG_HEADER or not head.startswith(b"OggS"):
            return start
        if int.from_bytes(head[6:14], "little", signed=True) > 0:
            return at
        at += _OGG_HEADER + head[26] + sum(file.read(head[26]))
        if at >= end:
            break
    return start


def _chunk(file: BinaryIO, at: int, end: int, *, big_endian: bool) -> Payload:
    """The `data` chunk of a WAVE file or the `SSND` chunk of an AIFF file."""
    start = at
    for _ in range(_MOST_CHUNKS):
        head = _read(file, at, 8)
        if len(head) < 8:  # noqa: PLR2004
            break
        size = int.from_bytes(head[4:], "big" if big_endian else "little")
        if head[:4] in (b"data", b"SSND"):
            unknown = size >= _UNKNOWN_SIZE or size == 0 or (size in _HALF_UNKNOWN and at + 8 + size > end)
            return _promised(at + 8, end if unknown else at + 8 + size, end)
        at += 8 + size + (size & 1)
    return _between(start, end)


def _atom(file: BinaryIO, at: int, end: int) -> Payload:
    """The first `mdat` atom of an MP4 file."""
    start = at
    for _ in range(_MOST_CHUNKS):
        head = _read(file, at, 16)
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


def _asf_data(file: BinaryIO, at: int, end: int) -> Payload:
    start = at
    for _ in range(_MOST_CHUNKS):
        head = _read(file, at, 24)
        size = int.from_bytes(head[16:], "little")
        if len(head) < 24 or size < 24:  # noqa: PLR2004
            break
        if head.startswith(_ASF_DATA):
            return _promised(at + 24, at + size, end)
        at += size
    return _between(start, end)


def _promised(start: int, promised_end: int, end: int) -> Payload:
    start = min(start, end)
    return Payload(start, max(0, min(promised_end, end) - start), missing=max(0, promised_end - end))
