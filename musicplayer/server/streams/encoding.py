"""Decodes a stretch of a file and encodes it by a profile; for a process of its own, since files can be hostile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
from mutagen import MutagenError
from mutagen.mp4 import MP4, MP4FreeForm

from indexer.core.audio.decode import head_of
from indexer.core.audio.decoders import native
from indexer.core.audio.errors import AudioError
from indexer.core.audio.packets import NoAudioStreamError, audio_stream, open_container
from indexer.core.audio.streaming import SoundStream, read_from_end_to_end
from indexer.core.text import clean, shown_name
from indexer.core.tracks import Seconds
from musicplayer.server.streams.errors import FULL_DISK, NoRoom, StreamError
from musicplayer.server.streams.profiles import AAC, OPUS, Order

_LAYOUTS = ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1")
"""What FLAC and WAVE mean by so many channels."""

_MOST_BITS = 24
"""Of the samples of FLAC as everything reads it."""

_OPTIONS = {"libmp3lame": {"compression_level": "7"}}
"""LAME's own choice takes twice as long, and somebody waits for the first note."""

_LOSSLESS = ("PCM_", "ALAC_")
_SIXTEEN_BITS = ("PCM_16", "PCM_S8", "PCM_U8", "ALAC_16")
_LOSSLESS_CODECS = frozenset(
    {"alac", "ape", "flac", "mlp", "shorten", "tak", "truehd", "tta", "wavpack", "wmalossless"}
)
_ODD = (ArithmeticError, LookupError, ValueError, RuntimeError)
"""What bindings raise over numbers of damaged files that make no sense."""

_OPUS_STEPS, _OPUS_MOST = 256, 1 << 15
_REPLAYGAIN_TO_OPUS = -5.0
"""dB: ReplayGain 2.0 aims at -18 LUFS, Opus tags at -23; RFC 7845, section 5.2.1."""


def encode(order: Order) -> Seconds:
    """Write the file; gives its length.

    Raises:
        StreamError: the file cannot be decoded, there is nothing in the stretch, or the result gets too long.
        NoRoom: the disk is full.
    """
    source, start, end = Path(order.stretch.path), order.stretch.start, order.stretch.end
    name = shown_name(source)
    try:
        seconds = read_from_end_to_end(source, head_of(source), lambda stream: _written(stream, order), start, end)
        if seconds and order.profile.container == AAC.container:
            _tag_gains_of_mp4(Path(order.target), order.tags)
    except AudioError as error:
        raise StreamError("stream-undecodable", name=name, detail=error.english) from error
    except (OSError, MutagenError, av.FFmpegError, *_ODD) as error:
        if getattr(error, "errno", None) in FULL_DISK:
            raise NoRoom("stream-disk-full") from error
        raise StreamError("stream-undecodable", name=name, detail=clean(str(error))) from error
    if not seconds:
        raise StreamError("stream-beyond-end" if start else "stream-undecodable", name=name)
    return seconds


def _sample_bits(path: Path) -> int | None:
    """16 or 24 for what the samples of a lossless file have at most; None for a lossy one."""
    with suppress(soundfile.SoundFileError):
        kind = soundfile.info(native(path)).subtype
        if kind.startswith(_LOSSLESS) or kind in {"FLOAT", "DOUBLE"}:
            return 16 if kind in _SIXTEEN_BITS else _MOST_BITS
        return None
    with suppress(av.FFmpegError, NoAudioStreamError, OSError), open_container(path) as container:
        codec = audio_stream(container).codec_context
        if codec.name in _LOSSLESS_CODECS or codec.name.startswith(("pcm_", "dsd_")):
            return 16 if codec.format is not None and codec.format.bits <= 16 else _MOST_BITS  # noqa: PLR2004
    return None


def _written(stream: SoundStream, order: Order) -> Seconds:
    """Encode all of a stream over whatever the target holds.

    Raises:
        NoRoom: the disk is full. It is told apart here, where a decoder's error would be taken for damage of the file.
    """
    try:
        return _encoded(stream, order)
    except av.FFmpegError as error:
        if error.errno in FULL_DISK:
            raise NoRoom("stream-disk-full") from error
        raise


