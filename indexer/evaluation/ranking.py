"""Orders clips by distance and tells how good the order is; equal distances never keep the order of the files.

Files lie side by side by album: a method that finds everything equally far would look clever if ties kept their order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.evaluation.methods import Distances
from indexer.evaluation.result import Robustness, Windows
from indexer.evaluation.tasks import Task

Ranking = NDArray[np.intp]

EQUAL = 1e-6
"""Distances that differ by less than this part of the median distance are equal: matrix products leave rounding errors
whose size depends on the position of a row."""

_SMALLEST = 1e-9
"""Share of the largest distance that the typical one counts as at least, where more than half of them are 0."""


def rank_all(distances: NDArray[np.floating[Any]], seed: int) -> Ranking:
    """For every clip all the others, nearest first, ties in random order.

    Args:
        distances: shape (n, n), row i from clip i to each; what is not a number counts as infinitely far.
        seed: of the order of ties, drawn anew for every row.

    Returns:
        Shape (n, n - 1): row i holds every index but i.
    """
    count = len(distances)
    order = rank_rows(distances, seed)
    others: Ranking = order[order != np.arange(count)[:, np.newaxis]].reshape(count, count - 1)
    return others


def rank_rows(distances: NDArray[np.floating[Any]], seed: int) -> Ranking:
    """For every row of (m, n) distances the columns, nearest first, ties in random order; shape (m, n)."""
    steps = _steps(np.asarray(distances, dtype=np.float64))
    generator = np.random.default_rng(seed)
    order = np.empty(steps.shape, dtype=np.intp)
    for row, values in enumerate(steps):
        order[row] = np.lexsort((generator.random(len(values)), values))
    return order


def _steps(distances: Distances) -> Distances:
    """Distances in whole steps of what counts as equal."""
    sizes = np.abs(distances[np.isfinite(distances)])
    typical = max(float(np.median(sizes)), float(sizes.max()) * _SMALLEST) if sizes.any() else 1.0
    whole: Distances = np.rint(np.where(np.isnan(distances), np.inf, distances) / (typical * EQUAL))
    return whole


METRICS = ("p5", "p10", "map")


def query_scores(ranking: Ranking, task: Task) -> NDArray[np.float64]:
    """Scores of every query of a task.

    Args:
        ranking: shape (n, n - 1), from `rank_all`.
        task: which clips ask, which may be found and which of those are relevant.

    Returns:
        Shape (queries, 3): precision among the first 5, among the first 10, and average precision, each 0 to 1.
    """
    return np.array([_scores(ranking[query], task, query) for query in task.queries]).reshape(-1, len(METRICS))


def precision(hits: NDArray[np.bool_], k: int) -> float:
    """Share of hits among the first k places; places beyond the end of a list are no hits."""
    return float(np.count_nonzero(hits[:k])) / k


def average_precision(hits: NDArray[np.bool_]) -> float:
    """Mean, over all hits, of the precision at the place of the hit; 0 where there is none.

    Source: Manning, Raghavan & Schütze, "Introduction to information retrieval" (2008), section 8.4.
    """
    places = np.flatnonzero(hits) + 1
    if not places.size:
        return 0.0
    return float(np.mean(np.arange(1, len(places) + 1) / places))


def _scores(order: NDArray[np.intp], task: Task, query: int) -> tuple[float, float, float]:
    allowed = order[task.candidates[query, order]]
    hits = task.relevant[query, allowed]
    return precision(hits, 5), precision(hits, 10), average_precision(hits)


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
