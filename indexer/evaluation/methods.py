"""What a way of comparing music is given, a clip, and what it has to offer to be evaluated."""

from __future__ import annotations

import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.core.audio.decode import decode
from indexer.core.audio.samples import ANALYSIS_RATE
from indexer.core.errors import SegueError
from indexer.core.model.profiles import Profile
from indexer.core.tracks import Seconds

PARTS = 3
"""Parts a clip is cut into: as many as the windows that the sonic profile analyses."""


Description = NDArray[Any]
"""What a method keeps of a clip; only the method knows what it means. It crosses processes."""

Distances = NDArray[np.float64]


class Hears(StrEnum):
    """How much of a clip is heard that is too long to be heard at once; a short one is heard from end to end."""

    THOROUGH = "thorough"  # all of it, as the app does in the end
    QUICK = "quick"  # the parts that the app begins with
    JOINED = "joined"  # two parts of 30 s, one after the other as if nothing lay between: the baseline


JOINED_PARTS = 2
JOINED_SECONDS: Seconds = 30.0


class Clip:
    """A file, or samples cut from one."""

    def __init__(self, path: Path | None, samples: NDArray[np.float32] | None = None) -> None:
        self._path = path
        self._samples = samples
        self._is_long = False
        self.decode_seconds: Seconds = 0.0
        """CPU time that `samples` took, once they were asked for."""

    @cached_property
    def samples(self) -> NDArray[np.float32]:
        """Mono at ANALYSIS_RATE, shape (n,), as Hears.JOINED; raises AudioError for what cannot be decoded."""
        if self._samples is not None or self._path is None:
            return np.zeros(0, dtype=np.float32) if self._samples is None else self._samples
        started = time.process_time()
        audio = decode(self._path, segments=JOINED_PARTS, segment_seconds=JOINED_SECONDS, margin=1.0)
        self.decode_seconds = time.process_time() - started
        self._is_long = len(audio.segments) > 1
        return audio.samples

    def features(self, profile: Profile, hears: Hears) -> NDArray[np.float32]:
        """The features of a profile, shape (windows, columns), by the same code as the app's; raises as `samples`."""
        from indexer.features.analyse import analyse  # noqa: PLC0415 - librosa, in workers only
        from indexer.features.listening import heard_quickly, heard_thoroughly  # noqa: PLC0415

        samples = self.samples
        if not self._is_long or self._path is None or hears is Hears.JOINED:
            return analyse(samples, [profile])[profile.key]
        found = heard_thoroughly(self._path, [profile]) if hears is Hears.THOROUGH else {}
        return (found or heard_quickly(self._path, [profile])[0])[profile.key]

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


class Comparison(Protocol):
    """A library of clips that a method has made comparable."""

    @property
    def distances(self) -> Distances:
        """Shape (n, n), row i from clip i to every clip; the diagonal is not looked at."""
        ...

    @property
    def indexed(self) -> NDArray[np.float32] | None:
        """Vectors of shape (n, dims) that the app keeps in hash tables; None where it has none."""
        ...

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        """Shape (queries, n): from clips that do not belong to the library to those that do."""
        ...


class Method(Protocol):
    """A way of comparing music by its sound.

    `analyse` and `analyse_parts` run in worker processes, `compare` and `compare_parts` in the main one: an instance is
    made in each and keeps nothing that one tells the other.
    """

    @property
    def name(self) -> str: ...

    @property
    def about(self) -> str:
        """One line: features, normalisation, distance."""
        ...

    @property
    def version(self) -> str:
        """Of the package that does the work; empty for our own."""
        ...

    @property
    def missing(self) -> str:
        """Why it cannot run here and how to change that; empty where it can."""
        ...

    @property
    def decodes(self) -> bool:
        """Whether it reads files with its own decoder, so that its cost includes decoding."""
        ...

    def analyse(self, sound: Clip) -> Description:
        """Analyse a clip.

        Raises:
            CannotAnalyse: the method refuses it.
        """
        ...

    def analyse_parts(self, sound: Clip, whole: Description) -> tuple[Description, ...]:
        """Analyse PARTS equal parts of a clip that was analysed as `whole`; raises as `analyse`."""
        ...

    def compare(self, library: Sequence[Description], seed: int) -> Comparison:
        """Make clips comparable, from what `analyse` gave."""
        ...

    def compare_parts(
        self, parts: Sequence[tuple[Description, ...]], library: Sequence[Description], seed: int
    ) -> Distances:
        """Distances between all parts of all clips, in order: shape (p, p). `library` is what `analyse` gave."""
        ...


class CannotAnalyse(SegueError):
    """A method refuses a clip that others can analyse."""


class PartsAsClips(ABC):
    """What is the same for methods to which a part of a clip is a clip like any other."""

    @abstractmethod
    def analyse(self, sound: Clip) -> Description: ...

    @abstractmethod
    def compare(self, library: Sequence[Description], seed: int) -> Comparison: ...

    def analyse_parts(self, sound: Clip, whole: Description) -> tuple[Description, ...]:  # noqa: ARG002 - as any method
        return tuple(self.analyse(part) for part in sound.parts())

    def compare_parts(
        self,
        parts: Sequence[tuple[Description, ...]],
        library: Sequence[Description],  # noqa: ARG002
        seed: int,
    ) -> Distances:
        return self.compare(flat(parts), seed).distances


def flat(parts: Sequence[tuple[Description, ...]]) -> list[Description]:
    """All parts of all clips, in order."""
    return [part for clip in parts for part in clip]


def euclidean(one: NDArray[np.floating[Any]], other: NDArray[np.floating[Any]]) -> Distances:
    """Distances between rows: shape (m, n) from (m, dims) and (n, dims), exact to rounding and never a matrix product.

    Products would leave errors as large as the distance of near copies.
    """
    distances = np.empty((len(one), len(other)))
    for row, vector in enumerate(np.asarray(one, dtype=np.float64)):
        difference = other - vector
        distances[row] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return distances
