"""Recall of approximate search against exact search on the same vectors, and the work it took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.search import SearchIndex

RECALL_AT = 10
SAMPLE = 500
"""Tracks asked for; the standard error of a recall of 0.95 over them is below 0.005."""

_EQUAL = 1e-6
"""Distances closer than this are equal: of several copies of a recording any one counts."""

_BLOCK = 64
"""Tracks whose distances to all others are computed in one product, at most."""

_PAIRS_AT_ONCE = _BLOCK << 17
"""Distances in memory at once: those of a million tracks would take half a gigabyte a block."""


@dataclass(frozen=True)
class Quality:
    """How well an index answers.

    Attributes:
        recall: share of the true nearest that are found, 0 to 1.
        candidate_share: share of all other tracks whose distance is computed for one answer, before widening.
        sample: number of tracks asked for.
    """

    recall: float
    candidate_share: float
    sample: int


def sample_rows(tracks: int, seed: int, size: int = SAMPLE) -> NDArray[np.intp]:
    """Up to `size` different rows of `tracks`, ascending, the same for the same seed."""
    if tracks <= size:
        return np.arange(tracks)
    return np.sort(np.random.default_rng(seed).choice(tracks, size=size, replace=False))


def exact_distances(vectors: NDArray[np.float32], rows: NDArray[np.intp], k: int) -> NDArray[np.float32]:
    """Distances of each of `rows` to its k true nearest other rows, ascending: shape (len(rows), min(k, n - 1))."""
    return exact_neighbours(vectors, rows, k)[1]


def exact_neighbours(
    vectors: NDArray[np.float32], rows: NDArray[np.intp], k: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The k true nearest other rows of each of `rows`, best first, and their distances; shapes as `exact_distances`."""
    count = min(k, len(vectors) - 1)
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    blocks = [_exact_block(vectors, lengths, block, count) for block in _blocks(rows, len(vectors))]
    if not blocks:
        return np.empty((0, count), dtype=np.intp), np.empty((0, count), dtype=np.float32)
    return np.concatenate([near for near, _ in blocks]), np.concatenate([distances for _, distances in blocks])


def measure(index: SearchIndex, rows: NDArray[np.intp], truth: NDArray[np.float32]) -> Quality:
    """Ask the index for the neighbours of its own `rows` and compare with `truth`, from `exact_distances`."""
    excluded = np.zeros(len(index), dtype=bool)
    compared, found = 0, np.full_like(truth, np.inf)
    for position, row in enumerate(rows):
        excluded[row] = True
        compared += len(index.candidates(index.vectors[row])) - 1
        distances = index.nearest(index.vectors[row], truth.shape[1], excluded)[1]
        found[position, : len(distances)] = distances
        excluded[row] = False
    pairs = max(len(rows) * (len(index) - 1), 1)
    return Quality(recall_of(found, truth), compared / pairs, len(rows))


def recall_of(found: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    """Share of found distances, shape (n, k), that are no farther than the last true one; 1 where there is no truth."""
    if truth.size == 0:
        return 1.0
    return float(np.mean(found <= truth[:, -1:] + _EQUAL))


def _exact_block(
    vectors: NDArray[np.float32], lengths: NDArray[np.float32], rows: NDArray[np.intp], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    squares = lengths[rows, np.newaxis] + lengths - 2.0 * (vectors[rows] @ vectors.T)
    squares[np.arange(len(rows)), rows] = np.inf
    near = np.argpartition(squares, count - 1, axis=1)[:, :count]
    differences = vectors[near].astype(np.float64) - vectors[rows, np.newaxis].astype(np.float64)
    distances = np.sqrt(np.einsum("ijk,ijk->ij", differences, differences)).astype(np.float32)
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(near, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _blocks(rows: NDArray[np.intp], tracks: int) -> Iterator[NDArray[np.intp]]:
    size = min(max(_PAIRS_AT_ONCE // max(tracks, 1), 1), _BLOCK)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def random_pair_distances(vectors: NDArray[np.float32], seed: int, count: int = 10_000) -> NDArray[np.float32]:
    """Ascending distances of `count` random pairs of different rows, to tell near from far; shape (count,)."""
    generator = np.random.default_rng(seed)
    one = generator.integers(0, len(vectors), size=count)
    other = (one + generator.integers(1, len(vectors), size=count)) % len(vectors)
    differences = vectors[one].astype(np.float64) - vectors[other]
    return np.sort(np.sqrt(np.einsum("ij,ij->i", differences, differences))).astype(np.float32)
