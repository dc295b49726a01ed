"""Our profiles as methods, on features whose structure is known."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from indexer.core.model.profiles import CLASSIC, SONIC, Profile
from indexer.evaluation.methods import Comparison
from indexer.evaluation.profile_method import ProfileMethod
from indexer.evaluation.ranking import rank_all

GROUPS, EACH = 6, 5


def library(profile: Profile, seed: int = 0) -> list[np.ndarray]:
    """Clips of six groups, each near the group's own centre."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(GROUPS, profile.dims))
    noise = generator.normal(scale=0.3, size=(GROUPS * EACH, profile.windows, profile.dims))
    return list((np.repeat(centres, EACH, axis=0)[:, np.newaxis] + noise).astype(np.float32))


@cache
def compared(profile: Profile) -> Comparison:
    """The library learnt from and compared, which takes seconds, once for all tests."""
    return ProfileMethod(profile).compare(library(profile), 0)


@pytest.mark.parametrize("profile", [SONIC, CLASSIC])
def test_clips_of_a_group_are_nearest(profile: Profile) -> None:
    comparison = compared(profile)
    group = np.repeat(np.arange(GROUPS), EACH)
    assert np.all(group[rank_all(comparison.distances, 0)[:, : EACH - 1]] == group[:, np.newaxis])


@pytest.mark.parametrize("profile", [SONIC, CLASSIC])
def test_a_copy_from_outside_finds_its_original_and_then_its_group(profile: Profile) -> None:
    comparison = compared(profile)
    order = np.argsort(comparison.distances_to(library(profile)[7:8])[0])
    assert order[0] == 7
    assert set(order[:EACH]) == set(range(5, 5 + EACH))


def test_local_scaling_is_for_our_own_profile_only() -> None:
    assert compared(SONIC).indexed is not None
    assert compared(CLASSIC).indexed is None
    distances = compared(SONIC).distances
    assert distances == pytest.approx(distances.T, rel=1e-5)


def test_parts_are_the_windows_and_find_their_clip() -> None:
    method, clips = ProfileMethod(SONIC), library(SONIC)
    parts = [tuple(window[np.newaxis] for window in clip) for clip in clips]
    distances = method.compare_parts(parts, clips, 0)
    assert distances.shape == (len(clips) * SONIC.windows,) * 2
    group = np.repeat(np.arange(GROUPS), EACH * SONIC.windows)
    assert np.mean(group[rank_all(distances, 0)[:, 0]] == group) > 0.95
