"""The ways of learning taste by Spark, all asked alike: learn from listeners, then score every item for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from indexer.core.taste.factors import Factors
from indexer.core.taste.histories import Histories
from indexer.spark.taste.als import AlsSetting, learn_factors
from indexer.spark.taste.choice import AlsTrial, als_trials, best_by_ndcg
from indexer.spark.taste.unheard import factors_of_unheard


@dataclass(frozen=True)
class Als:
    """Alternating least squares.

    Attributes:
        spark: the session.
        settings: to choose from; one is taken as it is.
        choose: of the settings tried on some of the listeners.
        on_trial: told of each setting that was tried.
    """

    spark: SparkSession
    settings: Sequence[AlsSetting] = (AlsSetting(),)
    choose: Callable[[Sequence[AlsTrial]], AlsTrial] = best_by_ndcg
    on_trial: Callable[[AlsTrial], None] = lambda _: None

    def fit(self, train: Histories, content: NDArray[np.float32] | None, seed: int) -> Factors:
        """Factors learnt of `train`; what nobody heard gets its own from `content`, shape (items, dims), if given."""
        if len(self.settings) == 1:
            setting = self.settings[0]
        else:
            setting = self.choose(als_trials(self.spark, train, self.settings, seed, self.on_trial)).setting
        factors = learn_factors(self.spark, train, setting, seed)
        if content is None:
            return factors
        return replace(factors, items=factors_of_unheard(self.spark, factors.items, {"content": content}))
