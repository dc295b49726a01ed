"""Frame by frame descriptors of the spectrum and the waveform, equal to `librosa.feature` in less time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray
from indexer.features.filters import banks
from indexer.features.spectrum import BINS, FRAME, HOP, RATE, Spectra, frame_count, spectra

POWER_FLOOR = 1e-10
TOP_DB = 80.0
ROLLOFF_SHARE = 0.85
CONTRAST_FROM_HZ = 200.0
CONTRAST_QUANTILE = 0.02
ZERO = 1e-10
"""Samples nearer to zero than this count as zero, and zero counts as positive."""

_MEL_GROUPS = 8

_SQUARED = 256 * HOP
"""Samples squared at once: half a megabyte, whatever the length."""

_NYQUIST = RATE / 2
_HZ_PER_BIN = RATE / FRAME
_STRIPE = 32
_STRIPES = -(-BINS // _STRIPE)
_SILENT_MAGNITUDE = 1e-6
_TINY = np.finfo(np.float32).tiny


@dataclass(frozen=True, slots=True)
class Descriptors:
    """What each frame is like; the first axis of every array is the frame.

    Attributes:
        mel_db: shape (frames, MELS), mel power in dB, at most TOP_DB below the loudest.
        chroma: shape (frames, 12), energy by pitch class from C, the largest of a frame 1, silence 0.
        contrast: shape (frames, 7), dB between peaks and valleys of octave bands from 200 Hz; the first is below.
        peakiness: shape (frames, 7), share of the magnitude of the same bands that stands out as local peaks of the
            spectrum; the more single partials a band holds, the more.
        centroid: shape (frames,), Hz; so are `bandwidth` and `rolloff` (85 % of the magnitude).
        flatness: shape (frames,), 0 tonal to 1 noise.
        zcr: shape (frames,), zero crossings per sample.
        rms: shape (frames,), 1 is full scale.
    """

    mel_db: FloatArray
    chroma: FloatArray
    contrast: FloatArray
    peakiness: FloatArray
    centroid: FloatArray
    bandwidth: FloatArray
    rolloff: FloatArray
    flatness: FloatArray
    zcr: FloatArray
    rms: FloatArray
    joins: tuple[int, ...] = ()
    """Frames with which something else begins than what went on in the frame before."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What each frame of a stretch of sound is like by itself, before it is held against the loudest of the track.

    Attributes:
        mel: shape (frames, MELS), power; so are `peaks` and `valleys` of the contrast bands, shape (frames, 7).
        shape: shape (frames, 4): centroid, bandwidth, rolloff, flatness.
        chroma, peakiness, zcr, rms: as in `Descriptors`.
    """

    mel: FloatArray
    chroma: FloatArray
    peaks: FloatArray
    valleys: FloatArray
    shape: FloatArray
    peakiness: FloatArray
    zcr: FloatArray
    rms: FloatArray

    def __len__(self) -> int:
        return len(self.mel)

    def cut(self, first: int, stop: int) -> Frames:
        """The frames from `first` up to `stop`."""
        return Frames(*(getattr(self, entry.name)[first:stop] for entry in fields(self)))


def describe(samples: FloatArray) -> Descriptors:
    """Describe mono samples at RATE, one row per frame of FRAME samples every HOP, as librosa centres them.

    Args:
        samples: shape (n,), n > 0, finite.

    Every descriptor but `peakiness` equals its `librosa.feature` counterpart (chroma with `tuning=0`) but for
    rounding: the transform is in float32, which matters only to flatness and contrast where a band is 120 dB below
    the loudest.
    """
    return described([frames_of(samples)])


def frames_of(samples: FloatArray) -> Frames:
    """The frames of a stretch of sound, as `describe` takes it, with silence beyond both ends."""
    parts = [_describe_chunk(chunk) for chunk in spectra(samples)]
    mel, chroma, peaks, valleys, shape, peakiness = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    zcr, rms = zero_crossing_rate(samples), root_mean_square(samples)
    return Frames(mel, _peak_normed(chroma), peaks, valleys, shape, peakiness, zcr, rms)


def described(stretches: Sequence[Frames], joins: Sequence[int] = ()) -> Descriptors:
    """The descriptors of a track from its stretches, one after the other; `joins` as in `Descriptors`."""
    every = stretches[0] if len(stretches) == 1 else _joined(stretches)
    centroid, bandwidth, rolloff, flatness = every.shape.T
    return Descriptors(
        mel_db=decibels(every.mel),
        chroma=every.chroma,
        contrast=decibels(every.peaks) - decibels(every.valleys),
        peakiness=every.peakiness,
        centroid=centroid,
        bandwidth=bandwidth,
        rolloff=rolloff,
        flatness=flatness,
        zcr=every.zcr,
        rms=every.rms,
        joins=tuple(joins),
    )


def decibels(power: FloatArray) -> FloatArray:
    """Power in dB re 1, nothing more than TOP_DB below the largest; `librosa.power_to_db`."""
    levels = np.log10(np.maximum(power, POWER_FLOOR))
    levels *= 10
    floored: FloatArray = np.maximum(levels, levels.max() - TOP_DB)
    return floored


def zero_crossing_rate(samples: FloatArray) -> FloatArray:
    """Share of samples whose sign differs from the one before, per frame; edges are repeated beyond both ends."""
    negative = samples < -ZERO
    crossings = np.zeros(frame_count(samples) * HOP + FRAME - HOP, dtype=np.uint8)
    inside = crossings[FRAME // 2 + 1 : FRAME // 2 + len(samples)]
    np.not_equal(negative[1:], negative[:-1], out=inside.view(np.bool_))
    hops = crossings.reshape(-1, HOP).sum(axis=1, dtype=np.float32)
    # The first sample of a frame has no one before it.
    counts = _frame_sums(hops) - crossings[::HOP][: frame_count(samples)]
    return counts / np.float32(FRAME)


def root_mean_square(samples: FloatArray) -> FloatArray:
    """Root of the mean square of each frame, with zeros beyond both ends."""
    before = FRAME // 2 // HOP
    hops = np.zeros(frame_count(samples) + FRAME // HOP - 1, dtype=np.float32)
    for start in range(0, len(samples), _SQUARED):
        squares = np.square(samples[start : start + _SQUARED])
        squares = np.pad(squares, (0, -len(squares) % HOP)).reshape(-1, HOP).sum(axis=1)
        hops[before + start // HOP :][: len(squares)] = squares
    root: FloatArray = np.sqrt(_frame_sums(hops) / np.float32(FRAME))
    return root


def _joined(stretches: Sequence[Frames]) -> Frames:
    return Frames(*(np.concatenate([getattr(one, entry.name) for one in stretches]) for entry in fields(Frames)))


def _frame_sums(hops: FloatArray) -> FloatArray:
    """Sums over frames, from sums over hops: neighbouring frames share three quarters of their samples."""
    sums: FloatArray = np.lib.stride_tricks.sliding_window_view(hops, FRAME // HOP).sum(axis=1)
    return sums


def _describe_chunk(chunk: Spectra) -> tuple[FloatArray, ...]:
    """Mel power, chroma, contrast peaks, contrast valleys, (centroid, bandwidth, rolloff, flatness), peakiness."""
    mel = np.hstack([chunk.power[:, start:stop] @ bank for start, stop, bank in _mel_groups()])
    peaks, valleys = _extremes(chunk.magnitude)
    products = chunk.magnitude @ _magnitude_bank()
    shape = _shape(chunk, products[:, : _STRIPES + 2])
    peakiness = _peakiness(chunk, products[:, _STRIPES + 2 :])
    return mel, chunk.power @ banks().chroma, peaks, valleys, shape, peakiness


def _peakiness(chunk: Spectra, magnitudes: FloatArray) -> FloatArray:
    """How far local peaks rise above the higher of their neighbours, summed by band, over the band's magnitude."""
    magnitude = chunk.magnitude
    rise = np.maximum(magnitude[:, :-2], magnitude[:, 2:])
    np.subtract(magnitude[:, 1:-1], rise, out=rise)
    np.maximum(rise, 0, out=rise)
    peakiness: FloatArray = (rise @ _band_sums()[1:-1]) / (magnitudes + np.float32(_SILENT_MAGNITUDE))
    return peakiness


