"""Makes an ear: from the file of a package to a network in the home that is registered and known to hear right."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.core.audio.samples import FloatArray
from indexer.core.files.atomic import replacing
from indexer.core.home import Home
from indexer.core.model.embedding.ears import MUSICNN, Ear, added, ear_file
from indexer.core.model.embedding.errors import EarError, NetworkInvalid
from indexer.core.model.embedding.manifest import Layout, Manifest, to_text
from indexer.core.model.embedding.registry import EmbeddedProfile, Registration, register
from indexer.ears import musicnn
from indexer.ears.checkpoint import read_checkpoint
from indexer.ears.wire import Damaged
from indexer.features.embedding.network import EmbeddingNetwork
from indexer.features.embedding.runtime import runtime

_CLOSE = 1e-3
"""What may lie between two ways to compute the same network in single precision; they were 1e-5 apart."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """How the network of an ear is made of its package.

    Attributes:
        checkpoint: folder of the weights in the package.
        build: makes the ONNX file of the weights.
        manifest: of that file.
        known: what the network gives for `known_sound`, every so many of its values.
    """

    checkpoint: str
    build: Callable[[musicnn.Weights], bytes]
    manifest: Manifest
    known: FloatArray


RECIPES = {
    MUSICNN.name: Recipe(
        checkpoint="musicnn/MSD_musicnn/",
        build=musicnn.build,
        manifest=Manifest(
            name=MUSICNN.name,
            version=f"{MUSICNN.version} MSD, mean of the dense layers",
            rate=musicnn.RATE,
            window_seconds=musicnn.WINDOW / musicnn.RATE,
            input=musicnn.INPUT,
            output=musicnn.OUTPUT,
            layout=Layout.BATCH,
        ),
        known=musicnn.KNOWN,
    )
}


def add_ear(home: Home, ear: Ear, bring: Callable[[], bytes], *, recipe: Recipe | None = None) -> EmbeddedProfile:
    """Make the network of an ear, see that it hears right, and register it; nothing is left where that fails.

    Args:
        home: where it goes.
        ear: what to add.
        bring: gives the file of its package, checked; asked last of all that can fail at once.
        recipe: how it is made, the one of RECIPES unless told.

    Raises:
        EmbeddingError: onnxruntime is not installed, the list of networks cannot be read or has another one of this
            name, the package is not what it should be, or its network does not hear as it should.
        OSError: the network cannot be written.
    """
    runtime()
    before = added(home, ear)
    recipe = recipe or RECIPES[ear.name]
    content = _made(ear, recipe, bring())
    path = ear_file(home, ear)
    with replacing(path, durable=True) as file:
        file.write(content)
        file.flush()
        dims = _tried(ear, recipe, Path(os.fsdecode(file.name)))
    try:
        return register(
            home,
            Registration(ear.name, str(path), hashlib.sha256(content).hexdigest(), to_text(recipe.manifest), dims),
        )
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        raise


def known_sound(samples: int) -> FloatArray:
    """A sound by a formula, shape (samples,): a tone that rises through the middle bands, in noise that fades."""
    place = np.arange(samples, dtype=np.int64)
    time = place / samples
    tone = 0.3 * np.sin(2 * np.pi * (300 * time + 2_400 * time * time))
    noise = (place * place * 7_919 % 65_537) / 32_768 - 1  # of whole numbers, so that it is the same everywhere
    return (tone + 0.1 * noise * (1 - time)).astype(np.float32)


def _made(ear: Ear, recipe: Recipe, package: bytes) -> bytes:
    """The ONNX file."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            index = archive.read(f"{recipe.checkpoint}.index")
            data = archive.read(f"{recipe.checkpoint}.data-00000-of-00001")
        return recipe.build(read_checkpoint(index, data))
    except (Damaged, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise EarError("ear-unmakeable", file=ear.file, reason=str(error).strip("'\"").rstrip(".")) from error


def _tried(ear: Ear, recipe: Recipe, path: Path) -> int:
    """How many values the network gives.

    Raises:
        EarError: they are not the known ones.
    """
    sound = known_sound(recipe.manifest.window_samples)
    try:
        heard = EmbeddingNetwork(path, recipe.manifest).embed(sound[np.newaxis])[0]
    except NetworkInvalid as error:
        raise EarError("ear-deaf", name=ear.name, reason=error.message.rstrip(".")) from error
    every = -(-len(heard) // len(recipe.known))
    compared = heard[::every]
    if compared.shape != recipe.known.shape or not np.allclose(compared, recipe.known, rtol=_CLOSE, atol=_CLOSE):
        raise EarError("ear-hears-wrong", name=ear.name)
    return len(heard)
