"""The command that shows a newcomer the house: what it counts is what happened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import house

_QUEUED = """
from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import TrackId
from tests import house

def queue():
    made = PlayQueue()
    made.append([TrackId("a")])
    return made.items

"""


def seen_by(steps: str) -> list[str]:
    """What a process of its own prints: a profile of this one follows what earlier tests left running, too.

    CPython 3.11 can stand still for good where a call is profiled while another thread asks for its attention.
    """
    code = _QUEUED + steps
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.splitlines()


def test_a_trail_has_the_modules_that_ran_those_that_held_a_form_and_the_forms() -> None:
    steps = (
        "with house.traced() as trail: queue()\n"
        "print(set(trail.passed) <= set(trail.called), *trail.passed)\nprint(*trail.forms)"
    )
    passed, forms = (line.split() for line in seen_by(steps))
    assert passed[0] == "True"
    assert "indexer.core.playing.queue" in passed
    assert "QueueItem" in forms


def test_nothing_is_seen_after_the_end() -> None:
    steps = "with house.traced() as trail: pass\nqueue()\nprint(len(trail.called), len(trail.forms))"
    assert seen_by(steps) == ["0 0"]


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
    assert "musicplayer/ui: 15 entries" in said
