from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.audio.errors import UnreadableFile, UnreadableFolder
from indexer.core.audio.walk import FoundFile, Listing
from indexer.core.sentences.told import plain
from indexer.core.tracks import FileRecord, Problem, ProblemKind, TrackId
from indexer.scanning.plan import Plan, is_below, make_plan

ROOT = str(Path(os.sep, "music"))


def path(name: str) -> str:
    return str(Path(ROOT, name))


def record(name: str) -> FileRecord:
    return FileRecord(path(name), ROOT, TrackId(name), size=10, mtime_ns=20)


def problem(name: str, kind: ProblemKind) -> Problem:
    return Problem(path(name), kind, *plain("message", "advice"), at=0, size=10, mtime_ns=20)


def listing(*names: str) -> Listing:
    files = {path(name): FoundFile(path(name), ROOT, size=10, mtime_ns=20) for name in names}
    return Listing(ROOT, is_bare=not names, files=files)


def plan(found: Listing, records: list[FileRecord] = [], problems: list[Problem] = []) -> Plan:  # noqa: B006
    return make_plan(
        [found], {item.path: item for item in records}, {item.path: item for item in problems}, folders=[ROOT]
    )


def test_known_files_of_the_same_size_and_time_are_not_read() -> None:
    result = plan(listing("a.mp3", "b.mp3"), [record("a.mp3")])
    assert result.unchanged == [record("a.mp3")]
    assert [file.path for file in result.to_read] == [path("b.mp3")]


def test_another_size_or_time_is_a_change() -> None:
    records = [replace(record("a.mp3"), size=11), replace(record("b.mp3"), mtime_ns=21)]
    assert len(plan(listing("a.mp3", "b.mp3"), records).to_read) == 2


def test_a_missing_file_is_lost_and_its_problem_settled() -> None:
    result = plan(listing("b.mp3"), [record("a.mp3")], [problem("a.mp3", ProblemKind.SILENT)])
    assert result.lost == [record("a.mp3")]
    assert result.settled == [path("a.mp3")]


def test_nothing_is_lost_where_the_folder_is_missing_or_bare() -> None:
    records, problems = [record("a.mp3")], [problem("a.mp3", ProblemKind.SILENT)]
    for found in (Listing(ROOT, is_there=False), listing()):
        result = plan(found, records, problems)
        assert result.away == records
        assert not result.lost
        assert not result.settled


def test_files_below_a_closed_folder_and_broken_links_are_away() -> None:
    found = listing("a.mp3")
    found.closed.append(path("closed"))
    found.errors[path("closed")] = UnreadableFolder(path("closed"))
    found.errors[path("link.mp3")] = UnreadableFile(path("link.mp3"))
    records = [record("closed/b.mp3"), record("closed elsewhere/c.mp3"), record("link.mp3")]
    result = plan(found, records, [problem("link.mp3", ProblemKind.UNREADABLE)])
    assert result.away == [records[0], records[2]]
    assert result.lost == [records[1]]
    assert not result.settled


def test_files_that_failed_before_are_not_read_again_until_they_change() -> None:
    kinds = [ProblemKind.EMPTY, ProblemKind.NOT_AUDIO, ProblemKind.CORRUPT]
    problems = [problem(f"{kind}.mp3", kind) for kind in kinds]
    found = listing(*(f"{kind}.mp3" for kind in kinds))
    assert plan(found, problems=problems).known_bad == problems
    assert len(plan(found, problems=[replace(item, mtime_ns=1) for item in problems]).to_read) == 3


def test_files_that_could_not_be_opened_are_tried_again() -> None:
    result = plan(listing("a.mp3"), problems=[problem("a.mp3", ProblemKind.UNREADABLE)])
    assert len(result.to_read) == 1


def test_files_of_folders_that_left_the_library_are_lost() -> None:
    other = FileRecord(str(Path(os.sep, "left", "x.mp3")), str(Path(os.sep, "left")), TrackId("x"), 1, 1)
    result = plan(listing("a.mp3"), [record("a.mp3"), other])
    assert result.lost == [other]


NAMES = st.sets(st.sampled_from(["a.mp3", "b.mp3", "c/d.mp3", "c/e.mp3", "f.mp3"]))


@given(NAMES, NAMES, NAMES)
def test_every_file_is_in_exactly_one_place(listed: set[str], known: set[str], failed: set[str]) -> None:
    result = plan(
        listing(*listed), [record(name) for name in known], [problem(name, ProblemKind.CORRUPT) for name in failed]
    )
    places = [item.path for item in (*result.unchanged, *result.to_read, *result.known_bad, *result.lost, *result.away)]
    assert sorted(places) == sorted(path(name) for name in listed | known)
    assert not (listed and result.away)


def test_below_means_inside() -> None:
    assert is_below(path("a.mp3"), ROOT)
    assert is_below(path("a.mp3"), os.sep)
    assert not is_below(ROOT, ROOT)
    assert not is_below(ROOT + "al/a.mp3", ROOT)
