"""Tells whether an audio file stops before its own headers say that it should."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from indexer.payload import Payload, locate

_TOLERATED_SHARE = 0.01
"""Writers that are killed leave sizes a little too large; a listener does not miss a hundredth."""

_LARGEST_OGG_PAGE = 65_307
_OGG_HEADER = 27
_UNCOUNTED_BYTES = 1 << 16
"""Behind the last frame that is counted lie tags of kinds that nobody knows; a second of sound is less."""
_HAS_FRAMES, _HAS_BYTES = 1, 2
_VBR_HEADER_WITHIN = 256
"""Bytes from the first MPEG frame in which a Xing, Info or VBRI header lies, if there is one."""


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
