"""Decodes a stretch of a file to stereo, sample for sample: without what encoders put before and behind the music."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import soxr

from indexer.core.audio.packets import NoAudioStreamError, audio_stream, counted_frames, open_container
from indexer.core.audio.samples import FloatArray
from indexer.core.shared.server import is_address
from indexer.core.tracks import Seconds, Stretch

if TYPE_CHECKING:
    from musicplayer.playback.served_file import ServedFile

UNDECODABLE = (av.FFmpegError, NoAudioStreamError, MemoryError)
"""What is raised for a file that FFmpeg can make nothing of."""

PREROLL: Seconds = 0.5
"""Decoded and thrown away before a place that was gone to: lossy decoders need some frames to be right again."""

BLOCK_FRAMES = 4096
"""Frames that are handed on together, at least: each hand-over costs as much as decoding some hundred frames."""

BIT_OF_A_FRAME = 4096
"""What decodes to so much more than its container says was padded by its encoder; where it is more, that errs."""

_VAGUE = frozenset({"asf", "matroska,webm", "ac3", "eac3", "mpegts", "rm", "mpeg", "ogv", "avi"})
"""Containers that tell places in milliseconds or not at all, so that a jump arrives only near its place."""

_MOST_ERRORS = 1000
_LOUDEST = 4.0
_TO_THE_LEFT = {
    "FL": 1.0, "FLC": 1.0, "DL": 1.0, "FC": 0.7071, "BL": 0.7071, "SL": 0.7071, "WL": 0.7071, "TFL": 0.7071,
    "TBL": 0.5, "BC": 0.5, "TC": 0.5, "TFC": 0.5, "TBC": 0.5, "LFE": 0.0, "LFE2": 0.0,
}  # fmt: skip
"""Shares of each channel on the left of stereo, after ITU-R BS.775; the right has them mirrored."""


class Decoder:
    """One file, opened; of this machine, or of the server whose shared library is played.

    Positions are frames at `rate`, from the first one that belongs to the music.

    FFmpeg leaves out what LAME and Xing tags, Opus and Vorbis headers and granules, and the beginnings of MP4 edit
    lists say is no music; the ends of the last are cut here. An MP3 without such a tag is music throughout.

    Attributes:
        rate: frames a second, as they are decoded, whatever the header says.
        seconds: how long the file says it is, None where it does not.
    """

    def __init__(self, path: str, gone: Callable[[], bool] = lambda: False) -> None:
        """Open `path` and decode its first frame; `gone` tells that nobody wants it any more.

        Raises:
            UNDECODABLE: there is no sound that FFmpeg understands.
            OSError: the file cannot be read; NotServed where a server does not give it.
        """
        self._served = _served(path, gone) if is_address(path) else None
        if self._served is None and not stat.S_ISREG(Path(path).stat().st_mode):
            raise OSError(errno.EINVAL, "not a regular file")  # a named pipe would keep us for ever
        self._frames: Iterator[Any]
        with ExitStack() as opened:
            self._container = opened.enter_context(open_container(self._served or Path(path)))
            self._stream = audio_stream(self._container)
            self._errors = 0
            self._began: Fraction = (self._stream.start_time or 0) * self._time_base
            self._frames = self._decoded()
            self._first = next(self._frames, None)
            if self._first is None:
                raise NoAudioStreamError
            self.rate = self._first.sample_rate
            self.seconds = self._told_length()
            self._counted = counted_frames(self._container, self._stream, self.rate)
            self._fresh = True
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._first, self._frames = None, iter(())  # which know this object, and would keep it and the file's memory
        self._opened.close()

    def blocks(self, start: int = 0, end: int | None = None, *, exact: bool = True) -> Iterator[tuple[int, FloatArray]]:
        """The sound from frame `start` up to, without, frame `end`.

        Args:
            start: counted in frames at `rate`.
            end: the same; None for the end of the file.
            exact: begin at that very frame even where that means decoding all that comes before it.

        Yields:
            Frames a second, which a chained file may change, and samples of shape (frames, 2), full scale 1.0.
        """
        at = self._go_to(start, exact=exact)
        waiting: list[FloatArray] = []
        frames, rate = 0, self.rate
        for got, block in self._trimmed(at):
            if got != rate and waiting:
                yield rate, np.concatenate(waiting)
                waiting, frames = [], 0
            rate = got
            begins, at = at, at + len(block)
            wanted = block[max(0, start - begins) : None if end is None else max(0, end - begins)]
            waiting.append(wanted)
            frames += len(wanted)
            if frames >= BLOCK_FRAMES:
                yield rate, np.concatenate(waiting)
                waiting, frames = [], 0
            if end is not None and at >= end:
                break
        if frames:
            yield rate, np.concatenate(waiting)

    @property
    def _time_base(self) -> Fraction:
        return self._stream.time_base or Fraction(1, av.time_base)

    def _told_length(self) -> Seconds | None:
        if self._stream.duration is not None:
            return float(self._stream.duration * self._time_base)
        return None if self._container.duration is None else self._container.duration / av.time_base

    def _go_to(self, start: int, *, exact: bool) -> int:
        """Be at or before `start`, and return where."""
        vague = self._container.format.name in _VAGUE or self._stream.codec_context.name.startswith("adpcm")
        if start <= self.rate * PREROLL or (exact and vague):
            return 0 if self._fresh else self._reopen()
        place = Fraction(start, self.rate) - Fraction(PREROLL) + self._began
        try:
            self._container.seek(max(0, int(place * av.time_base)))
        except av.FFmpegError:
            return self._reopen()
        self._frames = self._decoded()
        self._first, self._fresh = next(self._frames, None), False
        if self._first is None:
            return start
        if self._first.pts is None:
            return self._reopen()
        at = round((self._first.pts * self._time_base - self._began) * self.rate)
        return at if at <= start or not exact else self._reopen()

    def _reopen(self) -> int:
        """Be at the beginning again."""
        self._container.seek(0)
        self._frames = self._decoded()
        self._first, self._fresh = next(self._frames, None), True
        return 0

    def _trimmed(self, at: int) -> Iterator[tuple[int, FloatArray]]:
        """Stereo blocks, without the padding at the end of a container that counts its frames."""
        left = None if self._counted is None else self._counted - at
        beyond: list[tuple[int, FloatArray]] = []
        kept = 0
        for frame in self._all_frames():
            block = to_stereo(frame)
            if left is not None:
                fits, block = block[: max(0, left)], block[max(0, left) :]
                left -= len(fits)
                if len(fits):
                    yield frame.sample_rate, fits
                if not len(block):
                    continue
                beyond.append((frame.sample_rate, block))
                kept += len(block)
                if kept <= BIT_OF_A_FRAME:
                    continue
                left = None
                yield from beyond
            else:
                yield frame.sample_rate, block

    def _all_frames(self) -> Iterator[Any]:
        if self._first is not None:
            first, self._first = self._first, None
            self._fresh = False
            yield first
            yield from self._frames

    def _decoded(self) -> Iterator[Any]:
        """Frames as they come; what a server breaks off has no end, whatever FFmpeg makes of that."""
        yield from self._whole_frames()
        if self._served is not None and self._served.trouble is not None:
            raise self._served.trouble

    def _whole_frames(self) -> Iterator[Any]:
        """Frames past damaged packets."""
        packets = self._container.demux(self._stream)
        while self._errors < _MOST_ERRORS:
            try:
                packet = next(packets, None)
            except av.InvalidDataError:
                self._errors += 1
                return
            if packet is None:
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self._errors += 1


def _served(address: str, gone: Callable[[], bool]) -> ServedFile:
    from musicplayer.playback.served_file import ServedFile  # noqa: PLC0415 - what speaks HTTP and TLS, which few need

    return ServedFile(address, gone)


class Resampler:
    """Brings blocks that follow each other to one rate, without losing or doubling a sample at either end."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._source = rate
        self._stream: Any = None
        self._taken = self._given = 0

    def converted(self, rate: int, block: FloatArray) -> FloatArray:
        """`block`, of `rate` frames a second and shape (frames, 2), in frames of ours, as far as they are known yet."""
        before = self.finish() if rate != self._source else np.empty((0, 2), np.float32)
        self._source = rate
        if rate == self.rate:
            return np.concatenate([before, block]) if len(before) else block
        if self._stream is None:
            self._stream = soxr.ResampleStream(rate, self.rate, 2, dtype="float32", quality="HQ")
        self._taken += len(block)
        made = self._stream.resample_chunk(np.ascontiguousarray(block))
        self._given += len(made)
        return np.concatenate([before, made]) if len(before) else made

    def finish(self) -> FloatArray:
        """What is left when no more follows."""
        if self._stream is None:
            return np.empty((0, 2), np.float32)
        rest = self._stream.resample_chunk(np.empty((0, 2), np.float32), last=True)
        wanted = round(Fraction(self._taken * self.rate, self._source)) - self._given
        self._stream, self._taken, self._given = None, 0, 0
        rest = rest[: max(0, wanted)]
        exact: FloatArray = np.pad(rest, ((0, max(0, wanted - len(rest))), (0, 0)))
        return exact


