"""Sound that is made, and sound that came back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.core.audio.decode import head_of
from indexer.core.audio.streaming import SoundStream, read_from_end_to_end
from tests.bad_files import music

Samples = NDArray[np.float32]


def clip(
    folder: Path,
    name: str = "a.flac",
    *,
    seconds: float = 3.0,
    rate: int = 44_100,
    channels: int = 2,
    subtype: str | None = None,
    seed: int = 0,
) -> Path:
    """Noise over a chord, other on every channel, so that each place of it is like no other."""
    voices = [music(seconds, seed=seed + channel, rate=rate) for channel in range(channels)]
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.stack(voices, axis=1), rate, subtype=subtype)
    return path


def decoded(path: Path) -> tuple[int, Samples]:
    """Rate, and samples of shape (channels, frames)."""

    def all_of(stream: SoundStream) -> tuple[int, Samples]:
        return stream.rate, np.concatenate([block.copy() for block in stream.blocks], axis=1)

    return read_from_end_to_end(path, head_of(path), all_of)


def alike(one: Samples, other: Samples) -> float:
    """The correlation of two pieces of sound of the same length, in place: 1 where they are the same."""
    return float(np.corrcoef(one, other)[0, 1])
