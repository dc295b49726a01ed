"""The few rules of harmony and rhythm that the demo's composers share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
DORIAN = (0, 2, 3, 5, 7, 9, 10)
LYDIAN = (0, 2, 4, 6, 7, 9, 11)
PHRYGIAN = (0, 1, 3, 5, 7, 8, 10)

# Chord roots as scale degrees counted from 0, one a bar.
PROGRESSIONS = ((0, 4, 5, 3), (0, 5, 3, 4), (5, 3, 0, 4), (0, 3, 0, 4), (0, 6, 5, 4), (0, 2, 3, 4), (0, 3, 5, 4))


@dataclass(frozen=True, slots=True)
class Key:
    """A scale on a root; the root is a MIDI note number, 60 being middle C."""

    root: int
    scale: tuple[int, ...]

    def note(self, degree: int) -> int:
        """The MIDI note of a scale degree, which may be negative or beyond the octave."""
        octave, step = divmod(degree, len(self.scale))
        return self.root + 12 * octave + self.scale[step]

    def chord(self, degree: int, size: int = 3) -> tuple[int, ...]:
        """Thirds stacked on a degree: a triad, a seventh chord with `size` 4, and so on."""
        return tuple(self.note(degree + 2 * step) for step in range(size))


def hertz(note: float) -> float:
    """Frequency of a MIDI note number in equal temperament at A = 440 Hz."""
    return float(440.0 * 2.0 ** ((note - 69.0) / 12.0))


def euclidean(hits: int, steps: int, rotation: int = 0) -> tuple[bool, ...]:
    """`hits` spread over `steps` as evenly as can be, the pattern behind many of the world's rhythms.

    Source: Toussaint, "The Euclidean algorithm generates traditional musical rhythms", BRIDGES (2005).
    """
    return tuple(((step + rotation) * hits) % steps < hits for step in range(steps))


def nearest_voicing(chord: tuple[int, ...], before: tuple[int, ...]) -> tuple[int, ...]:
    """Move each voice to the closest note of the next chord, so that parts sing instead of jumping."""
    classes = {note % 12 for note in chord}
    return tuple(
        min((note for note in range(voice - 6, voice + 7) if note % 12 in classes), key=lambda note: abs(note - voice))
        for voice in before
    )
