"""Methods whose answers are known, for tests of what is measured with them. Importable by worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.evaluation.methods import CannotAnalyse, Clip, Description, Distances, PartsAsClips, euclidean


@dataclass(frozen=True)
class Pitch(PartsAsClips):
    """Compares by the strongest frequency; refuses what is above `highest` Hz."""

    name: str = "pitch"
    about: str = "strongest frequency"
    version: str = "1"
    missing: str = ""
    decodes: bool = False
    highest: float = 1e9

    def analyse(self, sound: Clip) -> Description:
        spectrum = np.abs(np.fft.rfft(sound.samples))
        hertz = float(np.argmax(spectrum)) * 22_050 / sound.samples.size
        if hertz > self.highest:
            raise CannotAnalyse("Too high.")
        return np.array([np.log2(hertz)])

    def compare(self, library: Sequence[Description], seed: int) -> PitchComparison:
        return PitchComparison(np.array(library))


@dataclass(frozen=True, eq=False)
class PitchComparison:
    pitches: Description
    indexed: None = None

    @property
    def distances(self) -> Distances:
        return euclidean(self.pitches, self.pitches)

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        return euclidean(np.array(queries), self.pitches)


@dataclass(frozen=True)
class NotInstalled(Pitch):
    name: str = "absent"
    missing: str = "the package absent is not installed"


@dataclass(frozen=True)
class Dies(Pitch):
    name: str = "dies"

    def analyse(self, sound: Clip) -> Description:
        import os

        os._exit(3)
