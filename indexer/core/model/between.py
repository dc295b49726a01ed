"""The tracks between two others, to look for a way through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.tracks import TrackId

Vectors = NDArray[np.float32]

NEIGHBOURS = 100
"""Nearest of both ends that are always among them, so that the first and the last step are small."""


@dataclass(frozen=True, eq=False)
class Between:
    """Copies of what a model knows of them, for another thread to work with.

    Attributes:
        tracks: the start, the end, then the others.
        share: shape (tracks,), where each lies on the straight line from the start, 0, to the end, 1.
        vectors: shape (tracks, dims), by which tracks are compared.
        scales: shape (tracks,), of their neighbourhoods.
        plain: shape (tracks, dims), the vectors before they were drawn to their nearest, which tell copies of one
            recording; None where they tell nothing.
    """

    tracks: list[TrackId]
    share: NDArray[np.float32]
    vectors: Vectors
    scales: NDArray[np.float32]
    plain: Vectors | None

    def steps(self) -> NDArray[np.float32]:
        """Distances between all of them, scaled by the neighbourhoods of both, shape (tracks, tracks)."""
        distances = pairwise(self.vectors)
        inverse = 1.0 / np.sqrt(self.scales)
        distances *= inverse[:, np.newaxis]
        distances *= inverse[np.newaxis]
        return distances


_SMALLEST = 1e-6
"""Squared distance of two ends in one point, between which everything lies in the middle."""


def pairwise(vectors: Vectors) -> NDArray[np.float32]:
    """Euclidean distances between all rows, shape (rows, rows)."""
    squares = np.einsum("ij,ij->i", vectors, vectors)
    distances: NDArray[np.float32] = vectors @ vectors.T
    distances *= -2.0
    distances += squares[:, np.newaxis]
    distances += squares[np.newaxis]
    np.maximum(distances, 0.0, out=distances)
    return np.sqrt(distances, out=distances)


def rows_between(
    from_start: NDArray[np.float32],
    from_end: NDArray[np.float32],
    scales: NDArray[np.float32],
    allowed: NDArray[np.bool_],
    *,
    apart: float,
    places: int,
    count: int,
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Rows near the straight line between two, as many around every place of it, and the neighbours of both ends.

    By the law of cosines the distances from both ends say where the foot of every row lies on the line, and how far
    from the line the row is; the latter is scaled by the row's neighbourhood, which keeps hubs out.

    Args:
        from_start: shape (rows,), squared Euclidean distances from the start.
        from_end: the same from the end.
        scales: shape (rows,).
        allowed: shape (rows,), False for what must not be found.
        apart: squared Euclidean distance of start and end.
        places: between the ends.
        count: how many rows are wanted, about.

    Returns:
        Rows, ascending; and of every row, shape (rows,), where its foot lies: 0 at the start, 1 at the end.
    """
    share = 0.5 + (from_start - from_end) / (2.0 * max(apart, _SMALLEST))
    foot = np.clip(share, 0.0, 1.0)
    off = (1.0 - foot) * from_start + foot * from_end - foot * (1.0 - foot) * apart
    off = np.where(allowed, np.maximum(off, 0.0) / scales, np.inf)
    place = np.clip(np.rint(foot * (places + 1)), 1, places).astype(np.int8)
    found = [_least(np.where(place == number, off, np.inf), count // places) for number in range(1, places + 1)]
    ends = [_least(np.where(allowed, squared / scales, np.inf), NEIGHBOURS) for squared in (from_start, from_end)]
    return np.unique(np.concatenate([*found, *ends])), share.astype(np.float32)


def _least(values: NDArray[np.floating], count: int) -> NDArray[np.intp]:
    """Positions of the `count` least finite values."""
    chosen = (
        np.argpartition(values, count - 1)[:count] if 0 < count < len(values) else np.arange(min(count, len(values)))
    )
    finite: NDArray[np.intp] = chosen[np.isfinite(values[chosen])]
    return finite
