"""Builds the ears of MusiCNN as an ONNX network that takes sound, from its weights.

First come a mel spectrogram, filters that see a broad band for a moment (timbre) and filters that see one band for long
(rhythm), each reduced to the band where it finds most; then three layers over time, each added to the one before. What
they give, on average over the window, is the embedding. The layers that made fifty tags of it are left out: what they
give found no more music that belongs together (docs/embedding.md).

Training left most of the first filters at nothing. What such a filter gives does not depend on the sound, so it is
worked out here rather than for every window, which makes the network five times as quick and changes nothing.

Source: Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging", ISMIR LBD (2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray
from indexer.ears.graph import Graph
from indexer.ears.wire import Damaged

RATE = 16_000
WINDOW = 48_000
"""Samples that it is given: 3 s."""

FRAME, HOP, MELS = 512, 256, 96
FRAMES = 187
"""Of a window, as the network was trained; the last one ends before the window does."""

INPUT, OUTPUT = "audio", "features"

_LOUDNESS = 10_000.0
_EPSILON = 1e-3
"""That TensorFlow adds to a variance before it divides by its root."""

_NOTHING = 1e-3
"""A filter whose weights, as they count in the end, add up to less gives the same whatever it hears."""

_TIMBRAL, _TEMPORAL, _DENSE = (0, 1), (2, 3, 4), (5, 6, 7)
"""Numbers of the convolutions, in the order in which the checkpoint counts them."""

KNOWN: FloatArray = np.array(
    [
        0.01807, -0.30522, 0.32781, -0.00715, 0.00049, 0.00514, -0.00016, -0.48278, -0.00011, 0.00855, 0.59251,
        0.07673, 1.68911, 0.39296, 0.28942, 0.99222, 0.44965, 0.41897, 0.26847, 1.13671, 0.25908, 0.86061,
        -2.45064, -1.88030, -0.46056, 1.47878, 5.46861, 0.63228, -3.26497, -0.36965, -0.20368, 1.64463,
    ],
    dtype=np.float32,
)  # fmt: skip
"""Every sixth value for `indexer.ears.making.known_sound`, by a second way to compute the network, in double precision,
which agrees with what the package itself makes of the same mel spectrogram."""

Weights = Mapping[str, FloatArray]


def build(weights: Weights) -> bytes:
    """The ONNX file of the weights of a checkpoint: INPUT (windows, WINDOW) at RATE to OUTPUT (windows, values).

    Raises:
        Damaged: a weight is missing or of another shape.
    """
    try:
        return _build(weights)
    except (KeyError, ValueError, IndexError) as error:
        raise Damaged(f"the weights are not those of the network: {error}") from error


def mel_filters() -> FloatArray:
    """Triangles on Slaney's scale, each of the same area: shape (MELS, FRAME // 2 + 1), for powers.

    As `librosa.filters.mel(sr=16000, n_fft=512, n_mels=96)`.
    """
    edges = _hertz(np.linspace(0.0, float(_mel(RATE / 2)), MELS + 2))
    bins = np.linspace(0, RATE / 2, FRAME // 2 + 1)
    rises = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falls = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    triangles = np.maximum(0, np.minimum(rises, falls))
    bank: FloatArray = (triangles * 2 / (edges[2:] - edges[:-2])[:, None]).astype(np.float32)
    return bank


@dataclass(frozen=True)
class _Layer:
    """A convolution, what is cut off below zero, and a scale and shift for each filter.

    Attributes:
        kernel: shape (filters, channels, bands, frames).
        bias, scale, shift: shape (filters,).
    """

    kernel: FloatArray
    bias: FloatArray
    scale: FloatArray
    shift: FloatArray

    @property
    def is_live(self) -> NDArray[np.bool_]:
        """Whether what a filter gives depends on what it is given."""
        alive: NDArray[np.bool_] = np.abs(self.kernel).sum(axis=(1, 2, 3)) * np.abs(self.scale) >= _NOTHING
        return alive

    @property
    def idle(self) -> FloatArray:
        """What the filters give that hear nothing."""
        given: FloatArray = self.scale * np.maximum(self.bias, 0) + self.shift
        return given[~self.is_live]

    def live(self) -> _Layer:
        """The filters that hear something."""
        kept = self.is_live
        return _Layer(self.kernel[kept], self.bias[kept], self.scale[kept], self.shift[kept])


def _build(weights: Weights) -> bytes:
    graph = Graph("musicnn", INPUT, ("windows", WINDOW))
    heard = _normalised(graph, _levels(graph), weights)
    first = [_layer(weights, number) for number in (*_TIMBRAL, *_TEMPORAL)]
    fronts = [_strongest(graph, heard, layer.live()) for layer in first if layer.is_live.any()]
    live = graph.node("Concat", *fronts, axis=1)
    dense = _over_time(graph, live, first, weights)
    everything = graph.node("Concat", *dense, axis=1)
    graph.node("ReduceMean", everything, name=OUTPUT, axes=[2], keepdims=0)
    graph.output(OUTPUT, ("windows", sum(len(_layer(weights, number).bias) for number in _DENSE)))
    return graph.file()


def _levels(graph: Graph) -> str:
    """Logarithms of the powers of the mel bands: (batch, MELS, FRAMES)."""
    padded = graph.node("Pad", INPUT, np.array([0, FRAME // 2, 0, 0]), mode="reflect")
    channel = graph.node("Reshape", padded, np.array([0, 1, -1]))
    # One convolution gives the real and the imaginary parts of all spectra.
    angles = 2 * np.pi * np.outer(np.arange(FRAME // 2 + 1), np.arange(FRAME)) / FRAME
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    waves = np.concatenate([np.cos(angles), np.sin(angles)]) * hann
    parts = graph.node("Conv", channel, waves[:, None], strides=[HOP])
    powers = graph.node("Mul", parts, parts)
    mel = graph.node("MatMul", np.tile(mel_filters(), (1, 2)) * _LOUDNESS, powers)
    return graph.node("Log", graph.node("Add", mel, np.ones(1)))


def _normalised(graph: Graph, levels: str, weights: Weights) -> str:
    """As the first layer of the network wants the decimal logarithms: (batch, 1, MELS, FRAMES)."""
    scale, shift = _norm(weights, 0, 1)
    scaled = graph.node("Mul", levels, scale / np.log(10))
    shifted = graph.node("Add", scaled, shift)
    return graph.node("Reshape", shifted, np.array([0, 1, MELS, FRAMES]))


def _strongest(graph: Graph, heard: str, layer: _Layer) -> str:
    """The band in which each filter finds most of what it looks for: (batch, filters, FRAMES).

    The largest value of a scaled number is the scaled largest, or smallest where the scale is negative: so filters of
    the latter kind are turned round, and everything after the convolution is done for one band rather than all.
    """
    sign = np.where(layer.scale < 0, -1, 1).astype(np.float32)
    kernel, bias = layer.kernel * sign[:, None, None, None], layer.bias * sign
    bands, frames = kernel.shape[2:]
    before = (frames - 1) // 2
    found = graph.node("Conv", heard, kernel, bias, pads=[0, before, 0, frames - 1 - before])
    most = graph.node("MaxPool", found, kernel_shape=[MELS - bands + 1, 1])
    line = graph.node("Reshape", most, np.array([0, len(sign), FRAMES]))
    return _scaled(graph, graph.node("Relu", graph.node("Mul", line, sign[:, None])), layer.scale, layer.shift)


def _over_time(graph: Graph, live: str, first: Sequence[_Layer], weights: Weights) -> list[str]:
    """The three layers over time, each added to the one before: (batch, filters, FRAMES) each."""
    alive = np.concatenate([layer.is_live for layer in first])
    given = live
    found: list[str] = []
    for number in _DENSE:
        layer = _layer(weights, number)
        kernel = layer.kernel[:, 0]
        edges = layer.bias[:, None]
        if number == _DENSE[0]:
            edges = edges + _of_idle(kernel[:, ~alive], np.concatenate([each.idle for each in first]))
            kernel = kernel[:, alive]
        frames = kernel.shape[-1]
        convolved = graph.node("Conv", given, kernel, pads=[frames // 2, frames // 2])
        own = _scaled(graph, graph.node("Relu", graph.node("Add", convolved, edges)), layer.scale, layer.shift)
        given = graph.node("Add", own, found[-1]) if found else own
        found.append(given)
    return found


def _of_idle(kernel: FloatArray, idle: FloatArray) -> FloatArray:
    """What a layer over time makes of channels that never change: shape (filters, FRAMES), less at both ends.

    Args:
        kernel: shape (filters, channels, frames).
        idle: shape (channels,).
    """
    padding = kernel.shape[-1] // 2
    there = np.pad(np.ones(FRAMES), padding)
    told = np.einsum("ock,c->ok", kernel.astype(np.float64), idle)
    return np.stack([np.correlate(there, each, "valid") for each in told]).astype(np.float32)


def _scaled(graph: Graph, value: str, scale: FloatArray, shift: FloatArray) -> str:
    return graph.node("Add", graph.node("Mul", value, scale[:, None]), shift[:, None])


def _layer(weights: Weights, number: int) -> _Layer:
    name = _numbered("conv2d", number)
    kernel = weights[f"{name}/kernel"].transpose(3, 2, 1, 0)  # from frames, bands, channels, filters
    filters = len(kernel)
    return _Layer(kernel, _of_shape(weights, f"{name}/bias", filters), *_norm(weights, number + 1, filters))


def _norm(weights: Weights, number: int, size: int) -> tuple[FloatArray, FloatArray]:
    """Scale and shift of a batch normalisation, shape (size,) each."""
    name = _numbered("batch_normalization", number)
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    gamma, beta, mean, variance = (_of_shape(weights, f"{name}/{part}", size) for part in parts)
    scale = gamma / np.sqrt(variance + _EPSILON)
    return scale, beta - mean * scale


def _of_shape(weights: Weights, name: str, *shape: int) -> FloatArray:
    if weights[name].shape != shape:
        raise ValueError(f"{name} is of shape {weights[name].shape}, not {shape}")
    return weights[name]


def _numbered(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


def _mel(hertz: float) -> FloatArray:
    """Slaney's scale: even up to 1 kHz, logarithmic above."""
    return np.where(hertz < _KNEE, hertz / _STEP, _KNEE / _STEP + np.log(np.maximum(hertz, 1) / _KNEE) / _LOG_STEP)


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    above = _KNEE * np.exp(_LOG_STEP * (mel - _KNEE / _STEP))
    return np.where(mel < _KNEE / _STEP, mel * _STEP, above)


_KNEE, _STEP, _LOG_STEP = 1_000.0, 200 / 3, np.log(6.4) / 27
