"""The short form of the fault suite: one kill of each process that needs no Spark, and what else ends a process."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.away import leave_without_database, with_proxy
from tests.faults.circumstances import start_two_indexers
from tests.faults.fault import Fault, Verdict, judge
from tests.faults.kills import KILLS, kill_spark
from tests.faults.world import World

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here"),
]

SHORT = (
    *(fault for fault in KILLS if fault.strike is not kill_spark),
    Fault("two indexers at once", "", start_two_indexers),
    Fault("close without a database", "", with_proxy(leave_without_database), once=False),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World.below(tmp_path_factory.mktemp("faults")) as world:
        world.add_clips(8)
        world.built("--model", "never", "--no-sound")
        world.start_player()
        world.ledger.note()
        yield world


@pytest.mark.parametrize("fault", SHORT, ids=[fault.name for fault in SHORT])
def test_nothing_is_lost(fault: Fault, world: World, tmp_path: Path) -> None:
    verdict = Verdict(fault.name)
    judge(fault, world, random.Random(5), verdict)
    assert verdict.holds, verdict
    assert verdict.injected == 1
