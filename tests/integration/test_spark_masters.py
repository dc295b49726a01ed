"""The same models and lists on one core, two cores and two executors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from indexer.home import Home
from indexer.model import Manifest, current_model_folder
from indexer.spark.errors import SparkFailed
from indexer.spark.policy import Join
from indexer.spark.session import spark_session
from indexer.store import open_database
from tests.integration.spark_library import TWO_CORES, Library, add_library, build

pytestmark = [pytest.mark.spark, pytest.mark.database]

MASTERS = (TWO_CORES, "local[1]", "local-cluster[2,1,1024]")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = Home.resolve(tmp_path_factory.mktemp("masters"))
    with open_database(home) as database:
        yield add_library(home, database)


@dataclass(frozen=True)
class Built:
    exact: Manifest
    lsh: Manifest


@pytest.fixture(scope="module")
def built(library: Library) -> dict[str, Built]:
    """Models by both joins on every master; one Spark after another, for a process can have but one."""
    found = {}
    for master in MASTERS:
        with spark_session(library.home, master):
            exact = build(library, lambda _: None, master=master)
            found[master] = Built(exact, build(library, lambda _: None, master=master, join=Join.LSH))
    return found


@pytest.mark.parametrize("master", MASTERS[1:])
def test_every_array_is_the_same_wherever_it_was_built(built: dict[str, Built], master: str) -> None:
    assert built[master].exact.files == built[TWO_CORES].exact.files
    assert built[master].lsh.files == built[TWO_CORES].lsh.files
    assert built[master].exact.id != built[TWO_CORES].exact.id


def test_a_master_that_is_not_there_is_named(library: Library, built: dict[str, Built]) -> None:
    before = current_model_folder(library.home, "sonic")
    with pytest.raises(SparkFailed, match=r"mesos://nowhere") as failure:
        build(library, lambda _: None, master="mesos://nowhere:5050")
    assert "spark.log" in failure.value.advice
    assert current_model_folder(library.home, "sonic") == before
