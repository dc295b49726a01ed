"""Kill -9 of whatever takes part in a stream of plays, in any order, while it streams; and what a broker forgets."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import median

from indexer.core.store import open_database
from indexer.core.tracks import Seconds
from tests.brokers import NEEDS
from tests.faults.fault import Blow, Fault, NotHere, random_moment
from tests.faults.streaming.book import plays_on
from tests.faults.streaming.stream import Stream
from tests.faults.world import World
from tests.waiting import wait_until

KILLS = 50
SHARES = {"broker": 18, "consumer": 13, "player": 9, "server": 6, "Spark": 4}
"""How often each is killed, of fifty times; Spark takes long to start."""

HASTE = 0.3
"""Share of kills after which nobody waits until all works again before the next one."""

PLAYS = 150
TRIES = 5
_PLAY = "heard {} {!r}"


def kill_all(world: World, chance: random.Random, *, kills: int = 0, with_spark: bool = True) -> Blow:
    """Everything is killed, one after the other, and in the end everything that was acknowledged is there once."""
    _needed()
    seconds: dict[str, list[Seconds]] = {}
    with Stream.running(world, with_spark=with_spark) as stream:
        kinds = _order(chance, kills or KILLS, with_spark=with_spark)
        for kind in kinds:
            random_moment(chance, 0.2, 2.5)
            began = time.monotonic()
            _kill_by(stream, kind, chance)()
            if chance.random() >= HASTE:
                stream.works()
                seconds.setdefault(kind, []).append(time.monotonic() - began)
        stream.works()
        stream.come_to_rest()
        with open_database(world.home) as database:
            losses = stream.book.lost(database, stream.broker.where)
            duplicates = stream.book.doubled(database)
        if with_spark:
            losses += stream.book.ungathered(world.home)
            duplicates += stream.book.gathered_twice(world.home)
        losses += [*stream.book.disordered(stream.broker.where), *stream.book.behind(stream.broker.where)]
        kept, forgotten = len(stream.book), stream.forgotten
    again = ", ".join(f"{kind} {median(some):.1f} s" for kind, some in seconds.items())
    killed = ", ".join(f"{number} {kind}" for kind, number in Counter(kinds).items())
    return Blow(
        max(max(some) for some in seconds.values()), "", "", injected=len(kinds),
        losses=tuple(losses), duplicates=tuple(duplicates),
        unsaid=f"{kept} plays are there once: {killed}; the broker had lost {forgotten} that it confirmed to others, "
        f"and was told them again; plays stream again after {again}",
    )  # fmt: skip


def forget(world: World, chance: random.Random) -> Blow:
    """A broker confirms plays and is killed before they are on its disk, with the player that told them."""
    _needed()
    with Stream.alone(world) as stream:
        for _ in range(TRIES):
            tell_plays(world, chance, PLAYS)
            wanted = [record["id"] for record in world.the_player().records if record.get("say") == "played"]
            wait_until(lambda wanted=wanted: set(wanted) <= plays_on(stream.broker.where).keys())  # type: ignore[misc]
            world.the_player().kill()
            stream.broker.kill()
            stream.broker.start()
            gone = set(wanted) - plays_on(stream.broker.where).keys()
            began = time.monotonic()
            stream.start_player()
            wait_until(lambda wanted=wanted: set(wanted) <= plays_on(stream.broker.where).keys())  # type: ignore[misc]
            seconds = time.monotonic() - began
            if gone:
                break
        assert gone, f"the broker forgot nothing, {TRIES} times"
        stream.come_to_rest()
        amiss = stream.book.disordered(stream.broker.where)
        assert not amiss, amiss
        with open_database(world.home) as database:
            losses, duplicates = stream.book.lost(database, stream.broker.where), stream.book.doubled(database)
    said = (
        f"{len(gone)} of {len(wanted)} confirmed plays were gone after its restart, and told again by the next player"
    )
    return Blow(seconds, "", "", losses=tuple(losses), duplicates=tuple(duplicates), unsaid=said)


def tell_plays(world: World, chance: random.Random, number: int) -> None:
    """Have the player note so many plays, and wait until it did."""
    running = world.the_player()
    before = len(running.records)
    for _ in range(number):
        running.tell(_PLAY.format(chance.choice(world.tracks), chance.uniform(2, 200)))
    wait_until(
        lambda: sum(record.get("say") == "played" for record in running.records[before:]) >= number,
        "no plays are noted",
    )


def _order(chance: random.Random, kills: int, *, with_spark: bool) -> list[str]:
    """What is killed, in the order of it; each at least once where there are so many kills."""
    shares = {kind: share for kind, share in SHARES.items() if with_spark or kind != "Spark"}
    each = {kind: max(1, share * kills // sum(shares.values())) for kind, share in shares.items()}
    kinds = [kind for kind, number in each.items() for _ in range(number)]
    kinds = [*["broker"] * max(0, kills - len(kinds)), *kinds][:kills]
    chance.shuffle(kinds)
    return kinds


def _kill_by(stream: Stream, kind: str, chance: random.Random) -> Callable[[], None]:
    ways: dict[str, Callable[[], None]] = {
        "broker": stream.kill_broker,
        "consumer": partial(stream.kill_consumer, chance.randrange(len(stream.consumers) or 1)),
        "player": stream.kill_player,
        "server": stream.kill_server,
        "Spark": stream.kill_spark,
    }
    return ways[kind]


def _needed() -> None:
    for module in (NEEDS["noida"], "confluent_kafka", "kafka"):
        if find_spec(module) is None:
            raise NotHere(f"{module} is not installed")


STREAMING = (
    Fault(
        "kill -9 under a stream",
        "Every play that was acknowledged is in the database and on the topic, once and in order; lists count it.",
        kill_all,
        once=False,
    ),
    Fault("the broker forgets what it confirmed", "It is told again, in order.", forget, once=False),
)
