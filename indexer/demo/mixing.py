"""The demo's mixing desk: places sounds in time and between the ears, adds room, and sets the level."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from indexer.demo.theory import FloatArray

PEAK = 0.89  # one decibel below full scale, so that lossy encoders do not clip
LOUDNESS = 0.14  # root mean square of a track, full scale being 1
FADE_SECONDS = 1.5


class Mix:
    """A stereo recording that grows by adding sounds to it; `samples` has shape (2, n)."""

    def __init__(self, seconds: float, rate: int, chance: np.random.Generator) -> None:
        self.seconds, self.rate, self.chance = seconds, rate, chance
        self.samples = np.zeros((2, round(seconds * rate)))

    def add(self, at: float, sound: FloatArray, gain: float = 1.0, pan: float = 0.0) -> None:
        """Add a mono sound at a time in seconds; what lies past the end is cut. `pan` is -1 (left) to 1."""
        start = max(0, round(at * self.rate))
        part = sound[: max(0, self.samples.shape[1] - start)]
        angle = (pan + 1.0) * np.pi / 4.0
        for side, level in enumerate((np.cos(angle), np.sin(angle))):
            self.samples[side, start : start + len(part)] += gain * level * part

    def reverb(self, seconds: float, share: float, damping: float = 3000.0) -> None:
        """Put everything in a room whose echo takes `seconds` to fall by 60 dB; `share` 0 is dry, 1 all room."""
        length = round(seconds * self.rate)
        decay = 10.0 ** (-3.0 * np.arange(length) / length)
        room = filtered(self.chance.standard_normal((2, length)) * decay, "lowpass", damping, self.rate)
        room = room / np.sqrt(np.sum(room**2, axis=1, keepdims=True))
        # Single precision halves the time of what is the slowest step of most tracks.
        wet = fftconvolve(self.samples.astype(np.float32), room.astype(np.float32), axes=1)
        self.samples = (1.0 - share) * self.samples + share * wet[:, : self.samples.shape[1]]

    def finish(self) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """The recording as float32 of shape (n, 2), faded at the end, as loud as the other tracks where peaks allow."""
        tail = round(FADE_SECONDS * self.rate)
        self.samples[:, -tail:] *= np.linspace(1.0, 0.0, tail) ** 2
        peak, loudness = float(np.max(np.abs(self.samples))), float(np.sqrt(np.mean(self.samples**2)))
        gain = min(PEAK / max(peak, 1e-9), LOUDNESS / max(loudness, 1e-9))
        return np.ascontiguousarray((gain * self.samples).T, dtype=np.float32)


def filtered(sound: FloatArray, kept: Literal["lowpass", "highpass"], cutoff: float, rate: int) -> FloatArray:
    """Soften what lies above or below `cutoff` Hz; works along the last axis."""
    return np.asarray(sosfilt(butter(2, min(cutoff, 0.45 * rate), kept, fs=rate, output="sos"), sound))
