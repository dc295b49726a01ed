"""What measuring a file gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.tracks import Measurement, Seconds

VERSION = 1
"""Of waveform and loudness together; tracks measured by another version are measured again."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What there is to know about the sound of a whole file.

    Attributes:
        waveform: shape (800, 2), uint8; see `indexer.sound.waveform`.
        loudness: integrated, in LUFS; None where there is nothing to hear.
        peak: greatest absolute sample, 1.0 is full scale.
        length: how long it is, in seconds and samples, and the silence at its ends.
        cpu_seconds: what it took.
    """

    waveform: NDArray[np.uint8]
    loudness: float | None
    peak: float
    length: Measurement
    cpu_seconds: Seconds = 0.0

    @property
    def seconds(self) -> Seconds:
        return self.length.seconds
