"""Measures one file from end to end: its loudness, its peak, its waveform; others may listen as it is decoded."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from indexer.core.audio.decode import head_of
from indexer.core.audio.errors import CorruptFile, TooShort, from_os_error
from indexer.core.audio.outline import OutlinePainter
from indexer.core.audio.samples import FloatArray
from indexer.core.audio.streaming import SoundStream, read_from_end_to_end
from indexer.core.tracks import Seconds
from indexer.sound.loudness import LoudnessMeter
from indexer.sound.result import Measured
from indexer.sound.waveform import WaveformPainter


class Listener(Protocol):
    """Whoever hears the sound of a file while it is decoded."""

    def add(self, block: FloatArray) -> None:
        """Take the next samples, shape (channels, frames)."""


def measure(
    path: Path,
    *,
    start: Seconds = 0.0,
    end: Seconds | None = None,
    listener: Callable[[int], Listener] | None = None,
) -> Measured:
    """Decode a file once, or what lies between `start` and `end`, and measure it; half a megabyte is held at a time.

    `listener` makes, for a rate in samples a second, somebody who is given all blocks too. It is called once more, and
    whoever it made before has heard a part only, where another decoder has to begin anew.

    Raises:
        EmptyFile: the file has no bytes.
        UnreadableFile: the system does not let it be read.
        VanishedFile: it is not there.
        NotAudio: it is something else than sound.
        CorruptFile: its sound cannot be decoded.
        TooShort: there is no sound in it at all.
    """
    try:
        measured = read_from_end_to_end(
            path, head_of(path), lambda stream: _measured(path, stream, listener), start, end
        )
    except OSError as error:
        raise from_os_error(path, error) from error
    if measured.seconds == 0:
        raise TooShort(path, "0 s")
    return measured


def _measured(path: Path, stream: SoundStream, listener: Callable[[int], Listener] | None) -> Measured:
    meter = LoudnessMeter(stream.rate, stream.channels)
    painter = WaveformPainter(stream.rate, stream.channels)
    outline = OutlinePainter(stream.rate)
    listeners: list[Listener] = [meter, painter, outline, *([] if listener is None else [listener(stream.rate)])]
    for block in stream.blocks:
        for each in listeners:
            each.add(block)
    if not math.isfinite(meter.peak):
        raise CorruptFile(path, "it holds sample values that are not numbers")
    return Measured(painter.finish(), meter.loudness(), meter.peak, outline.finish().measurement)
