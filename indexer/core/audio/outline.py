"""Knows where in a track there is sound and where silence, from a look at all of it while it streams by."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.decoders import Cut
from indexer.core.audio.samples import SILENCE, FloatArray, joined
from indexer.core.tracks import Measurement, Seconds

LONG_SILENCE: Seconds = 10.0
"""Of a pause as long as this nobody says that it belongs to the music; in 265 clips of 30 s the longest has 4.8 s."""

_HUSH = 1e-3
_HUSH_SHARE = 0.01
"""Hiss and hum below -60 dB, or 40 dB below the loudest sample of what is soft all over, are silence to a listener."""

_A_SECOND = 10
"""Slices."""

_MARGIN = 5
"""Slices of a silence that stay beside sound: it dies away there."""

Span = tuple[Seconds, Seconds]
"""Start and end."""


@dataclass(frozen=True, eq=False)
class Outline:
    """The greatest samples of a track, tenth of a second by tenth.

    Attributes:
        peaks: shape (slices,), absolute values, 1.0 is full scale; NaN where a sample is no number.
        rate: samples a second.
        samples: in each channel, all slices together.
        first: place of the first sample that is not silent, None where none is.
        last: place of the last one.
    """

    peaks: FloatArray
    rate: int
    samples: int
    first: int | None
    last: int | None

    @property
    def seconds(self) -> Seconds:
        return self.samples / self.rate

    @property
    def measurement(self) -> Measurement:
        """What there is to keep of it; what is silent all over has no silence before or after a sound."""
        if self.first is None or self.last is None:
            return Measurement(self.seconds, self.samples, self.rate)
        lead, tail = self.first / self.rate, (self.samples - 1 - self.last) / self.rate
        return Measurement(self.seconds, self.samples, self.rate, lead, tail)

    def stretches(self) -> list[Span]:
        """What is left of the track without its long silences, in order; all of it where it has nothing else."""
        silent = [(start, end) for start, end in runs(is_hush(self.peaks)) if end - start >= LONG_SILENCE * _A_SECOND]
        kept = np.ones(len(self.peaks), np.bool_)
        for start, end in silent:
            kept[start + _MARGIN if start else 0 : end - _MARGIN if end < len(kept) else end] = False
        spans = [(start / _A_SECOND, min(end / _A_SECOND, self.seconds)) for start, end in runs(kept)]
        return spans or [(0.0, self.seconds)]

    def windows(self, cut: Cut) -> list[list[Span]]:
        """What to analyse: the segments of a cut, spread over what sounds; all of that, if short.

        A window is one span, or several where a long silence was left out of it.
        """
        stretches = self.stretches()
        total = sum(end - start for start, end in stretches)
        if cut.is_whole(total):
            return [stretches]
        length = min(cut.segment_seconds, total / cut.segments)
        return [_between(stretches, middle - length / 2, middle + length / 2) for middle in cut.middles(total)]


class SilenceGate:
    """Lets mono sound pass, block by block, without its long silences, which `Outline.stretches` leaves out likewise.

    What silence is, the loudest sample so far tells: of a soft beginning too much passes rather than too little. At
    most LONG_SILENCE of sound is held back.
    """

    def __init__(self, rate: int) -> None:
        self._size = max(1, rate // _A_SECOND)
        self._rest = np.empty(0, np.float32)
        self._loudest = 0.0
        self._held: list[FloatArray] = []
        self._is_long = False
        self._has_passed = False

    def add(self, samples: FloatArray) -> FloatArray:
        """What may pass now that these samples came; both of shape (n,)."""
        sound = np.concatenate((self._rest, samples)) if self._rest.size else samples
        whole = sound.size // self._size * self._size
        self._rest = sound[whole:]
        slices = sound[:whole].reshape(-1, self._size)
        peaks = _peaks(slices)
        self._loudest = float(np.nanmax(peaks, initial=self._loudest))
        quiet = is_hush(peaks, self._loudest)
        passing = list[FloatArray]()
        edges = np.flatnonzero(np.diff(quiet)) + 1
        for piece, is_quiet in zip(np.split(slices, edges), quiet[np.r_[0, edges]] if len(quiet) else (), strict=False):
            passing += self._hold(piece) if is_quiet else [*self._released(), piece.ravel()]
            self._has_passed |= not is_quiet
        return joined(passing)

    def finish(self) -> FloatArray:
        """What is left to pass; a long silence at the end does not."""
        peak: FloatArray = np.abs(self._rest).max(keepdims=True, initial=0.0)
        if self._is_long and is_hush(peak, self._loudest).all():
            return joined([])
        return joined([*self._held, self._rest])

    def _hold(self, slices: FloatArray) -> list[FloatArray]:
        """Keep silence until it is known whether it is a long one; returns the beginning of one that is."""
        self._held += list(slices)
        if len(self._held) < LONG_SILENCE * _A_SECOND and not self._is_long:
            return []
        dying = self._held[:_MARGIN] if self._has_passed and not self._is_long else []
        self._held, self._is_long = self._held[-_MARGIN:], True
        return dying

    def _released(self) -> list[FloatArray]:
        released, self._held, self._is_long = self._held, [], False
        return released


class OutlinePainter:
    """Takes sound block by block; it keeps 40 bytes a second of it."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._size = max(1, rate // _A_SECOND)
        self._rest = np.empty(0, np.float32)
        self._peaks: list[FloatArray] = []
        self._samples = 0
        self._first: int | None = None
        self._last: int | None = None

    def add(self, block: FloatArray) -> None:
        """Take the next samples, shape (channels, frames)."""
        if block.shape[1] == 0:
            return
        highest: FloatArray = np.abs(block).max(axis=0)
        self._note_sound(highest)
        self._samples += highest.size
        levels = np.concatenate((self._rest, highest)) if self._rest.size else highest
        whole = levels.size // self._size * self._size
        if whole:
            self._peaks.append(levels[:whole].reshape(-1, self._size).max(axis=1))
        self._rest = levels[whole:]

    def finish(self) -> Outline:
        if self._rest.size:
            self._peaks.append(self._rest.max(keepdims=True))
            self._rest = self._rest[:0]
        peaks = np.concatenate(self._peaks) if self._peaks else np.empty(0, np.float32)
        return Outline(peaks, self._rate, self._samples, self._first, self._last)

    def _note_sound(self, highest: FloatArray) -> None:
        sounds = highest >= SILENCE
        if not sounds.any():
            return
        if self._first is None:
            self._first = self._samples + int(sounds.argmax())
        self._last = self._samples + sounds.size - 1 - int(sounds[::-1].argmax())


