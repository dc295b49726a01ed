"""The demo's instruments, pitched ones and then percussion: each function gives one note or stroke as a mono array."""

from __future__ import annotations

import numpy as np

from indexer.demo.mixing import filtered
from indexer.demo.theory import FloatArray

TABLE = 1 << 14  # samples in a stored period: its steps are 80 dB below the note
VIBRATO = 5.2  # swings a second


def envelope(count: int, rate: int, attack: float, release: float) -> FloatArray:
    """Rises over `attack` seconds, stays at 1, falls over the last `release` seconds; shape (count,)."""
    time = np.arange(count) / rate
    left = count / rate - time
    return np.minimum(np.minimum(1.0, time / max(attack, 1e-4)), left / max(release, 1e-4)).clip(0.0, 1.0)


def pluck(
    frequency: float, seconds: float, rate: int, chance: np.random.Generator, *, brightness: float, damping: float
) -> FloatArray:
    """A plucked string: a burst of noise that goes round a loop and loses its highs with every turn.

    All turns are computed at once: a turn multiplies the spectrum of the loop by the loop filter.

    Args:
        frequency: pitch in Hz.
        seconds: length of the note.
        rate: samples a second.
        chance: source of the noise.
        brightness: 0 a soft thumb, 1 a hard pick.
        damping: seconds in which the fundamental falls to about a third.

    Source: Karplus and Strong, "Digital synthesis of plucked-string and drum timbres", CMJ 7(2), 1983.
    """
    period = rate / frequency
    loop = max(8, int(period))
    burst = np.fft.rfft(chance.uniform(-1.0, 1.0, loop))
    bins = np.arange(len(burst))
    burst *= 1.0 / (1.0 + bins * (1.0 - brightness) * 0.6)
    burst[0] = 0.0
    loss = np.cos(np.pi * bins / loop) * np.exp(-1.0 / (frequency * damping))
    turns = int(seconds * frequency) + 2
    string = np.fft.irfft(burst * loss ** np.arange(turns)[:, None], loop, axis=1).ravel()
    positions = np.arange(round(seconds * rate)) * (loop / period)
    note: FloatArray = np.interp(positions, np.arange(len(string)), string)
    return note / (np.max(np.abs(note)) or 1.0) * envelope(len(note), rate, 0.001, 0.05)


def pulse(frequency: float, seconds: float, rate: int, *, duty: float = 0.5, slide: float = 0.0) -> FloatArray:
    """A game console's square channel: `duty` is the share of the period that is high, `slide` Hz gained by its end."""
    time = _time(seconds, rate)
    phase = frequency * time + 0.5 * slide * time**2 / max(seconds, 1e-3)
    wave = np.where(phase % 1.0 < duty, 1.0, -1.0) - (2.0 * duty - 1.0)
    return wave * envelope(len(time), rate, 0.002, 0.02)


def triangle(frequency: float, seconds: float, rate: int) -> FloatArray:
    """A game console's bass channel, in its sixteen coarse steps."""
    time = _time(seconds, rate)
    wave = 2.0 * np.abs(2.0 * ((frequency * time) % 1.0) - 1.0) - 1.0
    return np.round(wave * 7.5) / 7.5 * envelope(len(time), rate, 0.002, 0.02)


def harmonics(frequency: float, seconds: float, rate: int, levels: FloatArray, *, vibrato: float = 0.0) -> FloatArray:
    """A sum of sines at the multiples of `frequency`.

    Args:
        frequency: pitch in Hz.
        seconds: length of the note.
        rate: samples a second; multiples above 0.45 of it are left out.
        levels: shape (h,) or (h, n), the level of each multiple, constant or over time.
        vibrato: depth as a share of the frequency, 0.005 being a singer's.
    """
    time = _time(seconds, rate)
    swing = vibrato * frequency / (2 * np.pi * VIBRATO) * (1.0 - np.cos(2 * np.pi * VIBRATO * time)) * time.clip(0, 1)
    turns = frequency * time + swing
    kept = levels[: int(0.45 * rate / frequency)]
    return _from_table(turns, kept) if kept.ndim == 1 else _one_by_one(turns, kept)