def _shape(chunk: Spectra, products: FloatArray) -> FloatArray:
    stripes = np.cumsum(products[:, :_STRIPES], axis=1)
    total = np.maximum(stripes[:, -1], _TINY)
    centroid = products[:, -2] / total
    bandwidth = np.sqrt(np.maximum(products[:, -1] / total - centroid * centroid, 0))
    rolloff = _rolloff_bins(chunk.magnitude, stripes) * _HZ_PER_BIN
    columns = [centroid * _NYQUIST, bandwidth * _NYQUIST, rolloff, _flatness(chunk.power)]
    return np.stack(columns, axis=1).astype(np.float32)


def _rolloff_bins(magnitude: FloatArray, stripes: FloatArray) -> NDArray[np.intp]:
    """First bin at which ROLLOFF_SHARE of the magnitude is reached: first its stripe, then its place in there."""
    wanted = stripes[:, -1:] * np.float32(ROLLOFF_SHARE)
    stripe = np.minimum((stripes < wanted).sum(axis=1, keepdims=True), _STRIPES - 1)
    before = np.where(stripe > 0, np.take_along_axis(stripes, np.maximum(stripe - 1, 0), axis=1), 0)
    columns = np.minimum(stripe * _STRIPE + np.arange(_STRIPE), BINS - 1)
    within = before + np.cumsum(np.take_along_axis(magnitude, columns, axis=1), axis=1)
    place = np.minimum((within < wanted).sum(axis=1), _STRIPE - 1)
    bins: NDArray[np.intp] = np.minimum(stripe[:, 0] * _STRIPE + place, BINS - 1)
    return bins


