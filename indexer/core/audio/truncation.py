"""Tells whether an audio file ends where its own headers say that it should."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from indexer.core.audio.payload import Payload, locate

_TOLERATED_SHARE = 0.01
"""Writers that are killed leave sizes a little too large; a listener does not miss a hundredth."""

_LARGEST_OGG_PAGE = 65_307
_OGG_HEADER = 27
_UNCOUNTED_BYTES = 1 << 16
"""Behind the last frame that is counted lie tags of kinds that nobody knows; a second of sound is less."""
_HAS_FRAMES, _HAS_BYTES = 1, 2
_VBR_HEADER_WITHIN = 256
"""Bytes from the first MPEG frame in which a Xing, Info or VBRI header lies, if there is one."""

_FLAC_SYNC = (b"\xff\xf8", b"\xff\xf9")
_FLAC_TAIL = 1 << 17
"""Bytes at the end of a file in which its last frame begins, if it is no damaged one."""
_FLAC_HEADER = 16
_FLAC_BLOCKS = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608} | {code: 256 << (code - 8) for code in range(8, 16)}


def is_cut_off(path: Path) -> bool:
    """Whether the container of a WAVE, AIFF, MP4, ASF or Ogg file promises more than there is.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        payload = locate(file)
        if payload.paged:
            return _ends_inside_page(file, payload)
        return payload.missing > _TOLERATED_SHARE * (payload.size + payload.missing)


def counts_its_frames(path: Path) -> bool:
    """Whether an MPEG file carries a header with the number of its frames; without one, a length is an estimate.

    A header that tells of far fewer bytes than there are is that of the first of several files that were joined.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        payload = locate(file)
        file.seek(payload.start)
        head = file.read(_VBR_HEADER_WITHIN)
    if not any(name in head for name in (b"Xing", b"Info", b"VBRI")):
        return False
    counted = _counted_bytes(head)
    return counted is None or payload.size - counted <= _UNCOUNTED_BYTES + _TOLERATED_SHARE * counted


def flac_samples(path: Path) -> int | None:
    """How many samples a FLAC file has by its last frame, whatever its head says; None where that cannot be told.

    Source: RFC 9639, sections 9.1 and 8.2.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        payload = locate(file)
        file.seek(max(payload.start, payload.start + payload.size - _FLAC_TAIL))
        tail = file.read(min(payload.size, _FLAC_TAIL))
        file.seek(max(0, payload.start))
        first = _flac_frame(file.read(_FLAC_HEADER))
    at = len(tail)
    while first is not None and (at := max(tail.rfind(sync, 0, at) for sync in _FLAC_SYNC)) >= 0:
        frame = _flac_frame(tail[at : at + _FLAC_HEADER])
        if frame is not None and frame[0] == first[0]:
            by_sample, number, size = frame
            return (number if by_sample else number * first[2]) + size
    return None


def _counted_bytes(head: bytes) -> int | None:
    """How many bytes of sound a Xing, Info or VBRI header tells of; None where it does not say."""
    at = head.find(b"VBRI")
    if at >= 0:
        return int.from_bytes(head[at + 10 : at + 14], "big") or None
    at = max(head.find(b"Xing"), head.find(b"Info"))
    flags = int.from_bytes(head[at + 4 : at + 8], "big")
    if not flags & _HAS_BYTES:
        return None
    place = at + 8 + (4 if flags & _HAS_FRAMES else 0)
    return int.from_bytes(head[place : place + 4], "big") or None


def _ends_inside_page(file: BinaryIO, payload: Payload) -> bool:
    end = payload.start + payload.size
    file.seek(max(payload.start, end - _LARGEST_OGG_PAGE), os.SEEK_SET)
    tail = file.read(_LARGEST_OGG_PAGE)
    at = tail.rfind(b"OggS")
    if at < 0:
        return False
    if at + _OGG_HEADER > len(tail):
        return True
    table = at + _OGG_HEADER
    body = table + tail[at + 26]
    return body > len(tail) or body + sum(tail[table:body]) > len(tail)


def _flac_frame(head: bytes) -> tuple[bool, int, int] | None:
    """Whether the number in the header of a frame counts samples, that number, and the samples in the frame."""
    if len(head) < _FLAC_HEADER or head[:2] not in _FLAC_SYNC:
        return None
    code, extra = head[2] >> 4, {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    length = max(1, 8 - (head[4] ^ 0xFF).bit_length())
    number = head[4] & (0x7F >> (length if length > 1 else 0))
    for byte in head[5 : 4 + length]:
        number = number << 6 | byte & 0x3F
    at = 4 + length
    wide = {6: 1, 7: 2}.get(code, 0)
    end = at + wide + extra
    if code == 0 or end >= len(head) or _crc8(head[:end]) != head[end]:
        return None
    size = int.from_bytes(head[at : at + wide], "big") + 1 if wide else _FLAC_BLOCKS[code]
    return bool(head[1] & 1), number, size


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1) ^ (0x107 if crc & 0x80 else 0)
    return crc
