"""How the sound of a file is coded, as its header has it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from indexer.core.tracks import Seconds

_MOST_CHANNELS = 64
_MOST_HERTZ = 50_000_000
"""Beyond any that sound is kept at: DSD at its finest has half of it."""

_MOST_KBITS = 1_000_000


class Coding(NamedTuple):
    """Bits a second in thousands, the mean where they vary, samples a second, channels; None where nothing is said."""

    bit_rate: int | None = None
    sample_rate: int | None = None
    channels: int | None = None

    def filled(self, size: int, seconds: Seconds | None) -> Coding:
        """The same, with the bit rate that `size` bytes for so long come to where the header says none."""
        if self.bit_rate is not None or not seconds:
            return self
        return self._replace(bit_rate=_within(size * 8 / seconds / 1_000, _MOST_KBITS))


NO_CODING = Coding()


def coding_of(info: Any) -> Coding:
    """What a parser found of a file's sound; damaged headers say anything, which then is nothing."""
    bits = getattr(info, "bitrate", None)
    return Coding(
        _within(bits / 1_000 if isinstance(bits, int | float) else None, _MOST_KBITS),
        _within(getattr(info, "sample_rate", None), _MOST_HERTZ),
        _within(getattr(info, "channels", None), _MOST_CHANNELS),
    )


def coding(sample_rate: int, channels: int) -> Coding:
    """What is plainly written, as far as it can be."""
    return Coding(None, _within(sample_rate, _MOST_HERTZ), _within(channels, _MOST_CHANNELS))


def _within(value: object, most: int) -> int | None:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return round(value) if 1 <= round(value) <= most else None
