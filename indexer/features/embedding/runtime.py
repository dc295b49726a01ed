"""The wall before onnxruntime, an extra: imported here alone, when the first network is wanted."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from indexer.core.model.embedding.errors import NetworkInvalid, RuntimeMissing


def runtime() -> ModuleType:
    """The package.

    Raises:
        RuntimeMissing: it is not installed.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise RuntimeMissing("network-runtime-missing") from error
    found: ModuleType = onnxruntime
    return found


def session(model: Path) -> Any:
    """A network, ready to run on one thread.

    Raises:
        RuntimeMissing: onnxruntime is not installed.
        NetworkInvalid: it cannot load the file.
    """
    options = runtime().SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: warnings about graphs are for those who made them
    try:
        return runtime().InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except runtime_errors() as error:
        raise NetworkInvalid("network-unloadable", file=model, reason=first_line(error)) from error


def runtime_errors() -> tuple[type[Exception], ...]:
    """Everything onnxruntime raises: its own exceptions have no common base, some are plain RuntimeErrors."""
    state = runtime().capi.onnxruntime_pybind11_state
    own = (found for found in vars(state).values() if isinstance(found, type) and issubclass(found, Exception))
    return (*own, RuntimeError, ValueError)


def first_line(error: Exception) -> str:
    """What an error says, as a reason in a sentence."""
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")
