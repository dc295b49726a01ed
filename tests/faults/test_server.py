"""The short form of what happens to a server: a small library with a model that no Spark made."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator

import pytest

from indexer.core.store import open_database
from indexer.core.store.managed.server import hold
from tests.faults import server
from tests.faults.fault import Fault, Verdict, judge
from tests.faults.world import World
from tests.served_library import make_library

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here"),
]

LONG = (server.kill_database, server.hold_half_open)
SHORT = [fault for fault in server.SERVER if fault.strike not in LONG]
CUT_SECONDS = 1.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World.below(tmp_path_factory.mktemp("faults")) as world:
        hold(world.home)
        with open_database(world.home) as database:
            make_library(database, world.home, world.music)
        world.ledger.note()
        yield world


@pytest.mark.parametrize("fault", SHORT, ids=[fault.name.removeprefix("server: ") for fault in SHORT])
def test_nothing_is_lost(fault: Fault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "CUT_SECONDS", CUT_SECONDS)
    verdict = Verdict(fault.name)
    judge(fault, world, random.Random(5), verdict)
    if verdict.skipped:
        pytest.skip(verdict.skipped)
    assert verdict.holds, verdict
    assert verdict.injected == 1
