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

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        file.seek(locate(file).start)
        head = file.read(_VBR_HEADER_WITHIN)
    return any(name in head for name in (b"Xing", b"Info", b"VBRI"))


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
