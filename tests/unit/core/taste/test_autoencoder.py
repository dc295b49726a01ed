"""The autoencoder: its loss by hand, its gradient by small differences, and what it learns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from indexer.core.taste.autoencoder import Autoencoder, mean_gradient
from indexer.core.taste.descent import LearningSetting, learning
from indexer.core.taste.histories import Histories

ITEMS, HIDDEN = 9, 4
GROUPS, PER_GROUP = 3, 15
SMALL = LearningSetting(hidden=16, rate=1e-2, block=10, blocks=2, steps=200, looks=4)


@pytest.fixture
def rows() -> Histories:
    heard = ([0, 2, 5], [1, 2, 3, 7], [5])
    return Histories.of_rows([(np.array(items, np.int32), np.ones(len(items), np.float32)) for items in heard], ITEMS)


@pytest.fixture
def exact() -> Autoencoder:
    """In double precision, so that small differences are not rounded away; nothing else differs."""
    draw = np.random.default_rng(0)
    shapes = ((ITEMS, HIDDEN), (HIDDEN,), (ITEMS, HIDDEN), (ITEMS,))
    return Autoencoder(*(draw.normal(size=shape) for shape in shapes))


def of_groups(listeners: int, seed: int, shown: int = 8) -> Histories:
    """Listeners who heard some of the items of their group and nothing else."""
    draw = np.random.default_rng(seed)
    rows = [np.sort(draw.permutation(PER_GROUP)[:shown]) + PER_GROUP * (i % GROUPS) for i in range(listeners)]
    return Histories.of_rows(
        [(row.astype(np.int32), np.ones(row.size, np.float32)) for row in rows], GROUPS * PER_GROUP
    )


def test_the_loss_is_that_of_draws_from_one_distribution(exact: Autoencoder, rows: Histories) -> None:
    expected = 0.0
    for listener in range(len(rows)):
        items = rows.row(listener)[0]
        heard = np.zeros(ITEMS)
        heard[items] = 1.0 / np.sqrt(items.size)
        scores = np.tanh(heard @ exact.inward + exact.inward_bias) @ exact.outward.T + exact.outward_bias
        expected -= np.log(np.exp(scores) / np.exp(scores).sum())[items].sum()
        told = exact.scores(rows)[listener]
        np.testing.assert_allclose(told - told[0], scores - scores[0], atol=1e-5)
    assert exact.gradient(rows).loss == pytest.approx(expected, rel=1e-6)


def test_the_gradient_is_that_of_small_differences(exact: Autoencoder, rows: Histories) -> None:
    kept = np.array([True, False, True, True, True, False, True, True])
    found = mean_gradient([exact.gradient(rows, kept, keep=0.5)])[1]
    assert not found.inward[[3, 4, 6, 8]].any()  # shown of nobody
    for weights, slopes in zip(exact.arrays, found.arrays, strict=True):
        for place in np.ndindex(weights.shape):
            before, losses = weights[place], []
            for moved in (1e-5, -1e-5):
                weights[place] = before + moved
                losses.append(exact.gradient(rows, kept, keep=0.5).loss / len(rows))
            weights[place] = before
            assert slopes[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-6)


def test_parts_add_up_to_the_whole(exact: Autoencoder, rows: Histories) -> None:
    loss, whole = mean_gradient([exact.gradient(rows)])
    parted_loss, parted = mean_gradient([exact.gradient(rows.of([0])), exact.gradient(rows.of([1, 2]))])
    assert parted_loss == pytest.approx(loss)
    for one, other in zip(whole.arrays, parted.arrays, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_listeners_it_has_not_seen_get_the_rest_of_their_group() -> None:
    *_, (steps, learnt) = learning(of_groups(90, seed=1), SMALL, seed=3)
    assert steps == SMALL.steps
    asked = of_groups(30, seed=2)
    scores = learnt.scores(asked)
    scores[asked.listeners_of_entries(), asked.items] = -np.inf
    best = np.argsort(-scores, axis=1)[:, : PER_GROUP - 8]
    assert (best // PER_GROUP == np.arange(30)[:, np.newaxis] % GROUPS).mean() > 0.95
    assert all(array.dtype == np.float32 for array in learnt.arrays)


def test_the_same_seed_learns_the_same_and_what_was_looked_at_stays() -> None:
    histories = of_groups(40, seed=1)
    short = replace(SMALL, steps=20)
    looked = list(learning(histories, short, seed=3))
    again = list(learning(histories, short, seed=3))
    assert [steps for steps, _ in looked] == [5, 10, 15, 20]
    np.testing.assert_array_equal(looked[-1][1].outward, again[-1][1].outward)
    assert not np.array_equal(looked[0][1].outward, looked[1][1].outward)
    assert not np.array_equal(looked[-1][1].outward, list(learning(histories, short, seed=4))[-1][1].outward)


def test_of_nobody_nothing_is_learnt_and_every_question_is_answered() -> None:
    silent = Histories.of_rows([(np.empty(0, np.int32), np.empty(0, np.float32))], ITEMS)
    [(steps, learnt)] = learning(silent, SMALL, seed=0)
    assert steps == 0
    assert np.isfinite(learnt.scores(silent)).all()
