"""What a window does over seconds, whatever the order: textures, chord sequences, and how soon it sounds the same."""

from __future__ import annotations

from functools import reduce

import numpy as np
import scipy.fft

from indexer.core.audio.samples import FloatArray
from indexer.core.model.profiles import (
    AGAIN_FRAMES,
    CHROMA_PATTERN_PITCH,
    CHROMA_PATTERN_TIME,
    PATTERN_RANKS,
)
from indexer.features.moments import mean_frame

_HALF = 5
"""Frames of half a texture, where the next begins: each half is sorted once for the two textures it belongs to."""

_SORTING_FIVE = ((0, 3), (1, 4), (0, 2), (1, 3), (0, 1), (2, 4), (1, 2), (3, 4), (2, 3))
"""Pairs to put in order, one after the other. Source: Knuth, The Art of Computer Programming 3, 5.3.4."""

_TEXTURE_SHARE = 0.9

_CHROMA_HOPS = 8
"""Frames, 0.19 s, averaged to one column of a chroma pattern: about a semiquaver."""

_CHROMA_COLUMNS = 32
_CHROMA_STEP = 4
_CHROMA_GAIN = 50.0

_TINY = np.finfo(np.float32).tiny


def spectral_patterns(levels: FloatArray) -> FloatArray:
    """Levels of each band over a quarter of a second, from the quietest frame to the loudest.

    Args:
        levels: shape (windows, frames, bands), dB; at least 2 * _HALF frames.

    Returns:
        Shape (windows, bands * ranks), band by band: of each band's sorted levels those at PATTERN_RANKS, and of
        these the value that nine tenths of all pieces stay below. Says how steady and how busy each band is.

    Source: the spectral pattern of Seyerlehner, Widmer & Pohle, "Fusing block-level features for music similarity
    estimation", DAFx (2010), with fewer bands and ranks.
    """
    halves = _sorted_halves(levels)
    earlier, later = halves[:, :, :-1], halves[:, :, 1:]
    ranked = np.stack([_rank(earlier, later, rank) for rank in PATTERN_RANKS], axis=2)
    ordered = np.sort(ranked.transpose(0, 3, 2, 1), axis=3)
    high: FloatArray = ordered[..., round(_TEXTURE_SHARE * (ordered.shape[3] - 1))]
    return high.reshape(len(levels), -1)


def chroma_patterns(chroma: FloatArray) -> FloatArray:
    """Magnitudes of the two-dimensional Fourier transform of chroma over six seconds.

    Args:
        chroma: shape (windows, frames, 12), >= 0.

    Returns:
        Shape (windows, CHROMA_PATTERN_PITCH * CHROMA_PATTERN_TIME), log; the mean over overlapping pieces. The same
        chords in another key, or begun a little later, give the same numbers.

    Source: Bertin-Mahieux & Ellis, "Large-scale cover song recognition using the 2D Fourier transform magnitude",
    ISMIR (2012), on pieces of equal time instead of equal beats.
    """
    columns = _columns(chroma)
    pieces = np.lib.stride_tricks.sliding_window_view(columns, _CHROMA_COLUMNS, axis=1)[:, ::_CHROMA_STEP]
    # The transform along time of real numbers needs half the frequencies, and pitch mirrors itself likewise.
    turned = scipy.fft.fft(scipy.fft.rfft(pieces, axis=3, workers=1), axis=2, workers=1)
    kept = np.abs(turned[:, :, :CHROMA_PATTERN_PITCH, :CHROMA_PATTERN_TIME])
    patterns: FloatArray = np.log1p(_CHROMA_GAIN * kept).mean(axis=1).astype(np.float32)
    return patterns.reshape(len(chroma), -1)


def self_similarity(mfcc: FloatArray) -> FloatArray:
    """How much a window resembles itself a little later, by lag.

    Args:
        mfcc: shape (windows, frames, coefficients), without the first, which is loudness.

    Returns:
        Shape (windows, len(AGAIN_FRAMES)): mean product of the standardised coefficients that many frames apart; 0
        for lags that the window is too short for.
    """
    centred = mfcc - mfcc.mean(axis=(0, 1))
    spread = np.sqrt(mean_frame(np.square(centred).reshape(-1, mfcc.shape[2])))
    scaled = centred / np.where(spread > 0, spread, np.float32(1))
    flat = scaled.reshape(len(scaled), -1)
    width = scaled.shape[2]
    return np.stack([_product_at(flat, lag * width) for lag in AGAIN_FRAMES], axis=1).astype(np.float32)


def _sorted_halves(levels: FloatArray) -> FloatArray:
    """Shape (_HALF, windows, halves, bands): from the quietest of each half texture to the loudest."""
    count, bands = levels.shape[1] // _HALF, levels.shape[2]
    halves = levels[:, : count * _HALF].reshape(len(levels), count, _HALF, bands).transpose(2, 0, 1, 3).copy()
    lower = np.empty_like(halves[0])
    for one, other in _SORTING_FIVE:
        np.minimum(halves[one], halves[other], out=lower)
        np.maximum(halves[one], halves[other], out=halves[other])
        halves[one] = lower
    return halves


def _rank(ones: FloatArray, others: FloatArray, rank: int) -> FloatArray:
    """What has that rank, from 0, in both together: each sorted along its first axis, of length _HALF."""
    splits = ((taken, rank + 1 - taken) for taken in range(_HALF + 1) if 0 <= rank + 1 - taken <= _HALF)
    largest = [
        np.maximum(ones[taken - 1], others[left - 1]) if taken and left else (ones if taken else others)[rank]
        for taken, left in splits
    ]
    ranked: FloatArray = reduce(np.minimum, largest)
    return ranked


def _product_at(flat: FloatArray, lag: int) -> FloatArray:
    """Mean product of entries `lag` apart along rows, 0 where rows are shorter."""
    length = flat.shape[1] - lag
    if length <= 0:
        return np.zeros(len(flat), dtype=np.float32)
    product: FloatArray = np.vecdot(flat[:, :length], flat[:, lag:]) / np.float32(length)
    return product


def _columns(chroma: FloatArray) -> FloatArray:
    """Chroma averaged over _CHROMA_HOPS frames, each column with the sum 1; short windows are repeated."""
    wanted = _CHROMA_COLUMNS * _CHROMA_HOPS
    if chroma.shape[1] < wanted:
        chroma = chroma[:, np.arange(wanted) % chroma.shape[1]]
    count = chroma.shape[1] // _CHROMA_HOPS
    pooled = chroma[:, : count * _CHROMA_HOPS].reshape(len(chroma), count, _CHROMA_HOPS, -1).mean(axis=2)
    columns: FloatArray = pooled / np.maximum(pooled.sum(axis=2, keepdims=True), _TINY)
    return columns
