"""Short synthesised sounds, the same on every run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.features.spectrum import RATE

Samples = NDArray[np.float32]


def noise(seconds: float = 3.0, seed: int = 0) -> Samples:
    return (0.2 * np.random.default_rng(seed).standard_normal(round(seconds * RATE))).astype(np.float32)


def tone(hertz: float, seconds: float = 3.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def chords(transpose: int = 0, seconds: float = 9.0) -> Samples:
    """C, A minor, F, G, one second each, in harmonics that fall off, `transpose` semitones up."""
    triads = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
    time = np.arange(RATE) / RATE
    bars = []
    for bar in range(int(seconds)):
        notes = (261.63 * 2 ** ((step + transpose) / 12) for step in triads[bar % 4])
        bars.append(sum(np.sin(2 * np.pi * note * k * time) / k**2 for note in notes for k in (1, 2, 3)))
    return (0.1 * np.concatenate(bars)).astype(np.float32)


def clicks(bpm: float, seconds: float = 12.0) -> Samples:
    """Short bursts of noise on every beat over a little hiss."""
    samples = 0.02 * noise(seconds, seed=1)
    burst = noise(0.03, seed=2)
    for beat in np.arange(0, seconds - 0.1, 60 / bpm):
        start = round(beat * RATE)
        samples[start : start + len(burst)] += burst
    return samples


def music(seconds: float = 7.3) -> Samples:
    """Something of everything, of a length that no frame divides."""
    length = round(seconds * RATE)
    mixed = chords(seconds=np.ceil(seconds))[:length] + clicks(112, seconds)[:length]
    mixed += 0.3 * tone(1760, seconds) * np.linspace(0, 1, length, dtype=np.float32)
    return mixed.astype(np.float32)
