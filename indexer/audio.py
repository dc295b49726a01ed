"""Decodes an audio file to mono float32 at the analysis rate, with limits and clear errors."""

from __future__ import annotations

import math
import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile

from indexer.audio_errors import (
    AudioError,
    CorruptFile,
    EmptyFile,
    NotAudio,
    SilentAudio,
    TooShort,
    UnreadableFile,
    VanishedFile,
    from_os_error,
)
from indexer.decoders import DECODER_ERRORS, Cut, Source, read_with_ffmpeg, read_with_libsndfile
from indexer.library import WHOLE_UP_TO, Seconds
from indexer.payload import holds_audio, looks_like_audio
from indexer.samples import FloatArray, resampled

__all__ = [
    "ANALYSIS_RATE",
    "Audio",
    "AudioError",
    "CorruptFile",
    "EmptyFile",
    "NotAudio",
    "SilentAudio",
    "TooShort",
    "UnreadableFile",
    "VanishedFile",
    "decode",
    "decode_whole",
    "head_of",
    "hush_native_decoders",
]

ANALYSIS_RATE = 22_050
"""Samples a second that every descriptor is computed at."""

WHOLE_AT_MOST: Seconds = 5_400.0
"""Where whole files are asked for, longer ones are still judged by segments: an hour takes up to 0.9 GiB to analyse."""

SEGMENTS = 2
"""Centred a third and two thirds of the way through: past an introduction, before a fade."""

SEGMENT_SECONDS: Seconds = 30.0

SHORTEST: Seconds = 1.0
"""Less sound than this has no rhythm and hardly a timbre."""

SILENCE = 1e-4
"""Peak, at full scale 1.0 (-80 dB), below which nobody hears anything."""

_HEAD_BYTES = 16


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Sound ready for analysis.

    Attributes:
        samples: mono float32 of shape (n,), full scale 1.0, the segments one after the other.
        rate: samples a second.
        source_seconds: length of the whole file, or of the part of it that was asked for.
        truncated: the file promises more than could be decoded.
        segments: samples of each segment, their sum is n; one for a file that was read whole.
    """

    samples: FloatArray
    rate: int
    source_seconds: Seconds
    truncated: bool
    segments: tuple[int, ...]


def decode(
    path: Path,
    *,
    rate: int = ANALYSIS_RATE,
    whole_up_to: Seconds = WHOLE_UP_TO,
    segments: int = SEGMENTS,
    segment_seconds: Seconds = SEGMENT_SECONDS,
    start: Seconds = 0.0,
    end: Seconds | None = None,
) -> Audio:
    """Decode a file: all of it up to `whole_up_to`, else evenly spread segments of it.

    Where `start` or `end` are given, what lies between them is taken for the whole file.

    A file that is read whole gives what `librosa.load(path, sr=rate, mono=True)` gives, to 1e-6.

    Raises:
        EmptyFile: the file has no bytes.
        UnreadableFile: the system does not let it be read.
        VanishedFile: it is not there.
        NotAudio: it is something else than sound.
        CorruptFile: its sound cannot be decoded.
        TooShort: it lasts less than SHORTEST.
        SilentAudio: there is nothing to hear in what was read.
    """
    cut = Cut(whole_up_to, segments, segment_seconds, resampled_to=rate, start=start, end=end)
    try:
        head = head_of(path)
        source = _read(path, head, cut)
        if source.truncated and source.seconds_read < SHORTEST:
            source = replace(_read(path, head, replace(cut, from_start=True)), truncated=True)
    except OSError as error:
        raise from_os_error(path, error) from error
    _check(path, source)
    parts = [resampled(part, source.rate, rate) for part in source.parts]
    samples = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return Audio(samples, rate, source.seconds, source.truncated, tuple(part.size for part in parts))


def decode_whole(path: Path, *, start: Seconds = 0.0, end: Seconds | None = None) -> Audio:
    """Decode a file from end to end if it lasts at most WHOLE_AT_MOST, else segments of it; otherwise as `decode`.

    It is resampled while it is read: an hour takes 0.3 GB, and twice that for a moment, whatever its own rate.
    """
    return decode(path, whole_up_to=WHOLE_AT_MOST, start=start, end=end)


def head_of(path: Path) -> bytes:
    """The first bytes of a regular file; anything else is not opened, a named pipe would keep us for ever.

    Raises:
        UnreadableFile: it is no regular file.
        EmptyFile: the file has no bytes.
        OSError: the system does not let it be read.
    """
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise UnreadableFile(path, "not a regular file")
    if info.st_size == 0:
        raise EmptyFile(path)
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def hush_native_decoders() -> None:
    """Keep what C decoders print about damaged files off this process's standard error, for good.

    Python's own `sys.stderr` goes on as before. For worker processes, at their start: the descriptor is shared by
    every thread.
    """
    with suppress(OSError, ValueError, AttributeError):
        kept = os.dup(sys.stderr.fileno())
        sys.stderr = os.fdopen(kept, "w", buffering=1, errors="backslashreplace")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _read(path: Path, head: bytes, cut: Cut) -> Source:
    """Decode with libsndfile, else with FFmpeg."""
    try:
        source = read_with_libsndfile(path, cut)
    except soundfile.SoundFileError as error:
        if not looks_like_audio(head) and not _holds_audio(path):
            raise NotAudio(path) from error
        source = None
    if source is not None and source.seconds_read > 0:
        return source
    try:
        second = read_with_ffmpeg(path, cut)
    except DECODER_ERRORS as error:
        if source is None:
            raise CorruptFile(path) from error
        return source
    return second if source is None or second.seconds_read > 0 else source


def _holds_audio(path: Path) -> bool:
    with path.open("rb") as file:
        return holds_audio(file)


def _check(path: Path, source: Source) -> None:
    if source.seconds_read < SHORTEST:
        if source.truncated:
            raise CorruptFile(path, f"only {source.seconds_read:.2f} s of it can be decoded")
        raise TooShort(path, f"{source.seconds_read:.2f} s")
    peaks = [max(float(part.max()), -float(part.min())) for part in source.parts if part.size]
    if not all(map(math.isfinite, peaks)):
        raise CorruptFile(path, "it holds sample values that are not numbers")
    if max(peaks) < SILENCE:
        raise SilentAudio(path)