def outline_of(blocks: Iterable[FloatArray], rate: int) -> Outline:
    """The outline of sound that comes in blocks of shape (channels, frames)."""
    painter = OutlinePainter(rate)
    for block in blocks:
        painter.add(block)
    return painter.finish()


def is_hush(peaks: FloatArray, loudest: float | None = None) -> NDArray[np.bool_]:
    """Which of these greatest samples, shape (n,), are silence to a listener, by the loudest, of all unless told."""
    loudest = float(np.nanmax(peaks, initial=0.0)) if loudest is None else loudest
    limit = max(SILENCE, min(_HUSH, _HUSH_SHARE * loudest))
    quiet: NDArray[np.bool_] = peaks < limit
    return quiet


def has_long_silence(samples: FloatArray, rate: int) -> bool:
    """Whether sound, mono, shape (n,), has a silence of LONG_SILENCE or more in it."""
    return _has_long_run(is_hush(_levels(samples, rate)))


def _levels(samples: FloatArray, rate: int) -> FloatArray:
    """The `Outline.peaks` of mono sound in memory, shape (n,), of which no copy is made."""
    size = max(1, rate // _A_SECOND)
    whole = samples.size // size * size
    peaks = _peaks(samples[:whole].reshape(-1, size))
    return np.append(peaks, _peaks(samples[np.newaxis, whole:])) if whole < samples.size else peaks


def _peaks(slices: FloatArray) -> FloatArray:
    """The greatest distance from zero in each slice, shape (slices, samples); no copy of them is made."""
    peaks: FloatArray = np.maximum(slices.max(axis=1), -slices.min(axis=1))
    return peaks


def may_be_silence(samples: FloatArray, rate: int, loudest: float) -> bool:
    """Whether a part of a track, mono, shape (n,), has a long silence or may lie in one.

    `loudest` is the greatest sample of all parts that are known.
    """
    quiet = is_hush(_levels(samples, rate), loudest)
    return bool(quiet.all()) or _has_long_run(quiet)


def _has_long_run(quiet: NDArray[np.bool_]) -> bool:
    return any(end - start >= LONG_SILENCE * _A_SECOND for start, end in runs(quiet))


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one past the last place of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _between(stretches: list[Span], start: Seconds, end: Seconds) -> list[Span]:
    """The spans of the track that lie from `start` to `end` when the stretches follow each other without a gap."""
    found, before = list[Span](), 0.0
    for low, high in stretches:
        left, right = max(start - before, 0.0), min(end - before, high - low)
        if right - left > 1 / _A_SECOND or math.isclose(right - left, end - start):
            found.append((low + left, low + right))
        before += high - low
    return found
