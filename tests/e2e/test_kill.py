"""Kill -9 of the indexer at random moments: the next build goes on, with nothing lost and nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from indexer.core.events import Progress, Stage, decode
from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.store import open_database
from tests.e2e.shell import run_json, start

pytestmark = [pytest.mark.database, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")]

KILLS = 5
WORKERS = 2


def test_killed_five_times_then_complete(home: Home, demo_folder: Path) -> None:
    chance = random.Random(7)
    moments = [chance.uniform(1.5, 9.0) for _ in range(KILLS)]
    analysed_before_kills = [_build_until_killed(home, demo_folder, seconds=seconds) for seconds in moments]
    saved = _revisions(home)
    summary = run_json(home, "build", demo_folder, "--model", "never", "--workers", str(WORKERS))
    after = _revisions(home)
    count = summary["tracks"]
    assert len(after) == count, f"analysed at the kills: {analysed_before_kills}"
    assert summary["analysed"] == count - len(saved)
    assert {track: rev for track, rev in after.items() if track in saved} == saved, "something was analysed twice"


def test_workers_and_database_end_with_a_killed_indexer(home: Home, demo_folder: Path) -> None:
    process = start(home, "build", demo_folder, "--events", "--model", "never", stdin=subprocess.PIPE)
    _wait_for_analysis(process)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not [member.name() for member in alive if member.status() != psutil.STATUS_ZOMBIE]


def test_every_path_is_one_document(home: Home, demo_folder: Path) -> None:
    _build_until_killed(home, demo_folder, seconds=4)
    run_json(home, "build", demo_folder, "--model", "never")
    with open_database(home) as database:
        paths = Counter(track.path for track in database.tracks.all())
        analysed = database.features.analysed(SONIC.key)
        assert set(paths.values()) == {1}
        assert analysed == {track.id for track in database.tracks.all()}


def _build_until_killed(home: Home, folder: Path, *, seconds: float) -> int:
    process = start(home, "build", folder, "--events", "--model", "never", "--workers", str(WORKERS))
    time.sleep(seconds)  # it is killed wherever it is by then
    process.kill()
    process.communicate()
    return len(_revisions(home))


def _revisions(home: Home) -> dict[str, int]:
    with open_database(home) as database:
        return {str(record.track): record.rev for record in database.features.iterate(SONIC.key)}


def _wait_for_analysis(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        event = decode(line)
        if isinstance(event, Progress) and event.stage is Stage.EXTRACT:
            return
    pytest.fail("the indexer ended before it analysed anything")
