"""Between Arrow's columns and NumPy's arrays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def matrix_of(column: Any) -> NDArray[Any]:
    """Lists of equal length as one array, shape (rows, length)."""
    flat: NDArray[Any] = column.flatten().to_numpy(zero_copy_only=False)
    return flat.reshape(len(column), -1) if len(column) else flat.reshape(0, 0)


def vectors_column(matrix: NDArray[Any]) -> pa.ListArray:
    """The rows of an array as lists."""
    offsets = np.arange(len(matrix) + 1, dtype=np.int32) * matrix.shape[1]
    return pa.ListArray.from_arrays(offsets, pa.array(np.ascontiguousarray(matrix).ravel()))


def runs(keys: NDArray[Any]) -> Iterator[slice]:
    """Where equal neighbours lie in a sorted array, one slice per value."""
    edges = [0, *(np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist(), len(keys)]
    for start, end in pairwise(edges):
        if end > start:
            yield slice(start, end)
