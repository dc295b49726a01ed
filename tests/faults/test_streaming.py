"""The short form of the kills under a stream: six of them, without Spark, and a broker that forgets."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.brokers import needed
from tests.faults.fault import Fault, Verdict, judge
from tests.faults.streaming.kills import forget, kill_all
from tests.faults.world import World

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here"),
]

KILLS = 6


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    needed()
    with World.below(tmp_path) as world:
        world.add_clips(8)
        world.built("--model", "always", "--no-sound")
        world.start_player()
        world.ledger.note()
        yield world


def test_every_play_is_kept_once_whatever_is_killed(world: World) -> None:
    killing = partial(kill_all, kills=KILLS, with_spark=False)
    verdict = Verdict("short")
    judge(Fault("short", "", killing, once=False), world, random.Random(3), verdict)
    assert verdict.holds, verdict
    assert verdict.injected == KILLS


def test_what_a_broker_forgets_it_is_told_again(world: World) -> None:
    verdict = Verdict("forgotten")
    judge(Fault("forgotten", "", forget, once=False), world, random.Random(4), verdict)
    assert verdict.holds, verdict
