"""Worker processes survive what files do to them, and do not survive the program that started them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from indexer.analysis.pool import IN_FLIGHT_PER_WORKER, AnalysisPool, Job
from indexer.analysis.worker import Analysed, Failure, WorkerSettings
from indexer.core.tracks import ProblemKind, TrackId
from tests.integration.hostile import misbehave
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> WorkerSettings:
    return WorkerSettings(memory_limit_mb=512, cache=str(tmp_path_factory.mktemp("filters")))


@pytest.fixture
def pool(settings: WorkerSettings) -> Iterator[AnalysisPool]:
    with AnalysisPool(2, settings, time_limit=1.0, analyse=misbehave) as running:
        yield running


def outcomes(pool: AnalysisPool, names: list[str]) -> dict[str, Analysed | Failure]:
    for number, name in enumerate(names):
        pool.submit(Job(TrackId(str(number)), f"/music/{name}", ("classic",)))
    ended: dict[str, Analysed | Failure] = {}

    def all_ended() -> bool:
        ended.update((Path(job.path).name, outcome) for job, outcome in pool.finished(0.2))
        return pool.is_idle

    wait_until(all_ended, seconds=60)
    return ended


KINDS = {
    "hangs": ProblemKind.TIMEOUT,
    "crashes": ProblemKind.CRASHED,
    "devours": ProblemKind.MEMORY,
    "raises": ProblemKind.CRASHED,
}


def test_each_bad_file_takes_only_itself_down(pool: AnalysisPool) -> None:
    good = [f"song {number}" for number in range(6)]
    ended = outcomes(pool, ["hangs", *good[:2], "crashes", *good[2:4], "devours", "raises", *good[4:]])
    assert {name: ended[name].kind for name in KINDS if isinstance(ended[name], Failure)} == KINDS
    assert all(isinstance(ended[name], Analysed) for name in good)
    for name in KINDS:
        failure = ended[name]
        assert isinstance(failure, Failure)
        assert name in failure.message
        assert failure.advice


def test_a_bug_is_named(pool: AnalysisPool) -> None:
    failure = outcomes(pool, ["raises"])["raises"]
    assert isinstance(failure, Failure)
    assert failure.message == "raises could not be analysed (ZeroDivisionError: a bug)."


def test_room_is_bounded(pool: AnalysisPool) -> None:
    submitted = 0
    while pool.has_room_for():
        pool.submit(Job(TrackId(str(submitted)), "/music/hangs", ("classic",)))
        submitted += 1
    assert submitted == 2 * IN_FLIGHT_PER_WORKER


def test_workers_are_polite(pool: AnalysisPool) -> None:
    found = outcomes(pool, ["one"])["one"]
    assert isinstance(found, Analysed)
    worker = psutil.Process(int(found.features["classic"][0, 0]))
    assert worker.nice() >= 10
    if hasattr(psutil, "RLIMIT_AS"):
        assert worker.rlimit(psutil.RLIMIT_AS)[0] < 16 << 30


def test_leaving_stops_workers_at_once_even_busy_ones(settings: WorkerSettings) -> None:
    """Else this would stand still: the file goes on for ever, and may."""
    others = psutil.Process().children(recursive=True)
    with AnalysisPool(1, settings, time_limit=86_400.0, analyse=misbehave) as pool:
        pool.submit(Job(TrackId("1"), "/music/hangs", ()))
        wait_until(lambda: pool.running)
        children = [child for child in psutil.Process().children(recursive=True) if child not in others]
    assert children
    assert not [child for child in children if child.is_running() and "spawn_main" in " ".join(child.cmdline())]


ABANDON = """
import sys
from indexer.core.tracks import TrackId
from indexer.analysis.pool import AnalysisPool, Job
from indexer.analysis.worker import WorkerSettings
from tests.integration.hostile import misbehave
from tests.waiting import wait_until

if __name__ == "__main__":
    pool = AnalysisPool(2, WorkerSettings(512, sys.argv[1]), 600, misbehave)
    for number in range(4):
        pool.submit(Job(TrackId(str(number)), "/music/hangs", ()))
    wait_until(lambda: len(pool.running) == 2)
    print("busy", flush=True)
    sys.stdin.read()
"""


def test_workers_end_with_a_killed_parent(tmp_path: Path, settings: WorkerSettings) -> None:
    script = tmp_path / "abandon.py"
    script.write_text(ABANDON)
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, str(script), str(settings.cache)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, cwd=root, env={"PYTHONPATH": str(root)}) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"busy\n"
        workers = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert len(workers) >= 2
    assert alive == []
