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
        resampler = av.AudioResampler(stream.format, "stereo", rate)
        frame = av.AudioFrame.from_ndarray(np.repeat(samples, 2)[None, :], format="flt", layout="stereo")
        frame.sample_rate = RATE
        for part in (frame, None):
            for resampled in resampler.resample(part):
                output.mux(stream.encode(resampled))
        output.mux(stream.encode(None))
    return path


def write_module(path: Path) -> Path:
    """A ProTracker module of one pattern, about 1.3 s: what VLC plays and FFmpeg does not."""
    sample = (np.sin(np.arange(512) * 2 * np.pi / 32) * 100).astype(np.int8).tobytes()
    head = b"a".ljust(22, b"\0") + (256).to_bytes(2, "big") + bytes([0, 64]) + bytes([0, 0, 1, 0])
    empty = bytes(26) + bytes([0, 0, 0, 1])
    note = bytes([0x01, 0xAC, 0x10, 0x00])  # C-2 on the first instrument
    pattern = note + bytes(4 * 4 * 64 - 4)
    songs = b"module".ljust(20, b"\0") + b"a".ljust(22, b"\0") + head[22:] + empty * 30
    path.write_bytes(songs + bytes([1, 127]) + bytes(128) + b"M.K." + pattern + sample)
    return path
