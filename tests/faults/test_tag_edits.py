"""The short form of edits that are cut short: few files, few kills, and disks that are full."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.core.home import Home
from tests import ten_formats
from tests.faults.fault import NotHere
from tests.faults.tag_edits import Collection, edit_without_journal, edit_without_room, kill_editor

KILLS = 5


@pytest.fixture
def collection(home: Home, tmp_path: Path) -> Collection:
    return Collection.made(home, tmp_path / "music", 2 * len(ten_formats.FORMATS))


def test_killed_edits_leave_old_files_or_new_ones(collection: Collection) -> None:
    chance = random.Random(11)
    for _ in range(KILLS):
        kill_editor(collection, chance)
        collection.note()


def test_without_room_for_a_copy_files_are_left_as_they_were(collection: Collection) -> None:
    try:
        refused = edit_without_room(collection, random.Random(12))
    except NotHere as reason:
        pytest.skip(str(reason))
    assert {error.code for error in refused} == {"tags-no-space"}


def test_without_room_for_what_undoes_it_nothing_is_edited(collection: Collection) -> None:
    try:
        said = edit_without_journal(collection, random.Random(13))
    except NotHere as reason:
        pytest.skip(str(reason))
    assert "cannot be kept" in said
