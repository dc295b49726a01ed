"""A hostile file costs no more than the worker that hears it: the files after it are analysed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from indexer.analysis.pool import AnalysisPool, Job
from indexer.analysis.worker import Analysed, Failure, WorkerSettings
from indexer.core.tracks import TrackId
from tests.bad_files import good
from tests.fuzz.audio import hostile_files


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Analysed | Failure]:
    """What one worker makes of every hostile file, with good ones first, between them and last."""
    folder = tmp_path_factory.mktemp("hostile")
    names: list[str] = []
    for number, (name, content) in enumerate(hostile_files().items()):
        (folder / name).write_bytes(content)
        names += [name] if number % 4 else [good(folder, f"good {number}.flac", seed=number).name, name]
    names.append(good(folder, "good at last.flac").name)
    outcomes: dict[str, Analysed | Failure] = {}
    settings = WorkerSettings(memory_limit_mb=512, cache=str(tmp_path_factory.mktemp("filters")))
    with AnalysisPool(1, settings, time_limit=60) as pool:
        waiting = [Job(TrackId(name), str(folder / name), ("classic",)) for name in names]
        deadline = time.monotonic() + 240
        while (waiting or not pool.is_idle) and time.monotonic() < deadline:
            while waiting and pool.has_room_for():
                pool.submit(waiting.pop(0))
            outcomes |= {Path(job.path).name: outcome for job, outcome in pool.finished(0.2)}
    return outcomes


def test_every_file_has_an_outcome(heard: dict[str, Analysed | Failure]) -> None:
    assert set(heard) >= set(hostile_files())


def test_good_files_among_them_are_analysed(heard: dict[str, Analysed | Failure]) -> None:
    among = {name: outcome for name, outcome in heard.items() if name.startswith("good")}
    assert len(among) > 3
    assert all(isinstance(outcome, Analysed) for outcome in among.values())


def test_what_cannot_be_heard_says_why(heard: dict[str, Analysed | Failure]) -> None:
    failures = [outcome for outcome in heard.values() if isinstance(outcome, Failure)]
    assert failures
    assert all(outcome.message and outcome.advice for outcome in failures)
