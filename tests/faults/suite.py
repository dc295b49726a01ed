"""Runs faults against worlds that were built once: kills against one that lives on, all else against fresh copies."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.faults.away import AWAY
from tests.faults.circumstances import CIRCUMSTANCES
from tests.faults.disks import DISKS
from tests.faults.fault import Fault, Verdict, judge
from tests.faults.files import FILES
from tests.faults.kills import KILLS
from tests.faults.server import SERVER
from tests.faults.streaming.kills import STREAMING
from tests.faults.tag_edits import TAG_EDITS
from tests.faults.world import World

FAULTS: tuple[Fault, ...] = (*KILLS, *AWAY, *DISKS, *CIRCUMSTANCES, *SERVER, *FILES, *STREAMING, *TAG_EDITS)
CLIPS = 24

Told = Callable[[str], None]


def prepare(folder: Path) -> World:
    """A world that is built, model and all, and at rest."""
    folder.mkdir(parents=True, exist_ok=True)
    with World.below(folder) as world:
        world.add_clips(CLIPS)
        world.built("--model", "always")
    return world


def run_all(
    faults: Sequence[Fault], built: World, folder: Path, chance: random.Random, *, kills: int, say: Told
) -> list[Verdict]:
    """Strike with every fault and return what came of it, in their order."""
    verdicts = {fault.name: Verdict(fault.name) for fault in faults}
    killing = [fault for fault in faults if not fault.fresh]
    if killing:
        with built.copy(folder / "killed") as world:
            _kill(killing, world, verdicts, chance, kills=kills, say=say)
    for number, fault in enumerate(fault for fault in faults if fault.fresh):
        with built.copy(folder / f"world-{number}") as world:
            world.start_player()
            world.ledger.note()
            _strike(fault, world, verdicts[fault.name], chance, say)
    return list(verdicts.values())


def _kill(
    faults: Sequence[Fault], world: World, verdicts: dict[str, Verdict], chance: random.Random, *, kills: int, say: Told
) -> None:
    """As many kills, the kinds mixed; whatever one leaves behind is what the next one meets."""
    world.start_player()
    world.ledger.note()
    order = [faults[number % len(faults)] for number in range(kills)]
    chance.shuffle(order)
    for number, fault in enumerate(order):
        say(f"{number + 1} of {kills}")
        _strike(fault, world, verdicts[fault.name], chance, say)
    world.built("--model", "never")
    audit = world.ledger.audit()
    verdicts[faults[0].name].losses += audit.losses
    verdicts[faults[0].name].duplicates += audit.duplicates


def _strike(fault: Fault, world: World, verdict: Verdict, chance: random.Random, say: Told) -> None:
    say(fault.name)
    judge(fault, world, chance, verdict)
    if verdict.skipped:
        say(f"    skipped: {verdict.skipped}")
    elif verdict.seconds:
        say(f"    {verdict.seconds[-1]:.1f} s; {verdict.sentence}")
    if not verdict.holds:
        say(f"    FAILED: {[*verdict.losses, *verdict.duplicates, *verdict.failures][-1]}")
