"""Reads tags and length out of files that are made of chunks, where nothing else does: WAVE, AIFF, Core Audio, DSD."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from indexer.core.audio.chunks import RIFF, RIFF_HEADS, Chunk, Layout, chunks, layout_of, read_at
from indexer.core.tags.coding import NO_CODING, Coding, coding
from indexer.core.tags.fields import AIFF_NAMES, RIFF_NAMES, Fields, named_fields, undeclared
from indexer.core.tracks import Seconds

_MOST_TEXT = 1 << 16
_MOST_TEXTS = 200
_PCM_TAGS = frozenset({1, 3, 6, 7, 0xFFFE})
"""Of WAVE formats whose bytes a second are exact: samples as whole numbers or floats, A-law, mu-law, extensible."""

_DSD_RATES = range(1_000, 1 << 28)
_LARGEST_EXPONENT = 16_430
"""Of a rate that a sound could have, as it is written in 80 bits."""


class ChunkTags(NamedTuple):
    """What a file holds: fields of the tags that are its format's own, places of ID3 tags, length and coding."""

    fields: Fields
    id3: list[Chunk]
    seconds: Seconds | None
    coding: Coding = NO_CODING


def chunk_tags(file: BinaryIO, head: bytes, end: int) -> ChunkTags | None:
    """What a file that begins with `head` says in its chunks; None for other kinds of files, Wave64 and ASF among them.

    Raises:
        OSError: the file cannot be read.
    """
    layout = layout_of(head)
    kinds: dict[bytes, Callable[[BinaryIO, dict[bytes, Chunk], int], Seconds | None]] = {
        **dict.fromkeys(RIFF_HEADS, _wave_length),
        b"FORM": _aiff_length,
        b"FRM8": _dff_length,
        b"DSD ": _dsf_length,
        b"caff": _caf_length,
    }
    length_of = kinds.get(head[:4])
    if layout is None or length_of is None:
        return None
    found = list(chunks(file, layout, layout.first, end))
    first: dict[bytes, Chunk] = {}
    for chunk in found:
        first.setdefault(chunk.name, chunk)
    id3 = [chunk for chunk in found if chunk.name.lower() == b"id3 "]
    if head.startswith(b"DSD ") and (at := int.from_bytes(read_at(file, 20, 8), "little")):
        id3.append(Chunk(b"id3 ", at, max(0, end - at)))
    return ChunkTags(_own_fields(file, head, found, end), id3, length_of(file, first, end), _coding(file, head, first))


def _coding(file: BinaryIO, head: bytes, first: dict[bytes, Chunk]) -> Coding:
    """Rate and channels of WAVE and AIFF, which nearly all files made of chunks are."""
    if head.startswith(RIFF_HEADS) and b"fmt " in first:
        form = _content(file, first[b"fmt "], 8)
        return coding(int.from_bytes(form[4:8], "little"), int.from_bytes(form[2:4], "little"))
    if head.startswith(b"FORM") and b"COMM" in first:
        common = _content(file, first[b"COMM"], 18)
        return coding(round(_extended(common[8:18])), int.from_bytes(common[:2], "big"))
    return NO_CODING


def _own_fields(file: BinaryIO, head: bytes, found: list[Chunk], end: int) -> Fields:
    if head.startswith(RIFF_HEADS):
        return named_fields(RIFF_NAMES, _info_texts(file, found, end))
    if head.startswith(b"FORM"):
        texts: dict[str, list[str]] = {}
        for chunk in found[:_MOST_TEXTS]:
            if (name := chunk.name.decode("latin-1")) in {"NAME", "AUTH", "(c) "}:
                texts.setdefault(name, []).append(undeclared(_content(file, chunk)))
        return named_fields(AIFF_NAMES, texts)
    if head.startswith(b"caff"):
        return named_fields(None, _caf_texts(file, found))
    if head.startswith(b"FRM8"):
        return named_fields(AIFF_NAMES, _dff_texts(file, found))
    return {}


def _info_texts(file: BinaryIO, found: list[Chunk], end: int) -> dict[str, list[str]]:
    """The entries of all LIST chunks of the kind INFO."""
    texts: dict[str, list[str]] = {}
    inside = Layout(0, (), aligned=RIFF.aligned)
    for chunk in found:
        if chunk.name != b"LIST" or read_at(file, chunk.start, 4).upper() != b"INFO":
            continue
        until = min(end, chunk.start + (end if chunk.size is None else chunk.size))
        for number, entry in enumerate(chunks(file, inside, chunk.start + 4, until)):
            if number >= _MOST_TEXTS:
                break
            texts.setdefault(entry.name.decode("latin-1").upper(), []).append(undeclared(_content(file, entry)))
    return texts


def _dff_texts(file: BinaryIO, found: list[Chunk]) -> dict[str, list[str]]:
    """Artist and title of the edited master information, named as in AIFF."""
    texts: dict[str, list[str]] = {}
    inside = Layout(0, (), number=8, big=True, aligned=2)
    for chunk in found:
        if chunk.name == b"DIIN" and chunk.size is not None:
            for entry in chunks(file, inside, chunk.start, chunk.start + chunk.size):
                if (name := {b"DITI": "NAME", b"DIAR": "AUTH"}.get(entry.name)) is not None:
                    data = _content(file, entry)
                    texts.setdefault(name, []).append(undeclared(data[4 : 4 + int.from_bytes(data[:4], "big")]))
    return texts


