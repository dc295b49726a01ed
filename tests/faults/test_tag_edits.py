"""The short form of edits that are cut short: few files, few kills, and a disk that is full."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.tags.editing.edits import apply, preview, undo
from indexer.core.tags.editing.fields import Field
from tests import ten_formats
from tests.faults.disks import fill, small_disk
from tests.faults.fault import NotHere
from tests.faults.tag_edits import Collection, kill_editor

KILLS = 5


@pytest.fixture
def collection(home: Home, tmp_path: Path) -> Collection:
    return Collection.made(home, tmp_path / "music", 2 * len(ten_formats.FORMATS))


def test_killed_edits_leave_old_files_or_new_ones(collection: Collection) -> None:
    chance = random.Random(11)
    for _ in range(KILLS):
        kill_editor(collection, chance)
        collection.note()


def test_without_room_for_a_copy_nothing_is_edited(collection: Collection) -> None:
    changes = {Field.TITLE: ["Other"]}
    try:
        with small_disk(collection.folder, "3M") as folder:
            fill(folder / ".filling")
            outcome = apply(collection.home, preview([str(path) for path in collection.sounds], changes))
            assert {error.code for _, error in outcome.refused} == {"tags-no-space"}
            assert len(outcome.refused) == len(collection.sounds)
            (folder / ".filling").unlink()
            assert collection.damage() == []
            outcome = apply(collection.home, preview([str(path) for path in collection.sounds], changes))
            assert len(outcome.done) + len(outcome.refused) == len(collection.sounds)
            assert not undo(collection.home).refused
    except NotHere as reason:
        pytest.skip(str(reason))


def test_without_room_for_what_undoes_it_nothing_is_edited(collection: Collection) -> None:
    collection.home.edits.mkdir(parents=True)
    try:
        with small_disk(collection.home.edits, "64K") as disk:
            fill(disk / "filling")
            with pytest.raises(SegueError, match="cannot be kept"):
                apply(collection.home, preview([str(path) for path in collection.sounds], {Field.TITLE: ["Other"]}))
            assert collection.damage() == []
    except NotHere as reason:
        pytest.skip(str(reason))