def _encoded(stream: SoundStream, order: Order) -> Seconds:
    profile = order.profile
    options = {"movflags": "+faststart"} if profile.container == AAC.container else {}
    with av.open(order.target, "w", format=profile.container, options=options) as output:
        output.metadata.update(_tags(order))
        encoder: Any = output.add_stream(
            profile.codec, rate=profile.rate_for(stream.rate), options=_OPTIONS.get(profile.codec)
        )
        layout = _LAYOUTS[stream.channels - 1] if stream.channels <= len(_LAYOUTS) else "stereo"
        encoder.layout = layout if stream.channels <= profile.channels else "stereo"
        if profile.kbps is not None:
            encoder.bit_rate = profile.kbps * 1000
        if profile.is_lossless:
            encoder.format = "s32" if _sample_bits(Path(order.stretch.path)) == _MOST_BITS else "s16"
        elif profile.codec == OPUS.codec:
            encoder.format = "flt"
        encoder.open()
        count = _Count()
        written = 0
        for packet in _packets(encoder, count.of(stream, layout, order.factor)):
            written += packet.size
            if written > order.most_bytes:
                raise StreamError("stream-too-large", name=shown_name(order.stretch.path))
            output.mux(packet)
    return count.frames / stream.rate


class _Count:
    """Blocks of a stream as frames of FFmpeg, counted."""

    def __init__(self) -> None:
        self.frames = 0

    def of(self, stream: SoundStream, layout: str, factor: float) -> Iterator[av.AudioFrame]:
        """The blocks of a stream, amplified, within full scale; the mean of more channels than have a layout, twice."""
        for block in stream.blocks:
            samples = np.nan_to_num(block * np.float32(factor)).clip(-1.0, 1.0)
            if len(samples) > len(_LAYOUTS):
                samples = np.repeat(samples.mean(axis=0, keepdims=True), 2, axis=0)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
            frame.sample_rate = stream.rate
            frame.pts, frame.time_base = self.frames, Fraction(1, stream.rate)
            self.frames += samples.shape[1]
            yield frame


def _packets(encoder: Any, frames: Iterator[av.AudioFrame]) -> Iterator[Any]:
    """The frames mixed, resampled and encoded."""
    fitting = av.AudioResampler(encoder.format, encoder.layout, encoder.rate, encoder.frame_size or None)
    for frame in frames:
        for fitted in fitting.resample(frame):
            yield from encoder.encode(fitted)
    for fitted in fitting.resample(None):
        if fitted is not None:
            yield from encoder.encode(fitted)
    yield from encoder.encode(None)


def _tags(order: Order) -> dict[str, str]:
    """The tags as FFmpeg writes them into such a file."""
    tags = dict(order.tags)
    if order.profile.codec == OPUS.codec:
        for kind in ("TRACK", "ALBUM"):
            if (gain := tags.pop(f"REPLAYGAIN_{kind}_GAIN", None)) is not None:
                steps = round((float(gain.split()[0]) + _REPLAYGAIN_TO_OPUS) * _OPUS_STEPS)
                tags[f"R128_{kind}_GAIN"] = str(max(-_OPUS_MOST, min(steps, _OPUS_MOST - 1)))
            tags.pop(f"REPLAYGAIN_{kind}_PEAK", None)
    return tags


def _tag_gains_of_mp4(path: Path, tags: Mapping[str, str]) -> None:
    """Write the tags of ReplayGain, which FFmpeg leaves out of MP4 files."""
    gains = {name: text for name, text in tags.items() if name.startswith("REPLAYGAIN_")}
    if not gains:
        return
    media = MP4(path)
    for name, text in gains.items():
        media[f"----:com.apple.iTunes:{name.lower()}"] = [MP4FreeForm(text.encode())]
    media.save()