def _from_table(turns: FloatArray, levels: FloatArray) -> FloatArray:
    """One period is computed and then read out again and again, which costs the same for any number of sines."""
    spectrum = np.zeros(TABLE // 2 + 1, complex)
    spectrum[1 : len(levels) + 1] = -0.5j * TABLE * levels
    period: FloatArray = np.fft.irfft(spectrum, TABLE)
    return np.asarray(period[(turns * TABLE).astype(np.int64) & (TABLE - 1)])


def _one_by_one(turns: FloatArray, levels: FloatArray) -> FloatArray:
    """Sines by the recurrence sin(kx) = 2 cos(x) sin((k-1)x) - sin((k-2)x), each with its own level over time."""
    angle = 2 * np.pi * turns
    double, before, now = 2.0 * np.cos(angle), np.zeros_like(angle), np.sin(angle)
    note = np.zeros_like(angle)
    for level in levels:
        note += level * now
        before, now = now, double * now - before
    return note


def brass(frequency: float, seconds: float, rate: int, *, brightness: float) -> FloatArray:
    """A horn: the louder its envelope, the more overtones, which is what makes brass sound like brass."""
    swell = envelope(round(seconds * rate), rate, 0.09, 0.18)
    index = np.arange(1, 13)[:, None]
    levels = swell * (index ** -(2.6 - 1.5 * brightness)) * swell ** (index * (0.55 - 0.3 * brightness))
    return harmonics(frequency, seconds, rate, levels, vibrato=0.004) * 0.5


def pad(
    frequency: float, seconds: float, rate: int, chance: np.random.Generator, *, warmth: float, swell: float
) -> FloatArray:
    """A slow string machine: three detuned copies with gentle overtones; `warmth` 1 is nearly a sine."""
    levels = np.arange(1.0, 9.0) ** -(1.2 + 1.8 * warmth)
    sounds = [
        harmonics(frequency * 2 ** (cents / 1200), seconds, rate, levels * chance.uniform(0.7, 1.0))
        for cents in (-7.0, 0.5, 6.0)
    ]
    return np.asarray(np.sum(sounds, axis=0)) * envelope(round(seconds * rate), rate, swell, swell) * 0.3


def growl(frequency: float, seconds: float, rate: int, *, wobble: float, bite: float) -> FloatArray:
    """A detuned bass whose overtones open and close `wobble` times a second; `bite` 0 is a plain low sine."""
    time = _time(seconds, rate)
    opening = 0.5 - 0.5 * np.cos(2 * np.pi * wobble * time)
    index = np.arange(1, 15)[:, None]
    levels = bite / index * np.exp(-index * (1.0 - opening) * 0.35)
    levels[0] = 1.0
    pair = harmonics(frequency * 1.004, seconds, rate, levels) + harmonics(frequency * 0.996, seconds, rate, levels)
    return np.tanh(0.8 * pair) * envelope(len(time), rate, 0.006, 0.04)


def skin(
    rate: int, pitch: float, seconds: float, *, bend: float, settle: float, ring: float, overtone: float = 0.0
) -> FloatArray:
    """A drum whose pitch begins `1 + bend` times as high and settles in `settle` seconds, as skin does that is struck.

    It falls to a third in the share `ring` of its length, and the `overtone` of a tuned drum much sooner.
    """
    time = _time(seconds, rate)
    phase = pitch * time + bend * pitch * settle * (1.0 - np.exp(-time / settle))
    above = overtone * np.sin(2 * np.pi * 1.59 * phase) * np.exp(-time / (0.1 * seconds))
    return (np.sin(2 * np.pi * phase) + above) * np.exp(-time / (ring * seconds))


def snare(rate: int, chance: np.random.Generator, *, tight: float) -> FloatArray:
    """A short skin under a longer rattle; `tight` is the rattle's decay in seconds."""
    time = _time(4.5 * tight, rate)
    rattle = filtered(chance.standard_normal(len(time)), "highpass", 1200.0, rate) * np.exp(-time / tight)
    return 0.45 * rattle + 0.6 * np.sin(2 * np.pi * 190.0 * time) * np.exp(-time / 0.035)


def hat(rate: int, chance: np.random.Generator, *, decay: float = 0.02) -> FloatArray:
    """Hissing metal above 7 kHz; `decay` in seconds is longer the more open it is."""
    time = _time(5 * decay, rate)
    hiss = filtered(chance.standard_normal(len(time)), "highpass", min(7000.0, 0.35 * rate), rate)
    return 0.5 * hiss * np.exp(-time / decay)


def clank(rate: int, chance: np.random.Generator, *, pitch: float, seconds: float = 0.5) -> FloatArray:
    """Struck metal: partials that belong to no harmonic series, the high ones gone first."""
    ratios = np.array([1.0, 1.48, 2.13, 2.76, 3.61, 4.2]) * chance.uniform(0.97, 1.03, 6)
    time, ratios = _time(seconds, rate), ratios[:, None]
    partials = np.sin(2 * np.pi * pitch * ratios * time) * np.exp(-time * ratios * 2.2 / seconds)
    return np.asarray(np.sum(partials, axis=0)) * 0.3


def shaker(rate: int, chance: np.random.Generator) -> FloatArray:
    """A handful of seeds thrown forward: noise that swells before it stops."""
    shape: FloatArray = np.sin(np.linspace(0.0, np.pi, round(0.07 * rate))) ** 3
    return 0.5 * filtered(chance.standard_normal(len(shape)), "highpass", 4500.0, rate) * shape


def sweep(rate: int, chance: np.random.Generator, *, seconds: float, low: float, high: float) -> FloatArray:
    """Wind: two bands of noise, the dark one fading into the bright one and out again."""
    noise = chance.standard_normal(round(seconds * rate))
    dark = filtered(noise, "lowpass", low, rate)
    bright = filtered(filtered(noise, "lowpass", high, rate), "highpass", low, rate)
    rise: FloatArray = np.linspace(0.0, 1.0, len(noise))
    return np.asarray((dark * (1.0 - rise) + 0.7 * bright * rise) * np.sin(np.pi * rise) ** 2)


def chip_noise(rate: int, chance: np.random.Generator, *, coarse: int, seconds: float) -> FloatArray:
    """A game console's noise channel: random levels held for `coarse` samples each."""
    count = round(seconds * rate)
    held: FloatArray = np.repeat(chance.choice([-1.0, 1.0], count // coarse + 1), coarse)[:count]
    return held * np.exp(-np.arange(count) / (0.3 * count))


def _time(seconds: float, rate: int) -> FloatArray:
    """The moments of the samples of so many seconds."""
    return np.arange(round(seconds * rate)) / rate
