"""Hears tracks with an embedding network: loaded once a process, on one thread, several windows at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from indexer.core.audio.samples import FloatArray, resampled
from indexer.core.model.embedding.errors import NetworkInvalid, NetworkMissing
from indexer.core.model.embedding.manifest import Layout, Manifest, read_manifest, to_text
from indexer.core.model.embedding.manifest import manifest_path as default_manifest_path
from indexer.core.model.embedding.registry import MOST_DIMS, Registration, file_sha256
from indexer.features.embedding.runtime import first_line, runtime, runtime_errors, session

_FLOATS: dict[str, type[np.floating[Any]]] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
}

_SAMPLES_AT_ONCE = 200_000
_MOST_AT_ONCE = 4
"""Windows given to a network together: at most 12.5 s at 16 kHz. More take memory and save no time."""

_ALIKE = 0.01
"""What may lie between numbers that are the same but for rounding, also in half precision."""


class EmbeddingNetwork:
    """A loaded network.

    Attributes:
        at_once: windows that it is given together.

    Raises:
        RuntimeMissing: onnxruntime is not installed.
        NetworkMissing: there is no such file.
        NetworkInvalid: the file is no network, or not the one that the manifest describes.
    """

    def __init__(self, model: Path, manifest: Manifest) -> None:
        self._model = model
        self._manifest = manifest
        self._session = session(model)
        self._dtype = self._check_input()
        self._check_output()
        self.at_once = self._windows_at_once()

    def embed(self, windows: FloatArray) -> FloatArray:
        """The embeddings, shape (n, dims), of n > 0 windows of shape (n, `window_samples`) at `manifest.rate`.

        The mean over all other axes where the output has several; what is not finite is 0. No more than `at_once`
        windows are given to the network together, so that its memory does not grow with their number.

        Raises:
            NetworkInvalid: the network fails, or gives something else than numbers.
        """
        parts = [self._embed(windows[start : start + self.at_once]) for start in range(0, len(windows), self.at_once)]
        return np.concatenate(parts)

    def _windows_at_once(self) -> int:
        """How many windows the network takes together: one, unless it tells two of them as it tells each alone."""
        length = self._manifest.window_samples
        if self._manifest.layout is Layout.SAMPLES or isinstance(self._session.get_inputs()[0].shape[0], int):
            return 1
        pair = _noise(2, length) * np.array([[1], [0.1]], dtype=np.float32)
        apart = np.concatenate([self._embed(pair[:1]), self._embed(pair[1:])])
        try:
            together = self._embed(pair)
        except NetworkInvalid:
            return 1
        if not np.allclose(together, apart, rtol=_ALIKE, atol=_ALIKE * float(np.abs(apart).max())):
            return 1
        return max(min(_SAMPLES_AT_ONCE // length, _MOST_AT_ONCE), 1)

    def _embed(self, windows: FloatArray) -> FloatArray:
        """`embed` of as many windows as go together."""
        count, shape = len(windows), self._manifest.layout.shape(self._manifest.window_samples)
        given = windows.reshape((count, *shape[1:]) if count > 1 else shape).astype(self._dtype)
        try:
            found = self._session.run([self._manifest.output], {self._manifest.input: given})[0]
        except runtime_errors() as error:
            raise self._invalid("network-fails", shape=str(given.shape), reason=first_line(error)) from error
        values = np.asarray(found)
        unfit = values.ndim == 0 or not np.issubdtype(values.dtype, np.floating) or values.size == 0
        if unfit or (count > 1 and (values.ndim == 1 or len(values) != count)):
            raise self._invalid(
                "network-output-unfit", output=self._manifest.output, kind=values.dtype, shape=str(values.shape)
            )
        by_window = values.reshape(count, -1, values.shape[-1])
        embedded: FloatArray = by_window.mean(axis=1, dtype=np.float64).astype(np.float32)
        return np.nan_to_num(embedded, nan=0.0, posinf=0.0, neginf=0.0)

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
    runtime()
    path = model.expanduser().absolute()
    if not path.is_file():
        raise NetworkMissing("network-missing", file=path)
    manifest = read_manifest(manifest_path or default_manifest_path(path))
    dims = EmbeddingNetwork(path, manifest).embed(_noise(1, manifest.window_samples)).shape[1]
    if dims > MOST_DIMS:
        raise NetworkInvalid("network-too-wide", file=path, number=dims, most=MOST_DIMS)
    return Registration(manifest.name, str(path), file_sha256(path), to_text(manifest), dims)


class EmbeddingListener:
    """Embeds a track while it is read, in consecutive windows; what it holds does not grow with the track.

    The last window ends at the very end, over some of the one before; a track shorter than a window is repeated until
    it fills one.

    Attributes:
        rate: samples per second of what `add` is given.

    Raises:
        EmbeddingError: the network is missing, changed, or cannot be loaded.
    """

    def __init__(self, registration: Registration) -> None:
        manifest = Manifest.model_validate_json(registration.manifest)
        self.rate: int = manifest.rate
        self._length = manifest.window_samples
        self._network = loaded(registration)
        # The window before those that fill, of which the last window may need a part, and then these.
        self._held = np.zeros((1 + self._network.at_once) * self._length, dtype=np.float32)
        self._filled = self._length
        self._embedded: list[FloatArray] = []
        self._samples = 0

    def add(self, mono: FloatArray) -> None:
        """Take what comes next, shape (n,), at `rate`; raises NetworkInvalid."""
        self._samples += len(mono)
        while len(mono):
            taken = mono[: len(self._held) - self._filled]
            self._held[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            mono = mono[len(taken) :]
            if self._filled == len(self._held):
                self._embed_full()

    def finish(self) -> tuple[FloatArray, FloatArray]:
        """What was heard: embeddings of shape (n, dims), and the centres of their windows in seconds, shape (n,).

        Raises:
            ValueError: nothing was added.
            NetworkInvalid: the network fails.
        """
        if not self._samples:
            raise ValueError("no sound was added")
        whole, rest = divmod(self._samples, self._length)
        self._embed_full()
        starts = [number * self._length for number in range(whole)]
        if rest:
            starts.append(max(self._samples - self._length, 0))
            heard = self._held[: self._filled][-min(self._length, self._samples) :]
            self._embedded.append(self._network.embed(np.resize(heard, (1, self._length))))
        half = min(self._length, self._samples) / 2
        centres = ((np.array(starts) + half) / self.rate).astype(np.float32)
        return np.concatenate(self._embedded), centres

    def _embed_full(self) -> None:
        """Embed the windows that are full, and keep the last of them before what there is of the next."""
        full = self._filled // self._length - 1
        if not full:
            return
        end = (1 + full) * self._length
        self._embedded.append(self._network.embed(self._held[self._length : end].reshape(full, self._length)))
        kept = self._held[end - self._length : self._filled].copy()
        self._held[: len(kept)] = kept
        self._filled = len(kept)


def embedded_windows(samples: FloatArray, rate: int, network: Registration) -> tuple[FloatArray, FloatArray]:
    """What a network makes of a stretch of sound in memory, window by window; see `EmbeddingListener.finish`.

    Args:
        samples: shape (n,), n > 0, mono at `rate` samples a second.
        rate: theirs.
        network: who is asked.

    Raises:
        EmbeddingError: the network is missing, changed, or fails.
    """
    listener = EmbeddingListener(network)
    listener.add(resampled(samples, rate, listener.rate))
    return listener.finish()


def by_parts(embedded: FloatArray, centres: FloatArray, seconds: float, parts: int) -> FloatArray:
    """The mean embedding of each part of a track.

    Args:
        embedded: shape (n, dims), n > 0; a window each.
        centres: shape (n,), of the windows, in seconds.
        seconds: length of the track.
        parts: how many of equal length it is divided into.

    Returns:
        Shape (parts, dims): the mean of the windows whose centres lie in a part, or the nearest where none does.
    """
    places = centres / seconds * parts
    return np.stack([_part(embedded, places, part) for part in range(parts)])


def ensure_ready(registration: Registration) -> None:
    """Find out before the first file is analysed whether the network can be used.

    Raises:
        EmbeddingError: it is missing or changed, or onnxruntime is not installed.
    """
    runtime()
    registration.check()


@lru_cache(maxsize=1)
def loaded(registration: Registration) -> EmbeddingNetwork:
    """The network of a registration, loaded once a process.

    Raises:
        EmbeddingError: it is missing, changed, or not valid any more; or onnxruntime is not installed.
    """
    registration.check()
    return EmbeddingNetwork(Path(registration.model), Manifest.model_validate_json(registration.manifest))


def _part(embedded: FloatArray, places: FloatArray, part: int) -> FloatArray:
    inside = (places >= part) & (places < part + 1)
    if not inside.any():
        inside = np.arange(len(places)) == np.abs(places - part - 0.5).argmin()
    mean: FloatArray = embedded[inside].mean(axis=0)
    return mean


def _noise(windows: int, samples: int) -> FloatArray:
    return np.random.default_rng(0).normal(0, 0.1, (windows, samples)).astype(np.float32)


def _listed(found: dict[str, Any]) -> str:
    return ", ".join(found) or "none"


def _shown(shape: Any) -> str:
    return "(" + ", ".join(str(size) if isinstance(size, int) else "?" for size in shape) + ")"
