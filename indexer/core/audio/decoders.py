"""Reads sound from files as mono float32 at their own rate, with libsndfile and, for what it refuses, FFmpeg."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import soundfile

from indexer.core.audio.chains import links_of
from indexer.core.audio.packets import NoAudioStreamError, PacketReader, audio_stream, open_container, packets_seconds
from indexer.core.audio.samples import FloatArray, to_mono
from indexer.core.audio.truncation import counts_its_frames, flac_samples, is_cut_off
from indexer.core.tracks import Seconds

DECODER_ERRORS = (soundfile.SoundFileError, av.FFmpegError, NoAudioStreamError)
"""What is raised for a file that cannot be made sense of."""

_BLOCK_SAMPLES = 1 << 16
"""Samples read at once, all channels together: the block stays in the processor's cache while it is mixed."""

_MISSING_SECONDS = 0.5
_MISSING_SHARE = 0.02
"""A file that ends this much early is cut off; encoders' delays and rounded lengths are smaller."""

_TWO_FRAMES: Seconds = 0.06

ESTIMATING_FORMATS = frozenset({"mp3", "aac"})
"""FFmpeg guesses their length from the first bit rates, so that being shorter means nothing."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which parts of a file are wanted: all of it up to a length, else evenly spread segments of it.

    Where `start` or `end` are given, in seconds, the file is what lies between them and nothing else. `margin` is how
    far the middles of the first and the last segment are from the ends, in the distance of two neighbours.
    """

    whole_up_to: Seconds
    segments: int
    segment_seconds: Seconds
    start: Seconds = 0.0
    end: Seconds | None = None
    margin: float = 0.5

    def length_in(self, duration: Seconds) -> Seconds:
        """How long what is wanted of a file is that lasts `duration`."""
        return max(0.0, (duration if self.end is None else self.end) - self.start)

    def spans(self, duration: Seconds) -> list[tuple[Seconds, Seconds]]:
        """Start and length of each part, of a file of which `duration` is wanted."""
        if self.is_whole(duration):
            return [(self.start, self.longest if self.end is None else min(self.longest, self.end - self.start))]
        length = min(self.segment_seconds, duration / self.segments)
        return [(self.start + middle - length / 2, length) for middle in self.middles(duration)]

    def middles(self, duration: Seconds) -> list[Seconds]:
        """Where the middles of the segments lie in `duration`."""
        whole = self.segments - 1 + 2 * self.margin
        return [duration * (number + self.margin) / whole for number in range(self.segments)]

    def is_whole(self, duration: Seconds) -> bool:
        """Whether a file that lasts `duration` is read from end to end."""
        return duration <= self.whole_up_to

    @property
    def longest(self) -> Seconds:
        """The most that is read in one go: a file may be longer than its header says, but not without end."""
        return 2 * self.whole_up_to


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Sound as it came from a file.

    Attributes:
        parts: the wanted parts in order, each mono with shape (n,), full scale 1.0.
        rate: samples a second, the file's own.
        seconds: length of all that is wanted of the file.
        truncated: less could be decoded than the file promises.
        promised: that length by the file's header.
        guessed: the length is a guess that turned out wrong, and nothing was read.
    """

    parts: tuple[FloatArray, ...]
    rate: int
    seconds: Seconds
    truncated: bool
    promised: Seconds = 0.0
    guessed: bool = False

    @property
    def seconds_read(self) -> Seconds:
        return sum(part.size for part in self.parts) / self.rate


def read_with_libsndfile(path: Path, cut: Cut) -> Source:
    """Read mp3, flac, ogg, opus, wav, aiff and the like.

    Raises:
        soundfile.SoundFileError: libsndfile does not know the format, or met damage.
        OSError: the file cannot be read.
    """
    with soundfile.SoundFile(native(path)) as sound:
        own, seconds = sound.samplerate, cut.length_in(sound.frames / sound.samplerate)
        if not is_all_there_to_libsndfile(path, sound):
            return _guess(own, seconds)
        parts = []
        for start, length in cut.spans(seconds):
            if start > 0:
                sound.seek(min(int(start * own), sound.frames))
            parts.append(_mono(sound, int(length * own)))
        is_mpeg = sound.format == "MP3"
    source = _assembled(parts, own, seconds, cut)
    if source.truncated:
        return source if not is_mpeg or counts_its_frames(path) else _sound(source)
    return _truncated(source) if not is_mpeg and cut.end is None and is_cut_off(path) else source


def read_with_ffmpeg(path: Path, cut: Cut) -> Source:
    """Read whatever FFmpeg can: m4a, wma, aac, ape, wv; passes over damaged packets.

    Raises:
        av.FFmpegError: it is no audio file, or its headers are damaged.
        NoAudioStreamError: there is no sound in it.
        OSError: the file cannot be read.
    """
    with open_container(path) as container:
        reader = PacketReader(container, audio_stream(container))
        seconds = None if reader.seconds is None and cut.end is None else cut.length_in(reader.seconds or 0.0)
        estimated = reader.seconds is None or container.format.name in ESTIMATING_FORMATS
        if estimated and _differ(reader.seconds, length_by_packets(path)):
            return _guess(reader.rate, seconds or 0.0)
        parts = [reader.read(start, length) for start, length in cut.spans(seconds or 0.0)]
        rate = reader.rate
    source = _assembled(parts, rate, seconds or 0.0, cut)
    if reader.errors or (cut.end is None and not estimated and is_cut_off(path)):
        return _truncated(source)
    return _sound(source) if estimated else source


def is_all_there_to_libsndfile(path: Path, sound: soundfile.SoundFile, *, exactly: bool = False) -> bool:
    """Whether libsndfile reads an open file to its end.

    It does not read the second link of a chained Ogg file, nor what lies behind the number of samples in the head of a
    FLAC file, or behind the length that it guesses for an MPEG file without a count of its frames.

    Args:
        path: the file.
        sound: the same, open.
        exactly: to two frames of MPEG; else to half a second.
    """
    if sound.format == "OGG":
        return len(links_of(path)) <= 1
    if sound.format == "FLAC":
        return bool((flac_samples(path) or 0) <= sound.frames)
    if sound.format != "MP3" or counts_its_frames(path):
        return True
    seconds = length_by_packets(path)
    return seconds is None or abs(seconds - sound.frames / sound.samplerate) <= (
        _TWO_FRAMES if exactly else _MISSING_SECONDS
    )


def native(path: Path) -> str | bytes:
    """The path as libsndfile's binding passes it on unharmed, also where it is not valid UTF-8."""
    return str(path) if os.name == "nt" else os.fsencode(path)


