"""Hubs, which are near to everything: local scaling takes them away, hubness says how many are left.

Distances become comparable between dense and sparse parts of a library. Sources: Schnitzer et al., "Local and global
scaling reduce hubs in space", JMLR 13 (2012): NICDM; Radovanović et al., "Hubs in space", JMLR 11 (2010): the skewness
of the k-occurrence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Distances = NDArray[np.float32]

SCALE_NEIGHBOURS = 25
"""Nearest neighbours whose mean distance is the scale of a track; measured: 10 leaves more hubs, 40 is level."""

POOL = 200
"""Nearest by plain distance that compete for an answer by scaled distance: the first ten of these are 97 of 100 of the
first ten of the whole library (106,574 generated tracks)."""

_SMALLEST = 1e-6
"""Scale of a track whose nearest are all copies of it; a scale of 0 would put everything infinitely far away."""


def local_scales(distances: Distances, k: int = SCALE_NEIGHBOURS) -> Distances:
    """Mean distance of each track to its `k` nearest.

    Args:
        distances: shape (tracks, list length), ascending Euclidean distances, infinite where a list is shorter.
        k: how many of them count; all of a shorter list.

    Returns:
        Shape (tracks,), at least 1e-6; 1.0 for a track that has no neighbour.
    """
    near = np.asarray(distances, dtype=np.float32)[:, :k]
    there = np.isfinite(near)
    counts = there.sum(axis=1)
    sums = np.where(there, near, np.float32(0)).sum(axis=1, dtype=np.float64)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), 1.0)
    scales: Distances = np.maximum(means, _SMALLEST).astype(np.float32)
    return scales


def scaled(distances: NDArray[np.floating[Any]], own_scale: float, other_scales: Distances) -> Distances:
    """Distances from one track in units of the neighbourhoods at both ends, d / sqrt(own * other) (NICDM).

    Args:
        distances: shape (n,), Euclidean, from one track to n others.
        own_scale: of the one track, from `local_scales`.
        other_scales: shape (n,), of the others.

    Returns:
        Shape (n,), dimensionless: 1 is as far as the two tracks' own neighbours commonly are.
    """
    ends = np.sqrt(float(own_scale) * np.asarray(other_scales, dtype=np.float64))
    found: Distances = (distances / ends).astype(np.float32)
    return found


def rescaled_lists(
    neighbours: NDArray[np.integer[Any]], distances: Distances, scales: Distances, k: int
) -> NDArray[np.intp]:
    """The first `k` of every neighbour list when it is ordered by scaled distance.

    Args:
        neighbours: shape (tracks, list length), rows ordered by plain distance, -1 where a list is shorter.
        distances: shape (tracks, list length), infinite where there is no neighbour.
        scales: shape (tracks,).
        k: how many.

    Returns:
        Shape (tracks, min(k, list length)), -1 where there are no more.
    """
    ranked = np.where(neighbours >= 0, distances / np.sqrt(scales[neighbours]), np.inf)
    order = np.argsort(ranked, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(neighbours, order, axis=1).astype(np.intp)


def scaled_pair_distances(
    vectors: NDArray[np.float32], scales: Distances, rows: NDArray[np.intp], seed: int, count: int = 10_000
) -> Distances:
    """Ascending scaled distances of random pairs of different tracks: what near and far mean in this library.

    Args:
        vectors: shape (tracks, dims).
        scales: shape (tracks,).
        rows: the comparable tracks, which alone are drawn.
        seed: of the draw.
        count: of pairs.

    Returns:
        Shape (count,), empty where there are no two tracks.
    """
    if len(rows) < 2:  # noqa: PLR2004 - a pair
        return np.empty(0, dtype=np.float32)
    generator = np.random.default_rng(seed)
    first = generator.integers(0, len(rows), size=count)
    second = (first + generator.integers(1, len(rows), size=count)) % len(rows)
    one, other = rows[first], rows[second]
    differences = vectors[one].astype(np.float64) - vectors[other]
    distances = np.sqrt(np.einsum("ij,ij->i", differences, differences))
    ends = np.sqrt(scales[one].astype(np.float64) * scales[other])
    return np.sort(distances / ends).astype(np.float32)


@dataclass(frozen=True)
class Hubness:
    """How unevenly tracks are recommended.

    Attributes:
        skewness: of the number of lists a track is in, S_k; 0 is even, above 1 a few hubs rule.
        biggest: number of lists the commonest track is in.
        never: share of tracks that are in nobody's list, 0 to 1.
        k: length of the lists.
    """

    skewness: float
    biggest: int
    never: float
    k: int


def hubness(
    neighbours: NDArray[np.integer[Any]],
    tracks: int,
    k: int = 10,
    *,
    comparable: NDArray[np.bool_] | None = None,
) -> Hubness:
    """Measure the hubness of neighbour lists.

    Args:
        neighbours: shape (lists, at least k), rows best first; -1 where a list is shorter.
        tracks: number of rows there are.
        k: how much of each list counts.
        comparable: shape (tracks,), True for tracks that can be recommended; the others are left out of the statistics
            on both sides. All, unless told.
    """
    asking = np.asarray(neighbours)[:, :k]
    if comparable is not None and len(asking) == tracks:
        asking = asking[comparable]
    named = asking[asking >= 0]
    counts = np.bincount(named, minlength=tracks).astype(np.float64)
    if comparable is not None:
        counts = counts[comparable]
    if not len(counts):
        return Hubness(0.0, 0, 0.0, k)
    deviation = counts - counts.mean()
    spread = float(np.sqrt(np.mean(deviation**2)))
    skewness = float(np.mean(deviation**3)) / spread**3 if spread > 0 else 0.0
    return Hubness(skewness, int(counts.max()), float(np.mean(counts == 0)), k)
