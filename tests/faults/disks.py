"""Disks that are full for real: small ones of memory, filled to the last byte, then emptied again."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.core.store import DatabaseError, open_database
from tests.faults.fault import Blow, Fault, NotHere
from tests.faults.kills import failure_of, said_by
from tests.faults.world import World
from tests.waiting import wait_until

DATA_MEGABYTES = 256
MODEL_KILOBYTES = 64
CLIPS = 60


def fill_data(world: World, chance: random.Random) -> Blow:
    """The disk with database, snapshot, session, playlists and journal runs full while all of them are written."""
    world.close()
    world.undo.enter_context(small_disk(world.root, f"{DATA_MEGABYTES}M"))
    return _fill_and_empty(world, chance)


def _fill_and_empty(world: World, chance: random.Random) -> Blow:
    running = world.the_player()
    world.ledger.note()
    world.live_a_little(chance)
    world.ledger.note()
    filling = world.root / "filling"
    fill(filling)
    _write_until_refused(world)
    world.add_clips(CLIPS)
    build = world.start_build("--model", "never")
    build.end(300)
    assert build.code != 0, "a build on a full disk says that it succeeded"
    for track in chance.sample(world.tracks, 3):
        running.tell(f"heard {track} {chance.uniform(2, 200)!r}")
    running.tell(f"playlist full-{chance.randrange(10**9)}")
    said = said_by(running, "full") or said_by(running, "space")
    assert running.is_running, "the player ended"
    filling.unlink()
    began = time.monotonic()
    wait_until(lambda: not world.home.journal_file.exists() and world.ledger.answers(), what="plays do not arrive")
    seconds = time.monotonic() - began
    again = world.built("--model", "never")
    assert again.code == 0
    assert said, "the window says nothing of it"
    return Blow(seconds, failure_of(build), "build and window")


def fill_models(world: World, chance: random.Random) -> Blow:
    """There is no room for a further model: the one before stays."""
    before = world.answers()
    world.ledger.note()
    with small_disk(world.home.models / "sonic", f"{_used(world.home.models)}K") as disk:
        build = world.start_build("--model", "always")
        build.end(300)
        assert build.code != 0, "a build on a full disk says that it succeeded"
        began = time.monotonic()
        assert world.answers() == before
        seconds = time.monotonic() - began
        assert not list(disk.glob(".unfinished-*")), "half a model was left behind"
    return Blow(seconds, failure_of(build), "build's failure")


def _write_until_refused(world: World) -> None:
    """Use up what the server keeps in reserve, as a library that is written to for a while would."""
    with open_database(world.home) as database:
        for number in range(200):
            try:
                database.queues.save(f"filling-{number}", {"text": os.urandom(1_000_000).hex()})
            except DatabaseError:
                return
    raise AssertionError("a database on a full disk takes 400 MB")


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """What is in `folder`, on a disk of its own of that size; what it was is back afterwards.

    Raises:
        NotHere: no disk can be mounted here.
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise NotHere("mounting a small disk needs Linux and root")
    content = folder.with_name(f"{folder.name}-content")
    shutil.copytree(folder, content)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        shutil.rmtree(content)
        raise NotHere(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        shutil.copytree(content, folder, dirs_exist_ok=True)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(content)


def fill(file: Path) -> None:
    """Write to a file until its disk is full."""
    with file.open("wb", buffering=0) as stream:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    stream.write(b"\0" * size)
            except OSError:
                continue


def _used(folder: Path) -> int:
    """Kilobytes that a folder takes, and next to none more."""
    pages = sum(-(-path.stat().st_size // 4096) + 1 for path in folder.rglob("*"))
    return 4 * pages + MODEL_KILOBYTES


DISKS = (
    Fault("disk full: data", "Everyone says so; nothing acknowledged is lost; with space again it goes on by itself.",
          fill_data, once=False),
    Fault("disk full: models", "The build says so; the model before stays in use, nothing half written stays.",
          fill_models),
)  # fmt: skip
