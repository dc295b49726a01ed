"""Local scaling and what it is measured by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.model.index.exact import exact_lists
from indexer.core.model.scaling import hubness, local_scales, rescaled_lists, scaled, scaled_pair_distances
from tests.unit.core.model import states


def test_a_scale_is_the_mean_of_the_nearest() -> None:
    distances = np.array([[1, 2, 3, 10], [0, 0, 0, 0], [2, np.inf, np.inf, np.inf], [np.inf] * 4], dtype=np.float32)
    np.testing.assert_allclose(local_scales(distances, 3), [2, 1e-6, 2, 1], rtol=1e-6)
    assert local_scales(np.empty((2, 0), dtype=np.float32)).tolist() == [1, 1]


def test_scaling_divides_by_both_neighbourhoods() -> None:
    found = scaled(np.array([1.0, 1.0]), 4.0, np.array([1.0, 0.25], dtype=np.float32))
    assert found.tolist() == [0.5, 1.0]


@given(count=st.integers(2, 60), seed=st.integers(0, 100))
def test_lists_by_scaled_distance_are_those_of_a_full_sort(count: int, seed: int) -> None:
    rows = states.vectors(count, seed=seed)
    lists = exact_lists(rows, count)
    scales = local_scales(lists.distances)
    for row, found in enumerate(rescaled_lists(lists.rows, lists.distances, scales, 5)):
        ranked = scaled(np.linalg.norm(rows - rows[row], axis=1), scales[row], scales)
        ranked[row] = np.inf
        np.testing.assert_allclose(ranked[found], np.sort(ranked)[: min(5, count - 1)], rtol=1e-4)


def test_random_pairs_are_of_different_comparable_tracks() -> None:
    rows = states.vectors(10)
    rows[3] *= 1e6
    pairs = scaled_pair_distances(rows, np.ones(10, dtype=np.float32), np.array([0, 1, 2, 4, 5]), seed=1, count=500)
    assert len(pairs) == 500
    assert pairs[0] > 0
    assert pairs[-1] < 10
    assert np.all(np.diff(pairs) >= 0)
    assert not len(scaled_pair_distances(rows, np.ones(10, dtype=np.float32), np.array([4]), seed=1))


def test_even_lists_have_no_hubs() -> None:
    ring = np.array([[(row + 1) % 20, (row - 1) % 20] for row in range(20)])
    found = hubness(ring, 20, 2)
    assert (found.skewness, found.biggest, found.never, found.k) == (0, 2, 0, 2)


def test_a_hub_and_the_never_named_are_counted() -> None:
    star = np.array([[1, -1], *([[0, -1]] * 9)])
    found = hubness(star, 10)
    assert found.biggest == 9
    assert found.never == pytest.approx(0.8)
    assert found.skewness > 2


def test_tracks_that_cannot_be_named_do_not_count_as_never_named() -> None:
    lists = np.array([[1], [0], [0], [1]])
    found = hubness(lists, 4, comparable=np.array([True, True, False, True]))
    assert found.biggest == 2
    assert found.never == pytest.approx(1 / 3)


def test_local_scaling_takes_hubs_away() -> None:
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(400, 40)).astype(np.float32)
    plain = exact_lists(rows, 399)
    lists = rescaled_lists(plain.rows, plain.distances, local_scales(plain.distances), 10)
    assert hubness(lists, 400).skewness < 0.6 * hubness(plain.rows, 400).skewness
