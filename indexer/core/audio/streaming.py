"""Streams a whole file at its own rate with all its channels, in memory that does not grow with its length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
import soxr

from indexer.core.audio.chains import Link, LinkFile, links_of
from indexer.core.audio.decoders import DECODER_ERRORS, ESTIMATING_FORMATS, is_all_there_to_libsndfile, native
from indexer.core.audio.errors import CorruptFile, NotAudio
from indexer.core.audio.packets import PacketReader, audio_stream, counted_frames, open_container
from indexer.core.audio.payload import holds_audio, looks_like_audio
from indexer.core.audio.samples import FloatArray
from indexer.core.tracks import Seconds

Answer = TypeVar("Answer")

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


def read_from_end_to_end(
    path: Path,
    head: bytes,
    take: Callable[[SoundStream], Answer],
    start: Seconds = 0.0,
    end: Seconds | None = None,
) -> Answer:
    """What `take` makes of all the sound of a file, whose first bytes are `head`, or of what is from `start` to `end`.

    With libsndfile; from the beginning with FFmpeg where that does not know the file, would stop before its end or
    meets damage.

    Raises:
        NotAudio: it is something else than sound.
        CorruptFile: its sound cannot be decoded.
        OSError: the file cannot be read.
    """
    try:
        with open_with_libsndfile(path, start, end) as stream:
            return take(stream)
    except soundfile.SoundFileError as error:
        if not is_audio(path, head):
            raise NotAudio(path) from error
    try:
        with open_with_ffmpeg(path, start, end) as stream:
            return take(stream)
    except DECODER_ERRORS as error:
        raise CorruptFile(path) from error


def is_audio(path: Path, head: bytes) -> bool:
    """Whether there is sound in a file whose first bytes are `head`, at its beginning or behind tags and garbage."""
    if looks_like_audio(head):
        return True
    with path.open("rb") as file:
        return holds_audio(file)


@contextmanager
def open_with_libsndfile(path: Path, start: Seconds = 0.0, end: Seconds | None = None) -> Iterator[SoundStream]:
    """Stream mp3, flac, ogg, opus, wav, aiff and the like from `start` to `end`, exactly.

    Of a chained Ogg file one link comes after the other.

    Raises:
        soundfile.SoundFileError: libsndfile does not know the format, would not read to the end, or meets damage.
        OSError: the file cannot be read.
    """
    with soundfile.SoundFile(native(path)) as sound:
        links = links_of(path) if sound.format == "OGG" else []
        first, frames = _frames_between(start, end, sound.samplerate)
        if len(links) > 1:
            blocks = _without(_linked(path, links, sound.samplerate, sound.channels), first)
        elif sound.frames and is_all_there_to_libsndfile(path, sound, exactly=True):
            sound.seek(min(first, sound.frames))
            blocks = _blocks(sound)
        else:
            raise soundfile.SoundFileRuntimeError("its length is a guess")
        yield SoundStream(sound.samplerate, sound.channels, _shortened(blocks, frames))


@contextmanager
def open_with_ffmpeg(path: Path, start: Seconds = 0.0, end: Seconds | None = None) -> Iterator[SoundStream]:
    """Stream whatever FFmpeg can: m4a, wma, aac, ape, wv; passes over damaged packets.

    Raises:
        av.FFmpegError: it is no audio file, or its headers are damaged.
        NoAudioStreamError: there is no sound in it.
        OSError: the file cannot be read.
    """
    with open_container(path) as container:
        stream = audio_stream(container)
        reader = PacketReader(container, stream)
        by_guess = container.format.name in ESTIMATING_FORMATS  # there is no way to a place but all that is before it
        blocks = reader.blocks(0.0 if by_guess else start)
        first = next(blocks, None)  # only decoding tells for certain what the rate and the channels are
        channels = 1 if first is None else len(first)
        skipped, frames = _frames_between(start, end, reader.rate)
        if (counted := counted_frames(container, stream, reader.rate)) is not None:
            frames = max(0, counted - skipped) if frames is None else min(frames, max(0, counted - skipped))
        sound = iter(()) if first is None else _chained(first, blocks)
        yield SoundStream(reader.rate, channels, _shortened(_without(sound, skipped if by_guess else 0), frames))


def _frames_between(start: Seconds, end: Seconds | None, rate: int) -> tuple[int, int | None]:
    """The first frame, and how many there are from it on; None for all."""
    first = round(start * rate)
    return first, None if end is None else max(0, round(end * rate) - first)


def _without(blocks: Iterator[FloatArray], frames: int) -> Iterator[FloatArray]:
    """The sound without its first `frames`."""
    for block in blocks:
        if frames < block.shape[1]:
            yield block[:, frames:]
        frames = max(0, frames - block.shape[1])


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


def _blocks(sound: soundfile.SoundFile) -> Iterator[FloatArray]:
    order = _VORBIS_TO_WAVE.get(sound.channels) if sound.format == "OGG" else None
    frames, tenth = max(1, _BLOCK_SAMPLES // sound.channels), max(1, sound.samplerate // 10)
    # Whoever measures tenths of a second has none to put together from two blocks.
    frames -= frames % tenth if frames > tenth else 0
    block = np.empty((frames, sound.channels), np.float32)
    while (got := sound.buffer_read_into(block, "float32")) > 0:
        planar = block[:got].T
        yield np.ascontiguousarray(planar if order is None else planar[list(order)])


def _linked(path: Path, links: list[Link], rate: int, channels: int) -> Iterator[FloatArray]:
    """The sound of all links; those of another rate or number of channels than the first are brought to its own."""
    for link in links:
        with LinkFile(path, link) as file, soundfile.SoundFile(file) as sound:
            yield from _fitted(_blocks(sound), sound.samplerate, rate, channels)


def _fitted(blocks: Iterator[FloatArray], own: int, rate: int, channels: int) -> Iterator[FloatArray]:
    stream = soxr.ResampleStream(own, rate, channels, dtype="float32", quality="HQ") if own != rate else None
    for block in blocks:
        fitting = block if len(block) == channels else np.repeat(block.mean(axis=0, keepdims=True), channels, axis=0)
        yield fitting if stream is None else stream.resample_chunk(fitting.T).reshape(-1, channels).T
    if stream is not None:
        rest = stream.resample_chunk(np.empty((0, channels), np.float32), last=True)
        yield rest.reshape(-1, channels).T


def _chained(first: FloatArray, rest: Iterator[FloatArray]) -> Iterator[FloatArray]:
    yield first
    yield from rest
