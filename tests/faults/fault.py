"""One kind of fault, what came of one blow of it, and how a blow is judged."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.world import World


class NotHere(Exception):
    """This fault cannot be made on this machine; says why."""


@dataclass(frozen=True)
class Blow:
    """What was seen of one fault: seconds until everything worked again, and the sentence that said what happened.

    `injected` is greater than one where a blow was many faults of a kind, one after the other. `unsaid` is why nothing
    had to be said, where no sentence was: such as that it was over before it could be hit. `losses` and `duplicates`
    are what is not as it was acknowledged, beside what the ledger finds.
    """

    seconds: float
    sentence: str
    where: str
    injected: int = 1
    unsaid: str = ""
    losses: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A kind of fault.

    Attributes:
        name: for the command line and the tally.
        promise: what holds in spite of it, for the documentation.
        strike: does it to a world, once; returns when everything works again.
        once: nothing that was analysed before may be analysed again.
            fresh: needs a world of its own, a copy of the one that was built.
    """

    name: str
    promise: str
    strike: Callable[[World, random.Random], Blow]
    once: bool = True
    fresh: bool = True


@dataclass
class Verdict:
    """What came of all the blows of one kind."""

    name: str
    injected: int = 0
    seconds: list[float] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    entries: int = 0
    sentence: str = ""
    said: int = 0
    unsaid: list[str] = field(default_factory=list)
    where: str = ""
    skipped: str = ""

    @property
    def holds(self) -> bool:
        return not (self.losses or self.duplicates or self.failures)


def judge(fault: Fault, world: World, chance: random.Random, verdict: Verdict) -> None:
    """Strike once and compare what was acknowledged before with what is there afterwards."""
    try:
        blow = fault.strike(world, chance)
    except NotHere as reason:
        verdict.skipped = str(reason)
        return
    except AssertionError as failure:
        verdict.injected += 1
        verdict.failures.append(str(failure)[:2_000] or repr(failure))
        return
    verdict.injected += blow.injected
    verdict.seconds.append(blow.seconds)
    verdict.sentence, verdict.where = blow.sentence or verdict.sentence, blow.where or verdict.where
    verdict.said += bool(blow.sentence)
    if not blow.sentence and not blow.unsaid:
        verdict.failures.append("nothing said what happened")
    elif not blow.sentence:
        verdict.unsaid.append(blow.unsaid)
    audit = world.ledger.audit(once=fault.once)
    verdict.losses += [*blow.losses, *audit.losses]
    verdict.duplicates += [*blow.duplicates, *audit.duplicates]
    world.ledger.note()
    verdict.entries = max(verdict.entries, world.ledger.entries)


def random_moment(chance: random.Random, shortest: float, longest: float) -> None:
    """Let a random time pass."""
    time.sleep(chance.uniform(shortest, longest))  # a blow comes at any moment, not at one that was waited for
