"""Precision and average precision against figures computed by hand and by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluation.labels import Codes
from indexer.evaluation.metrics import average_precision, precision, query_scores
from indexer.evaluation.ranking import rank_all
from indexer.evaluation.tasks import Task, tasks_of


def hits(text: str) -> np.ndarray:
    return np.array([letter == "x" for letter in text])


def test_average_precision_by_hand() -> None:
    assert average_precision(hits("x.x..")) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision(hits("....x")) == pytest.approx(1 / 5)
    assert average_precision(hits("xxx")) == 1.0
    assert average_precision(hits("...")) == 0.0


def test_precision_counts_places_beyond_the_end_as_misses() -> None:
    assert precision(hits("x.x.x.x"), 5) == pytest.approx(3 / 5)
    assert precision(hits("xx"), 5) == pytest.approx(2 / 5)


@given(st.lists(st.booleans(), max_size=30))
def test_average_precision_by_brute_force(flags: list[bool]) -> None:
    found, total = 0, 0.0
    for place, flag in enumerate(flags, start=1):
        if flag:
            found += 1
            total += found / place
    assert average_precision(np.array(flags, dtype=bool)) == pytest.approx(total / found if found else 0.0)


labels = st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=3, max_size=12)


@given(labels, st.integers(0, 1000))
def test_scores_equal_a_ranking_by_loops(rows: list[tuple[int, int, int]], seed: int) -> None:
    codes = Codes(*(np.array(column) for column in zip(*rows, strict=True)))
    distances = np.random.default_rng(seed).random((len(rows), len(rows)))
    ranking = rank_all(distances, seed)
    for task in tasks_of(codes):
        scores = query_scores(ranking, task)
        for query, score in zip(task.queries, scores, strict=True):
            assert score == pytest.approx(by_loops(distances[query], task, query))


def by_loops(distances: np.ndarray, task: Task, query: int) -> tuple[float, float, float]:
    allowed = [row for row in range(len(distances)) if task.candidates[query, row]]
    order = sorted(allowed, key=lambda row: distances[row])
    right = [bool(task.relevant[query, row]) for row in order]
    precisions = [sum(right[:place]) / place for place in range(1, len(right) + 1) if right[place - 1]]
    return sum(right[:5]) / 5, sum(right[:10]) / 10, sum(precisions) / len(precisions)


def test_a_method_that_finds_everything_equally_far_is_at_chance() -> None:
    """40 artists of 5 clips, lying side by side as files do: chance for P@5 is 4 / 199."""
    artist = np.repeat(np.arange(40), 5)
    task = tasks_of(Codes(artist, artist, artist))[0]
    scores = [query_scores(rank_all(np.ones((200, 200)), seed), task)[:, 0].mean() for seed in range(5)]
    assert np.mean(scores) == pytest.approx(4 / 199, abs=0.006)


def test_a_perfect_method_finds_everything() -> None:
    artist = np.repeat(np.arange(10), 6)
    task = tasks_of(Codes(artist, artist, artist))[0]
    distances = np.where(artist[:, np.newaxis] == artist, 0.1, 1.0)
    assert query_scores(rank_all(distances, 0), task).mean(axis=0) == pytest.approx([1.0, 0.5, 1.0])
