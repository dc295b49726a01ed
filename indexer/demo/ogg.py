"""Gives an Ogg stream a serial number of our choice, so that the same music is the same file every time."""

from __future__ import annotations

import struct
import zlib

HEADER = 27  # bytes of a page before its segment table
SERIAL_AT, CHECKSUM_AT, SEGMENTS_AT = 14, 22, 26
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def with_serial(stream: bytes, serial: int) -> bytes:
    """The same single logical stream with another serial number and the checksums that belong to it.

    Encoders draw the number at random; nothing but telling streams apart hangs on it.

    Raises:
        ValueError: these are not whole Ogg pages.

    Source: RFC 3533, section 6.
    """
    pages = bytearray(stream)
    start = 0
    while start < len(pages):
        if pages[start : start + 4] != b"OggS" or start + HEADER > len(pages):
            raise ValueError(f"no Ogg page at byte {start}")
        table = pages[start + HEADER : start + HEADER + pages[start + SEGMENTS_AT]]
        end = start + HEADER + len(table) + sum(table)
        struct.pack_into("<I", pages, start + SERIAL_AT, serial)
        struct.pack_into("<I", pages, start + CHECKSUM_AT, 0)
        struct.pack_into("<I", pages, start + CHECKSUM_AT, checksum(bytes(pages[start:end])))
        start = end
    return bytes(pages)


def checksum(page: bytes) -> int:
    """Ogg's CRC-32: zlib's polynomial, but with bits in the other order and starting from zero."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
