"""Ways in small steps: as good as trying everything, never a recording twice, two tracks of an artist at most."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.core.discover import journey
from indexer.core.discover.journey import PER_ARTIST, UNKNOWN, Ground, find_path, largest_step, longest

Points = NDArray[np.float64]


def ground_of(
    points: Points, artists: list[list[int]] | None = None, same: list[tuple[int, int]] | None = None
) -> Ground:
    """Points in space: the first is the start, the second the end."""
    steps = np.linalg.norm(points[:, np.newaxis] - points, axis=2).astype(np.float32)
    np.fill_diagonal(steps, np.inf)
    line = points[1] - points[0]
    share = ((points - points[0]) @ line / max(float(line @ line), 1e-9)).astype(np.float32)
    recordings = np.eye(len(points), dtype=bool)
    for one, other in same or []:
        recordings[one, other] = recordings[other, one] = True
    numbers = np.array([[UNKNOWN]] * len(points) if artists is None else artists, dtype=np.intp)
    return Ground(steps, share, recordings, numbers)


def line_of(count: int) -> Points:
    """Start at 0, end at `count` - 1, and everything between them in a row."""
    return np.array([[0.0], [count - 1.0], *([float(number)] for number in range(1, count - 1))])


def test_along_a_line_it_goes_from_one_to_the_next() -> None:
    ground = ground_of(line_of(9))
    assert find_path(ground, 9) == [0, 2, 3, 4, 5, 6, 7, 8, 1]
    path = find_path(ground, 5)
    assert path is not None
    assert largest_step(ground, path) == 2


def excess(seed: int, length: int) -> float:
    """How much larger the largest step is than that of the best of all ways there are over eight tracks."""
    ground = ground_of(np.random.default_rng(seed).normal(size=(8, 3)))
    best = min(largest_step(ground, [0, *inner, 1]) for inner in permutations(range(2, 8), length - 2))
    path = find_path(ground, length)
    assert path is not None
    return largest_step(ground, path) / best


@given(seed=st.integers(0, 10_000), length=st.integers(3, 6))
def test_of_a_few_tracks_the_largest_step_is_never_far_from_the_least_there_is(seed: int, length: int) -> None:
    assert excess(seed, length) <= journey.LOOSEST * journey.NARROW_COST


def test_of_a_few_tracks_the_largest_step_is_commonly_the_least_there_is() -> None:
    assert np.median([excess(seed, 5) for seed in range(40)]) <= 1.01


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), length=st.integers(5, 30), artists=st.integers(3, 60))
def test_the_rules_hold_on_any_ground(seed: int, length: int, artists: int) -> None:
    generator = np.random.default_rng(seed)
    count = int(generator.integers(4, 90))
    copies = [tuple(sorted(generator.choice(count, 2, replace=False).tolist())) for _ in range(count // 4)]
    numbers = generator.integers(UNKNOWN, artists, (count, 2))
    numbers[numbers[:, 0] == numbers[:, 1], 1] = UNKNOWN  # an artist is named once
    ground = ground_of(generator.normal(size=(count, 6)), numbers.tolist(), copies)
    path = find_path(ground, length)
    if path is None:
        return
    assert (len(path), path[0], path[-1]) == (length, 0, 1)
    assert len(set(path)) == length
    assert not ground.same[np.ix_(path[1:], path[1:])][np.triu_indices(length - 1, 1)].any()
    assert not ground.same[0, path[1:-1]].any()
    heard = Counter(ground.artists[path].ravel().tolist())
    del heard[UNKNOWN]
    ends = Counter(ground.artists[:2].ravel().tolist())
    assert all(number <= max(PER_ARTIST, ends[artist]) for artist, number in heard.items())


@settings(max_examples=30)
@given(st.integers(0, 1_000))
def test_it_beats_the_straight_line_and_chance(seed: int) -> None:
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(300, 8))
    ground = ground_of(points)
    path = find_path(ground, 8)
    assert path is not None
    targets = np.linspace(points[0], points[1], 8)[1:-1]
    straight = [int(row) for row in np.linalg.norm(points[2:] - targets[:, np.newaxis], axis=2).argmin(axis=1) + 2]
    by_chance = (generator.choice(298, 6, replace=False) + 2).tolist()
    if len(set(straight)) == len(straight):
        assert largest_step(ground, path) <= largest_step(ground, [0, *straight, 1]) + 1e-5
    assert largest_step(ground, path) < largest_step(ground, [0, *by_chance, 1])


def test_every_track_is_near_its_place_in_the_way() -> None:
    generator = np.random.default_rng(3)
    ground = ground_of(generator.normal(size=(400, 4)))
    path = find_path(ground, 10)
    assert path is not None
    places = np.arange(10) / 9
    assert np.abs(ground.share[path] - places).max() <= journey.WINDOWS[0]


def test_where_the_ends_are_not_connected_it_takes_the_least_leap() -> None:
    """Two heaps with nothing between them."""
    heap = np.random.default_rng(1).normal(size=(20, 2), scale=0.1)
    points = np.concatenate([[[0.0, 0.0]], [[50.0, 0.0]], heap, heap + np.array([50.0, 0.0])])
    ground = ground_of(points)
    path = find_path(ground, 8)
    assert path is not None
    leaps = sorted(float(ground.steps[one, other]) for one, other in pairwise(path))
    assert leaps[-1] > 45
    assert leaps[-2] < 2


@pytest.mark.parametrize(("artists", "length", "there_is_one"), [(3, 6, True), (3, 7, False), (1, 5, False)])
def test_two_tracks_of_an_artist_are_the_most(artists: int, length: int, there_is_one: bool) -> None:
    ground = ground_of(line_of(20), [[number % artists] for number in range(20)])
    assert longest(ground) == min(2 * artists, 20)
    assert (find_path(ground, length) is not None) == there_is_one


def test_a_version_of_an_end_is_not_on_the_way() -> None:
    ground = ground_of(line_of(6), same=[(0, 2), (1, 5)])
    path = find_path(ground, 4)
    assert path is not None
    assert not {2, 5} & set(path)
    assert find_path(ground, 5) is None


def test_the_same_ground_gives_the_same_way() -> None:
    points = np.random.default_rng(9).normal(size=(200, 5))
    assert find_path(ground_of(points), 12) == find_path(ground_of(points), 12)
