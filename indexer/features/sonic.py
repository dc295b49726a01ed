"""The `sonic` profile: blocks of numbers to compare by and a few that explain, for each window of a track."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from indexer.core.audio.samples import FloatArray
from indexer.core.model.profiles import BANDS, CORRELATED_MFCC, MEL_MEANS, PATTERN_BANDS, SONIC, SONIC_MFCC
from indexer.features.descriptors import Descriptors
from indexer.features.filters import dct
from indexer.features.harmony import key_fits, key_free
from indexer.features.moments import correlations, mean_frame, moments, moments_of, split
from indexer.features.patterns import chroma_patterns, self_similarity, spectral_patterns
from indexer.features.rhythm import fluctuations, log_lags, onset_strength, tempo, tempogram
from indexer.features.spectrum import FRAME_RATE

_LOWEST_HZ = 20.0
_LOWEST_FLATNESS = 1e-10
_LOWEST_RMS = 1e-5
_AUDIBLE_RMS = 1e-3
_ALIKE_MFCC = 20
"""MFCC 2 to 20 decide what sounds the same a little later."""

_COMPARED = list(SONIC.compared_columns)


def sonic(described: Descriptors, *, as_a_whole: bool = False) -> FloatArray:
    """Compute the profile from the descriptors of a whole track.

    Args:
        described: the track.
        as_a_whole: whether the mean of the windows is to tell what the statistics of the whole track are, in which a
            song that changes is told from one that stays as it is, instead of the mean of the windows' own. The windows
            then differ from each other as before. Measured on whole songs, where it finds more; see docs/evaluation.md.

    Returns:
        Shape (SONIC.windows, SONIC.dims), float32, finite.
    """
    series = _Series.of(described)
    windows = _windows(series, SONIC.windows)
    if as_a_whole:
        windows[:, _COMPARED] += _windows(series, 1)[:, _COMPARED] - windows[:, _COMPARED].mean(axis=0)
    return windows


@dataclass(frozen=True, eq=False)
class _Series:
    """What is made of every frame once, however the track is cut: shape (frames, columns) each but `onsets`."""

    described: Descriptors
    onsets: FloatArray
    correlation: FloatArray
    mfcc: FloatArray
    bands: FloatArray
    shapes: FloatArray
    patterns: FloatArray

    @classmethod
    def of(cls, described: Descriptors) -> _Series:
        onsets = onset_strength(described.mel_db, described.joins)
        patterns = _grouped(described.mel_db, PATTERN_BANDS)
        return cls(
            described=described,
            onsets=onsets,
            correlation=tempogram(onsets),
            mfcc=described.mel_db @ dct(SONIC_MFCC),
            bands=_grouped(patterns, BANDS),
            shapes=_shapes(described),
            patterns=patterns,
        )


def _windows(series: _Series, count: int) -> FloatArray:
    """The profile of `count` equal windows, shape (count, SONIC.dims)."""

    def cut(frames: FloatArray) -> FloatArray:
        return split(frames, count)

    described = series.described
    mfcc, bands, shapes = map(cut, (series.mfcc, series.bands, series.shapes))
    chroma, contrast, peakiness = map(cut, (described.chroma, described.contrast, described.peakiness))
    onsets = cut(series.onsets[:, None])
    of_shapes, of_contrast, of_peakiness, of_onsets = moments_of([shapes, contrast, peakiness, onsets])
    blocks = {
        "mfcc": moments(mfcc),
        "shape": of_shapes,
        "contrast": of_contrast,
        "chroma": key_free(chroma),
        "mfcc_corr": correlations(mfcc[:, :, 1 : 1 + CORRELATED_MFCC]),
        "mel_corr": correlations(bands),
        "fluctuation": fluctuations(bands),
        "rhythm": np.hstack([log_lags(_rows_by_window(series.correlation, count)), of_onsets]),
        "chroma_patterns": chroma_patterns(chroma),
        "spectral_patterns": spectral_patterns(cut(series.patterns)),
        "peakiness": of_peakiness,
        "self_similarity": self_similarity(mfcc[:, :, 1:_ALIKE_MFCC]),
        "descriptor_corr": correlations(np.concatenate([shapes, contrast, peakiness], axis=2)),
        "about": _about(series, count),
        "chroma_mean": mean_frame(chroma),
        "mel_mean": mean_frame(cut(_grouped(series.patterns, MEL_MEANS))),
    }
    return np.hstack([blocks[block.name] for block in SONIC.blocks]).astype(np.float32)


def _grouped(levels: FloatArray, groups: int) -> FloatArray:
    """Mean of neighbouring columns: shape (frames, columns) to (frames, groups)."""
    width = levels.shape[1] // groups
    # Columns are added up: NumPy's mean over so short an axis takes ten times as long.
    total: FloatArray = reduce(np.add, (levels[:, place::width] for place in range(width)))
    return total / np.float32(width)


def _shapes(described: Descriptors) -> FloatArray:
    """Shape (frames, 6), on the scales on which they are heard."""
    hertz = np.stack([described.centroid, described.bandwidth, described.rolloff], axis=1)
    flatness = np.log10(np.maximum(described.flatness, _LOWEST_FLATNESS))
    energy = 20 * np.log10(np.maximum(described.rms, _LOWEST_RMS))
    return np.column_stack([np.log2(np.maximum(hertz, _LOWEST_HZ)), flatness, described.zcr, energy])


def _rows_by_window(correlation: FloatArray, windows: int) -> FloatArray:
    """Mean tempogram of each window; a row belongs to the window its centre lies in."""
    parts = np.array_split(correlation, windows)
    return np.stack([mean_frame(part if len(part) else correlation) for part in parts])


def _about(series: _Series, windows: int) -> FloatArray:
    """Plain values in the units of `librosa.feature`, means over each window but for tempo and key."""
    described = series.described
    plain = np.column_stack(
        [
            described.centroid,
            described.bandwidth,
            described.rolloff,
            described.flatness,
            described.zcr,
            described.rms,
            series.onsets,
        ]
    )
    fits = key_fits(mean_frame(described.chroma)[None])[0]
    minor, tonic = divmod(int(fits.argmax()), fits.shape[1])
    rms = np.sqrt(np.square(split(described.rms, windows)).mean(axis=1))
    loudness = 20 * np.log10(np.maximum(rms, _LOWEST_RMS))
    whole = np.array([tempo(series.correlation), 0, tonic, minor, fits.max()], dtype=np.float32)
    means = mean_frame(split(plain, windows))
    about = np.hstack([np.tile(whole, (windows, 1)), means, _heard_seconds(described, windows)])
    about[:, 1] = loudness
    return about


def _heard_seconds(described: Descriptors, windows: int) -> FloatArray:
    """Shape (windows, 1): seconds above -60 dB of full scale, and above what is felt rather than heard."""
    audible = (described.rms > _AUDIBLE_RMS) & (described.centroid > _LOWEST_HZ)
    parts = np.array_split(audible, windows)
    return np.array([[part.sum() / FRAME_RATE] for part in parts], dtype=np.float32)
