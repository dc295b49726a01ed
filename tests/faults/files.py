"""Files that are damaged: each of a model, byte by byte, and the snapshot of the catalogue, cut at any place."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import SegueError
from musicplayer.discover.model_file import ModelUnusable, load_if_changed
from musicplayer.library import snapshot
from tests.faults.fault import Blow, Fault
from tests.faults.kills import said_by
from tests.faults.world import World, says

FLIPS = 12
"""Bytes of each file of a model that are changed, one at a time, besides its first and last."""
CUTS = 60

Damage = Callable[[Path], None]


def corrupt_model(world: World, chance: random.Random) -> Blow:
    """Every damage is refused with a sentence, or makes no difference to any answer."""
    whole = world.answers()
    folder = world.home.models / "sonic"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and _is_current(world, path))
    sentence, harmless = "", 0
    for file in files:
        for name, damage in damages(file, chance):
            with damaged(file, damage):
                refusal = _refusal(world)
                if refusal:
                    sentence = refusal
                else:
                    harmless += 1
                    assert _same_answers(world, whole), f"other answers after {name} of {file.name}"
    assert _same_answers(world, whole)
    return _seen_by_the_player(world, files, sentence)


def _seen_by_the_player(world: World, files: list[Path], sentence: str) -> Blow:
    """The window says so and the panel says what to do; a sound model is taken up again."""
    vectors = next(file for file in files if file.name == "vectors.npy")
    with damaged(vectors, _flip(vectors.stat().st_size // 2)):
        running = world.start_player()
        said = said_by(running, "damaged")
        assert said, "the window says nothing"
    began = time.monotonic()
    seed = next(iter(world.answers()))
    while True:
        before = len(running.records)
        running.tell(f"like {seed}")
        answer = running.wait_for(says("like"), after=before)
        if answer["tracks"]:
            return Blow(time.monotonic() - began, said or sentence, "window")
        assert time.monotonic() - began < 30, "the model is not taken up again"
        time.sleep(0.1)


def cut_snapshot(world: World, chance: random.Random) -> Blow:
    """A snapshot is whole or it is read again from the database."""
    running = world.start_player()
    running.tell("quit")
    running.end()
    file = world.home.catalogue_snapshot
    whole = snapshot.read(file)
    size = file.stat().st_size
    places = sorted({0, 1, size - 1, *(chance.randrange(size) for _ in range(CUTS))})
    for damage in (*map(_cut, places), *map(_flip, places)):
        with damaged(file, damage):
            assert _is_refused(file) or snapshot.read(file).ids == whole.ids
    _cut(size // 2)(file)
    began = time.monotonic()
    again = world.start_player()
    ready = again.wait_for(lambda record: record.get("say") == "ready" and record["tracks"] == len(whole.ids))
    return Blow(time.monotonic() - began, said_by(again, "damaged"), f"window, {ready['tracks']} tracks")


def damages(file: Path, chance: random.Random) -> Iterator[tuple[str, Damage]]:
    """What is done to a file: bytes changed, the end cut off, the file removed."""
    size = file.stat().st_size
    for place in sorted({0, size - 1, *(chance.randrange(size) for _ in range(FLIPS))}):
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
    return lambda file: file.write_bytes(file.read_bytes()[:place]) and None  # type: ignore[func-returns-value]


def _refusal(world: World) -> str:
    """What the player would say of the model, empty where it takes it."""
    try:
        loaded = load_if_changed(world.home, "sonic", None)
    except ModelUnusable as error:
        return f"{error.message} {error.advice}"
    return "" if loaded is not None and not loaded.model.manifest.provisional else "no model: a provisional one"


def _same_answers(world: World, whole: dict[str, list[str]]) -> bool:
    try:
        return world.answers() == whole
    except SegueError:
        return False


def _is_refused(file: Path) -> bool:
    try:
        snapshot.read(file)
    except snapshot.SnapshotDamaged:
        return True
    return False


def _is_current(world: World, file: Path) -> bool:
    """Whether a file is of the model in use, or points to it."""
    from indexer.model import current_model_folder

    return file.name == "current.json" or current_model_folder(world.home, "sonic") in file.parents


FILES = (
    Fault("corrupt the model", "Refused with a sentence, or it answers as before; a sound one is taken up again.",
          corrupt_model),
    Fault("cut the snapshot", "The window opens all the same; the library is read from the database.", cut_snapshot),
)  # fmt: skip
