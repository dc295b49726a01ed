"""Sounds that tell their place, the files they are encoded to, and what of them is in a recording."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

Signal = NDArray[np.float32]

WINDOW_SECONDS = 0.005
"""The finest that is told apart in sound that was encoded with losses."""

UNLIKE = 0.35
"""A window whose difference from what it should be has this share of its level or more is something else."""


@dataclass(frozen=True)
class Format:
    """One way to encode a track: the name to show, the ending, the rate, and FFmpeg's words for the rest."""

    name: str
    ending: str
    rate: int = 44_100
    codec: str = ""
    bits: int = 16
    options: tuple[tuple[str, str], ...] = ()
    container: tuple[tuple[str, str], ...] = ()


FORMATS = (
    Format("mp3 CBR", "mp3", codec="libmp3lame", options=(("b", "192000"),)),
    Format("mp3 VBR", "mp3", codec="libmp3lame", options=(("global_quality", "236"), ("flags", "qscale"))),
    Format("mp3 CBR, no tag", "mp3", codec="libmp3lame", container=(("write_xing", "0"),)),
    Format(
        "mp3 VBR, no tag",
        "mp3",
        codec="libmp3lame",
        options=(("global_quality", "236"), ("flags", "qscale")),
        container=(("write_xing", "0"),),
    ),
    Format("FLAC 44.1/16", "flac"),
    Format("FLAC 48/16", "flac", 48_000),
    Format("FLAC 96/24", "flac", 96_000, bits=24),
    Format("Ogg Vorbis", "ogg"),
    Format("Opus", "opus", 48_000, codec="libopus"),
    Format("AAC", "m4a", codec="aac", options=(("b", "192000"),)),
    Format("ALAC", "m4a", codec="alac"),
    Format("WAV", "wav"),
)


def melody(number: int, seconds: float, rate: int) -> Signal:
    """A tone that glides as no other track and no other place does, at full level from its first sample to its last.

    Returns:
        Shape (n,), between 600 and 4600 Hz, which every encoder keeps.
    """
    times = np.arange(round(seconds * rate)) / rate
    turns = np.arange(int(seconds / 0.2) + 2)
    heights = np.random.default_rng(number).uniform(600.0, 4600.0, len(turns))
    phase = 2 * np.pi * np.cumsum(np.interp(times / 0.2, turns, heights)) / rate
    return (0.4 * np.cos(phase)).astype(np.float32)


def write(path: Path, samples: Signal, kind: Format) -> Path:
    """Encode `samples` to both channels of a file."""
    stereo = np.repeat(samples[:, None], 2, axis=1)
    if not kind.codec:
        subtype = {24: "PCM_24", 16: None}[kind.bits]
        best = 0.0 if kind.ending == "ogg" else None
        with soundfile.SoundFile(path, "w", kind.rate, 2, subtype=subtype, compression_level=best) as file:
            for at in range(0, len(stereo), 4096):  # libsndfile's Vorbis overflows its stack on long blocks
                file.write(stereo[at : at + 4096])
        return path
    with av.open(str(path), "w", options=dict(kind.container)) as output:
        stream = output.add_stream(kind.codec, rate=kind.rate, options=dict(kind.options))
        stream.layout = "stereo"
        shapes = av.AudioResampler(stream.format, "stereo", kind.rate)
        for at in range(0, len(stereo), 4096):
            frame = av.AudioFrame.from_ndarray(stereo[at : at + 4096].reshape(1, -1), format="flt", layout="stereo")
            frame.sample_rate, frame.pts = kind.rate, at
            for shaped in shapes.resample(frame):
                output.mux(stream.encode(shaped))
        for shaped in shapes.resample(None):
            output.mux(stream.encode(shaped))
        output.mux(stream.encode(None))
    return path


@dataclass(frozen=True)
class Found:
    """Where a track lies in a recording.

    Attributes:
        at: the frame of the recording that its first sample is, or would be.
        missing_first, missing_last: seconds of its beginning and its end that are not there.
        faults: windows in between that are something else.
    """

    at: int
    missing_first: float
    missing_last: float
    faults: int


def find(recording: Signal, track: Signal, rate: int, begin: int = 0, end: int | None = None) -> Found | None:
    """Look for `track` in `recording`, or between two of its frames; None where it is not."""
    part = recording[begin:end]
    middle = track[len(track) // 3 : len(track) // 3 + min(len(track) // 3, rate // 4)]
    if len(part) < len(middle):
        return None
    place = _best_match(part, middle)
    if place is None:
        return None
    at = begin + place - len(track) // 3
    size = max(1, round(WINDOW_SECONDS * rate))
    there = np.zeros(len(track), np.float32)
    low, high = max(0, -at), min(len(track), len(recording) - at)
    there[low:high] = recording[at + low : at + high]
    windows = len(track) // size
    wanted, got = (signal[: windows * size].reshape(windows, size) for signal in (track, there))
    differs = np.sqrt(((wanted - got) ** 2).mean(axis=1)) > UNLIKE * np.sqrt((wanted**2).mean(axis=1))
    alike = np.flatnonzero(~differs)
    if not len(alike):
        return None
    first, last = alike[0], alike[-1]
    faults = int(differs[first : last + 1].sum())
    return Found(at, first * size / rate, (windows - 1 - last) * size / rate, faults)


def _best_match(signal: Signal, wanted: Signal) -> int | None:
    """Where `wanted` fits best, None where that is not well."""
    size = 1 << (len(signal) + len(wanted)).bit_length()
    product = np.fft.rfft(signal, size) * np.conj(np.fft.rfft(wanted, size))
    matches = np.fft.irfft(product, size)[: len(signal) - len(wanted) + 1]
    best = int(np.argmax(matches))
    there = signal[best : best + len(wanted)]
    alike = float(there @ wanted) / (float(np.linalg.norm(there) * np.linalg.norm(wanted)) or 1.0)
    return best if alike > 0.8 else None
