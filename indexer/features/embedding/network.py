"""Runs an embedding network with onnxruntime: loaded once a process, on one thread."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import soxr

from indexer.core.audio.samples import FloatArray
from indexer.core.model.embedding.errors import NetworkInvalid, NetworkMissing, RuntimeMissing
from indexer.core.model.embedding.manifest import Manifest, read_manifest, to_text
from indexer.core.model.embedding.manifest import manifest_path as default_manifest_path
from indexer.core.model.embedding.registry import MOST_DIMS, EmbeddedProfile, Registration, file_sha256
from indexer.features.spectrum import RATE

_FLOATS: dict[str, type[np.floating[Any]]] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
}


class EmbeddingNetwork:
    """A loaded network.

    Raises:
        RuntimeMissing: onnxruntime is not installed.
        NetworkMissing: there is no such file.
        NetworkInvalid: the file is no network, or not the one that the manifest describes.
    """

    def __init__(self, model: Path, manifest: Manifest) -> None:
        self._model = model
        self._manifest = manifest
        self._session = _session(model)
        self._dtype = self._check_input()
        self._check_output()

    def embed(self, window: FloatArray) -> FloatArray:
        """The embedding, shape (dims,), of one window of `manifest.window_samples` samples at `manifest.rate`.

        The mean over all other axes where the output has several; what is not finite is 0.

        Raises:
            NetworkInvalid: the network fails, or gives something else than numbers.
        """
        given = window.reshape(self._manifest.layout.shape(self._manifest.window_samples)).astype(self._dtype)
        try:
            found = self._session.run([self._manifest.output], {self._manifest.input: given})[0]
        except _runtime_errors() as error:
            raise self._invalid("network-fails", shape=str(given.shape), reason=_first_line(error)) from error
        values = np.asarray(found)
        if values.ndim == 0 or not np.issubdtype(values.dtype, np.floating) or values.size == 0:
            raise self._invalid(
                "network-output-unfit", output=self._manifest.output, kind=values.dtype, shape=str(values.shape)
            )
        embedding: FloatArray = values.reshape(-1, values.shape[-1]).mean(axis=0, dtype=np.float64).astype(np.float32)
        return np.nan_to_num(embedding, nan=0.0, posinf=0.0, neginf=0.0)

    def _check_input(self) -> type[np.floating[Any]]:
        inputs = {found.name: found for found in self._session.get_inputs()}
        wanted = self._manifest.input
        if wanted not in inputs:
            raise self._invalid("network-without-input", wanted=wanted, found=_listed(inputs))
        if len(inputs) > 1:
            raise self._invalid("network-many-inputs", found=_listed(inputs))
        if inputs[wanted].type not in _FLOATS:
            raise self._invalid("network-input-unfit", kind=inputs[wanted].type, wanted=wanted)
        shape, own = self._manifest.layout.shape(self._manifest.window_samples), inputs[wanted].shape
        fits = len(shape) == len(own) and all(not isinstance(b, int) or a == b for a, b in zip(shape, own, strict=True))
        if not fits:
            raise self._invalid(
                "network-shape-unfit",
                wanted=wanted,
                own=_shown(own),
                layout=self._manifest.layout.value,
                seconds=self._manifest.window_seconds,
                rate=str(self._manifest.rate),
                shape=_shown(shape),
            )
        return _FLOATS[inputs[wanted].type]

    def _check_output(self) -> None:
        outputs = {found.name: found for found in self._session.get_outputs()}
        if self._manifest.output not in outputs:
            raise self._invalid("network-without-output", wanted=self._manifest.output, found=_listed(outputs))

    def _invalid(self, code: str, **values: object) -> NetworkInvalid:
        return NetworkInvalid(code, file=self._model, **values)


def examine(model: Path, manifest_path: Path | None = None) -> Registration:
    """Load a network with its manifest, try it on one window, and describe it for registration.

    Args:
        model: the ONNX file.
        manifest_path: its manifest, by default the file beside it with the suffix .json.

    Raises:
        EmbeddingError: either file is missing or not valid, or they do not fit; or onnxruntime is not installed.
    """
    _runtime()
    path = model.expanduser().absolute()
    if not path.is_file():
        raise NetworkMissing("network-missing", file=path)
    manifest = read_manifest(manifest_path or default_manifest_path(path))
    noise = np.random.default_rng(0).normal(0, 0.1, manifest.window_samples).astype(np.float32)
    dims = len(EmbeddingNetwork(path, manifest).embed(noise))
    if dims > MOST_DIMS:
        raise NetworkInvalid("network-too-wide", file=path, number=dims, most=MOST_DIMS)
    return Registration(manifest.name, str(path), file_sha256(path), to_text(manifest), dims)


def embedding_block(samples: FloatArray, profile: EmbeddedProfile) -> FloatArray:
    """The network's block of a track.

    The network is given the track in consecutive windows, the last of them up to the very end; a shorter track is
    repeated until it fills one. Each third of the track (or as many parts as the profile has) is described by the mean
    of the windows whose centres lie in it, or by the nearest window where none does.

    Args:
        samples: shape (n,), n > 0, at RATE.
        profile: whose network is asked.

    Returns:
        Shape (profile.windows, profile.network.dims).

    Raises:
        EmbeddingError: the network is missing, changed, or fails.
    """
    manifest = Manifest.model_validate_json(profile.network.manifest)
    network = loaded(profile.network)
    sound = samples if manifest.rate == RATE else soxr.resample(samples, RATE, manifest.rate, quality="HQ")
    length = manifest.window_samples
    sound = np.resize(sound, max(len(sound), length))
    starts = window_starts(len(sound), length, profile.windows)
    embedded = np.stack([network.embed(sound[start : start + length]) for start in starts])
    centres = ((np.array(starts) + length / 2) / len(sound) * profile.windows).astype(np.float32)
    return np.stack([_part(embedded, centres, part) for part in range(profile.windows)])


def window_starts(samples: int, length: int, fewest: int) -> list[int]:
    """Where windows of `length` begin so that they cover `samples`, at least `fewest` of them where there is room."""
    room = samples - length
    count = min(max(math.ceil(samples / length), fewest), room + 1)
    return [round(room * number / max(count - 1, 1)) for number in range(count)]


def ensure_ready(registration: Registration) -> None:
    """Find out before the first file is analysed whether the network can be used.

    Raises:
        EmbeddingError: it is missing or changed, or onnxruntime is not installed.
    """
    _runtime()
    registration.check()


@lru_cache(maxsize=1)
def loaded(registration: Registration) -> EmbeddingNetwork:
    """The network of a registration, loaded once a process.

    Raises:
        EmbeddingError: it is missing, changed, or not valid any more; or onnxruntime is not installed.
    """
    registration.check()
    return EmbeddingNetwork(Path(registration.model), Manifest.model_validate_json(registration.manifest))


def _part(embedded: FloatArray, centres: FloatArray, part: int) -> FloatArray:
    inside = (centres >= part) & (centres < part + 1)
    if not inside.any():
        inside = np.arange(len(centres)) == np.abs(centres - part - 0.5).argmin()
    mean: FloatArray = embedded[inside].mean(axis=0)
    return mean


def _runtime() -> ModuleType:
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise RuntimeMissing("network-runtime-missing") from error
    runtime: ModuleType = onnxruntime
    return runtime


def _session(model: Path) -> Any:
    runtime = _runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: warnings about graphs are for those who made them
    try:
        return runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except _runtime_errors() as error:
        raise NetworkInvalid("network-unloadable", file=model, reason=_first_line(error)) from error


def _runtime_errors() -> tuple[type[Exception], ...]:
    """Everything onnxruntime raises: its own exceptions have no common base, some are plain RuntimeErrors."""
    state = _runtime().capi.onnxruntime_pybind11_state
    own = (found for found in vars(state).values() if isinstance(found, type) and issubclass(found, Exception))
    return (*own, RuntimeError, ValueError)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")


def _listed(found: dict[str, Any]) -> str:
    return ", ".join(found) or "none"


def _shown(shape: Any) -> str:
    return "(" + ", ".join(str(size) if isinstance(size, int) else "?" for size in shape) + ")"
