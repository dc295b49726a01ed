"""A clip as methods hear it: samples for those that want samples, a file for those that decode for themselves."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.core.audio.decode import ANALYSIS_RATE, decode
from indexer.core.tracks import Seconds

PARTS = 3
"""Parts a clip is cut into: as many as the windows that the sonic profile hears."""


class Clip:
    """A file, or samples cut from one."""

    def __init__(self, path: Path | None, samples: NDArray[np.float32] | None = None) -> None:
        self._path = path
        self._samples = samples
        self.decode_seconds: Seconds = 0.0
        """CPU time that `samples` took, once they were asked for."""

    @cached_property
    def samples(self) -> NDArray[np.float32]:
        """Mono at ANALYSIS_RATE, shape (n,); raises AudioError for what cannot be decoded."""
        if self._samples is not None or self._path is None:
            return np.zeros(0, dtype=np.float32) if self._samples is None else self._samples
        started = time.process_time()
        samples = decode(self._path).samples
        self.decode_seconds = time.process_time() - started
        return samples

    def parts(self, count: int = PARTS) -> tuple[Clip, ...]:
        """Equal parts, one after the other."""
        return tuple(Clip(None, part) for part in np.array_split(self.samples, count))

    @contextmanager
    def file(self) -> Iterator[Path]:
        """The file it comes from; for samples a temporary one, in the system's folder for those."""
        if self._path is not None:
            yield self._path
            return
        with tempfile.TemporaryDirectory(prefix="segue-evaluate-") as folder:
            path = Path(folder) / "part.wav"
            soundfile.write(path, self.samples, ANALYSIS_RATE, subtype="FLOAT")
            yield path
