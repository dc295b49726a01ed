"""Frame by frame descriptors of the spectrum and the waveform, equal to `librosa.feature` in less time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, reduce
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray
from indexer.features.filters import MELS, banks
from indexer.features.spectrum import BINS, FRAME, HOP, RATE, Spectra, frame_count, spectra

POWER_FLOOR = 1e-10
TOP_DB = 80.0
ROLLOFF_SHARE = 0.85
CONTRAST_FROM_HZ = 200.0
CONTRAST_QUANTILE = 0.02
BANDS = 7
"""Octaves of contrast and peakiness."""
ZERO = 1e-10
"""Samples nearer to zero than this count as zero, and zero counts as positive."""

_MEL_GROUPS = 8
_MEL_WIDTH = MELS // _MEL_GROUPS
_FACTORS = 5
"""Bins whose magnitudes are multiplied before the logarithm is taken; 1,025 are so many times 205."""

_NYQUIST = RATE / 2
_HZ_PER_BIN = RATE / FRAME

_STRIPE = 32
"""Bins at most that are summed together, to look for the rolloff in one stripe only."""

_ONES_ABOVE = np.triu(np.ones((_STRIPE, _STRIPE), dtype=np.float32))
"""Running sums along short rows, as a product: several times as fast as `np.cumsum`."""

_GROUP_BANDS = (0, 4, 5, 6, 7)
"""Contrast bands at which groups of neighbouring bins begin, and BANDS: products of groups spare most of the zeros."""

_SILENT_MAGNITUDE = 1e-6
_TINY = np.finfo(np.float32).tiny
_HUGE = np.finfo(np.float32).max


@dataclass(frozen=True, slots=True)
class Descriptors:
    """What each frame is like; the first axis of every array is the frame.

    Attributes:
        mel_db: shape (frames, MELS), mel power in dB, at most TOP_DB below the loudest.
        chroma: shape (frames, 12), energy by pitch class from C, the largest of a frame 1, silence 0.
        contrast: shape (frames, BANDS), dB between peaks and valleys of octave bands from 200 Hz; the first is below.
        peakiness: shape (frames, BANDS), share of the magnitude of the same bands that stands out as local peaks of the
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
        mel: shape (frames, MELS), power; so are `peaks` and `valleys` of the contrast bands, shape (frames, BANDS).
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
    levels = floored(power, POWER_FLOOR)
    # Few processors have vector instructions for the logarithm to base 10.
    np.log(levels, out=levels)
    levels *= np.float32(10 / np.log(10))
    return floored(levels, levels.max() - TOP_DB, out=levels)


def floored(values: FloatArray, lowest: float, out: FloatArray | None = None) -> FloatArray:
    """The values, but nothing less than `lowest`; `np.maximum` with a number takes three times as long."""
    return np.clip(values, np.float32(lowest), _HUGE, out=out)


