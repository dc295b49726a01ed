"""Streams a file, or a stretch of it, at its own rate with all its channels, in memory that does not grow with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from indexer.library import Seconds
from indexer.packets import PacketReader, audio_stream, open_container
from indexer.samples import FloatArray

_BLOCK_SAMPLES = 1 << 17
"""All channels together: half a megabyte, which the processor's cache holds while it is measured."""

_VORBIS_TO_WAVE = {
    3: (0, 2, 1),
    5: (0, 2, 1, 3, 4),
    6: (0, 2, 1, 5, 3, 4),
    7: (0, 2, 1, 6, 5, 3, 4),
    8: (0, 2, 1, 7, 5, 6, 3, 4),
}
"""Ogg puts the centre second and the low frequencies last, and libsndfile leaves it so."""


@dataclass(frozen=True, eq=False)
class SoundStream:
    """The sound of a file: `blocks` of shape (channels, frames), full scale 1.0, channels in the order of WAVE."""

    rate: int
    channels: int
    blocks: Iterator[FloatArray]


@contextmanager
def open_with_libsndfile(path: Path, start: Seconds = 0.0, end: Seconds | None = None) -> Iterator[SoundStream]:
    """Stream mp3, flac, ogg, opus, wav, aiff and the like from `start` to `end`, exactly.

    Raises:
        soundfile.SoundFileError: libsndfile does not know the format, or meets damage on the way.
        OSError: the file cannot be read.
    """
    name = str(path) if os.name == "nt" else os.fsencode(path)
    with soundfile.SoundFile(name) as sound:
        order = _VORBIS_TO_WAVE.get(sound.channels) if sound.format == "OGG" else None
        first, frames = _frames_between(start, end, sound.samplerate)
        if first:
            sound.seek(min(first, sound.frames))
        yield SoundStream(sound.samplerate, sound.channels, _shortened(_blocks(sound, order), frames))


@contextmanager
def open_with_ffmpeg(path: Path, start: Seconds = 0.0, end: Seconds | None = None) -> Iterator[SoundStream]:
    """Stream whatever FFmpeg can: m4a, wma, aac, ape, wv; passes over damaged packets.

    Raises:
        av.FFmpegError: it is no audio file, or its headers are damaged.
        NoAudioStreamError: there is no sound in it.
        OSError: the file cannot be read.
    """
    with open_container(path) as container:
        reader = PacketReader(container, audio_stream(container))
        blocks = reader.blocks(start)
        first = next(blocks, None)  # only decoding tells for certain what the rate and the channels are
        channels = 1 if first is None else len(first)
        _, frames = _frames_between(start, end, reader.rate)
        sound = iter(()) if first is None else _chained(first, blocks)
        yield SoundStream(reader.rate, channels, _shortened(sound, frames))


def _frames_between(start: Seconds, end: Seconds | None, rate: int) -> tuple[int, int | None]:
    """The first frame, and how many there are from it on; None for all."""
    first = round(start * rate)
    return first, None if end is None else max(0, round(end * rate) - first)


def _shortened(blocks: Iterator[FloatArray], frames: int | None) -> Iterator[FloatArray]:
    """The first `frames` of the sound, or all of it."""
    if frames is None:
        yield from blocks
        return
    for block in blocks:
        yield block[:, :frames]
        frames -= block.shape[1]
        if frames <= 0:
            return


def _blocks(sound: soundfile.SoundFile, order: tuple[int, ...] | None) -> Iterator[FloatArray]:
    block = np.empty((max(1, _BLOCK_SAMPLES // sound.channels), sound.channels), np.float32)
    while (got := sound.buffer_read_into(block, "float32")) > 0:
        planar = block[:got].T
        yield np.ascontiguousarray(planar if order is None else planar[list(order)])


def _chained(first: FloatArray, rest: Iterator[FloatArray]) -> Iterator[FloatArray]:
    yield first
    yield from rest
