"""The wire format of protocol buffers, of which checkpoints and networks are made: numbered fields, read and written.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator

_VARINT, _FIXED64, _CHUNK, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}
_MORE, _SEVEN_BITS = 0x80, 0x7F
_LONGEST = 10
"""Bytes of a number of 64 bits."""


class Damaged(ValueError):
    """Bytes are not what they should be."""


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message in order: numbers as they are, everything else as its bytes.

    Raises:
        Damaged: the message ends within a field, or has one of an unknown type.
    """
    place = 0
    while place < len(message):
        tag, place = varint(message, place)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, place = varint(message, place)
            yield number, value
            continue
        if kind == _CHUNK:
            size, place = varint(message, place)
        elif kind in _FIXED:
            size = _FIXED[kind]
        else:
            raise Damaged(f"field {number} is of the unknown type {kind}")
        yield number, piece(message, place, size)
        place += size


def varint(data: bytes, place: int) -> tuple[int, int]:
    """The number that begins at `place`, and where it ends; raises Damaged."""
    value = 0
    for length, byte in enumerate(data[place : place + _LONGEST], 1):
        value |= (byte & _SEVEN_BITS) << 7 * (length - 1)
        if byte < _MORE:
            return value, place + length
    raise Damaged(f"no number ends after {place}")


def piece(data: bytes, place: int, size: int) -> bytes:
    """`size` bytes from `place` on.

    Raises:
        Damaged: they are not all there.
    """
    if size < 0 or place < 0 or place + size > len(data):
        raise Damaged(f"{size} bytes from {place} are wanted of {len(data)}")
    return data[place : place + size]


def integer(number: int, value: int) -> bytes:
    """A field that is a whole number, within 64 bits."""
    return _varint(number << 3 | _VARINT) + _varint(value & (1 << 64) - 1)


def chunk(number: int, content: bytes | str) -> bytes:
    """A field that is a text, bytes, or a message."""
    data = content.encode() if isinstance(content, str) else content
    return _varint(number << 3 | _CHUNK) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    digits = bytearray()
    while value >= _MORE:
        digits.append(value & _SEVEN_BITS | _MORE)
        value >>= 7
    digits.append(value)
    return bytes(digits)