def _caf_texts(file: BinaryIO, found: list[Chunk]) -> dict[str, list[str]]:
    """Key and value in turns, each ending with a zero, behind their number."""
    texts: dict[str, list[str]] = {}
    for chunk in found:
        if chunk.name == b"info":
            words = iter(_content(file, chunk)[4:].decode("utf-8", "replace").split("\0")[:_MOST_TEXTS])
            for name, value in zip(words, words, strict=False):
                texts.setdefault(name.lower(), []).append(value)
    return texts


def _content(file: BinaryIO, chunk: Chunk, most: int = _MOST_TEXT) -> bytes:
    return read_at(file, chunk.start, most if chunk.size is None else min(chunk.size, most))


def _there(chunk: Chunk, end: int, promised: int | None = None) -> int:
    """How many bytes of a chunk the file has."""
    size = promised if chunk.size is None else chunk.size
    there = max(0, end - chunk.start)
    return there if size is None else min(size, there)


def _wave_length(file: BinaryIO, first: dict[bytes, Chunk], end: int) -> Seconds | None:
    """From the bytes that are there, whatever the header says of them."""
    if b"fmt " not in first or b"data" not in first:
        return None
    form = _content(file, first[b"fmt "], 40)
    rate, a_second = int.from_bytes(form[4:8], "little"), int.from_bytes(form[8:12], "little")
    promised = None
    if b"ds64" in first:
        promised = int.from_bytes(_content(file, first[b"ds64"], 16)[8:], "little")
    size = _there(first[b"data"], end, promised or None)
    if int.from_bytes(form[:2], "little") not in _PCM_TAGS and b"fact" in first:
        samples = int.from_bytes(_content(file, first[b"fact"], 4), "little")
        if samples and rate and (not a_second or samples / rate <= 2 * size / a_second):
            return samples / rate
    return _ratio(size, a_second)


def _aiff_length(file: BinaryIO, first: dict[bytes, Chunk], end: int) -> Seconds | None:
    if b"COMM" not in first:
        return None
    common = _content(file, first[b"COMM"], 64)
    channels, frames = int.from_bytes(common[:2], "big"), int.from_bytes(common[2:6], "big")
    width = (int.from_bytes(common[6:8], "big") + 7) // 8
    if b"SSND" in first and channels and width and common[18:22] in {b"", b"NONE", b"sowt", b"twos", b"fl32", b"FL32"}:
        frames = min(frames or end, max(0, _there(first[b"SSND"], end) - 8) // (channels * width))
    return _ratio(frames, _extended(common[8:18]))


def _extended(data: bytes) -> float:
    """A number of 80 bits, of IEEE 754's extended precision."""
    exponent = int.from_bytes(data[:2], "big") & 0x7FFF
    mantissa = int.from_bytes(data[2:10], "big")
    return math.ldexp(mantissa, exponent - 16_446) if exponent < _LARGEST_EXPONENT and len(data) == 10 else 0.0  # noqa: PLR2004


def _caf_length(file: BinaryIO, first: dict[bytes, Chunk], end: int) -> Seconds | None:
    """From the table of packets, or else from the bytes of sound where each packet has as many."""
    if b"desc" not in first or b"data" not in first:
        return None
    desc = _content(file, first[b"desc"], 32)
    rate = _double(desc[:8])
    if b"pakt" in first:
        frames = int.from_bytes(_content(file, first[b"pakt"], 16)[8:], "big", signed=True)
        return _ratio(frames, rate)
    packet_bytes, packet_frames = int.from_bytes(desc[16:20], "big"), int.from_bytes(desc[20:24], "big")
    edits = 4
    return _ratio((_there(first[b"data"], end) - edits) * packet_frames, packet_bytes * rate)


def _double(data: bytes) -> float:
    """A number of 64 bits, the highest byte first; 0.0 where it is none."""
    value = struct.unpack(">d", data)[0] if len(data) == 8 else 0.0  # noqa: PLR2004
    return float(value) if math.isfinite(value) else 0.0


def _dsf_length(file: BinaryIO, first: dict[bytes, Chunk], _end: int) -> Seconds | None:
    if b"fmt " not in first:
        return None
    form = _content(file, first[b"fmt "], 40)
    rate, samples = int.from_bytes(form[16:20], "little"), int.from_bytes(form[24:32], "little")
    return _ratio(samples, rate) if rate in _DSD_RATES else None


def _dff_length(file: BinaryIO, first: dict[bytes, Chunk], end: int) -> Seconds | None:
    """Of bare DSD, one bit a sample; the compressed kind counts its frames."""
    if b"PROP" not in first or first[b"PROP"].size is None:
        return None
    prop = first[b"PROP"]
    parts: dict[bytes, Chunk] = {}
    for part in _inside(file, prop):
        parts.setdefault(part.name, part)
    if b"FS  " not in parts:
        return None
    rate = int.from_bytes(_content(file, parts[b"FS  "], 4), "big")
    channels = int.from_bytes(_content(file, parts[b"CHNL"], 2), "big") if b"CHNL" in parts else 0
    if b"DSD " in first and rate in _DSD_RATES:
        return _ratio(_there(first[b"DSD "], end) * 8, rate * channels)
    if b"DST " in first:
        frames = read_at(file, first[b"DST "].start, 18)
        if frames.startswith(b"FRTE"):
            return _ratio(int.from_bytes(frames[12:16], "big"), int.from_bytes(frames[16:18], "big"))
    return None


def _inside(file: BinaryIO, prop: Chunk) -> Iterator[Chunk]:
    inside = Layout(0, (), number=8, big=True, aligned=2)
    return chunks(file, inside, prop.start + 4, prop.start + (prop.size or 0))


def _ratio(count: float, rate: float) -> Seconds | None:
    return count / rate if rate > 0 and count > 0 and math.isfinite(rate) else None
