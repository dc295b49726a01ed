"""Measures how loud sound is, as ITU-R BS.1770-4 and EBU R 128 define it, while it streams by."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from indexer.core.audio.samples import FloatArray

Loudness = float
"""In LUFS, which is dB below full scale of weighted power."""

ABSOLUTE_GATE: Loudness = -70.0
RELATIVE_GATE = -10.0
"""LU below the loudness of what passed the absolute gate."""

_OFFSET = -0.691
"""Makes a 997 Hz sine at full scale in one channel -3.01 LUFS."""

_STEPS_A_SECOND = 10
_STEPS_A_BLOCK = 4
"""Blocks of 400 ms begin every 100 ms, so that they overlap by three quarters."""

_SURROUND = 1.41
_WEIGHTS = {
    1: (2.0,),  # a mono file comes out of two loudspeakers: dual mono
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, _SURROUND, _SURROUND),
    5: (1.0, 1.0, 1.0, _SURROUND, _SURROUND),
    6: (1.0, 1.0, 1.0, 0.0, _SURROUND, _SURROUND),
    7: (1.0, 1.0, 1.0, 0.0, 1.0, _SURROUND, _SURROUND),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, _SURROUND, _SURROUND),
}
"""By number of channels, in the order of WAVE files: left, right, centre, low frequencies, back, side."""


class LoudnessMeter:
    """Takes sound block by block and keeps the power of every 100 ms of it: 100 kB an hour.

    Attributes:
        peak: greatest absolute sample so far, 1.0 is full scale, and decoded mp3 goes beyond; NaN once there was one.
    """

    def __init__(self, rate: int, channels: int, weights: tuple[float, ...] | None = None) -> None:
        """Measure sound of `channels` channels at `rate` samples a second; `weights` replaces those of BS.1770."""
        self.peak = 0.0
        self._weights = np.array(weights or channel_weights(channels))
        # Two channels are filtered as one of complex numbers, which takes three quarters of the time.
        self._kind = float if channels == 1 else complex
        self._filter = k_weighting(rate).astype(self._kind)
        self._state = np.zeros((len(self._filter), math.ceil(channels / 2), 2), self._kind)
        self._step = max(1, round(rate / _STEPS_A_SECOND))
        self._rest = np.empty(0)
        self._powers: list[NDArray[np.float64]] = []

    def add(self, block: FloatArray) -> None:
        """Take the next samples, shape (channels, frames); frames may differ from block to block."""
        if block.shape[1] == 0:
            return
        self.peak = float(np.max((self.peak, block.max(), -block.min())))
        given = block if len(block) == 1 else _paired(block)
        weighted, self._state = sosfilt(self._filter, given, axis=1, zi=self._state)
        squares = np.square(weighted.real)
        power = self._weights[::2] @ squares
        if len(block) > 1:
            seconds = self._weights[1::2]
            power += seconds @ np.square(weighted.imag[: len(seconds)], out=squares[: len(seconds)])
        if self._rest.size:
            power = np.concatenate((self._rest, power))
        steps = len(power) // self._step
        self._powers.append(power[: steps * self._step].reshape(steps, self._step).mean(axis=1))
        self._rest = power[steps * self._step :]

    def loudness(self) -> Loudness | None:
        """Integrated loudness of everything so far, None where there is nothing louder than the absolute gate."""
        steps = np.concatenate(self._powers) if self._powers else np.empty(0)
        if len(steps) >= _STEPS_A_BLOCK:
            return gated_loudness(np.convolve(steps, np.full(_STEPS_A_BLOCK, 1 / _STEPS_A_BLOCK), "valid"))
        short = np.concatenate((np.repeat(steps, self._step), self._rest))
        return gated_loudness(short.mean(keepdims=True)) if short.size else None


def gated_loudness(powers: NDArray[np.float64]) -> Loudness | None:
    """The loudness of blocks by their weighted powers, shape (n,), without the silent and the much softer ones.

    Source: ITU-R BS.1770-4, annex 1, equations 5 to 7.
    """
    audible = powers[powers > power_of(ABSOLUTE_GATE)]
    if audible.size == 0:
        return None
    gate = power_of(loudness_of(float(audible.mean())) + RELATIVE_GATE)
    return loudness_of(float(audible[audible > gate].mean()))


def loudness_of(power: float) -> Loudness:
    """The loudness of a mean weighted power > 0."""
    return _OFFSET + 10 * math.log10(power)


def power_of(loudness: Loudness) -> float:
    """The mean weighted power of a loudness."""
    return float(10 ** ((loudness - _OFFSET) / 10))


def channel_weights(channels: int) -> tuple[float, ...]:
    """How much each channel counts; all alike where the layout is unheard of."""
    return _WEIGHTS.get(channels, (1.0,) * channels)


def k_weighting(rate: int) -> NDArray[np.float64]:
    """The two filters in front of the measurement, as second-order sections of shape (2, 6).

    BS.1770 gives their coefficients for 48 kHz only; these are the analogue prototypes behind them, brought to any
    rate by the bilinear transform.

    Source: Mansbridge, Finn, Reiss, "Implementation and evaluation of autonomous multi-track fader control",
    AES Convention 132 (2012).
    """
    return np.array([_high_shelf(rate), _high_pass(rate)])


def _paired(block: FloatArray) -> NDArray[np.complex128]:
    """Every second channel as the imaginary part of the one before it; nothing where there is none."""
    pairs = np.zeros((math.ceil(len(block) / 2), block.shape[1]), np.complex128)
    pairs.real = block[::2]
    pairs.imag[: len(block) // 2] = block[1::2]
    return pairs


def _high_shelf(rate: int) -> list[float]:
    """The head: a boost of 4 dB above 1.7 kHz."""
    gain, quality = 10 ** (3.999843853973347 / 20), 0.7071752369554196
    middle = gain**0.4996667741545416
    k = _warped(1681.974450955533, rate)
    first = 1 + k / quality + k * k
    above = [gain + middle * k / quality + k * k, 2 * (k * k - gain), gain - middle * k / quality + k * k]
    return [*(value / first for value in above), 1.0, 2 * (k * k - 1) / first, (1 - k / quality + k * k) / first]


def _high_pass(rate: int) -> list[float]:
    """The ear: nothing below 38 Hz."""
    quality = 0.5003270373238773
    k = _warped(38.13547087602444, rate)
    first = 1 + k / quality + k * k
    return [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / first, (1 - k / quality + k * k) / first]


def _warped(frequency: float, rate: int) -> float:
    """The frequency on the bilinear transform's scale, kept below half the rate."""
    return math.tan(math.pi * min(frequency / rate, 0.45))
