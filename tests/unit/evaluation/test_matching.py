"""Finding a track by a part of it and by an altered copy."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.evaluation.matching import find_by_copy, find_by_part
from indexer.evaluation.ranking import rank_all


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
