"""Rankings: ties never keep the order of the files, scores equal figures by hand and by loops, copies are found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indexer.evaluation.labels import Codes
from indexer.evaluation.ranking import (
    average_precision,
    find_by_copy,
    find_by_part,
    precision,
    query_scores,
    rank_all,
    rank_rows,
)
from indexer.evaluation.tasks import Task, tasks_of


def test_nearest_first_and_never_itself() -> None:
    distances = np.array([[0.0, 3.0, 1.0, 2.0], [3.0, 0.0, 1.0, 2.0], [5.0, 4.0, 0.0, 6.0], [1.0, 2.0, 3.0, 9.0]])
    assert rank_all(distances, 0).tolist() == [[2, 3, 1], [2, 3, 0], [1, 0, 3], [0, 1, 2]]


def test_equal_distances_are_shuffled_anew_for_every_row() -> None:
    ranking = rank_all(np.ones((200, 200)), 0)
    # Were file order kept, the first place of nearly all rows would be row 0.
    counts = np.bincount(ranking[:, 0], minlength=200)
    assert counts.max() < 10
    assert np.count_nonzero(np.diff(ranking[:, :10], axis=1) == 1) < 60


def test_the_same_seed_gives_the_same_order_and_another_another() -> None:
    ones = np.ones((50, 50))
    assert np.array_equal(rank_all(ones, 3), rank_all(ones, 3))
    assert not np.array_equal(rank_all(ones, 3), rank_all(ones, 4))


def test_rounding_errors_that_grow_with_the_position_are_ties() -> None:
    distances = np.ones((300, 300)) + np.arange(300) * 1e-12
    first = rank_all(distances, 0)[:, 0]
    assert first.mean() == pytest.approx(150, abs=25)


def test_what_is_no_number_or_infinite_comes_last() -> None:
    order = rank_rows(np.array([[np.nan, 2.0, np.inf, 1.0]]), 0)[0]
    assert order[:2].tolist() == [3, 1]


@pytest.mark.parametrize("value", [0.0, np.inf, np.nan])
def test_nothing_but_one_value_is_chance(value: float) -> None:
    ranking = rank_all(np.full((60, 60), value), 1)
    assert len(set(ranking[:, 0])) > 20


@given(
    arrays(np.float64, (7, 7), elements=st.floats(0, 1e6) | st.sampled_from([np.inf, np.nan])),
    st.integers(0, 2**31),
)
def test_every_row_holds_every_other_once(distances: np.ndarray, seed: int) -> None:
    ranking = rank_all(distances, seed)
    for row, order in enumerate(ranking):
        assert sorted(order) == [index for index in range(7) if index != row]


@given(arrays(np.float64, (5, 9), elements=st.integers(0, 6).map(float), unique=False))
def test_the_order_is_that_of_the_distances(distances: np.ndarray) -> None:
    for values, order in zip(distances, rank_rows(distances, 0), strict=True):
        assert np.all(np.diff(values[order]) >= 0)


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


def line(*places: float) -> np.ndarray:
    points = np.array(places)
    return np.abs(points[:, np.newaxis] - points)


def test_parts_that_lie_together_are_found() -> None:
    found = find_by_part(line(0, 1, 100, 101, 200, 150), np.array([0, 0, 1, 1, 2, 2]), 0)
    # The part at 200 finds its other half at 150, and that finds the one at 101.
    assert found.first == pytest.approx(5 / 6)
    assert found.chance == pytest.approx(1 / 5)
    assert found.parts == 6


def test_parts_that_are_all_alike_are_found_by_chance() -> None:
    owners = np.repeat(np.arange(100), 3)
    found = find_by_part(np.ones((300, 300)), owners, 0)
    assert found.first < 0.05


def test_a_copy_finds_its_original_and_its_neighbours() -> None:
    distances = line(*range(30))
    ranking = rank_all(distances, 0)
    same = find_by_copy(distances[[3, 17]], np.array([3, 17]), ranking, "nothing", 0)
    assert (same.first, same.median_rank, same.mean_rank, same.clips) == (1.0, 1.0, 1.0, 2)
    assert same.overlap > 0.85  # the tenth of a list may be a tie


def test_a_copy_that_sounds_like_another_clip_is_ranked_below_it() -> None:
    distances = np.array([[2.0, 1.0, 9.0, 9.5, 8.0]])
    found = find_by_copy(distances, np.array([2]), rank_all(line(*range(5)), 0), "swapped", 0)
    assert found.first == 0.0
    assert found.mean_rank == 4.0
