"""Writes sound in the formats that libsndfile cannot write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tests.bad_files import RATE

CODECS = {
    **dict.fromkeys((".m4a", ".m4b", ".m4r"), ("aac", "ipod")),
    ".wma": ("wmav2", "asf"),
    ".aac": ("aac", "adts"),
    ".wv": ("wavpack", "wv"),
    ".tta": ("tta", "tta"),
    ".mp2": ("mp2", "mp2"),
    ".ac3": ("ac3", "ac3"),
    ".eac3": ("eac3", "eac3"),
    ".mka": ("aac", "matroska"),
    ".weba": ("libopus", "webm"),
    ".webm": ("libopus", "webm"),
    ".caf": ("pcm_s16be", "caf"),
    ".w64": ("pcm_s16le", "w64"),
    ".au": ("pcm_s16be", "au"),
    ".oga": ("libopus", "ogg"),
    ".voc": ("pcm_u8", "voc"),
    ".ra": ("ac3", "rm"),
    ".mp4": ("alac", "mp4"),
    ".3ga": ("aac", "3gp"),
}


def write_with_ffmpeg(
    path: Path, samples: NDArray[np.float32], *, rate: int = 44_100, metadata: Mapping[str, str] | None = None
) -> Path:
    """Encode `samples` at bad_files.RATE, the same on both channels of stereo, as the ending of `path` says."""
    codec, container = CODECS[path.suffix]
    options = {"movflags": "faststart"} if container == "ipod" else {}
    with av.open(str(path), "w", format=container, options=options) as output:
        output.metadata.update(metadata or {})
        stream = output.add_stream(codec, rate=48_000 if codec == "libopus" else rate)
        stream.layout = "stereo"
        stream.bit_rate = 128_000
        stream.open()
        _encode(output, stream, samples)
    return path


def write_vbr_mp3(path: Path, samples: NDArray[np.float32], *, counted: bool = False) -> Path:
    """Encode `samples` at bad_files.RATE with a variable bit rate, and without the header that counts the frames."""
    with av.open(
        str(path), "w", format="mp3", options={"write_xing": str(int(counted)), "id3v2_version": "0"}
    ) as output:
        stream = output.add_stream("libmp3lame", rate=44_100)
        stream.layout = "stereo"
        stream.codec_context.flags |= 2  # AV_CODEC_FLAG_QSCALE: by quality
        stream.codec_context.global_quality = 4 * 118
        stream.open()
        _encode(output, stream, samples)
    return path


def _encode(output: av.container.OutputContainer, stream: av.AudioStream, samples: NDArray[np.float32]) -> None:
    resampler = av.AudioResampler(stream.format, "stereo", stream.rate, stream.frame_size or None)
    frame = av.AudioFrame.from_ndarray(np.repeat(samples, 2)[None, :], format="flt", layout="stereo")
    frame.sample_rate = RATE
    for part in (frame, None):
        for resampled in resampler.resample(part):
            output.mux(stream.encode(resampled))
    output.mux(stream.encode(None))
