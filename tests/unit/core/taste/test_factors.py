from __future__ import annotations

import numpy as np
import pytest

from indexer.core.taste.factors import Factors
from indexer.core.taste.histories import Histories

ITEMS, RANK = 7, 3


@pytest.fixture
def items() -> np.ndarray:
    drawn = np.random.default_rng(0).normal(size=(ITEMS, RANK)).astype(np.float32)
    drawn[-1] = 0.0
    return drawn


def _row(items: list[int], plays: list[float]) -> Histories:
    return Histories.of_rows([(np.array(items, np.int32), np.array(plays, np.float32))], ITEMS)


def test_a_folded_in_listener_is_where_the_weighted_loss_is_least(items: np.ndarray) -> None:
    factors = Factors(items, regularisation=0.3, alpha=2.0)
    found = factors.fold_in(_row([1, 4], [3.0, 20.0]))[0].astype(np.float64)
    confidence, wanted = np.ones(ITEMS), np.zeros(ITEMS)
    confidence[[1, 4]] += 2.0 * np.log1p([3.0, 20.0])
    wanted[[1, 4]] = 1.0

    def loss(listener: np.ndarray) -> float:
        apart = wanted - items.astype(np.float64) @ listener
        return float((confidence * apart**2).sum() + 0.3 * 2 * (listener**2).sum())

    for step in np.random.default_rng(1).normal(size=(20, RANK)):
        assert loss(found) < loss(found + 0.01 * step)


def test_explicit_factors_tell_counts(items: np.ndarray) -> None:
    likes = np.array([1.0, -2.0, 0.5])
    plays = (items[:5].astype(np.float64) @ likes + 10.0).astype(np.float32)
    factors = Factors(np.concatenate([items, np.ones((ITEMS, 1), np.float32)], axis=1), 1e-6, 0.0, logarithmic=False)
    told = factors.scores(_row([0, 1, 2, 3, 4], plays.tolist()))[0, :5]
    np.testing.assert_allclose(told, plays, atol=1e-3)


def test_what_has_no_factors_says_nothing(items: np.ndarray) -> None:
    factors = Factors(items, 0.3, 1.0)
    assert not factors.fold_in(_row([6], [5.0])).any()
    np.testing.assert_array_equal(factors.fold_in(_row([1, 6], [2.0, 5.0])), factors.fold_in(_row([1], [2.0])))
    assert factors.heard.tolist() == [True] * 6 + [False]
