"""Precision among the first k, and average precision, of rankings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.evaluation.ranking import Ranking
from indexer.evaluation.tasks import Task

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
