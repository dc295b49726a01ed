"""Draws each vector towards its nearest, so that what several tracks agree on counts more than what one happens to be.

Source: Turcot & Lowe, "Better matching with fewer features", ICCV workshops (2009); Arandjelović & Zisserman, "Three
things everyone should know to improve object retrieval", CVPR (2012), where it is called database-side feature
augmentation. Weights fall with the cosine, so that a track without near ones stays where it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.exact import NeighbourLists, Vectors
from indexer.core.model.scaling import local_scales, rescaled_lists

SMOOTHED_BY = 3
"""Nearest tracks that a vector is drawn to; measured: 2 to 4 are alike, 8 blur small libraries."""

_POWER = 3
_BATCH = 8_192


def smoothed(vectors: Vectors, nearest: NDArray[np.integer]) -> Vectors:
    """All vectors of a library, drawn to their nearest and of unit length again.

    Args:
        vectors: shape (tracks, dims), of unit length.
        nearest: shape (tracks, n), rows of the nearest of each, -1 for none.
    """
    result = np.empty_like(vectors)
    for start in range(0, len(vectors), _BATCH):
        own = slice(start, start + _BATCH)
        others = np.where((nearest[own] >= 0)[:, :, np.newaxis], vectors[nearest[own]], np.float32(0))
        result[own] = _drawn(vectors[own], others)
    return result


def smoothed_by_scale(vectors: Vectors, lists: NeighbourLists) -> Vectors:
    """The same by the nearest of lists, which are by plain distance, after local scaling."""
    scales = local_scales(lists.distances)
    return smoothed(vectors, rescaled_lists(lists.rows, lists.distances, scales, SMOOTHED_BY))


def smoothed_one(vector: Vectors, nearest: Vectors) -> Vectors:
    """One vector, shape (dims,), drawn to its nearest, shape (n, dims), n ≥ 0; the same as in `smoothed`."""
    drawn: Vectors = _drawn(vector[np.newaxis], nearest[np.newaxis])[0]
    return drawn


def _drawn(vectors: Vectors, others: Vectors) -> Vectors:
    """Shapes (tracks, dims) and (tracks, n, dims)."""
    cosines = np.maximum(np.einsum("td,tnd->tn", vectors, others), 0)
    drawn = vectors + np.einsum("tn,tnd->td", cosines**_POWER, others)
    lengths = np.sqrt(np.einsum("td,td->t", drawn, drawn))[:, np.newaxis]
    unit: Vectors = (drawn / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit
