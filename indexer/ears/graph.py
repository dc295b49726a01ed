"""Writes a network as an ONNX file, without the onnx package.

Only what is needed for the networks here: float32 weights, and attributes that are whole numbers, lists of them, or
texts. The numbers of fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.ears.wire import chunk, integer

_IR_VERSION, _OPSET = 8, 13
"""Of 2021: every onnxruntime that is allowed takes them."""

_FLOAT, _INT64 = 1, 7
_ATTRIBUTE_INT, _ATTRIBUTE_TEXT, _ATTRIBUTE_INTS = 2, 3, 7

Attribute = int | str | list[int]


class Graph:
    """A network in the making; values are named as they come."""

    def __init__(self, name: str, input_name: str, shape: tuple[int | str, ...]) -> None:
        """One input of float32, whose axes are free where they have a name."""
        self._name = name
        self._input = chunk(11, _value(input_name, shape))
        self._nodes: list[bytes] = []
        self._weights: list[bytes] = []
        self._outputs: list[bytes] = []

    def weight(self, values: NDArray[np.generic]) -> str:
        """The name of a constant; whole numbers are kept as int64, all else as float32."""
        name = f"w{len(self._weights)}"
        kind, dtype = (_INT64, "<i8") if np.issubdtype(values.dtype, np.integer) else (_FLOAT, "<f4")
        dims = b"".join(integer(1, size) for size in values.shape)
        content = np.ascontiguousarray(values, dtype=dtype).tobytes()
        self._weights.append(chunk(5, dims + integer(2, kind) + chunk(8, name) + chunk(9, content)))
        return name

    def node(self, operator: str, *inputs: str | NDArray[np.generic], name: str = "", **attributes: Attribute) -> str:
        """Apply an operator to values and constants; returns the name of what it gives."""
        given = [each if isinstance(each, str) else self.weight(each) for each in inputs]
        result = name or f"v{len(self._nodes)}"
        parts = [chunk(1, each) for each in given] + [chunk(2, result), chunk(4, operator)]
        parts += [chunk(5, _attribute(key, value)) for key, value in attributes.items()]
        self._nodes.append(chunk(1, b"".join(parts)))
        return result

    def output(self, name: str, shape: tuple[int | str, ...]) -> None:
        """Give a value to who runs the network."""
        self._outputs.append(chunk(12, _value(name, shape)))

    def file(self) -> bytes:
        """The content of the ONNX file."""
        graph = b"".join([*self._nodes, chunk(2, self._name), *self._weights, self._input, *self._outputs])
        opset = chunk(1, "") + integer(2, _OPSET)
        return integer(1, _IR_VERSION) + chunk(2, "segue") + chunk(7, graph) + chunk(8, opset)


def _value(name: str, shape: tuple[int | str, ...]) -> bytes:
    dims = b"".join(chunk(1, integer(1, size) if isinstance(size, int) else chunk(2, size)) for size in shape)
    tensor = integer(1, _FLOAT) + chunk(2, dims)
    return chunk(1, name) + chunk(2, chunk(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return chunk(1, name) + integer(3, value) + integer(20, _ATTRIBUTE_INT)
    if isinstance(value, str):
        return chunk(1, name) + chunk(4, value) + integer(20, _ATTRIBUTE_TEXT)
    return chunk(1, name) + b"".join(integer(8, each) for each in value) + integer(20, _ATTRIBUTE_INTS)
