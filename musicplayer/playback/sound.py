"""What can be set about the sound, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.core.tracks import Seconds, Stretch

BANDS = 10
MOST_DB = 20.0
"""A band may be raised and lowered by so many dB."""

SLOWEST, FASTEST = 0.5, 2.0
"""Between these the speech and the music of most files stay what they are."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What is to follow what plays.

    Attributes:
        gain: dB by which it is made louder or softer.
        overlap: how long before the end of the one that plays it begins; 0 to follow it closely.
    """

    stretch: Stretch
    gain: float = 0.0
    overlap: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Equaliser:
    """Gains in dB of the bands from low to high, and of all of them; zeros leave the sound as it is."""

    bands: tuple[float, ...] = (0.0,) * BANDS
    preamp: float = 0.0


@dataclass(frozen=True, slots=True)
class Preset:
    """An equaliser that someone thought of, by name."""

    name: str
    equaliser: Equaliser


@dataclass(frozen=True, slots=True)
class Output:
    """Something that sound can come out of: the name it is chosen by, and what a person calls it."""

    name: str
    description: str


def held_rate(rate: float) -> float:
    """`rate` within what is offered, in whole hundredths."""
    return round(min(max(rate, SLOWEST), FASTEST), 2)
