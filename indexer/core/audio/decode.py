"""Decodes an audio file to mono float32 at the analysis rate, with limits and clear errors."""

from __future__ import annotations

import math
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile

from indexer.core.audio.decoders import (
    DECODER_ERRORS,
    Cut,
    Source,
    read_with_ffmpeg,
    read_with_libsndfile,
)
from indexer.core.audio.errors import (
    AudioError,
    CorruptFile,
    EmptyFile,
    NotAudio,
    SilentAudio,
    TooShort,
    UnreadableFile,
    from_os_error,
)
from indexer.core.audio.outline import Outline, Span, has_long_silence, may_be_silence, outline_of
from indexer.core.audio.samples import (
    ANALYSIS_RATE,
    SILENCE,
    FloatArray,
    joined,
    resampled,
    swing,
    to_mono,
)
from indexer.core.audio.streaming import SoundStream, is_audio, read_from_end_to_end
from indexer.core.audio.truncation import is_cut_off
from indexer.core.tracks import WHOLE_UP_TO, Measurement, Seconds

SEGMENTS = 12
SEGMENT_SECONDS: Seconds = 5.0
"""Many short parts tell more of a song than few long ones that last as long together; see docs/evaluation.md."""

SHORTEST: Seconds = 1.0
"""Less sound than this has no rhythm and hardly a timbre."""

_OUTLINED_AT_MOST: Seconds = 14_400.0
"""Of what is longer, only so much is looked through for sound: decoding it twice takes about half a minute."""

_PART_SHARE = 0.9
"""A part that is shorter than this share of what was asked for lies over the end of the file."""

