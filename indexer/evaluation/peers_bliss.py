"""bliss, as its Python package is documented: 23 numbers of a file, compared by Euclidean distance.

Source: https://pypi.org/project/bliss-audio, section "Usage".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.evaluation.clip import Clip
from indexer.evaluation.installed import installed_version, what_is_missing
from indexer.evaluation.methods import CannotHear, Description, Distances, euclidean, flat

PACKAGE = "bliss-audio"

_PANIC = "PanicException"
"""What its Rust side raises for files it cannot decode: derived from BaseException, and importable from nowhere."""


@dataclass(frozen=True)
class Bliss:
    """Decodes files with the FFmpeg it brings along."""

    name: str = "bliss"
    about: str = "bliss-audio: 23 numbers (tempo, spectrum, loudness, chroma), Euclidean distance"
    decodes: bool = True

    @property
    def version(self) -> str:
        return installed_version(PACKAGE)

    @property
    def missing(self) -> str:
        return what_is_missing(PACKAGE, "bliss_audio")

    def hear(self, sound: Clip) -> Description:
        import bliss_audio  # noqa: PLC0415

        with sound.file() as path:
            try:
                song = bliss_audio.Song(str(path))
            except BaseException as error:
                if type(error).__name__ != _PANIC and not isinstance(error, ValueError | RuntimeError | OSError):
                    raise
                raise CannotHear("bliss-deaf", name=path.name) from error
        return np.array(song.analysis, dtype=np.float32)

    def hear_parts(self, sound: Clip, whole: Description) -> tuple[Description, ...]:  # noqa: ARG002
        return tuple(self.hear(part) for part in sound.parts())

    def compare(self, library: Sequence[Description], seed: int) -> BlissComparison:  # noqa: ARG002
        return BlissComparison(np.array(library))

    def compare_parts(
        self,
        parts: Sequence[tuple[Description, ...]],
        library: Sequence[Description],  # noqa: ARG002
        seed: int,
    ) -> Distances:
        return self.compare(flat(parts), seed).distances


@dataclass(frozen=True, eq=False)
class BlissComparison:
    """Rows of `analysis`, one per clip."""

    analysis: Description
    indexed: None = None

    @property
    def distances(self) -> Distances:
        return euclidean(self.analysis, self.analysis)

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        return euclidean(np.array(queries), self.analysis)
