"""Measures one file from end to end: its loudness, its peak, its waveform."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager
from pathlib import Path

import soundfile

from indexer.audio import head_of
from indexer.audio_errors import CorruptFile, NotAudio, TooShort, from_os_error
from indexer.decoders import DECODER_ERRORS
from indexer.library import Seconds
from indexer.payload import looks_like_audio
from indexer.sound.loudness import LoudnessMeter
from indexer.sound.result import Measured
from indexer.sound.stream import SoundStream, open_with_ffmpeg, open_with_libsndfile
from indexer.sound.waveform import WaveformPainter


def measure(path: Path, *, start: Seconds = 0.0, end: Seconds | None = None) -> Measured:
    """Decode a file once, or what lies between `start` and `end`, and measure it; half a megabyte is held at a time.

    Raises:
        EmptyFile: the file has no bytes.
        UnreadableFile: the system does not let it be read.
        VanishedFile: it is not there.
        NotAudio: it is something else than sound.
        CorruptFile: its sound cannot be decoded.
        TooShort: there is no sound in it at all.
    """
    try:
        measured = _measured(path, head_of(path), start, end)
    except OSError as error:
        raise from_os_error(path, error) from error
    if measured.seconds == 0:
        raise TooShort(path, "0 s")
    return measured


def _measured(path: Path, head: bytes, start: Seconds, end: Seconds | None) -> Measured:
    """Measure with libsndfile; from the beginning with FFmpeg where that does not know the file or meets damage."""
    try:
        return _measured_with(open_with_libsndfile(path, start, end), path)
    except soundfile.SoundFileError as error:
        if not looks_like_audio(head):
            raise NotAudio(path) from error
    try:
        return _measured_with(open_with_ffmpeg(path, start, end), path)
    except DECODER_ERRORS as error:
        raise CorruptFile(path) from error


def _measured_with(opened: AbstractContextManager[SoundStream], path: Path) -> Measured:
    with opened as stream:
        meter = LoudnessMeter(stream.rate, stream.channels)
        painter = WaveformPainter(stream.rate, stream.channels)
        frames = 0
        for block in stream.blocks:
            meter.add(block)
            painter.add(block)
            frames += block.shape[1]
        if not math.isfinite(meter.peak):
            raise CorruptFile(path, "it holds sample values that are not numbers")
        return Measured(painter.finish(), meter.loudness(), meter.peak, frames / stream.rate)
