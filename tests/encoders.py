"""Writes sound in the formats that libsndfile cannot write."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tests.bad_files import RATE

CODECS = {".m4a": ("aac", "ipod"), ".wma": ("wmav2", "asf"), ".aac": ("aac", "adts"), ".wv": ("wavpack", "wv")}


def write_with_ffmpeg(path: Path, samples: NDArray[np.float32], *, rate: int = 44_100) -> Path:
    """Encode `samples` at bad_files.RATE, the same on both channels of stereo, as the ending of `path` says."""
    codec, container = CODECS[path.suffix]
    options = {"movflags": "faststart"} if container == "ipod" else {}
    with av.open(str(path), "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=rate)
        stream.layout = "stereo"
        stream.bit_rate = 128_000
        _encode(output, stream, samples, rate)
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
        _encode(output, stream, samples, 44_100)
    return path


def _encode(
    output: av.container.OutputContainer, stream: av.AudioStream, samples: NDArray[np.float32], rate: int
) -> None:
    resampler = av.AudioResampler(stream.format, "stereo", rate)
    frame = av.AudioFrame.from_ndarray(np.repeat(samples, 2)[None, :], format="flt", layout="stereo")
    frame.sample_rate = RATE
    for part in (frame, None):
        for resampled in resampler.resample(part):
            output.mux(stream.encode(resampled))
    output.mux(stream.encode(None))
