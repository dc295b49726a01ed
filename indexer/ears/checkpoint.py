"""Reads the weights of a TensorFlow checkpoint without TensorFlow.

A checkpoint ("tensor bundle") is a table of names and a file of numbers. The table is one of LevelDB's: a footer at the
end tells where its index is, that tells where the blocks of entries are, and each name in a block is written as what
differs from the name before. An entry is a message that says type, shape and place of a tensor.

Source: `tensorflow/core/protobuf/tensor_bundle.proto` and `table_format.txt` of LevelDB's documentation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.core.audio.samples import FloatArray
from indexer.ears.wire import Damaged, fields, piece, varint

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_WORD = 4
_FLOAT = 1
"""Of TensorFlow's types; what is of another is passed over."""

_DTYPE, _SHAPE, _SHARD, _OFFSET, _SIZE = 1, 2, 3, 4, 5
_DIM = 2
_DIM_SIZE = 1


def read_checkpoint(index: bytes, data: bytes) -> dict[str, FloatArray]:
    """The tensors of a checkpoint of one data file, by name, those that are float32.

    Args:
        index: content of its `.index`.
        data: content of its `.data-00000-of-00001`.

    Raises:
        Damaged: either is not whole, or they do not belong together.
    """
    found = {}
    for name, entry in _entries(index):
        tensor = _tensor(entry, data) if name else None  # the first has no name and describes the whole
        if tensor is not None:
            found[_text(name)] = tensor
    return found


@dataclass(frozen=True)
class _Place:
    offset: int
    size: int


def _entries(index: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and messages, as the table has them in order."""
    footer = piece(index, len(index) - _FOOTER, _FOOTER)
    if int.from_bytes(footer[-8:], "little") != _MAGIC:
        raise Damaged("this is no table of a checkpoint")
    _, place = _place(footer, 0)
    top, _ = _place(footer, place)
    for _, told in _block(index, top):
        block, _ = _place(told, 0)
        yield from _block(index, block)


def _place(data: bytes, at: int) -> tuple[_Place, int]:
    offset, at = varint(data, at)
    size, at = varint(data, at)
    return _Place(offset, size), at


def _block(index: bytes, place: _Place) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block, which ends with a list of places where a key is written in full."""
    if piece(index, place.offset + place.size, 1) != b"\0":
        raise Damaged("the table is compressed")
    block = piece(index, place.offset, place.size)
    restarts = int.from_bytes(piece(block, len(block) - _WORD, _WORD), "little")
    end, at, key = len(block) - _WORD * (restarts + 1), 0, b""
    if end < 0:
        raise Damaged("a block of the table is shorter than it says")
    while at < end:
        shared, at = varint(block, at)
        own, at = varint(block, at)
        size, at = varint(block, at)
        key = piece(key, 0, shared) + piece(block, at, own)
        yield key, piece(block, at + own, size)
        at += own + size


def _tensor(entry: bytes, data: bytes) -> FloatArray | None:
    numbers: dict[int, int] = {}
    shape: tuple[int, ...] = ()
    for number, value in fields(entry):
        if isinstance(value, int):
            numbers[number] = value
        elif number == _SHAPE:
            shape = tuple(_dims(value))
    if numbers.get(_DTYPE) != _FLOAT:
        return None
    offset, size = numbers.get(_OFFSET, 0), numbers.get(_SIZE, 0)
    if numbers.get(_SHARD, 0) or size != _WORD * math.prod(shape):
        raise Damaged(f"{size} bytes are no tensor of shape {shape}")
    return np.frombuffer(piece(data, offset, size), dtype="<f4").astype(np.float32).reshape(shape)


def _dims(shape: bytes) -> Iterator[int]:
    for number, dim in fields(shape):
        if number == _DIM and isinstance(dim, bytes):
            yield next((value for field, value in fields(dim) if field == _DIM_SIZE and isinstance(value, int)), 0)


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError as error:
        raise Damaged("a name is no text") from error
