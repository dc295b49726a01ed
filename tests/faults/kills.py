"""Kill -9 of each of Segue's processes at a random moment, while a player plays and an indexer builds."""

from __future__ import annotations

import contextlib
import random
import time

import psutil

from indexer.core.events import Failed, Notice
from indexer.core.sentences.told import told_of
from tests.faults.fault import Blow, Fault, random_moment
from tests.faults.watched import Watched
from tests.faults.world import World, says, tells
from tests.waiting import wait_until

CLIPS = 16
"""Further recordings for each build, so that there is something to interrupt."""

LATEST_SECONDS = 1.5
"""When a worker is killed at the latest, from when it can hear."""

WORK_SECONDS = 3.0
"""So long there is something to hear, however quick the machine: a worker that is done cannot be missed."""


def kill_player(world: World, chance: random.Random) -> Blow:
    running = world.the_player()
    world.live_a_little(chance)
    running.tell("play")
    random_moment(chance, 0.0, 3.0)
    for track in chance.sample(world.tracks, 2):
        running.tell(f"heard {track} {chance.uniform(2, 200)!r}")
    random_moment(chance, 0.0, 0.05)
    world.ledger.note()
    running.kill()
    began = time.monotonic()
    again = world.start_player()
    again.wait_for(says("connected"))
    seconds = time.monotonic() - began
    return Blow(seconds, said_by(again, "ended"), "window, at the next start")


def kill_indexer(world: World, chance: random.Random) -> Blow:
    world.live_a_little(chance)
    build = _at_work(world, chance)
    world.ledger.note()
    build.kill()
    began = time.monotonic()
    again = world.start_build("--model", "never")
    again.wait_for(tells("stage", stage="scan"))
    seconds = time.monotonic() - began
    assert again.end(300) == 0, again.sentences[-10:]
    over = any(record.get("event") == "finished" for record in build.records)
    unsaid = "it was done" if over else "" if build.records else "it had not begun"
    return Blow(seconds, noticed_by(again, "interrupted"), "the next build's events", unsaid=unsaid)


def kill_worker(world: World, chance: random.Random) -> Blow:
    """Whichever worker is killed, the build goes on without a further word from anyone."""
    world.add_clips(world.clips_for(WORK_SECONDS, at_least=CLIPS))
    build = world.start_build("--model", "never")
    build.wait_for(tells("stage", stage="extract"))
    wait_until(lambda: bool(_workers(build)) or not build.is_running, what="no workers")
    random_moment(chance, 0.0, LATEST_SECONDS)
    victims = _workers(build)
    had_one = False
    if victims:
        world.ledger.note()
        with contextlib.suppress(psutil.NoSuchProcess):
            victim = chance.choice(victims)
            had_one = _has_file(victim)
            victim.kill()
    began = time.monotonic()
    before = len(build.records)
    build.wait_for(lambda record: record.get("event") in {"progress", "finished"}, after=before)
    seconds = time.monotonic() - began
    assert build.end(300) == 0, build.sentences[-10:]
    problems = [record for record in build.records if record.get("event") == "problem"]
    assert not problems, problems
    # The next stage has workers of its own: what comes of it says nothing of the ones that were killed.
    stages = [record["stage"] for record in build.records[:before] if record.get("event") in {"stage", "progress"}]
    told = [record for record in build.records if record.get("event") == "progress" and record["stage"] == stages[-1]]
    earlier = sum(1 for record in told if record in build.records[:before])
    had_more = any(record["done"] < record["total"] for record in told[earlier:])
    unsaid = "" if had_one and had_more else "it had no file yet" if had_more else "all was heard"
    return Blow(seconds, noticed_by(build, "worker"), "the build's events", unsaid=unsaid)


