"""Edits of tags that are killed, or have no room: every file is the old or the new one, and sounds as it did."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.core.audio.payload import locate, page_bodies
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.tags.editing.edits import apply, edits, tidy, undo
from indexer.core.tags.editing.previews import preview
from indexer.core.tags.editing.recipes import digest_of
from tests import ten_formats
from tests.conftest import REPOSITORY
from tests.faults.disks import fill, small_disk
from tests.faults.fault import Blow, Fault, random_moment
from tests.faults.tag_editor import AT_ONCE, wishes
from tests.faults.world import World

FILES = 1_000
KILLS = 30
ON_SMALL_DISK = 60
SMALL_MEGABYTES = 4


@dataclass
class Collection:
    """Files in ten formats and more, and what was known of each when all was well."""

    home: Home
    folder: Path
    sounds: dict[Path, str] = field(default_factory=dict)
    digests: dict[Path, str] = field(default_factory=dict)

    @classmethod
    def made(cls, home: Home, folder: Path, count: int) -> Collection:
        """So many files, each with a sound of its own."""
        suffixes = itertools.cycle(ten_formats.FORMATS)
        made = cls(home, folder)
        for number, suffix in zip(range(count), suffixes, strict=False):
            path = folder / f"song {number:04}{suffix}"
            ten_formats.write(path, seed=number + 1_000, seconds=0.5, tagged=number % 3 != 0)
            made.sounds[path] = sound_of(path)
        made.note()
        return made

    def note(self) -> None:
        """Take the files as they are for those that a later fault may leave."""
        self.digests = {path: digest_of(path) for path in self.sounds}

    def damage(self) -> list[str]:
        """What is wrong with any file: neither the old nor a new one, another sound, unreadable, half written."""
        allowed = {path: {digest} for path, digest in self.digests.items()}
        for edit in edits(self.home):
            for file in edit.files:
                if file.written is not None and Path(file.path) in allowed:
                    allowed[Path(file.path)] |= {file.written.before, file.written.after}
        found = [f"left behind: {path.name}" for path in self.folder.iterdir() if path not in self.sounds]
        for path, sound in self.sounds.items():
            if not path.exists():
                found.append(f"{path.name} is not there")
            elif digest_of(path) not in allowed[path]:
                found.append(f"{path.name} is neither the old nor a new one")
            elif sound_of(path) != sound:
                found.append(f"{path.name} sounds otherwise")
        read = preview([str(path) for path in self.sounds], {})
        return found + [f"{each.path} cannot be read" for each in read if each.refusal is not None]


def sound_of(path: Path) -> str:
    """The hash of every byte of the sound, of Ogg without the numbers of its pages."""
    content = path.read_bytes()
    with path.open("rb") as file:
        found = locate(file)
    data = content[found.start : found.start + found.size]
    return hashlib.sha256(b"".join(page_bodies(data)) if found.paged else data).hexdigest()


def kill_editor(collection: Collection, chance: random.Random) -> None:
    """Kill a process that edits, at any moment; what it left is cleaned up, and its last edit can be undone.

    Raises:
        AssertionError: a file is damaged, or an edit is not undone to the last byte.
    """
    command = [sys.executable, "-m", "tests.faults.tag_editor", collection.home.root, collection.folder]
    child = subprocess.Popen([*command, str(chance.randrange(10**6))], cwd=REPOSITORY, stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        for _ in range(chance.randrange(1, 2 * AT_ONCE)):
            child.stdout.readline()
        random_moment(chance, 0.0, 0.05)
        child.kill()
    tidy(collection.home)
    damage = collection.damage()
    assert not damage, damage[:10]
    latest = next((edit for edit in edits(collection.home) if edit.undoable), None)
    if latest is not None and chance.random() < 0.5:
        outcome = undo(collection.home, latest.number)
        assert not outcome.refused, outcome.refused[:3]
        for file in latest.undoable:
            assert file.written is not None
            assert digest_of(Path(file.path)) == file.written.before, f"{file.path} is not as it was before"


def kill_editors(world: World, chance: random.Random) -> Blow:
    """A thousand files are edited over and over, and the editor is killed at it."""
    collection = _known(world, FILES)
    began = time.monotonic()
    for _ in range(KILLS):
        kill_editor(collection, chance)
        collection.note()
    seconds = (time.monotonic() - began) / KILLS
    assert world.run("scan", str(collection.folder)).code == 0
    return Blow(seconds, "", "", KILLS, unsaid="what was cut short is cleaned up")


def edit_without_room(collection: Collection, chance: random.Random) -> list[SegueError]:
    """Edit on a disk that runs full, is emptied and runs full again; then undo all of it. Gives what was refused.

    Raises:
        AssertionError: a file is damaged, or not as it was after all is undone.
    """
    refused: list[SegueError] = []
    with small_disk(collection.folder, f"{_megabytes(collection.folder) + SMALL_MEGABYTES}M") as folder:
        with _filling_and_emptying(folder / ".filling"):
            for _ in range(10):
                outcome = apply(collection.home, preview([str(path) for path in collection.sounds], wishes(chance)))
                refused += [error for _, error in outcome.refused]
        damage = collection.damage()
        assert not damage, damage[:10]
        while any(edit.undoable for edit in edits(collection.home)):
            assert not undo(collection.home).refused
        assert {path: digest_of(path) for path in collection.sounds} == collection.digests
    return refused


def edit_without_journal(collection: Collection, chance: random.Random) -> str:
    """Try to edit where what undoes it cannot be kept. Gives what is said.

    Raises:
        AssertionError: it was edited all the same.
    """
    collection.home.edits.mkdir(parents=True, exist_ok=True)
    with small_disk(collection.home.edits, "64K") as disk:
        fill(disk / "filling")
        try:
            apply(collection.home, preview([str(path) for path in collection.sounds], wishes(chance)))
        except SegueError as error:
            said = error.sentences
        else:
            raise AssertionError("edits are made that cannot be undone")
        damage = collection.damage()
        assert not damage, damage[:10]
        assert {path: digest_of(path) for path in collection.sounds} == collection.digests
    return said


def fill_music(world: World, chance: random.Random) -> Blow:
    """The disk with the music runs full, is emptied and runs full again while tags are edited."""
    collection = _known(world, ON_SMALL_DISK)
    began = time.monotonic()
    refused = edit_without_room(collection, chance)
    assert refused, "no edit met the full disk"
    assert {error.code for error in refused} == {"tags-no-space"}, {error.code for error in refused}
    return Blow(time.monotonic() - began, refused[0].sentences, "the edit's refusals", len(refused))


def fill_home(world: World, chance: random.Random) -> Blow:
    """What is needed to undo an edit cannot be kept: nothing is edited then."""
    collection = _known(world, ON_SMALL_DISK)
    began = time.monotonic()
    said = edit_without_journal(collection, chance)
    return Blow(time.monotonic() - began, said, "the edit's failure")


def _known(world: World, count: int) -> Collection:
    """Files that the library knows, and which are gone when the world is."""
    world.close_player()
    collection = Collection.made(world.home, world.root / "ten formats", count)
    world.undo.callback(shutil.rmtree, collection.folder, ignore_errors=True)
    assert world.run("scan", str(collection.folder)).code == 0
    world.start_player()
    world.live_a_little(random.Random(count))
    world.ledger.note()
    return collection


def _megabytes(folder: Path) -> int:
    return (sum(path.stat().st_size + 4096 for path in folder.iterdir()) >> 20) + 1


@contextlib.contextmanager
def _filling_and_emptying(filling: Path) -> Iterator[None]:
    """While open, a disk is filled to the last byte and emptied again, over and over."""
    ends = threading.Event()

    def work() -> None:
        while not ends.is_set():
            fill(filling)
            ends.wait(0.05)  # full for a moment
            filling.unlink(missing_ok=True)
            ends.wait(0.02)  # with room for a moment

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


TAG_EDITS = (
    Fault("kill edits of tags", "Each file is the old or the new one, sounds the same, and can be undone.",
          kill_editors),
    Fault("disk full: edited music", "What has no room is left as it was and named; all else can be undone.",
          fill_music),
    Fault("disk full: edits", "Nothing is edited that could not be undone.", fill_home),
)  # fmt: skip
