"""Decodes a stream of sound with FFmpeg packet by packet."""

from __future__ import annotations

import errno
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import av
import numpy as np

from indexer.core.audio.samples import FloatArray, joined, to_mono
from indexer.core.tracks import Seconds

_MOST_ERRORS = 1000
"""Damaged packets that are passed over before a file is given up."""

_BLOCK_FRAMES = 1 << 16
"""Frames handed on at once: FFmpeg's own blocks of a thousand would cost more to hand over than to look at."""


_FORMATS = (
    "aa,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,caf,dsf,dts,dtshd,eac3,flac,iff,matroska,webm,mlp,mov,mp4,m4a,3gp,3g2,"
    "mj2,mp3,mpc,mpc8,mpeg,mpegts,oga,ogg,oma,rm,shn,tak,truehd,tta,voc,w64,wav,wv"
)
"""What sound comes in. FFmpeg takes whatever a file turns out to be, playlists among them, whose entries it opens."""


_INVALID_DATA = -1_094_995_529
"""AVERROR_INVALIDDATA of FFmpeg: https://ffmpeg.org/doxygen/trunk/error_8h.html."""


_COUNTED = frozenset({"mov,mp4,m4a,3gp,3g2,mj2"})
_VORBIS = ("ogg", "vorbis")
"""Containers whose length is exact and which FFmpeg decodes beyond it: it trims only the beginning of them.

So is that of Ogg Vorbis, the end of which FFmpeg trims by no more than a packet.
"""

_ITUNES = re.compile(r"\s*[0-9A-Fa-f]{8} [0-9A-Fa-f]{8} [0-9A-Fa-f]{8} ([0-9A-Fa-f]{16})")
"""What iTunes writes into `iTunSMPB`: nothing, what was added before, what was added behind, and the number between."""


class NoAudioStreamError(Exception):
    """FFmpeg understands the file and finds no sound in it: a picture, a silent film, a text."""


@contextmanager
def open_container(source: Path | io.RawIOBase) -> Iterator[av.container.InputContainer]:
    """Open a file, or what is read like one, as FFmpeg understands it: a container that needs nothing but itself.

    Raises:
        av.FFmpegError: it is none, or its headers are damaged.
        OSError: the file cannot be read.
    """
    limits = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}
    opened = _File(source) if isinstance(source, Path) else source
    with opened as file, av.open(file, "r", metadata_errors="replace", options=limits) as container:
        yield container


def audio_stream(container: av.container.InputContainer) -> av.AudioStream:
    """The first stream of sound; one in a format that FFmpeg knows only by name has no decoder."""
    stream = next(iter(container.streams.audio), None)
    if stream is None or stream.codec_context is None:
        raise NoAudioStreamError
    return stream


def packets_seconds(container: av.container.InputContainer, stream: av.AudioStream) -> Seconds | None:
    """The length of a stream by the packets that are left in it; None where one does not tell its own."""
    ticks = 0
    try:
        for packet in container.demux(stream):
            if packet.size and not packet.duration:
                return None
            ticks += packet.duration or 0
    except av.FFmpegError:
        return None
    return float(ticks * stream.time_base) if stream.time_base is not None else None


def counted_frames(container: av.container.InputContainer, stream: av.AudioStream, rate: int) -> int | None:
    """How many frames of music a container with an edit list, or iTunes' word for it, says there are at `rate`.

    None where nothing is to be relied on. What an encoder added at the end is decoded beyond them.
    """
    if container.format.name not in _COUNTED and (container.format.name, stream.codec_context.name) != _VORBIS:
        return None
    told = {**container.metadata, **stream.metadata}.get("iTunSMPB", "")
    said = _ITUNES.match(told)
    if said and int(said[1], 16):
        return int(said[1], 16)
    return round(stream.duration * stream.time_base * rate) if stream.duration and stream.time_base else None


class _File(io.BufferedReader):
    """A file in which a damaged header can ask for places that no file has; FFmpeg is told that the header lies."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        try:
            return super().seek(offset, whence)
        except (ValueError, OverflowError):
            return _INVALID_DATA
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return _INVALID_DATA


class PacketReader:
    """Decodes one audio stream packet by packet, so that a damaged one costs no more than itself."""

    def __init__(self, container: av.container.InputContainer, stream: av.AudioStream) -> None:
        self._container = container
        self._stream = stream
        self._resampler = av.AudioResampler(format="fltp")
        self.rate = stream.rate or 1
        self.errors = 0

    @property
    def seconds(self) -> Seconds | None:
        if self._stream.duration is not None and self._stream.time_base is not None:
            return float(self._stream.duration * self._stream.time_base)
        return None if self._container.duration is None else self._container.duration / av.time_base

    def read(self, start: Seconds, length: Seconds) -> FloatArray:
        """Mono samples from `start` on, at most `length` seconds of them."""
        if start > 0:
            self._container.seek(int(start * av.time_base))
        read: list[FloatArray] = []
        wanted = got = 0
        for frame in self._frames():
            self.rate = frame.sample_rate
            wanted = int(length * self.rate)
            samples = np.atleast_2d(frame.to_ndarray()).astype(np.float32, copy=False)
            early = 0 if frame.time is None else round((start - frame.time) * self.rate)
            read.append(samples[:, max(0, early) :])
            got += read[-1].shape[1]
            if got >= wanted:
                break
        # Damage makes headers lie about the number of channels; frames of one number are mixed together.
        alike = (np.concatenate(list(run), axis=1) for _, run in groupby(read, len))
        return joined([to_mono(run.T) for run in alike])[:wanted]

    def blocks(self, start: Seconds = 0.0) -> Iterator[FloatArray]:
        """The sound from `start` on, channel by channel: arrays of shape (channels, frames)."""
        if start > 0:
            self._container.seek(int(start * av.time_base))
        channels, waiting, frames = 0, list[FloatArray](), 0
        for frame in self._frames():
            samples = np.atleast_2d(frame.to_ndarray()).astype(np.float32, copy=False)
            if start > 0 and frame.time is not None:
                samples = samples[:, max(0, round((start - frame.time) * frame.sample_rate)) :]
            if not channels:
                channels, self.rate = len(samples), frame.sample_rate
            if len(samples) != channels or frame.sample_rate != self.rate:
                self.errors += 1  # damage makes headers lie about this
                continue
            waiting.append(samples)
            frames += samples.shape[1]
            if frames >= _BLOCK_FRAMES:
                yield np.concatenate(waiting, axis=1)
                waiting, frames = [], 0
        if waiting:
            yield np.concatenate(waiting, axis=1)

    def _frames(self) -> Iterator[av.AudioFrame]:
        packets = self._container.demux(self._stream)
        while self.errors < _MOST_ERRORS:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                self.errors += 1
                return
            if packet is None:
                return
            try:
                for frame in packet.decode():
                    yield from self._resampler.resample(frame)
            except av.FFmpegError:
                self.errors += 1
