"""Checkpoints are read as they were written, and damaged ones are refused with one kind of error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ears.checkpoint import read_checkpoint
from indexer.ears.wire import Damaged, chunk, fields, integer
from tests.unit.ears import packages

SMALL = {
    "conv2d/bias": np.arange(3, dtype=np.float32),
    "conv2d/kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 1, 4),
    "conv2d_1/bias": np.zeros(0, dtype=np.float32),
    "step": np.array(7, dtype=np.float32),
}
INDEX, DATA = packages.checkpoint(SMALL)


def test_every_tensor_comes_back() -> None:
    found = read_checkpoint(INDEX, DATA)
    assert found.keys() == SMALL.keys()
    for name, values in SMALL.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].dtype == np.float32


@pytest.mark.parametrize("index", [b"", b"x" * 100, INDEX[1:], INDEX[:-1], INDEX[: len(INDEX) // 2]])
def test_half_a_table_is_refused(index: bytes) -> None:
    with pytest.raises(Damaged):
        read_checkpoint(index, DATA)


def test_half_a_data_file_is_refused() -> None:
    with pytest.raises(Damaged, match="are wanted"):
        read_checkpoint(INDEX, DATA[:-1])


@given(changes=st.lists(st.tuples(st.integers(0, len(INDEX) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_table_is_refused_or_read_as_something(changes: list[tuple[int, int]]) -> None:
    index = bytearray(INDEX)
    for place, byte in changes:
        index[place] = byte
    try:
        found = read_checkpoint(bytes(index), DATA)
    except Damaged:
        return
    assert all(values.dtype == np.float32 and values.nbytes <= len(DATA) for values in found.values())


@given(index=st.binary(max_size=200), footer=st.binary(min_size=40, max_size=40))
def test_anything_else_is_refused(index: bytes, footer: bytes) -> None:
    with pytest.raises(Damaged):
        read_checkpoint(index, DATA)
    try:
        read_checkpoint(index + footer + packages.MAGIC.to_bytes(8, "little"), DATA)
    except Damaged:
        return


@given(
    message=st.lists(st.tuples(st.integers(1, 2**28), st.integers(0, 2**64 - 1) | st.binary(max_size=300)), max_size=9)
)
def test_fields_come_back_as_they_were_written(message: list[tuple[int, int | bytes]]) -> None:
    written = b"".join(
        integer(number, value) if isinstance(value, int) else chunk(number, value) for number, value in message
    )
    assert list(fields(written)) == message


@given(data=st.binary(max_size=60))
def test_bytes_that_are_no_message(data: bytes) -> None:
    try:
        assert all(number >= 0 for number, _ in fields(data))
    except Damaged:
        return