def _flatness(power: FloatArray) -> FloatArray:
    floored: FloatArray = np.maximum(power, np.float32(POWER_FLOOR))
    arithmetic = floored @ _averaging()
    np.log(floored, out=floored)
    geometric: FloatArray = np.exp(floored @ _averaging())
    return geometric / arithmetic


def _extremes(magnitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean of the strongest and of the weakest bins of each contrast band, each of shape (frames, bands)."""
    peaks, valleys = [], []
    for start, stop, few in _contrast_bands():
        ordered = np.sort(magnitude[:, start:stop], axis=1)
        valleys.append(np.add.reduce(ordered[:, :few], axis=1) / np.float32(few))
        peaks.append(np.add.reduce(ordered[:, -few:], axis=1) / np.float32(few))
    return np.stack(peaks, axis=1), np.stack(valleys, axis=1)


def _peak_normed(chroma: FloatArray) -> FloatArray:
    peak: FloatArray = np.maximum(chroma.max(axis=1, keepdims=True), _TINY)
    return chroma / peak


@cache
def _contrast_bands() -> tuple[tuple[int, int, int], ...]:
    """First bin, bin after the last, and how many bins make a peak, as `librosa.feature.spectral_contrast` has it."""
    edges = [0.0, *(CONTRAST_FROM_HZ * 2.0**octave for octave in range(7))]
    bands = []
    for number, (low, high) in enumerate(pairwise(edges)):
        first = int(np.ceil(low / _HZ_PER_BIN)) - (number > 0)
        last = BINS - 1 if number == len(edges) - 2 else int(np.floor(high / _HZ_PER_BIN))
        few = max(int(np.rint(CONTRAST_QUANTILE * (last - first + 1))), 1)
        bands.append((first, last + (number == len(edges) - 2), few))
    return tuple(bands)


@cache
def _mel_groups() -> tuple[tuple[int, int, FloatArray], ...]:
    """The mel bank in groups of neighbouring bands: first bin, bin after the last, and what lies between them.

    Seven eighths of the bank are zeros; products of the groups spare most of them.
    """
    groups = []
    for bank in np.hsplit(banks().mel, _MEL_GROUPS):
        bins = np.flatnonzero(bank.any(axis=1))
        start, stop = int(bins[0]), int(bins[-1]) + 1
        groups.append((start, stop, np.ascontiguousarray(bank[start:stop])))
    return tuple(groups)


@cache
def _magnitude_bank() -> FloatArray:
    """Columns that sum stripes of bins, weigh by frequency and its square in units of half the rate, and sum bands."""
    stripes = np.zeros((BINS, _STRIPES), dtype=np.float32)
    stripes[np.arange(BINS), np.arange(BINS) // _STRIPE] = 1
    frequency = np.linspace(0, 1, BINS)
    return np.column_stack([stripes, frequency, frequency**2, _band_sums()]).astype(np.float32)


@cache
def _band_sums() -> FloatArray:
    """Shape (BINS, 7): one for the bins of each contrast band."""
    sums = np.zeros((BINS, len(_contrast_bands())), dtype=np.float32)
    for band, (start, stop, _) in enumerate(_contrast_bands()):
        sums[start:stop, band] = 1
    return sums


@cache
def _averaging() -> FloatArray:
    return np.full(BINS, 1 / BINS, dtype=np.float32)
