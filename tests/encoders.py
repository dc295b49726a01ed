"""Writes sound and tags as FFmpeg does, of formats that libsndfile cannot write for one."""

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
    **dict.fromkeys((".oga", ".opus"), ("libopus", "ogg")),
    ".mp3": ("libmp3lame", "mp3"),
    ".flac": ("flac", "flac"),
    ".wav": ("pcm_s16le", "wav"),
    ".aiff": ("pcm_s16be", "aiff"),
    ".voc": ("pcm_u8", "voc"),
    ".ra": ("ac3", "rm"),
    ".mp4": ("alac", "mp4"),
    ".3ga": ("aac", "3gp"),
}


def write_with_ffmpeg(
    path: Path,
    samples: NDArray[np.float32],
    *,
    rate: int = 44_100,
    metadata: Mapping[str, str] | None = None,
    movflags: str = "faststart",
) -> Path:
    """Encode `samples` at bad_files.RATE, the same on both channels of stereo, as the ending of `path` says."""
    codec, container = CODECS[path.suffix]
    options = {"movflags": movflags} if container == "ipod" else {}
    with av.open(str(path), "w", format=container, options=options) as output:
        output.metadata.update(metadata or {})
        stream = output.add_stream(codec, rate=48_000 if codec == "libopus" else rate)
        stream.layout = "stereo"
        stream.bit_rate = 128_000
        stream.open()
        _encode(output, stream, samples)
    return path


def write_silent_film(path: Path) -> Path:
    """A second of grey pictures."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for _ in range(25):
            output.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
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
