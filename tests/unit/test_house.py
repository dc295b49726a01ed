"""The command that shows a newcomer the house: what it counts is what happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import TrackId
from tests import house


def test_a_trail_has_the_modules_that_ran_those_that_held_a_form_and_the_forms() -> None:
    with house.traced() as trail:
        queue = PlayQueue()
        queue.append([TrackId("a")])
        _ = queue.items
    assert set(trail.passed) <= set(trail.called)
    assert "indexer.core.playing.queue" in trail.passed
    assert "QueueItem" in trail.forms


def test_nothing_is_seen_after_the_end() -> None:
    with house.traced() as trail:
        pass
    PlayQueue().append([TrackId("a")])
    assert not trail.called
    assert not trail.forms


def test_entries_of_a_room_are_its_modules_and_rooms(tmp_path: Path) -> None:
    for name in ("__init__.py", "__main__.py", "one.py", "two/__init__.py", "data/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert house.entries(tmp_path) == ["one", "two"]


def test_rooms_are_told_without_running_anything(capsys: pytest.CaptureFixture[str]) -> None:
    house.main(["--rooms"])
    said = capsys.readouterr().out
    assert all(name in said for name in house.READING_ORDER)
    assert "there is no such file" not in said
    assert "musicplayer/ui: 12 entries" in said
