"""Files, folders, models, plays, queues and problems on the real server."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from indexer.core.sentences.told import plain
from indexer.core.store import Database
from indexer.core.tracks import FileRecord, Genre, Problem, ProblemKind, TrackId
from tests.plays import play_of

pytestmark = pytest.mark.database

ONE, TWO = TrackId("1" * 32), TrackId("2" * 32)
STRANGE = os.fsdecode(b"/music/caf\xe9.mp3")


def test_files(database: Database) -> None:
    records = [
        FileRecord("/music/a.mp3", "/music", ONE, 3_000_000_000, 1_700_000_000_123_456_789),
        FileRecord(STRANGE, "/music", ONE, 2, 2),
        FileRecord("/other/b.mp3", "/other", TWO, 3, 3),
    ]
    database.files.upsert(records)
    assert set(database.files.all()) == set(records)
    assert set(database.files.all("/music")) == set(records[:2])
    found = database.files.by_track([ONE, TrackId("9" * 32)])
    assert set(found) == {ONE}
    assert set(found[ONE]) == set(records[:2])


def test_sizes_of_files(database: Database) -> None:
    three = tuple(TrackId(f"{number:032x}") for number in (7, 8, 9))
    whole = FileRecord("/music/whole.flac", "/music", TrackId("e" * 32), 3_000, 1, parts=three)
    database.files.upsert([FileRecord("/music/a.mp3", "/music", ONE, 5_000_000_000, 1), whole])
    assert dict(database.files.sizes()) == {ONE: 5_000_000_000, **dict.fromkeys(three, 1_000)}
    assert dict(database.files.sizes([ONE])) == {ONE: 5_000_000_000}
    assert dict(database.files.sizes([three[1]])).get(three[1]) == 1_000
    assert not dict(database.files.sizes([]))


def test_files_changed_and_removed(database: Database) -> None:
    record = FileRecord(STRANGE, "/music", ONE, 1, 1)
    database.files.upsert([record])
    database.files.upsert([replace(record, size=2, track=TWO)])
    assert [file.size for file in database.files.all()] == [2]
    database.files.remove([STRANGE, "/not/there.mp3"])
    assert not list(database.files.all())


def test_folders(database: Database) -> None:
    for path in ("/b", "/a", STRANGE, "/b"):
        database.folders.add(path)
    database.folders.set_away("/b", True)
    database.folders.set_away("/never/added", True)
    assert [(folder.path, folder.away) for folder in database.folders.all()] == [
        ("/b", True),
        ("/a", False),
        (STRANGE, False),
    ]
    database.folders.add("/b")
    assert database.folders.all()[0].away, "adding a folder again changes nothing"
    database.folders.set_excluded("/a", ["/a/spoken", STRANGE])
    assert [folder.excluded for folder in database.folders.all()] == [(), ("/a/spoken", STRANGE), ()]
    database.folders.remove("/b")
    assert [folder.path for folder in database.folders.all()] == ["/a", STRANGE]


def test_models(database: Database) -> None:
    assert database.models.current("sonic") is None
    for number, profile in enumerate(("sonic", "classic", "sonic")):
        database.models.save({"id": f"m{number}", "profile": profile, "recall": 0.95, "parameters": {"k.l": [1, 2]}})
    current = database.models.current("sonic")
    assert current == {"id": "m2", "profile": "sonic", "recall": 0.95, "parameters": {"k.l": [1, 2]}}
    assert [manifest["id"] for manifest in database.models.all()] == ["m2", "m1", "m0"]


def test_a_play_that_is_told_twice_is_one(database: Database) -> None:
    for _ in range(2):
        database.plays.add([play_of(ONE, 10.0, 12.5, finished=True, play="0123456789abcdef01234567")])
    database.plays.add([play_of(ONE, 10.0, 12.5, finished=True, play="f" * 24)])
    assert database.plays.counts() == {ONE: 2}


def test_plays(database: Database) -> None:
    for track, at, finished in ((ONE, 10.0, True), (ONE, 30.0, True), (TWO, 20.0, False), (ONE, 25.0, False)):
        database.plays.add([play_of(track, at, 12.5, finished=finished)])
    assert database.plays.counts() == {ONE: 2}
    assert database.plays.last_played() == {ONE: 30.0, TWO: 20.0}


def test_queues(database: Database) -> None:
    state = {"items": [ONE, TWO], "index": 1, "repeat": "all", "shuffle": False, "position": None}
    database.queues.save("main", {"items": []})
    database.queues.save("main", state)
    assert database.queues.load("main") == state
    assert database.queues.load("other") is None


def test_problems(database: Database) -> None:
    problem = Problem(STRANGE, ProblemKind.CORRUPT, *plain("Broken.", "Replace it."), 1.0, size=3, mtime_ns=4)
    database.problems.put([problem, Problem("/b.mp3", ProblemKind.EMPTY, *plain("Empty.", ""), 2.0)])
    later = replace(problem, kind=ProblemKind.TIMEOUT, at=5.0)
    database.problems.put([later])
    assert database.problems.count() == 2
    assert database.problems.by_path()[STRANGE] == later
    database.problems.clear([STRANGE])
    assert [found.path for found in database.problems.all()] == ["/b.mp3"]


def test_genres(database: Database) -> None:
    assert database.genres.all() == []
    database.genres.put([Genre(12, "Rock"), Genre(25, "Punk", 12)])
    database.genres.put([Genre(25, "Punk rock", 12)])
    assert database.genres.all() == [Genre(12, "Rock"), Genre(25, "Punk rock", 12)]
