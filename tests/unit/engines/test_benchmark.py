"""The benchmark measures each engine in a process of its own and has a row also for one that cannot run."""

from __future__ import annotations

import math

import pytest

from indexer.commands.engines import result_record
from indexer.engines import ENGINES
from indexer.engines.benchmark import EngineResult, measure_engines
from indexer.engines.engine import Entry
from tests.unit.core.model.states import vectors


def measured(*names: str) -> list[EngineResult]:
    return list(measure_engines(vectors(200), [400], seed=0, names=names, queries=40))


def test_figures_of_an_engine() -> None:
    (result,) = measured("exact")
    assert (result.engine, result.tracks, result.dims, result.note) == ("exact", 400, 12, "")
    assert result.recall == 1.0
    assert 0 < result.p50_ms <= result.p99_ms
    assert result.queries_per_second > 0
    assert result.index_bytes > 400 * 12 * 4
    assert result.process_bytes >= 0


def test_an_engine_that_is_not_installed_has_a_row_that_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "scann", Entry("indexer.engines.scann", "Scann", "no_such_package", "scann"))
    result = measured("scann")[0]
    assert "pip install" in result.note
    assert math.isnan(result.recall)
    assert result_record(result)["recall"] is None


def test_an_engine_that_kills_its_process_has_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engines.benchmark.measure_here", suicide)
    assert "ended its process" in measured("exact")[0].note


def suicide(*_: object) -> EngineResult:
    import os

    os._exit(3)
