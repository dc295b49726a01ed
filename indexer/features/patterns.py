"""What a window does over seconds, whatever the order: textures, chord sequences, and how soon it sounds the same."""

from __future__ import annotations

import numpy as np
import scipy.fft

from indexer.core.audio.samples import FloatArray
from indexer.core.model.profiles import (
    AGAIN_FRAMES,
    CHROMA_PATTERN_PITCH,
    CHROMA_PATTERN_TIME,
    PATTERN_RANKS,
)

_TEXTURE_FRAMES = 10
_TEXTURE_STEP = 5
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
        levels: shape (windows, frames, bands), dB; at least _TEXTURE_FRAMES frames.

    Returns:
        Shape (windows, bands * ranks), band by band: of each band's sorted levels those at PATTERN_RANKS, and of
        these the value that nine tenths of all pieces stay below. Says how steady and how busy each band is.

    Source: the spectral pattern of Seyerlehner, Widmer & Pohle, "Fusing block-level features for music similarity
    estimation", DAFx (2010), with fewer bands and ranks.
    """
    pieces = np.lib.stride_tricks.sliding_window_view(levels, _TEXTURE_FRAMES, axis=1)[:, ::_TEXTURE_STEP]
    ranked = np.sort(pieces, axis=3)[..., PATTERN_RANKS]
    ordered = np.sort(ranked, axis=1)
    high: FloatArray = ordered[:, round(_TEXTURE_SHARE * (ordered.shape[1] - 1))]
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
    spread = np.sqrt(np.square(centred).mean(axis=(0, 1)))
    scaled = centred / np.where(spread > 0, spread, 1)
    flat = scaled.reshape(len(scaled), -1)
    width = scaled.shape[2]
    return np.stack([_product_at(flat, lag * width) for lag in AGAIN_FRAMES], axis=1).astype(np.float32)


def _product_at(flat: FloatArray, lag: int) -> FloatArray:
    """Mean product of entries `lag` apart along rows, 0 where rows are shorter."""
    length = flat.shape[1] - lag
    if length <= 0:
        return np.zeros(len(flat), dtype=np.float32)
    product: FloatArray = np.einsum("ij,ij->i", flat[:, :length], flat[:, lag:]) / np.float32(length)
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
