"""The environment of worker processes is set and put back."""

from __future__ import annotations

import os

import pytest

from indexer.politeness import ONE_THREAD, environment
from indexer.pool import usable_cores


def test_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    with environment(ONE_THREAD):
        assert {os.environ[name] for name in ONE_THREAD} == {"1"}
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "MKL_NUM_THREADS" not in os.environ


def test_environment_is_put_back_after_an_error() -> None:
    before = dict(os.environ)
    with pytest.raises(KeyError), environment({"SEGUE_TEST_ONLY": "1"}):
        raise KeyError
    assert dict(os.environ) == before


def test_there_is_a_core_to_use() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
