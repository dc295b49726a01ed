"""Which setting of ALS is good: chosen by how well it ranks for listeners it has not seen, with RMSE printed beside it.

RMSE asks how well the counts of what was heard are told. Nothing that was not heard is in it, and only that can be
recommended: a model that says the same of every item may have a low RMSE and put nothing in order, and on real
histories settings with a lower RMSE rank worse. It is measured because the usual tutorials choose by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.sql import SparkSession

from indexer.core.taste.factors import Factors
from indexer.core.taste.held_out import HeldOut
from indexer.core.taste.histories import Histories
from indexer.spark.taste.als import AlsSetting, learn_factors

GRID = tuple(
    AlsSetting(rank, regularisation, alpha)
    for rank, regularisation, alpha in product((32, 64), (0.05, 0.5, 1.0), (1.0, 10.0, 40.0))
)
EXPLICIT_GRID = tuple(
    AlsSetting(rank, regularisation, alpha=0.0, logarithmic=False)
    for rank, regularisation in product((10, 50), (0.01, 0.1, 1.0))
)
"""What the usual tutorials try."""

_MOST_HELD_OUT = 200
_SHARE_HELD_OUT = 0.2
_FEWEST_HELD_OUT = 5


@dataclass(frozen=True)
class AlsTrial:
    """One setting, measured on listeners it was not learnt from.

    Attributes:
        setting: what was tried.
        ndcg: NDCG@100, mean over the listeners, 0 to 1.
        rmse: of predicted and true weights of what the listeners heard besides; in the unit of the weights.
        seconds: of learning.
    """

    setting: AlsSetting
    ndcg: float
    rmse: float
    seconds: float


def als_trials(
    spark: SparkSession,
    histories: Histories,
    settings: Iterable[AlsSetting],
    seed: int,
    on_trial: Callable[[AlsTrial], None] = lambda _: None,
) -> Sequence[AlsTrial]:
    """Learn by every setting from most listeners, and measure it on the others.

    Args:
        spark: the session.
        histories: of which a fifth of the listeners, 200 at most, are held out.
        settings: to try.
        seed: of the choice of listeners, of what is folded in, and of ALS.
        on_trial: told of each as it is measured.
    """
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(histories))
    count = min(_MOST_HELD_OUT, max(_FEWEST_HELD_OUT, int(len(histories) * _SHARE_HELD_OUT)))
    held, train = HeldOut.of(histories.of(order[:count]), draw), histories.of(order[count:])
    tried = []
    for setting in settings:
        started = time.perf_counter()
        factors = learn_factors(spark, train, setting, seed)
        seconds = round(time.perf_counter() - started, 3)
        scores = factors.scores(held.known)
        tried.append(
            AlsTrial(setting, float(held.ndcg(scores).mean()), _rmse(spark, factors, held.wanted, scores), seconds)
        )
        on_trial(tried[-1])
    return tried


def best_by_ndcg(tried: Sequence[AlsTrial]) -> AlsTrial:
    """The setting that ranks best."""
    return max(tried, key=lambda trial: trial.ndcg)


def best_by_rmse(tried: Sequence[AlsTrial]) -> AlsTrial:
    """The setting that tells counts best: what the usual tutorials choose."""
    return min(tried, key=lambda trial: trial.rmse)


def _rmse(spark: SparkSession, factors: Factors, wanted: Histories, scores: NDArray[np.float32]) -> float:
    """By Spark's RegressionEvaluator, of items that have factors, as `coldStartStrategy="drop"` has it."""
    known = factors.heard[wanted.items]
    told = scores[wanted.listeners_of_entries()[known], wanted.items[known]]
    true = factors.weights(wanted.plays[known])
    frame = spark.createDataFrame(
        pa.table({"prediction": pa.array(told.astype(np.float64)), "weight": pa.array(true.astype(np.float64))})
    )
    evaluator = RegressionEvaluator(metricName="rmse", labelCol="weight", predictionCol="prediction")
    return float(evaluator.evaluate(frame))
