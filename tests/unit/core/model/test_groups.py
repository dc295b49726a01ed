"""Groups of tracks as vectors: what is near, and that no group is near to everything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.model.groups import GroupSpace, Membership, group_vectors
from indexer.core.model.scaling import hubness
from tests.unit.core.model import states

GROUPS = 40


def members_of(owners: list[int], count: int) -> Membership:
    return Membership(np.array(owners, dtype=np.intp), np.arange(len(owners)), count)


def test_a_group_is_the_direction_of_its_tracks_and_a_single_track_is_itself() -> None:
    rows = states.vectors(5)
    found = group_vectors(rows, members_of([0, 0, 0, 1, 3], 4))
    mean = rows[:3].mean(axis=0)
    assert found[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert found[1] == pytest.approx(rows[3], abs=1e-6)
    assert not found[2].any()
    assert 2 not in GroupSpace(found)


def test_the_nearest_are_those_of_all_distances_and_never_the_group_itself() -> None:
    space = GroupSpace(states.vectors(GROUPS))
    whole = GroupSpace(states.vectors(GROUPS)).distances()
    for group in (0, 7, 39):
        found, distances = space.nearest(group, 10)
        assert found.tolist() == np.argsort(whole[group], kind="stable")[:10].tolist()
        assert distances == pytest.approx(whole[group, found], rel=1e-4)
        assert group not in found.tolist()


def test_what_is_not_allowed_or_has_no_vector_is_not_found_and_changes_no_distance() -> None:
    vectors = states.vectors(GROUPS)
    vectors[4] = 0
    space, allowed = GroupSpace(vectors), np.arange(GROUPS) % 2 == 0
    found, distances = space.nearest(0, GROUPS, allowed)
    every, all_distances = space.nearest(0, GROUPS)
    assert sorted(found.tolist()) == [group for group in range(2, GROUPS, 2) if group != 4]
    assert set(every.tolist()) == set(range(1, GROUPS)) - {4}
    assert set(distances.tolist()) <= set(all_distances.tolist())
    assert not len(space.nearest(4, 5)[0])


def test_one_group_alone_is_near_to_nothing() -> None:
    assert not len(GroupSpace(states.vectors(1)).nearest(0, 3)[0])
    assert np.isinf(GroupSpace(states.vectors(1)).distances()).all()


def test_large_groups_are_no_hubs() -> None:
    """Means of many tracks lie in the middle; by plain distance they would be in nearly every list."""
    generator = np.random.default_rng(3)
    sizes = [1] * 150 + [60] * 6
    owners = np.repeat(np.arange(len(sizes)), sizes)
    drawn = generator.normal(size=(len(owners), 24)) + 0.6
    tracks = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    vectors = group_vectors(tracks, members_of(owners.tolist(), len(sizes)))
    plain = 1 - vectors @ vectors.T
    np.fill_diagonal(plain, np.inf)
    before, after = (
        hubness(np.argsort(distances, axis=1)[:, :10], len(sizes), 10)
        for distances in (plain, GroupSpace(vectors).distances())
    )
    assert before.skewness > 3
    assert after.skewness < before.skewness / 2
    assert after.biggest < before.biggest / 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(0, 2**16))
def test_any_dealing_of_tracks_gives_lists_in_order(owners: list[int], seed: int) -> None:
    space = GroupSpace(group_vectors(states.vectors(len(owners), seed=seed), members_of(owners, 10)))
    for group in range(10):
        found, distances = space.nearest(group, 20)
        assert len(set(found.tolist()) | {group}) == len(found) + 1
        assert (np.diff(distances) >= 0).all()
        assert np.isfinite(distances).all()
        assert set(found.tolist()) <= set(owners)
