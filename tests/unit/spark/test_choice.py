"""The choice of hash tables on a sample."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.model.index.hashing import usual_hashes
from indexer.spark.choice import EXACT_UP_TO, Join, Setting, Trial, best_of, choose, decide


@pytest.mark.parametrize(("tracks", "hashes"), [(1, 1), (2, 1), (265, 5), (106_574, 14), (10**9, 20)])
def test_usual_hashes_grow_with_the_library(tracks: int, hashes: int) -> None:
    assert usual_hashes(tracks) == hashes


def test_the_fewest_candidates_win_among_those_good_enough() -> None:
    trials = [_trial(0.90, 0.01), _trial(0.97, 0.30), _trial(0.99, 0.20), _trial(1.0, 0.90)]
    assert best_of(trials, 0.95) is trials[2]


def test_where_none_is_good_enough_the_best_is_taken() -> None:
    trials = [_trial(0.5, 0.1), _trial(0.7, 0.6), _trial(0.7, 0.4)]
    assert best_of(trials, 0.95) is trials[2]


@pytest.mark.parametrize("tracks", [2, 12, 400])
def test_a_setting_is_chosen_for_libraries_of_any_size_and_twice_the_same(tracks: int) -> None:
    vectors = np.random.default_rng(0).normal(size=(tracks, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert choose(vectors, seed=1) == choose(vectors, seed=1)


def test_a_library_of_copies_has_a_setting() -> None:
    assert choose(np.zeros((50, 3), dtype=np.float32), seed=0).tables >= 1


def test_auto_is_exact_up_to_the_documented_size() -> None:
    assert decide(Join.AUTO, EXACT_UP_TO)[0] is Join.EXACT
    assert decide(Join.AUTO, EXACT_UP_TO + 1)[0] is Join.LSH
    assert decide(Join.EXACT, 10**7)[0] is Join.EXACT
    join, reason = decide(Join.LSH, 10)
    assert join is Join.LSH
    assert "as asked" in reason.english


def _trial(recall: float, share: float) -> Trial:
    return Trial(Setting(10, 8, 1.0), recall, share)
