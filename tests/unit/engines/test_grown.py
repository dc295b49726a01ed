"""Growth keeps what was given, its length and its shape, and is the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.engines.grown import grow_vectors, made_up_vectors
from tests.unit.core.model.states import vectors


def test_the_given_come_first_and_lengths_stay() -> None:
    given = vectors(50)
    grown = grow_vectors(given, 3_000, seed=1)
    assert grown.shape == (3_000, given.shape[1])
    assert grown.dtype == np.float32
    np.testing.assert_array_equal(grown[:50], given)
    np.testing.assert_allclose(np.linalg.norm(grown, axis=1), 1, atol=1e-5)
    assert len(np.unique(grown, axis=0)) == len(grown)


def test_vectors_of_other_lengths_are_not_normed() -> None:
    grown = grow_vectors(5 * vectors(50), 500, seed=1)
    assert np.linalg.norm(grown, axis=1).std() > 0.01


def test_grown_vectors_lie_near_given_ones_in_the_same_directions() -> None:
    flat = np.hstack([vectors(100, 6), np.zeros((100, 6), dtype=np.float32)])
    grown = grow_vectors(flat, 1_000, seed=0)
    assert np.abs(grown[:, 6:]).max() == 0
    nearest = np.sqrt(np.maximum(2 - 2 * (grown[100:] @ flat.T).max(axis=1), 0))
    assert np.median(nearest) < 0.7


def test_seed_decides() -> None:
    given = vectors(30)
    np.testing.assert_array_equal(grow_vectors(given, 90, seed=1), grow_vectors(given, 90, seed=1))
    assert not np.array_equal(grow_vectors(given, 90, seed=1), grow_vectors(given, 90, seed=2))


@pytest.mark.parametrize("given", [1, 2, 3])
def test_a_handful_of_vectors_is_enough(given: int) -> None:
    assert np.isfinite(grow_vectors(vectors(given), 40, seed=0)).all()


def test_fewer_than_given_are_a_sample() -> None:
    given = vectors(50)
    sample = grow_vectors(given, 20, seed=0)
    assert all((given == row).all(axis=1).any() for row in sample)


def test_made_up_vectors_are_unit_vectors_of_any_number() -> None:
    for count in (100, 2_500):
        made = made_up_vectors(count, seed=0, dims=16)
        assert made.shape == (count, 16)
        np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
