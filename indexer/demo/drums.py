"""The demo's percussion: each function gives one stroke as a mono array."""

from __future__ import annotations

import numpy as np

from indexer.demo.mixing import highpass, lowpass
from indexer.demo.theory import FloatArray


def kick(rate: int, *, pitch: float = 50.0, seconds: float = 0.28) -> FloatArray:
    """A sine that falls from six times its pitch in a few hundredths of a second."""
    time = np.arange(round(seconds * rate)) / rate
    phase = pitch * time + 5.0 * pitch * 0.018 * (1.0 - np.exp(-time / 0.018))
    return np.sin(2 * np.pi * phase) * np.exp(-time / (0.3 * seconds))


def snare(rate: int, chance: np.random.Generator, *, tone: float = 190.0, tight: float = 0.06) -> FloatArray:
    """A short skin under a longer rattle; `tight` is the rattle's decay in seconds."""
    time = np.arange(round(4.5 * tight * rate)) / rate
    rattle = highpass(chance.standard_normal(len(time)), 1200.0, rate) * np.exp(-time / tight)
    return 0.45 * rattle + 0.6 * np.sin(2 * np.pi * tone * time) * np.exp(-time / 0.035)


def hat(rate: int, chance: np.random.Generator, *, open_: float = 0.02) -> FloatArray:
    """Hissing metal above 7 kHz; `open_` is its decay in seconds."""
    time = np.arange(round(5 * open_ * rate)) / rate
    return 0.5 * highpass(chance.standard_normal(len(time)), min(7000.0, 0.35 * rate), rate) * np.exp(-time / open_)


def tom(rate: int, *, pitch: float, seconds: float = 0.4) -> FloatArray:
    """A tuned drum whose skin loosens a little as it rings."""
    time = np.arange(round(seconds * rate)) / rate
    phase = pitch * time + 0.4 * pitch * 0.05 * (1.0 - np.exp(-time / 0.05))
    overtone = 0.35 * np.sin(2 * np.pi * 1.59 * phase) * np.exp(-time / (0.1 * seconds))
    return (np.sin(2 * np.pi * phase) + overtone) * np.exp(-time / (0.25 * seconds))


def clank(rate: int, chance: np.random.Generator, *, pitch: float, seconds: float = 0.5) -> FloatArray:
    """Struck metal: partials that belong to no harmonic series, the high ones gone first."""
    time = np.arange(round(seconds * rate)) / rate
    ratios = np.array([1.0, 1.48, 2.13, 2.76, 3.61, 4.2]) * chance.uniform(0.97, 1.03, 6)
    partials = np.sin(2 * np.pi * pitch * ratios[:, None] * time)
    return np.asarray(np.sum(partials * np.exp(-time * ratios[:, None] * 2.2 / seconds), axis=0)) * 0.3


def shaker(rate: int, chance: np.random.Generator, *, seconds: float = 0.07) -> FloatArray:
    """A handful of seeds thrown forward: noise that swells before it stops."""
    shape: FloatArray = np.sin(np.linspace(0.0, np.pi, round(seconds * rate))) ** 3
    return 0.5 * highpass(chance.standard_normal(len(shape)), 4500.0, rate) * shape


def sweep(rate: int, chance: np.random.Generator, *, seconds: float, low: float, high: float) -> FloatArray:
    """Wind: two bands of noise, the dark one fading into the bright one and out again."""
    count = round(seconds * rate)
    noise = chance.standard_normal(count)
    dark = lowpass(noise, low, rate)
    bright = highpass(lowpass(noise, high, rate), low, rate)
    rise: FloatArray = np.linspace(0.0, 1.0, count)
    return np.asarray((dark * (1.0 - rise) + 0.7 * bright * rise) * np.sin(np.pi * rise) ** 2)


def chip_noise(rate: int, chance: np.random.Generator, *, coarse: int, seconds: float) -> FloatArray:
    """A game console's noise channel: random levels held for `coarse` samples each."""
    count = round(seconds * rate)
    held: FloatArray = np.repeat(chance.choice([-1.0, 1.0], count // coarse + 1), coarse)[:count]
    return held * np.exp(-np.arange(count) / (0.3 * count))
