"""The one measure of nearness: its ends, its order, and that the size of a library changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.model import SimilarityModel
from indexer.core.model.nearness import COPY, nearness
from indexer.core.tracks import TrackId
from tests.unit.core.model import states

distances = st.floats(0, 100, allow_nan=False)
ends = st.tuples(distances, st.floats(1e-3, 100)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(ends)
def test_it_is_full_at_the_nearest_and_empty_at_a_typical_pair(ends: tuple[float, float]) -> None:
    nearest, typical = ends
    assert nearness(nearest, nearest, typical) == 1
    assert nearness(typical, nearest, typical) == 0
    least = max(nearest, typical / COPY)
    assert nearness(np.sqrt(least * typical), nearest, typical) == pytest.approx(0.5)


@given(st.lists(distances, min_size=2), ends)
def test_what_is_nearer_is_never_less_near(far: list[float], ends: tuple[float, float]) -> None:
    found = nearness(np.sort(np.array(far)), *ends)
    assert (np.diff(found) <= 0).all()
    assert (found >= 0).all()
    assert (found <= 1).all()


@given(distances, ends, st.floats(0.1, 10))
def test_the_unit_of_distances_does_not_matter(distance: float, ends: tuple[float, float], unit: float) -> None:
    assert nearness(distance * unit, ends[0] * unit, ends[1] * unit) == pytest.approx(
        nearness(distance, *ends), abs=1e-9
    )


@given(distances, distances)
def test_where_nothing_is_nearer_than_a_typical_pair_the_nearest_is_full_and_the_rest_empty(a: float, b: float) -> None:
    typical, nearest = sorted((a, b))
    assert nearness(nearest, nearest, typical) == 1
    assert nearness(nearest + 1, nearest, typical) == 0


def test_a_copy_leaves_the_rest_its_differences() -> None:
    found = nearness(np.array([0.0, 0.7, 1.0, 1.3]), 0.0, 2.0)
    assert found[0] == 1
    assert (np.diff(found) < -0.1).all()


def test_what_is_no_distance_has_no_nearness() -> None:
    assert np.isnan(nearness(np.nan, 1, 2))
    assert np.isnan(nearness(np.nan, 2, 1))
    assert nearness(np.inf, 1, 2) == 0


@pytest.mark.parametrize("tracks", [60, 1_500])
def test_a_model_tells_the_same_from_lists_and_pairs_in_any_size(tracks: int) -> None:
    rows = states.vectors(tracks, clusters=12)
    ids = [TrackId(f"{number:032x}") for number in range(tracks)]
    arrays = states.arrays(rows, ids, pool=50)
    model = SimilarityModel(states.manifest(arrays), arrays)
    found = model.similar(ids[3], tracks - 1)
    near = [neighbour.nearness for neighbour in found]
    assert near == sorted(near, reverse=True)
    assert near[0] == 1
    assert 0.3 < np.mean(np.array(near) > 0) < 0.7  # half of all pairs are nearer than a typical one
    assert model.between(ids[3], found[7].track) == found[7]
    assert model.between(ids[3], ids[3]).nearness == 1
    assert [neighbour.nearness for neighbour in model.similar(ids[3], 5)] == near[:5]
