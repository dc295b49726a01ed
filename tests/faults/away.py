"""The database stops answering for a while, in three ways, while a player plays and an indexer builds."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

import psutil

from tests.faults.fault import Blow, Fault, NotHere
from tests.faults.kills import noticed_by, said_by
from tests.faults.proxy import Proxy
from tests.faults.watched import Watched
from tests.faults.world import World, says, tells
from tests.waiting import wait_until

AWAY_SECONDS = 60.0
NOTICED_SECONDS = 20.0
"""A driver looks every ten seconds whether a server is there, and waits five for its answer."""
CLIPS = 120
"""Enough for a build to be under way when the database goes."""


def freeze_database(world: World, chance: random.Random) -> Blow:
    """Server and keeper stand still, as on a machine that ran out of memory: connections stay open, nothing answers."""
    if not hasattr(signal, "SIGSTOP"):
        raise NotHere("processes cannot be made to stand still here")
    state = world.server_state()
    assert state is not None, "no server runs"
    members = [psutil.Process(state.keeper.pid), psutil.Process(state.server.pid)]

    def freeze() -> None:
        for member in members:
            member.suspend()

    def thaw() -> None:
        for member in members:
            member.resume()

    return _away(world, chance, freeze, thaw)


def cut_network(world: World, chance: random.Random, proxy: Proxy) -> Blow:
    """A server elsewhere: its connections break, and there is no way to it."""
    return _away(world, chance, proxy.cut, proxy.mend)


def restart_database(world: World, chance: random.Random) -> Blow:
    """The server ends in order and comes again, as after an update."""
    running = world.the_player()
    build = _busy_build(world)
    world.live_a_little(chance)
    world.ledger.note()
    server = world.server()
    assert server is not None, "no server runs"
    server.terminate()
    began = time.monotonic()
    for track in chance.sample(world.tracks, 3):
        running.tell(f"heard {track} {chance.uniform(2, 200)!r}")
    wait_until(lambda: world.server() not in {None, server} and world.ledger.answers(), what="it does not come back")
    seconds = time.monotonic() - began
    assert build.end(300) == 0, (build.records[-2:], build.sentences[-10:])
    log = (world.home.database / "keeper.log").read_text(encoding="utf-8", errors="replace")
    return Blow(seconds, "the server ended by itself; starting it again" if "starting it again" in log else "", "log")


def leave_without_database(world: World, chance: random.Random, proxy: Proxy) -> Blow:
    """The player is closed while there is no database: what it was told is there after the next start."""
    running = world.the_player()
    world.live_a_little(chance)
    world.ledger.note()
    proxy.cut()
    for track in chance.sample(world.tracks, 3):
        running.tell(f"heard {track} {chance.uniform(2, 200)!r}")
    running.tell("hide {} {}".format(*chance.sample(world.tracks, 2)))
    running.tell("quit")
    running.wait_for(says("ended"), seconds=60)
    running.end()
    proxy.mend()
    began = time.monotonic()
    again = world.start_player()
    again.wait_for(says("connected"))
    wait_until(lambda: not world.home.journal_file.exists(), what="the journal was not told")
    seconds = time.monotonic() - began
    world.ledger.audit()  # playlists are kept in a file of their own and told a moment later, by a player that is open
    return Blow(seconds, "", "", unsaid="it is there at the next start")


def _away(world: World, chance: random.Random, go: Callable[[], None], come: Callable[[], None]) -> Blow:
    running = world.the_player()
    build = _busy_build(world)
    world.live_a_little(chance)
    running.tell("play")
    world.ledger.note()
    before = len(running.records)
    go()
    try:
        for track in chance.sample(world.tracks, 3):
            running.tell(f"heard {track} {chance.uniform(2, 200)!r}")
        running.tell("hide {} {}".format(*chance.sample(world.tracks, 2)))
        running.tell(f"playlist away-{chance.randrange(10**9)}")
        running.wait_for(says("playlist"), after=before, seconds=20)
        time.sleep(AWAY_SECONDS)  # it is away so long
        running.tell("state")
        state = running.wait_for(says("state"), after=before, seconds=20)
        assert state["tracks"] >= len(world.ledger.seen.tracks), "the library is not shown"
    finally:
        come()
    began = time.monotonic()
    running.tell(f"heard {chance.choice(world.tracks)} {chance.uniform(2, 200)!r}")
    wait_until(lambda: not world.home.journal_file.exists(), what="plays do not arrive")
    seconds = time.monotonic() - began
    assert build.end(600) == 0, (build.records[-2:], build.sentences[-10:])
    said = said_by(running, "does not answer") or noticed_by(build, "answer")
    unsaid = "it was away for less time than anyone waits" if AWAY_SECONDS < NOTICED_SECONDS else ""
    return Blow(seconds, said, "window; build's events" if said else "", unsaid=unsaid)


def _busy_build(world: World) -> Watched:
    world.add_clips(CLIPS)
    build = world.start_build("--model", "never")
    build.wait_for(tells("stage", stage="extract"))
    build.wait_for(lambda record: record.get("event") == "progress" and record["stage"] == "extract", seconds=60)
    return build


_PROMISE = "Player and build wait; what was done meanwhile arrives, once."


def with_proxy(strike: Callable[[World, random.Random, Proxy], Blow]) -> Callable[[World, random.Random], Blow]:
    """The fault in a world whose database is reached through a proxy."""

    def strike_through(world: World, chance: random.Random) -> Blow:
        world.close_player()
        with Proxy.to_database_of(world) as proxy:
            blow = strike(world, chance, proxy)
            world.close_player()
            return blow

    return strike_through


AWAY = (
    Fault("restart the database", _PROMISE, restart_database, once=False),
    Fault("freeze the database", _PROMISE, freeze_database, once=False),
    Fault("cut the network", _PROMISE, with_proxy(cut_network), once=False),
    Fault("close without a database", "What the player was told is there at the next start.",
          with_proxy(leave_without_database)),
)  # fmt: skip
