"""Ties must never keep the order of the files, and near ties made by rounding are ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indexer.evaluation.ranking import rank_all, rank_rows


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
