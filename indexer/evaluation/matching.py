"""Finds tracks again: by a part of them, and by an altered copy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.evaluation.methods import Distances
from indexer.evaluation.ranking import Ranking, rank_all, rank_rows
from indexer.evaluation.result import Robustness, Windows

TOP = 10


def find_by_part(distances: Distances, owners: NDArray[np.intp], seed: int) -> Windows:
    """Ask with every part for the nearest other part; right is one of the same clip.

    Args:
        distances: shape (parts, parts).
        owners: shape (parts,), the clip of each part.
        seed: of the order of ties.
    """
    nearest = rank_all(distances, seed)[:, 0]
    sizes = np.bincount(owners)[owners]
    chance = float(np.mean((sizes - 1) / (len(owners) - 1)))
    return Windows(float(np.mean(owners[nearest] == owners)), chance, len(owners))


def find_by_copy(
    distances: Distances, originals: NDArray[np.intp], ranking: Ranking, change: str, seed: int
) -> Robustness:
    """Ask with altered clips for their originals and for the neighbours of their originals.

    Args:
        distances: shape (copies, n), from altered clips to all clips.
        originals: shape (copies,), which clip each was made from.
        ranking: shape (n, n - 1), of the unaltered clips.
        change: what was done, for people.
        seed: of the order of ties.
    """
    order = rank_rows(distances, seed)
    ranks = np.argmax(order == originals[:, np.newaxis], axis=1) + 1
    shared = []
    for row, original in zip(order, originals, strict=True):
        near = row[row != original][:TOP]
        shared.append(len(np.intersect1d(near, ranking[original, :TOP])) / len(near))
    return Robustness(
        change,
        len(originals),
        float(np.mean(ranks == 1)),
        float(np.median(ranks)),
        float(np.mean(ranks)),
        float(np.mean(shared)),
    )
