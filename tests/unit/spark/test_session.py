"""What a session's JVM is told of the machine it runs on, and what is told of its errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.spark.connector import PACKAGES_VARIABLE
from indexer.spark.session import configuration, first_line, worker_environment


@pytest.mark.parametrize("master", ["local[*]", "local[2]", "local-cluster[2,1,1024]", "spark://127.0.0.1:7077"])
def test_on_one_machine_its_name_need_not_be_known(master: str) -> None:
    assert worker_environment(master)["SPARK_LOCAL_IP"] == "127.0.0.1"


@pytest.mark.parametrize("master", ["spark://host:7077", "yarn", "k8s://https://host:443"])
def test_on_a_cluster_it_is_reached_by_its_own_address(master: str) -> None:
    assert "SPARK_LOCAL_IP" not in worker_environment(master)


def test_packages_are_put_on_the_class_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert configuration("yarn", tmp_path).get("spark.jars.packages") is None
    monkeypatch.setenv(PACKAGES_VARIABLE, "org.example:one:1")
    assert configuration("yarn", tmp_path).get("spark.jars.packages") == "org.example:one:1"


def test_a_sentence_of_ours_that_ended_a_task_is_the_message() -> None:
    quoted = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "/opt/spark/indexer.zip/indexer/core/store/connection.py", line 40, in translated
    raise DatabaseUnavailable(message, advice) from error
indexer.core.store.faults.DatabaseUnavailable: The database at db1:27017 does not answer.
"""
    assert first_line(RuntimeError(quoted)) == "The database at db1:27017 does not answer."
    missing = quoted.replace("indexer.core.store.faults.DatabaseUnavailable", "ModuleNotFoundError")
    assert first_line(RuntimeError(missing)).startswith("ModuleNotFoundError: The database")
    assert first_line(RuntimeError("\n  Job aborted.  \nmore")) == "Job aborted."
    assert first_line(RuntimeError("")) == "RuntimeError"