_SAME_PLACE: Seconds = 0.1

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
        length: what is known of the length for certain; None where only parts of the file were decoded.
    """

    samples: FloatArray
    rate: int
    source_seconds: Seconds
    truncated: bool
    segments: tuple[int, ...]
    length: Measurement | None = None


def decode(
    path: Path,
    *,
    rate: int = ANALYSIS_RATE,
    whole_up_to: Seconds = WHOLE_UP_TO,
    segments: int = SEGMENTS,
    segment_seconds: Seconds = SEGMENT_SECONDS,
    margin: float = 0.5,
    start: Seconds = 0.0,
    end: Seconds | None = None,
) -> Audio:
    """Decode a file: all of it up to `whole_up_to`, else evenly spread segments of it; see `decoders.Cut`.

    Where `start` or `end` are given, what lies between them is taken for the whole file.

    Silences of `outline.LONG_SILENCE` and more are no part of it. Where segments that were taken by the length in the
    file's header lie in one, over the end or nowhere, all of the file is decoded once to find where it sounds.

    A file that is read whole and has no such silence gives what `librosa.load(path, sr=rate, mono=True)` does, to 1e-6.

    Raises:
        EmptyFile: the file has no bytes.
        UnreadableFile: the system does not let it be read.
        VanishedFile: it is not there.
        NotAudio: it is something else than sound.
        CorruptFile: its sound cannot be decoded.
        TooShort: it lasts less than SHORTEST.
        SilentAudio: there is nothing to hear in what was read.
    """
    cut = Cut(whole_up_to, segments, segment_seconds, start, end, margin)
    try:
        head = head_of(path)
        source = _read(path, head, cut)
        if source.guessed or _misses_sound(source, cut):
            return _audio_where_it_sounds(path, head, cut, rate, source)
    except OSError as error:
        raise from_os_error(path, error) from error
    whole = cut.is_whole(source.promised)
    length = Measurement(source.seconds, source.parts[0].size, source.rate) if whole else None
    return _audio(path, source, rate, length)


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
        if not is_audio(path, head):
            raise NotAudio(path) from error
        source = None
    if source is not None and (source.guessed or source.seconds_read > 0):
        return source
    try:
        second = read_with_ffmpeg(path, cut)
    except DECODER_ERRORS as error:
        if source is None:
            raise CorruptFile(path) from error
        return source
    return second if source is None or second.seconds_read > 0 else source


def _misses_sound(source: Source, cut: Cut) -> bool:
    """Whether what was read is not what the file has to offer: it ends early or goes on, or is silence."""
    if cut.is_whole(source.promised):
        part = source.parts[0]
        return part.size >= int(cut.longest * source.rate) or has_long_silence(part, source.rate)
    wanted = (length for _, length in cut.spans(source.promised))
    loudest = max(float(np.abs(part).max(initial=0.0)) for part in source.parts)
    return any(
        part.size < _PART_SHARE * length * source.rate or may_be_silence(part, source.rate, loudest)
        for part, length in zip(source.parts, wanted, strict=True)
    )


def _audio_where_it_sounds(path: Path, head: bytes, cut: Cut, rate: int, source: Source) -> Audio:
    """Decode all of a file to know its outline, then once more for the parts of it that are wanted.

    What was read before, by the file's header, stands in where it cannot be decoded from its beginning.
    """
    try:
        outline = read_from_end_to_end(path, head, _outline, cut.start, cut.end)
    except AudioError:
        if not source.seconds_read:
            raise
        return _audio(path, source, rate)
    truncated = source.truncated or (source.guessed and cut.end is None and is_cut_off(path))
    if not outline.samples:
        _check(path, replace(source, parts=(), truncated=truncated))
    length = outline.measurement if outline.seconds < _OUTLINED_AT_MOST else None
    windows = outline.windows(cut)
    if source.parts and _are_those(
        windows, [(place - cut.start, length) for place, length in cut.spans(source.promised)]
    ):
        return _audio(path, source, rate, length)
    found = read_from_end_to_end(path, head, lambda stream: _taken(stream, windows), cut.start, cut.end)
    if found.seconds_read < SHORTEST <= outline.seconds:
        raise SilentAudio(path, f"but for {found.seconds_read:.1f} s")
    whole = replace(found, seconds=outline.seconds if length else source.seconds, truncated=truncated)
    return _audio(path, whole, rate, length)


def _are_those(windows: Sequence[Sequence[Span]], asked: Sequence[tuple[Seconds, Seconds]]) -> bool:
    """Whether windows are what was asked for by starts and lengths: then it was read already."""
    places = [(start, start + length) for start, length in asked]
    whole = all(len(spans) == 1 for spans in windows) and len(windows) == len(places)
    return whole and np.allclose([spans[0] for spans in windows], places, atol=_SAME_PLACE)


def _outline(stream: SoundStream) -> Outline:
    most = int(_OUTLINED_AT_MOST * stream.rate)
    return outline_of(_up_to(stream.blocks, most), stream.rate)


def _up_to(blocks: Iterable[FloatArray], most: int) -> Iterator[FloatArray]:
    got = 0
    for block in blocks:
        yield block[:, : most - got]
        got += block.shape[1]
        if got >= most:
            return


def _taken(stream: SoundStream, windows: Sequence[Sequence[Span]]) -> Source:
    """The windows of a stream in mono, each of one or several spans; they may overlap."""
    held: list[list[FloatArray]] = [[] for _ in windows]
    for number, piece in _pieces(stream, windows):
        held[number].append(piece)
    return Source(tuple(map(joined, held)), stream.rate, 0.0, truncated=False)


def _pieces(stream: SoundStream, windows: Sequence[Sequence[Span]]) -> Iterator[tuple[int, FloatArray]]:
    """What lies in a window, with the number of that window, in the order of the track."""
    places = [
        (number, round(start * stream.rate), round(end * stream.rate))
        for number, spans in enumerate(windows)
        for start, end in spans
    ]
    last = max(end for _, _, end in places)
    at = 0
    for block in stream.blocks:
        after = at + block.shape[1]
        for number, start, end in places:
            if start < after and end > at:
                yield number, to_mono(block[:, max(start - at, 0) : end - at].T)
        at = after
        if at >= last:
            return


def _audio(path: Path, source: Source, rate: int, length: Measurement | None = None) -> Audio:
    _check(path, source)
    parts = [resampled(part, source.rate, rate) for part in source.parts]
    samples = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return Audio(samples, rate, source.seconds, source.truncated, tuple(part.size for part in parts), length)


def _check(path: Path, source: Source) -> None:
    if source.seconds_read < SHORTEST:
        if source.truncated:
            raise CorruptFile(path, f"only {source.seconds_read:.2f} s of it can be decoded")
        raise TooShort(path, f"{source.seconds_read:.2f} s")
    peaks = [swing(part) for part in source.parts if part.size]
    if not all(map(math.isfinite, peaks)):
        raise CorruptFile(path, "it holds sample values that are not numbers")
    if max(peaks) < SILENCE:
        raise SilentAudio(path)
