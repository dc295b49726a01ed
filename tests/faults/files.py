"""Files that are damaged: each of a model, byte by byte, and the snapshot of the catalogue, cut at any place."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from indexer.core.catalogue import snapshot
from indexer.core.discover.model_file import ModelUnusable, load_if_changed
from indexer.core.home import Home
from indexer.core.model import current_model_folder
from tests.faults.answers import answers_of, model_of
from tests.faults.fault import Blow, Fault
from tests.faults.kills import said_by
from tests.faults.world import World, says
from tests.waiting import wait_until

FLIPS = 40
"""Bytes of each file of a model that are changed, one at a time, besides its first and last."""
CUTS = 60

Damage = Callable[[Path], None]


def corrupt_model(world: World, chance: random.Random) -> Blow:
    """Every damage is refused with a sentence, or makes no difference to any answer."""
    number = damage_model(world.home, chance)
    return replace(_seen_by_the_player(world), injected=number)


def damage_model(home: Home, chance: random.Random, *, flips: int = FLIPS) -> int:
    """Damage every file of the model in use, in many ways, one at a time; returns how many times that was.

    Raises:
        AssertionError: a damaged model was taken, and answers otherwise or claims something else of itself.
    """
    answers, manifest = answers_of(home), model_of(home).manifest
    number = 0
    for file in _model_files(home):
        for name, damage in damages(file, chance, flips=flips):
            with damaged(file, damage):
                refusal = _refusal(home)
                number += 1
                same = refusal or (answers_of(home) == answers and model_of(home).manifest == manifest)
                assert same, f"other answers after {name} of {file.name}"
    assert answers_of(home) == answers
    return number


def _seen_by_the_player(world: World) -> Blow:
    """The window says so and the panel says what to do; a sound model is taken up again."""
    vectors = current_model_folder(world.home, "sonic") / "vectors.npy"
    with damaged(vectors, _flip(vectors.stat().st_size // 2)):
        world.close_player()
        running = world.start_player()
        said = said_by(running, "damaged")
        assert said, "the window says nothing"
    began = time.monotonic()
    seed = next(iter(world.answers()))

    def answers() -> bool:
        before = len(running.records)
        running.tell(f"like {seed}")
        return bool(running.wait_for(says("like"), after=before)["tracks"])

    wait_until(answers, "the model is taken up again")
    return Blow(time.monotonic() - began, said, "window")


def cut_snapshot(world: World, chance: random.Random) -> Blow:
    """A snapshot is whole or it is read again from the database."""
    world.the_player()
    world.close_player()
    file = world.home.catalogue_snapshot
    tracks, number = damage_snapshot(file, chance)
    _cut(file.stat().st_size // 2)(file)
    began = time.monotonic()
    again = world.start_player()
    again.wait_for(lambda record: record.get("say") == "ready" and record["tracks"] == tracks)
    return Blow(time.monotonic() - began, said_by(again, "damaged"), "window", number)


def damage_snapshot(file: Path, chance: random.Random, *, cuts: int = CUTS) -> tuple[int, int]:
    """Cut a snapshot at many places, and change a byte there; returns its tracks and how many times that was.

    Raises:
        AssertionError: a damaged one was taken, with other tracks.
    """
    whole, size = snapshot.read(file), file.stat().st_size
    places = sorted({0, 1, size - 1, *(chance.randrange(size) for _ in range(cuts))})
    for damage in (*map(_cut, places), *map(_flip, places)):
        with damaged(file, damage):
            assert _is_refused(file) or snapshot.read(file).ids == whole.ids
    return len(whole.ids), 2 * len(places)


def damages(file: Path, chance: random.Random, *, flips: int) -> Iterator[tuple[str, Damage]]:
    """What is done to a file: bytes changed, the end cut off, the file removed."""
    size = file.stat().st_size
    for place in sorted({0, size - 1, *(chance.randrange(size) for _ in range(flips))}):
        yield f"byte {place}", _flip(place, 1 << chance.randrange(8))
    for place in sorted({0, size // 2, size - 1}):
        yield f"cut at {place}", _cut(place)
    yield "removal", Path.unlink


@contextmanager
def damaged(file: Path, damage: Damage) -> Iterator[None]:
    """A file with that damage, within the block."""
    kept = file.read_bytes()
    damage(file)
    try:
        yield
    finally:
        file.write_bytes(kept)


def _flip(place: int, bits: int = 0x10) -> Damage:
    def damage(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[place] ^= bits
        file.write_bytes(bytes(content))

    return damage


def _cut(place: int) -> Damage:
    def damage(file: Path) -> None:
        file.write_bytes(file.read_bytes()[:place])

    return damage


def _refusal(home: Home) -> str:
    """What the player would say of the model, empty where it takes it."""
    try:
        loaded = load_if_changed(home, "sonic", None)
    except ModelUnusable as error:
        return f"{error.message} {error.advice}"
    return "" if loaded is not None and not loaded.model.manifest.provisional else "no model: a provisional one"


def _is_refused(file: Path) -> bool:
    try:
        snapshot.read(file)
    except snapshot.SnapshotDamaged:
        return True
    return False


def _model_files(home: Home) -> list[Path]:
    """Everything that the model in use is made of, and what points to it."""
    folder = current_model_folder(home, "sonic")
    return [*sorted(folder.iterdir()), folder.parent / "current.json"]


FILES = (
    Fault("corrupt the model", "Refused with a sentence, or it answers as before; a sound one is taken up again.",
          corrupt_model),
    Fault("cut the snapshot", "The window opens all the same; the library is read from the database.", cut_snapshot),
)  # fmt: skip
