"""Short made-up recordings, as many as a test wants, each another one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

RATE = 11_025
SECONDS = 8.0


def make_clips(folder: Path, count: int, *, first: int = 0) -> list[Path]:
    """Write clips numbered from `first` on; the same number always gives the same sound."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_clip(folder / f"clip {number:05d}.wav", number) for number in range(first, first + count)]


def _clip(path: Path, number: int) -> Path:
    chance = np.random.default_rng(number)
    time = np.arange(round(SECONDS * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * chance.uniform(80, 2000) * time) for _ in range(4))
    beat = 0.5 + 0.5 * np.sin(2 * np.pi * chance.uniform(1, 6) * time)
    sound = 0.1 * chord * beat + chance.uniform(0.001, 0.05) * chance.standard_normal(len(time))
    soundfile.write(path, sound.astype(np.float32), RATE, subtype="PCM_16")
    return path
