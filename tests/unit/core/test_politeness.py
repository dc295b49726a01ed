"""How many threads arithmetic takes: in workers, in the window, and in what the window starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.analysis.pool import usable_cores
from indexer.core.politeness import ONE_THREAD, environment
from tests.conftest import REPOSITORY


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


def test_the_window_calculates_in_one_thread_and_its_indexer_as_it_likes(tmp_path: Path) -> None:
    code = f"""
import json, sys
from musicplayer.__main__ import main
loaded_before = "numpy" in sys.modules
main(["--home", {str(tmp_path)!r}, "--next"])  # no Segue runs there, so it ends at once
import numpy
from threadpoolctl import threadpool_info
from musicplayer.jobs.job_process import environment
indexer = environment(None)
print(json.dumps([
    loaded_before,
    [pool["num_threads"] for pool in threadpool_info()],
    indexer.value("OMP_NUM_THREADS"),
    indexer.contains("OPENBLAS_NUM_THREADS"),
]))
"""
    given = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**given, "OMP_NUM_THREADS": "3"}, cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded_before, pools, indexer_threads, limited = json.loads(told.stdout)
    assert not loaded_before
    assert pools
    assert set(pools) == {1}
    assert (indexer_threads, limited) == ("3", False)
