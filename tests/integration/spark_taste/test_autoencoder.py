"""The autoencoder by a real Spark: the same steps as in one process, on cores of this machine and on a cluster."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.home import Home
from indexer.core.taste.descent import LearningSetting, learning
from indexer.spark.session import spark_session
from indexer.spark.taste.autoencoder import learning_by_spark
from tests.integration.spark_taste.groups import GROUPS, PER_GROUP, histories_of_groups, of_group

pytestmark = pytest.mark.spark

SMALL = LearningSetting(hidden=16, rate=3e-2, block=20, blocks=3, steps=14, looks=2)


@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_the_same_is_learnt_as_in_one_process(tmp_path_factory: pytest.TempPathFactory, master: str) -> None:
    histories = histories_of_groups()
    here = list(learning(histories, SMALL, seed=3))
    with spark_session(Home.resolve(tmp_path_factory.mktemp("autoencoder")), master) as spark:
        there = list(learning_by_spark(spark, histories, SMALL, seed=3))
    assert [steps for steps, _ in there] == [steps for steps, _ in here] == [7, 14]
    for (_, one), (_, other) in zip(here, there, strict=True):
        for array, same in zip(one.arrays, other.arrays, strict=True):
            np.testing.assert_allclose(same, array, rtol=0, atol=1e-5)
    best = np.argsort(-there[-1][1].scores(histories), axis=1)[:, :PER_GROUP]
    assert (of_group(best) == np.arange(len(histories))[:, np.newaxis] % GROUPS).mean() > 0.9
