"""Smoothing draws vectors together, one by one as all at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.model.smoothing import smoothed, smoothed_one


def unit_rows(count: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(seed=st.integers(0, 100), count=st.integers(1, 30))
def test_lengths_stay_one_and_all_equals_one_by_one(seed: int, count: int) -> None:
    vectors = unit_rows(count, seed)
    nearest = np.random.default_rng(seed).integers(-1, count, (count, 3))
    drawn = smoothed(vectors, nearest)
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)
    for row in range(count):
        alone = smoothed_one(vectors[row], vectors[nearest[row][nearest[row] >= 0]])
        assert np.allclose(alone, drawn[row], atol=1e-6)


def test_near_ones_draw_and_far_ones_do_not() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [-1, 0]], dtype=np.float32)
    drawn = smoothed(vectors, np.array([[1], [0], [0]]))
    assert drawn[0] @ drawn[1] > vectors[0] @ vectors[1]
    assert np.array_equal(drawn[2], vectors[2])


def test_without_neighbours_nothing_changes() -> None:
    vectors = unit_rows(4)
    assert np.allclose(smoothed(vectors, np.full((4, 3), -1)), vectors)
    assert np.allclose(smoothed_one(vectors[0], vectors[:0]), vectors[0])
    zero = np.zeros((1, 8), dtype=np.float32)
    assert np.array_equal(smoothed(zero, np.array([[0]])), zero)
