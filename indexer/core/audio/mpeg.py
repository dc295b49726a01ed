"""Finds where the frames of an MPEG sound stream begin, behind whatever stands in front of them."""

from __future__ import annotations

import re
from typing import BinaryIO

from indexer.core.audio.chunks import read_at

_SEARCHED = (1 << 13, 1 << 20)
"""Bytes that may stand in front: hardly ever any, else the rest of a download or a tag that lost its head."""

_IN_A_ROW = 4
"""Frames that have to follow each other: by chance two do in one file of noise out of some dozen, four in none."""

_SYNC = re.compile(rb"\xff[\xe2-\xe7\xf0-\xff]")
_HEADER = 4
_KBPS = {
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By version, 2 for 2.5 too, and layer. Source: ISO/IEC 11172-3 and 13818-3."""

_RATES = (44_100, 48_000, 32_000)


def first_frame(file: BinaryIO, at: int, end: int) -> int | None:
    """Where the first of several MPEG or ADTS frames in a row begins, None where there are none near `at`.

    Raises:
        OSError: the file cannot be read.
    """
    for searched in _SEARCHED:
        data = read_at(file, at, min(searched, max(0, end - at)))
        for found in _SYNC.finditer(data):
            if _follow_each_other(data, found.start(), is_all=len(data) == end - at):
                return at + found.start()
        if len(data) < searched:
            break
    return None


def _follow_each_other(data: bytes, at: int, *, is_all: bool) -> bool:
    """Whether frames of one kind stand one behind the other; fewer will do where the file ends with the last one."""
    kind, count = None, 0
    while at + _HEADER <= len(data):
        frame = _frame(data[at : at + 6])
        if frame is None or (kind is not None and frame[0] != kind):
            return False
        kind, size = frame
        at += size
        count += 1
        if count >= _IN_A_ROW:
            return True
    return is_all and count > 1 and at == len(data)


def _frame(head: bytes) -> tuple[int, int] | None:
    """Kind and size in bytes of the frame that begins with `head`; None where it is no frame."""
    if head[0] != 0xFF or head[1] < 0xE0:  # noqa: PLR2004 - eleven bits are set
        return None
    if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - the layer that does not exist: ADTS
        size = int.from_bytes(head[3:6], "big") >> 5 & 0x1FFF
        return (0xF0, size) if size > 6 and head[2] >> 2 & 15 < 13 else None  # noqa: PLR2004 - header; rates there are
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bits, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or bits in {0, 15} or rate == 3:  # noqa: PLR2004 - reserved values
        return None
    first = version == 3  # noqa: PLR2004 - as the two bits say it
    kbps = _KBPS[1 if first else 2, layer if first else min(layer, 2)][bits - 1]
    hertz = _RATES[rate] >> (3 - version if version else 2)
    if layer == 1:
        size = (12_000 * kbps // hertz + padding) * 4
    else:
        size = (144_000 if first or layer == 2 else 72_000) * kbps // hertz + padding  # noqa: PLR2004 - half as long
    return (head[1] << 2 | rate, size)
