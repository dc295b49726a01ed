"""The `sonic` profile: eight blocks to compare by and three that explain, for each window of a track."""

from __future__ import annotations

import numpy as np

from indexer.features.descriptors import Descriptors
from indexer.features.filters import dct
from indexer.features.harmony import key_fits, key_free
from indexer.features.moments import correlations, moments, split
from indexer.features.profiles import BANDS, CORRELATED_MFCC, MEL_MEANS, SONIC, SONIC_MFCC
from indexer.features.rhythm import fluctuations, log_lags, onset_strength, tempo, tempogram
from indexer.features.spectrum import FloatArray

_LOWEST_HZ = 20.0
_LOWEST_FLATNESS = 1e-10
_LOWEST_RMS = 1e-5


def sonic(described: Descriptors) -> FloatArray:
    """Compute the profile from the descriptors of a whole track.

    Returns:
        Shape (SONIC.windows, SONIC.dims), float32, finite.
    """
    onsets = onset_strength(described.mel_db)
    correlation = tempogram(onsets)
    mfcc = _windows(described.mel_db @ dct(SONIC_MFCC))
    bands = _windows(_grouped(described.mel_db, BANDS))
    chroma = _windows(described.chroma)
    blocks = {
        "mfcc": moments(mfcc),
        "shape": moments(_windows(_shapes(described))),
        "contrast": moments(_windows(described.contrast)),
        "chroma": key_free(chroma),
        "mfcc_corr": correlations(mfcc[:, :, 1 : 1 + CORRELATED_MFCC]),
        "mel_corr": correlations(bands),
        "fluctuation": fluctuations(bands),
        "rhythm": np.hstack([log_lags(_rows_by_window(correlation)), moments(_windows(onsets[:, None]))]),
        "about": _about(described, onsets, tempo(correlation)),
        "chroma_mean": chroma.mean(axis=1),
        "mel_mean": _windows(_grouped(described.mel_db, MEL_MEANS)).mean(axis=1),
    }
    return np.hstack([blocks[block.name] for block in SONIC.blocks]).astype(np.float32)


def _windows(frames: FloatArray) -> FloatArray:
    return split(frames, SONIC.windows)


def _grouped(levels: FloatArray, groups: int) -> FloatArray:
    """Mean of neighbouring columns: shape (frames, columns) to (frames, groups)."""
    grouped: FloatArray = levels.reshape(len(levels), groups, -1).mean(axis=2)
    return grouped


def _shapes(described: Descriptors) -> FloatArray:
    """Shape (frames, 6), on the scales on which they are heard."""
    hertz = np.stack([described.centroid, described.bandwidth, described.rolloff], axis=1)
    flatness = np.log10(np.maximum(described.flatness, _LOWEST_FLATNESS))
    energy = 20 * np.log10(np.maximum(described.rms, _LOWEST_RMS))
    return np.column_stack([np.log2(np.maximum(hertz, _LOWEST_HZ)), flatness, described.zcr, energy])


def _rows_by_window(correlation: FloatArray) -> FloatArray:
    """Mean tempogram of each window; a row belongs to the window its centre lies in."""
    parts = np.array_split(correlation, SONIC.windows)
    return np.stack([(part if len(part) else correlation).mean(axis=0) for part in parts])


def _about(described: Descriptors, onsets: FloatArray, bpm: float) -> FloatArray:
    """Plain values in the units of `librosa.feature`, means over each window but for tempo and key."""
    plain = np.column_stack(
        [
            described.centroid,
            described.bandwidth,
            described.rolloff,
            described.flatness,
            described.zcr,
            described.rms,
            onsets,
        ]
    )
    fits = key_fits(described.chroma.mean(axis=0)[None])[0]
    minor, tonic = divmod(int(fits.argmax()), fits.shape[1])
    rms = np.sqrt(np.square(_windows(described.rms)).mean(axis=1))
    loudness = 20 * np.log10(np.maximum(rms, _LOWEST_RMS))
    whole = np.array([bpm, 0, tonic, minor, fits.max()], dtype=np.float32)
    about = np.hstack([np.tile(whole, (SONIC.windows, 1)), _windows(plain).mean(axis=1)])
    about[:, 1] = loudness
    return about