def kill_spark(world: World, chance: random.Random) -> Blow:
    """The model before stays; the build says that Spark failed and what to do."""
    before = world.answers()
    build = world.start_build("--model", "always")
    build.wait_for(tells("stage", stage="model"), seconds=120)
    wait_until(lambda: _java(build) is not None or not build.is_running, what="no JVM")
    random_moment(chance, 0.0, 9.0)
    world.ledger.note()
    java = _java(build)
    if java is None:
        assert build.end(300) == 0
        return Blow(0.0, "", "", unsaid="the model was done")
    java.kill()
    began = time.monotonic()
    build.end(120)
    after = world.answers()
    seconds = time.monotonic() - began
    assert build.code == 0 or after == before, "another model, although its build failed"
    unsaid = "" if build.code else "the model was done"
    return Blow(seconds, failure_of(build), "the build's failure; in the window as a warning", unsaid=unsaid)


def kill_database(world: World, chance: random.Random) -> Blow:
    """A keeper starts it again; player and build wait for it."""
    running = world.the_player()
    build = _at_work(world, chance) if chance.random() < 0.5 else None
    world.live_a_little(chance)
    random_moment(chance, 0.0, 1.0)
    world.ledger.note()
    server = world.server()
    assert server is not None, "no server runs"
    for track in chance.sample(world.tracks, 2):
        running.tell(f"heard {track} {chance.uniform(2, 200)!r}")
    server.kill()
    began = time.monotonic()
    wait_until(lambda: _answers(world, server.pid), what="the database does not come back")
    seconds = time.monotonic() - began
    if build is not None:
        assert build.end(300) == 0, (build.records[-3:], build.sentences[-10:])
    return Blow(seconds, _logged(world, "starting it again"), "keeper.log")


def said_by(running: Watched, word: str) -> str:
    """The first message in the player's window with that word in it; waits for it."""
    with contextlib.suppress(AssertionError):
        found = running.wait_for(lambda record: record.get("say") == "message" and word in record["message"], seconds=5)
        return str(found["message"])
    return ""


def noticed_by(build: Watched, word: str) -> str:
    """The first notice of a build with that word in it."""
    notices = (Notice(*told_of(record)).english for record in build.records if record.get("event") == "notice")
    return next((message for message in notices if word in message), "")


def failure_of(build: Watched) -> str:
    """What a build said when it failed."""
    failed = [record for record in build.records if record.get("event") == "failed"]
    return Failed(*told_of(failed[-1])).english if failed else ""


def _at_work(world: World, chance: random.Random) -> Watched:
    world.add_clips(CLIPS)
    build = world.start_build("--model", "never")
    random_moment(chance, 0.5, 9.0)
    return build


def _workers(build: Watched) -> list[psutil.Process]:
    found = []
    for child in build.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if any("spawn_main" in word for word in child.cmdline()) and _hears(child):
                found.append(child)
    return found


def _hears(process: psutil.Process) -> bool:
    """Whether it has what analysing takes; the process that only reads headers has not."""
    return any("scipy" in part.path for part in process.memory_maps())


def _has_file(worker: psutil.Process) -> bool:
    """Whether it was at a file just now: its memory is limited once it is ready, before its first file."""
    ready = worker.rlimit(psutil.RLIMIT_AS)[0] != psutil.RLIM_INFINITY
    return ready and worker.status() in {psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP}


def _java(build: Watched) -> psutil.Process | None:
    for child in build.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "java" in child.name():
                return child
    return None


def _answers(world: World, killed: int) -> bool:
    state = world.server_state()
    return state is not None and state.is_served and state.server.pid != killed and world.ledger.answers()


def _logged(world: World, words: str) -> str:
    lines = (world.home.database / "keeper.log").read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition("WARNING ")[2] for line in reversed(lines) if words in line), "")


_KILLED = "What was acknowledged is kept, nothing is done twice"
KILLS = (
    Fault(
        "kill the player", f"{_KILLED}; queue, place and plays are back at the next start.", kill_player, fresh=False
    ),
    Fault("kill the indexer", f"{_KILLED}; the next build goes on.", kill_indexer, fresh=False),
    Fault("kill a worker", "The build goes on; no file is blamed.", kill_worker, fresh=False),
    Fault("kill Spark", "The model before stays in use.", kill_spark, fresh=False),
    Fault("kill the database", "It is back within seconds; builds go on.", kill_database, fresh=False, once=False),
)
