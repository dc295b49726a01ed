"""A cluster that loses an executor while it learns finds what it would have found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import psutil
import pytest
from pyspark.sql import SparkSession

from indexer.core.home import Home
from indexer.core.taste.descent import LearningSetting, learning
from indexer.spark.session import spark_session
from indexer.spark.taste.als import AlsSetting, learn_factors
from indexer.spark.taste.autoencoder import learning_by_spark
from tests.integration.spark_taste.groups import histories_of_groups
from tests.spark_cluster import executors_start_fast, is_executor
from tests.waiting import wait_until

pytestmark = pytest.mark.spark

SMALL = AlsSetting(rank=6, regularisation=0.1, alpha=2.0, iterations=5)
SHORT = LearningSetting(hidden=8, block=40, blocks=3, steps=20, looks=1)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    home = Home.resolve(tmp_path_factory.mktemp("killed"))
    with (
        executors_start_fast(tmp_path_factory.mktemp("configuration")),
        spark_session(home, "local-cluster[2,1,1024]") as session,
    ):
        yield session


def test_a_killed_executor_changes_no_factor(cluster: SparkSession) -> None:
    histories = histories_of_groups()
    undisturbed = learn_factors(cluster, histories, SMALL, seed=0).items
    with killed_half_way(cluster) as killed:
        disturbed = learn_factors(cluster, histories, SMALL, seed=0).items
    assert killed
    np.testing.assert_allclose(disturbed, undisturbed, rtol=0, atol=1e-5)


def test_a_killed_executor_changes_no_weight(cluster: SparkSession) -> None:
    histories = histories_of_groups()
    [(_, undisturbed)] = learning(histories, SHORT, seed=0)
    with killed_half_way(cluster) as killed:
        [(_, disturbed)] = learning_by_spark(cluster, histories, SHORT, seed=0)
    assert killed
    for array, same in zip(undisturbed.arrays, disturbed.arrays, strict=True):
        np.testing.assert_allclose(same, array, rtol=0, atol=1e-5)


@contextmanager
def killed_half_way(spark: SparkSession) -> Iterator[list[int]]:
    """Kill -9 one executor as soon as ten jobs of the block have begun; its process id, once that has happened."""
    tracker = spark.sparkContext.statusTracker()
    before = len(tracker.getJobIdsForGroup())
    killed: list[int] = []

    def kill() -> None:
        wait_until(lambda: len(tracker.getJobIdsForGroup()) >= before + 10, "ten jobs have begun")
        victim = next(filter(is_executor, psutil.Process().children(recursive=True)))
        victim.kill()
        killed.append(victim.pid)

    watcher = threading.Thread(target=kill)
    watcher.start()
    yield killed
    watcher.join()
