"""What a session's JVM is told of the machine it runs on."""

from __future__ import annotations

import pytest

from indexer.spark.session import _worker_environment


@pytest.mark.parametrize("master", ["local[*]", "local[2]", "local-cluster[2,1,1024]"])
def test_on_one_machine_its_name_need_not_be_known(master: str) -> None:
    assert _worker_environment(master)["SPARK_LOCAL_IP"] == "127.0.0.1"


@pytest.mark.parametrize("master", ["spark://host:7077", "yarn", "k8s://https://host:443"])
def test_on_a_cluster_it_is_reached_by_its_own_address(master: str) -> None:
    assert "SPARK_LOCAL_IP" not in _worker_environment(master)