def length_by_packets(path: Path) -> Seconds | None:
    """How long a file is by the packets in it, which takes a hundredth of decoding them; None where they do not say."""
    try:
        with open_container(path) as container:
            return packets_seconds(container, audio_stream(container))
    except (av.FFmpegError, NoAudioStreamError):
        return None


def length_by_libsndfile(path: Path) -> Seconds:
    """Return the length of a file without decoding it.

    Raises:
        soundfile.SoundFileError: libsndfile does not know the format.
    """
    return float(soundfile.info(native(path)).duration)


def length_by_ffmpeg(path: Path) -> Seconds | None:
    """Return the length of a file, None where it does not tell, without decoding it.

    Raises:
        av.FFmpegError: it is no audio file, or its headers are damaged.
        NoAudioStreamError: there is no sound in it.
        OSError: the file cannot be read.
    """
    with open_container(path) as container:
        audio_stream(container)
        return None if container.duration is None else container.duration / av.time_base


def _mono(sound: soundfile.SoundFile, frames: int) -> FloatArray:
    """Up to `frames` frames; the system gives the memory only as it is filled, whatever a header promises."""
    mono = np.empty(frames, np.float32)
    if sound.channels == 1:
        return mono[: sound.buffer_read_into(mono, "float32")]
    block = np.empty((max(1, _BLOCK_SAMPLES // sound.channels), sound.channels), np.float32)
    filled = 0
    while filled < frames and (got := sound.buffer_read_into(block[: frames - filled], "float32")) > 0:
        to_mono(block[:got], out=mono[filled : filled + got])
        filled += got
    return mono[:filled]


def _assembled(parts: list[FloatArray], rate: int, seconds: Seconds, cut: Cut) -> Source:
    wanted = sum(min(length, max(0.0, cut.start + seconds - start)) for start, length in cut.spans(seconds))
    read = sum(part.size for part in parts) / rate
    whole = len(parts) == 1
    missing = wanted - read
    truncated = missing > max(_MISSING_SECONDS, _MISSING_SHARE * wanted)
    return Source(tuple(parts), rate, read if whole else seconds, truncated, promised=seconds)


def _guess(rate: int, seconds: Seconds) -> Source:
    return Source((), rate, seconds, truncated=False, guessed=True)


def _differ(guess: Seconds | None, seconds: Seconds | None) -> bool:
    return seconds is not None and (guess is None or abs(seconds - guess) > _MISSING_SECONDS)


def _sound(source: Source) -> Source:
    return replace(source, truncated=False)


def _truncated(source: Source) -> Source:
    return replace(source, truncated=True)
