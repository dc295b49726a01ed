"""Tiny embedding networks, written when a test asks for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

RATE = 8_000
SECONDS = 0.5
DIMS = 6

MANIFEST = {
    "name": "tiny",
    "version": "1",
    "rate": RATE,
    "window_seconds": SECONDS,
    "input": "audio",
    "output": "features",
    "layout": "batch,samples",
}


def write(
    folder: Path,
    *,
    seed: int = 0,
    shape: tuple[Any, ...] = (1, "samples"),
    element: str = "FLOAT",
    together: bool = False,
    **changes: Any,
) -> Path:
    """A network, and its manifest beside it with `changes`; None as a change leaves the field out.

    The network filters the window with DIMS random kernels and takes the mean magnitude of each: (1, DIMS), or
    (batch, DIMS) where it tells windows that come `together` apart.
    """
    onnx = pytest.importorskip("onnx", reason="onnx makes the networks of these tests: pip install onnx")
    pytest.importorskip("onnxruntime", reason='not installed: pip install "segue-player[embedding]"')
    helper, kind = onnx.helper, getattr(onnx.TensorProto, element)
    kernels = np.random.default_rng(seed).normal(size=(DIMS, 1, 32)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["audio"], ["float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Reshape", ["float", "one_channel"], ["channel"]),
        helper.make_node("Conv", ["channel", "kernels"], ["filtered"], strides=[8]),
        helper.make_node("Abs", ["filtered"], ["size"]),
        helper.make_node("ReduceMean", ["size"], ["features"], axes=[2], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("audio", kind, list(shape))],
        [helper.make_tensor_value_info("features", onnx.TensorProto.FLOAT, [shape[0] if together else 1, DIMS])],
        [
            onnx.numpy_helper.from_array(kernels, "kernels"),
            onnx.numpy_helper.from_array(np.array([0 if together else 1, 1, -1]), "one_channel"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path = folder / "tiny.onnx"
    onnx.save(model, str(path))
    manifest = {name: value for name, value in (MANIFEST | changes).items() if value is not None}
    path.with_suffix(".json").write_text(json.dumps(manifest), encoding="utf-8")
    return path