def zero_crossing_rate(samples: FloatArray) -> FloatArray:
    """Share of samples whose sign differs from the one before, per frame; edges are repeated beyond both ends."""
    negative = samples < -ZERO
    crossings = np.zeros(frame_count(samples) * HOP + FRAME - HOP, dtype=np.uint8)
    inside = crossings[FRAME // 2 + 1 : FRAME // 2 + len(samples)]
    np.not_equal(negative[1:], negative[:-1], out=inside.view(np.bool_))
    # Eight counts are added at once, as the bytes of one number: none of them reaches 256.
    eight = crossings.view(np.uint64).reshape(-1, HOP // 8).sum(axis=1)
    hops = eight.view(np.uint8).reshape(-1, 8).sum(axis=1).astype(np.float32)
    # The first sample of a frame has no one before it.
    counts = _frame_sums(hops) - crossings[::HOP][: frame_count(samples)]
    return counts / np.float32(FRAME)


def root_mean_square(samples: FloatArray) -> FloatArray:
    """Root of the mean square of each frame, with zeros beyond both ends."""
    hops = np.zeros(frame_count(samples) + FRAME // HOP - 1, dtype=np.float32)
    inside = hops[FRAME // 2 // HOP :]
    whole = len(samples) // HOP
    pieces = samples[: whole * HOP].reshape(-1, HOP)
    inside[:whole] = np.vecdot(pieces, pieces)
    rest = samples[whole * HOP :]
    if len(rest):
        inside[whole] = np.vecdot(rest, rest)
    root: FloatArray = np.sqrt(_frame_sums(hops) / np.float32(FRAME))
    return root


def _joined(stretches: Sequence[Frames]) -> Frames:
    return Frames(*(np.concatenate([getattr(one, entry.name) for one in stretches]) for entry in fields(Frames)))


def _frame_sums(hops: FloatArray) -> FloatArray:
    """Sums over frames, from sums over hops: neighbouring frames share three quarters of their samples."""
    count = len(hops) - FRAME // HOP + 1
    sums: FloatArray = reduce(np.add, [hops[start : start + count] for start in range(FRAME // HOP)])
    return sums


def _describe_chunk(chunk: Spectra) -> tuple[FloatArray, ...]:
    """Mel power, chroma, contrast peaks, contrast valleys, (centroid, bandwidth, rolloff, flatness), peakiness."""
    mel = np.empty((len(chunk.power), MELS), dtype=np.float32)
    for group, (start, stop, bank) in enumerate(_mel_groups()):
        np.matmul(chunk.power[:, start:stop], bank, out=mel[:, group * _MEL_WIDTH : (group + 1) * _MEL_WIDTH])
    chroma = _chroma(chunk.power)
    spare = chunk.power  # No longer needed, and in the processor's cache.
    products = [chunk.magnitude[:, start:stop] @ bank for start, stop, bank in _magnitude_groups()]
    stripes = np.concatenate([product[:, :-2] for product in products], axis=1)
    sums = stripes @ _running_sums()
    peakiness = _rises(chunk.magnitude, spare) / (sums[:, -BANDS:] + np.float32(_SILENT_MAGNITUDE))
    shape = _shape(chunk.magnitude, sums[:, :-BANDS], reduce(np.add, [product[:, -2:] for product in products]), spare)
    return mel, chroma, *_extremes(chunk.magnitude), shape, peakiness


def _chroma(power: FloatArray) -> FloatArray:
    """Energy by pitch class, in two halves: OpenBLAS multiplies what is small enough without copying it first."""
    middle = BINS // 2
    chroma = power[:, :middle] @ banks().chroma[:middle]
    chroma += power[:, middle:] @ banks().chroma[middle:]
    return chroma


def _rises(magnitude: FloatArray, spare: FloatArray) -> FloatArray:
    """How far local peaks rise above the higher of their neighbours, summed by band; `spare` is written over."""
    # Row after row as one: several times as fast, and what meets at the ends of rows is in no band's sum.
    line = magnitude.reshape(-1)
    rises = spare.reshape(-1)
    rises[[0, -1]] = 0
    inner = rises[1:-1]
    np.maximum(line[:-2], line[2:], out=inner)
    np.subtract(line[1:-1], inner, out=inner)
    floored(inner, 0, out=inner)
    summed: FloatArray = spare @ _inner_band_sums()
    return summed


def _shape(magnitude: FloatArray, reached: FloatArray, weighted: FloatArray, spare: FloatArray) -> FloatArray:
    """Centroid, bandwidth, rolloff, flatness.

    Args:
        magnitude: shape (frames, BINS).
        reached: shape (frames, stripes + 1), the sum before each stripe and that of all.
        weighted: shape (frames, 2), sums weighted by frequency and by its square.
        spare: shape (frames, BINS), is written over.
    """
    centroid, square = (weighted / np.maximum(reached[:, -1:], _TINY)).T
    shape = np.empty((len(magnitude), 4), dtype=np.float32)
    shape[:, 0] = centroid * np.float32(_NYQUIST)
    shape[:, 1] = np.sqrt(np.maximum(square - centroid * centroid, 0)) * np.float32(_NYQUIST)
    shape[:, 2] = _rolloff_bins(magnitude, reached) * _HZ_PER_BIN
    shape[:, 3] = _flatness(magnitude, spare)
    return shape


def _rolloff_bins(magnitude: FloatArray, reached: FloatArray) -> NDArray[np.intp]:
    """First bin at which ROLLOFF_SHARE of the magnitude is reached: first its stripe, then its place in there."""
    wanted = reached[:, -1:] * np.float32(ROLLOFF_SHARE)
    stripe = np.argmax(reached[:, 1:] >= wanted, axis=1)
    first, rows = _stripe_starts()[stripe], np.arange(len(stripe))
    places = (rows * BINS + first)[:, None] + np.arange(_STRIPE)
    within = magnitude.reshape(-1).take(places, mode="clip")
    within[:, 0] += reached[rows, stripe]
    within = within @ _ONES_ABOVE
    within[:, -1] = _HUGE
    bins: NDArray[np.intp] = np.minimum(first + np.argmax(within >= wanted, axis=1), _stripe_starts()[stripe + 1] - 1)
    return bins


def _flatness(magnitude: FloatArray, spare: FloatArray) -> FloatArray:
    """Geometric over arithmetic mean of the power; `spare` is written over."""
    raised = floored(magnitude, POWER_FLOOR**0.5, out=spare)
    # One logarithm for five bins: their product stays within float32 from the floor up to FULL_SCALE.
    parts = raised.reshape(len(raised), _FACTORS, -1)
    product = parts[:, 0] * parts[:, 1]
    for place in range(2, _FACTORS):
        product *= parts[:, place]
    np.log(product, out=product)
    geometric: FloatArray = np.exp(product @ np.full(BINS // _FACTORS, 2 / BINS, dtype=np.float32))
    arithmetic: FloatArray = np.vecdot(raised, raised) / np.float32(BINS)
    return geometric / arithmetic


def _extremes(magnitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean of the strongest and of the weakest bins of each contrast band, each of shape (frames, bands)."""
    # What is not negative sorts as its bits do, and whole numbers sort in two thirds of the time.
    bits = magnitude.view(np.uint32)
    places, means = _extreme_places()
    lowest, highest = np.empty((2, len(magnitude), len(means)), dtype=np.uint32)
    for (start, stop, few), place in zip(_contrast_bands(), places, strict=True):
        ordered = np.sort(bits[:, start:stop], axis=1)
        lowest[:, place : place + few] = ordered[:, :few]
        highest[:, place : place + few] = ordered[:, -few:]
    return highest.view(np.float32) @ means, lowest.view(np.float32) @ means


def _peak_normed(chroma: FloatArray) -> FloatArray:
    peak: FloatArray = np.maximum(chroma.max(axis=1, keepdims=True), _TINY)
    return chroma / peak


@cache
def _contrast_bands() -> tuple[tuple[int, int, int], ...]:
    """First bin, bin after the last, and how many bins make a peak, as `librosa.feature.spectral_contrast` has it."""
    edges = [0.0, *(CONTRAST_FROM_HZ * 2.0**octave for octave in range(BANDS))]
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
def _stripe_starts() -> NDArray[np.intp]:
    """First bin of each stripe, and BINS: contrast bands in equal parts of at most _STRIPE bins."""
    parts = [np.linspace(low, high, -(-(high - low) // _STRIPE), endpoint=False) for low, high, _ in _contrast_bands()]
    return np.array([*np.concatenate(parts), BINS]).astype(np.intp)


@cache
def _running_sums() -> FloatArray:
    """Shape (stripes, stripes + 1 + BANDS): the sum before each stripe, that of all, and those of contrast bands."""
    before = np.triu(np.ones((len(_stripe_starts()) - 1, len(_stripe_starts())), dtype=np.float32), k=1)
    return np.hstack([before, _band_sums()[_stripe_starts()[:-1]]])


@cache
def _magnitude_groups() -> tuple[tuple[int, int, FloatArray], ...]:
    """Groups of neighbouring bins: first, that after the last, and a bank.

    Its columns sum the stripes, and weigh by frequency and its square in units of half the rate.
    """
    starts = _stripe_starts()
    stripes = np.zeros((BINS, len(starts) - 1), dtype=np.float32)
    for number, (start, stop) in enumerate(pairwise(starts)):
        stripes[start:stop, number] = 1
    frequency = np.linspace(0, 1, BINS)[:, None]
    groups = []
    for first, last in pairwise(_GROUP_BANDS):
        start, stop = _contrast_bands()[first][0], _contrast_bands()[last - 1][1]
        own = stripes[start:stop, (starts[:-1] >= start) & (starts[:-1] < stop)]
        bank = np.hstack([own, frequency[start:stop], frequency[start:stop] ** 2])
        groups.append((start, stop, bank.astype(np.float32)))
    return tuple(groups)


@cache
def _band_sums() -> FloatArray:
    """Shape (BINS, BANDS): one for the bins of each contrast band."""
    sums = np.zeros((BINS, BANDS), dtype=np.float32)
    for band, (start, stop, _) in enumerate(_contrast_bands()):
        sums[start:stop, band] = 1
    return sums


@cache
def _inner_band_sums() -> FloatArray:
    """The same without the first and the last bin, which have one neighbour."""
    sums = _band_sums().copy()
    sums[[0, -1]] = 0
    return sums


@cache
def _extreme_places() -> tuple[list[int], FloatArray]:
    """Where the extremes of each contrast band begin, one band after the other, and their means, shape (all, BANDS)."""
    counts = [few for _, _, few in _contrast_bands()]
    means = np.repeat(np.diag(1 / np.array(counts)), counts, axis=0)
    return [0, *accumulate(counts[:-1])], means.astype(np.float32)
