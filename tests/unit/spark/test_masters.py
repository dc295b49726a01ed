"""What a master's address says about where its executors are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from indexer.core.store import Database
from indexer.spark.masters import (
    MASTER_VARIABLE,
    DatabaseOutOfReach,
    chosen_master,
    extraction_master,
    is_loopback,
    is_on_this_machine,
    require_reach,
)

HERE = ("local", "local[*]", "local-cluster[2,1,1024]", "spark://127.0.0.1:7077", "spark://[::1]:7077")
ELSEWHERE = ("spark://head:7077", "spark://127.0.0.1:7077,head:7077", "yarn", "k8s://https://127.0.0.1:6443")


@dataclass
class Address:
    """As much of a database as is asked."""

    address: str
    is_managed: bool = False


def of(address: str, *, managed: bool = False) -> Database:
    return cast("Database", Address(address, managed))


@pytest.mark.parametrize(("setting", "extraction"), [("", None), ("local[2]", None), ("yarn", "yarn")])
def test_files_are_analysed_on_a_cluster_of_the_setting(
    monkeypatch: pytest.MonkeyPatch, setting: str, extraction: str | None
) -> None:
    monkeypatch.setenv(MASTER_VARIABLE, setting)
    assert extraction_master() == extraction
    assert chosen_master() == (setting or "local[*]")


def test_a_master_that_is_asked_for_goes_before_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MASTER_VARIABLE, "yarn")
    assert extraction_master("local[2]") == chosen_master("local[2]") == "local[2]"


@pytest.mark.parametrize("master", HERE)
def test_nothing_of_it_runs_elsewhere(master: str) -> None:
    assert is_on_this_machine(master)
    require_reach(of("127.0.0.1:27017", managed=True), master)


@pytest.mark.parametrize("master", ELSEWHERE)
@pytest.mark.parametrize("address", ["127.0.0.1:27017", "localhost", "db1:27017, localhost:27018", "::1"])
def test_executors_elsewhere_would_look_for_the_database_on_their_own_machine(master: str, address: str) -> None:
    assert not is_on_this_machine(master)
    with pytest.raises(DatabaseOutOfReach) as refused:
        require_reach(of(address), master)
    assert address in refused.value.message
    assert master in refused.value.message
    assert "SEGUE_MONGODB_URI" in refused.value.advice


@pytest.mark.parametrize("master", ELSEWHERE)
def test_a_database_that_everyone_reaches_is_fine_but_never_the_managed_one(master: str) -> None:
    require_reach(of("db1.example.net:27017, db2.example.net:27017"), master)
    with pytest.raises(DatabaseOutOfReach):
        require_reach(of("db1.example.net:27017", managed=True), master)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1:1", "localhost:7077", "LOCALHOST", "[::1]:7077", "::1"])
def test_loopback(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["10.0.0.1", "head", "localhost.example.net:1", "0.0.0.0:1", ""])
def test_not_loopback(address: str) -> None:
    assert not is_loopback(address)
