"""Alters clips the way music gets altered on its way into libraries: encoded again, quieter, a little faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from indexer.core.audio.decode import decode

Samples = NDArray[np.float32]
"""Shape (n, channels), full scale 1.0."""

MP3_BITS = 64_000
GAIN = 10 ** (-6 / 20)
SPEED = 1.01

_MONO_RATE = 44_100


@dataclass(frozen=True)
class Alteration:
    """A change, its name for people, and how it is written: `write(path, samples, rate)`."""

    name: str
    title: str
    suffix: str
    write: Callable[[Path, Samples, int], None]


def alter(source: Path, alteration: Alteration, target: Path) -> None:
    """Write an altered copy of `source` to `target`, at its own rate and channels.

    Raises:
        AudioError: the source cannot be decoded.
    """
    samples, rate = _read(source)
    alteration.write(target, samples, rate)


def can_encode_mp3() -> bool:
    """Whether this build of FFmpeg has LAME."""
    try:
        av.Codec("libmp3lame", "w")
    except ValueError:  # av's UnknownCodecError is one
        return False
    return True


def _read(path: Path) -> tuple[Samples, int]:
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.SoundFileError:
        return decode(path, rate=_MONO_RATE).samples[:, np.newaxis], _MONO_RATE
    return samples, rate


def _mp3(path: Path, samples: Samples, rate: int) -> None:
    layout = "mono" if samples.shape[1] == 1 else "stereo"
    channels = np.ascontiguousarray(samples[:, :2].T)
    with av.open(str(path), "w", format="mp3") as output:
        stream = output.add_stream("libmp3lame", rate=rate)
        stream.layout = layout
        stream.format = "fltp"
        stream.bit_rate = MP3_BITS
        frame = av.AudioFrame.from_ndarray(channels, format="fltp", layout=layout)
        frame.sample_rate = rate
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _quieter(path: Path, samples: Samples, rate: int) -> None:
    soundfile.write(path, samples * GAIN, rate, subtype="PCM_16")


def _faster(path: Path, samples: Samples, rate: int) -> None:
    soundfile.write(path, soxr.resample(samples, rate * SPEED, rate, quality="HQ"), rate, subtype="PCM_16")


ALTERATIONS = (
    Alteration("mp3", "64 kb/s mp3", ".mp3", _mp3),
    Alteration("quieter", "6 dB quieter", ".wav", _quieter),
    Alteration("faster", "1 % faster", ".wav", _faster),
)