def frames_of(stretch: Stretch, rate: int, start: Seconds) -> tuple[int, int | None]:
    """First frame and the one after the last of `stretch` from `start` seconds in, at `rate` frames a second."""
    end = None if stretch.end is None else round(stretch.end * rate)
    return round((stretch.start + start) * rate), end


def to_stereo(frame: Any) -> FloatArray:
    """The samples of a frame of FFmpeg's, shape (frames, 2), full scale 1.0, finite."""
    samples = frame.to_ndarray()
    names = [channel.name for channel in frame.layout.channels]
    samples = samples.T if frame.format.is_planar else samples.reshape(-1, max(1, len(names)))
    scaled = _scaled(samples)
    if scaled.shape[1] == 1:
        return np.repeat(scaled, 2, axis=1)
    if names[:2] == ["FL", "FR"] and len(names) == 2:  # noqa: PLR2004 - stereo
        return np.ascontiguousarray(scaled)
    mixed: FloatArray = scaled @ _mixing(names)
    return mixed


def _scaled(samples: Any) -> FloatArray:
    kind = samples.dtype
    values: FloatArray = samples.astype(np.float32)
    if kind == np.uint8:
        values = (values - np.float32(128)) / np.float32(128)
    elif kind.kind == "i":
        values /= np.float32(-float(np.iinfo(kind).min))
    elif not np.isfinite(values).all() or np.abs(values).max(initial=0.0) > _LOUDEST:
        values = np.clip(np.nan_to_num(values), -_LOUDEST, _LOUDEST)
    return values


def _mixing(names: list[str]) -> FloatArray:
    """Shares of named channels in left and right, shape (channels, 2), so that full scale stays full scale."""
    mirrored: Callable[[str], str] = lambda name: name.translate(str.maketrans("LR", "RL"))  # noqa: E731
    known = {name: name if name.startswith("LFE") else mirrored(name) for name in names}
    shares = np.array([[_TO_THE_LEFT.get(name, 0.0), _TO_THE_LEFT.get(known[name], 0.0)] for name in names], np.float32)
    if not shares.any():  # channels without a place: the first two are left and right, as in stereo
        shares[0, 0] = shares[min(1, len(names) - 1), 1] = 1.0
    mixed: FloatArray = shares / np.maximum(1.0, shares.sum(axis=0))
    return mixed
