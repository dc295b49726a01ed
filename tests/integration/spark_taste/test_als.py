"""Factors by a real Spark: what NumPy makes of them, how a setting is chosen, and what is told of unheard items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from indexer.core.taste.factors import Factors
from indexer.core.taste.histories import Histories
from indexer.spark.taste.als import (
    EXPLICIT,
    AlsSetting,
    als_pipeline,
    entries_frame,
    factors_of,
    learn_factors,
    weighted,
)
from indexer.spark.taste.choice import als_trials, best_by_ndcg, best_by_rmse
from indexer.spark.taste.unheard import factors_of_unheard
from tests.integration.spark_taste.groups import GROUPS, ITEMS, PER_GROUP, histories_of_groups

pytestmark = pytest.mark.spark

SMALL = AlsSetting(rank=6, regularisation=0.1, alpha=2.0)


@pytest.fixture(scope="module")
def histories() -> Histories:
    return histories_of_groups()


@pytest.mark.parametrize("setting", [SMALL, replace(EXPLICIT, rank=4)], ids=str)
def test_a_listener_who_was_there_is_folded_in_as_spark_has_it(
    spark: SparkSession, histories: Histories, setting: AlsSetting
) -> None:
    model = als_pipeline(setting, 2, seed=3).fit(weighted(entries_frame(spark, histories), setting))
    items = factors_of(model, "item", ITEMS)
    factors = Factors(items, setting.regularisation, setting.alpha, setting.logarithmic)
    listeners = factors_of(model, "listener", len(histories))
    np.testing.assert_allclose(factors.fold_in(histories), listeners, atol=2e-5)
    np.testing.assert_array_equal(learn_factors(spark, histories, setting, seed=3).items, items)


def test_settings_are_measured_on_others_and_chosen_by_how_they_rank(spark: SparkSession, histories: Histories) -> None:
    held_down = replace(SMALL, rank=1, regularisation=50.0)
    tried = als_trials(spark, histories, (held_down, SMALL), seed=0)
    assert [trial.setting for trial in tried] == [held_down, SMALL]
    assert tried[1].ndcg > tried[0].ndcg + 0.05
    assert best_by_ndcg(tried).setting == SMALL
    assert best_by_rmse(tried).rmse == min(trial.rmse for trial in tried) > 0


def test_what_nobody_heard_is_told_from_content(spark: SparkSession, histories: Histories) -> None:
    unheard = np.arange(ITEMS) % PER_GROUP == 0
    rows = [histories.row(listener) for listener in range(len(histories))]
    known = Histories.of_rows([(items[~unheard[items]], plays[~unheard[items]]) for items, plays in rows], ITEMS)
    content = np.repeat(np.eye(GROUPS, dtype=np.float32), PER_GROUP, axis=0)
    noise = np.random.default_rng(1).normal(0, 0.3, size=(ITEMS, 3)).astype(np.float32)
    learnt = learn_factors(spark, known, SMALL, seed=0)
    both = {"content": np.concatenate([content, noise], axis=1)}
    scorer = replace(learnt, items=factors_of_unheard(spark, learnt.items, both, 3.0))
    scores = scorer.scores(known)[:, unheard]
    assert (scores.argmax(axis=1) == np.arange(len(known)) % GROUPS).mean() > 0.9
    without = learnt.items
    assert not without[unheard].any()
    np.testing.assert_array_equal(scorer.items[~unheard], without[~unheard])
    blocks = {"sound": content, "words": noise}
    np.testing.assert_allclose(
        factors_of_unheard(spark, without, blocks, 2.0), _by_normal_equations(without, blocks, 2.0), atol=1e-5
    )


def _by_normal_equations(
    factors: NDArray[np.float32], blocks: dict[str, NDArray[np.float32]], penalty: float
) -> NDArray[np.float64]:
    heard = factors.any(axis=1)
    apart = [block.astype(np.float64) - block[heard].mean(axis=0) for block in blocks.values()]
    content = np.concatenate([block / np.sqrt(np.mean(block[heard] ** 2)) for block in apart], axis=1)
    target = factors[heard] - factors[heard].mean(axis=0)
    own = content[heard]
    weights = np.linalg.solve(own.T @ own + penalty * np.eye(own.shape[1]), own.T @ target)
    told = content @ weights + factors[heard].mean(axis=0)
    return np.where(heard[:, np.newaxis], factors, told)
