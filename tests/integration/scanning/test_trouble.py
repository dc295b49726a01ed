from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.core.events import Event, ProblemFound
from indexer.core.sentences.told import plain
from indexer.core.store import Database
from indexer.core.tags import reading
from indexer.core.tracks import Problem, ProblemKind
from indexer.scanning.scan import ScanResult, scan
from tests import bad_files
from tests.integration.scanning.library import Scan, only_track

pytestmark = pytest.mark.database


@pytest.mark.parametrize("builder", list(bad_files.REFUSED_BY_SCAN))
def test_a_bad_file_is_listed_and_stops_nothing(
    database: Database, root: Path, run: Scan, events: list[Event], builder: Callable[[Path], Path]
) -> None:
    bad_files.good(root, "a good one.flac")
    bad_files.good(root, "z good one.flac", seed=2)
    path = builder(root)
    assert run() == ScanResult(new=2, problems=1, tracks=2)
    problem = database.problems.by_path()[str(path)]
    assert problem.kind is bad_files.REFUSED_BY_SCAN[builder]
    assert path.name in problem.message
    assert problem.advice
    assert ProblemFound(problem.path, problem.kind.value, problem.code, problem.values) in events


@pytest.mark.parametrize("builder", [*bad_files.REFUSED_BY_ANALYSIS, *bad_files.ANALYSED])
def test_files_that_only_analysis_can_judge_are_taken_in(
    database: Database, root: Path, run: Scan, builder: Callable[[Path], Path]
) -> None:
    path = builder(root)
    assert run() == ScanResult(new=1, tracks=1)
    assert only_track(database).path == str(path)


def test_a_forbidden_file_is_listed_and_read_once_it_may_be(database: Database, events: list[Event]) -> None:
    with bad_files.open_folder() as root:
        path = bad_files.forbidden(root)
        bad_files.good(root, "allowed.flac")
        arguments = {"on_event": events.append, "cancelled": lambda: False}
        with bad_files.as_nobody():
            first = scan(database, [root], **arguments)
        assert (first.new, first.problems) == (1, 1)
        assert database.problems.by_path()[str(path)].message.startswith("forbidden.flac cannot be opened")
        path.chmod(0o644)
        assert scan(database, [root], **arguments) == ScanResult(new=1, unchanged=1, tracks=2)
        assert not database.problems.by_path()


def test_a_closed_folder_is_listed_and_its_tracks_are_away(database: Database, events: list[Event]) -> None:
    with bad_files.open_folder() as root:
        bad_files.good(root / "closed", "song.flac")
        bad_files.good(root, "allowed.flac", seed=2)
        arguments = {"on_event": events.append, "cancelled": lambda: False}
        scan(database, [root], **arguments)
        (root / "closed").chmod(0)
        with bad_files.as_nobody():
            result = scan(database, [root], **arguments)
        (root / "closed").chmod(0o755)
        assert result == ScanResult(away=1, unchanged=1, problems=1, tracks=1)
        assert list(database.problems.by_path()) == [str(root / "closed")]
        assert scan(database, [root], **arguments) == ScanResult(unchanged=2, tracks=2)
        assert not database.problems.by_path()


def test_a_vanishing_file_is_listed_once(
    database: Database, root: Path, run: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bad_files.vanishing(root)
    bad_files.good(root)
    read_tags = reading.read_tags

    def delete_and_read(file: Path, encoding: str) -> object:
        path.unlink(missing_ok=True)
        return read_tags(file, encoding)

    monkeypatch.setattr(reading, "read_tags", delete_and_read)
    result = run()
    assert (result.new, result.problems) == (1, 1)
    assert database.problems.by_path()[str(path)].kind is ProblemKind.VANISHED
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert not database.problems.by_path()


def test_a_known_file_that_breaks_loses_its_track(database: Database, root: Path, run: Scan) -> None:
    path = bad_files.good(root, "shopping list.mp3")
    bad_files.good(root, "stays.flac", seed=2)
    run()
    assert bad_files.mislabelled_text(root) == path
    assert run() == ScanResult(gone=1, unchanged=1, problems=1, tracks=1)
    assert run() == ScanResult(unchanged=1, problems=1, tracks=1)
    assert [Path(record.path).name for record in database.files.all()] == ["stays.flac"]


def test_a_problem_ends_when_its_file_is_mended_or_deleted(database: Database, root: Path, run: Scan) -> None:
    mended, deleted = bad_files.corrupt(root), bad_files.mislabelled_text(root)
    bad_files.good(root)
    assert run().problems == 2
    bad_files.good(root, mended.name, seed=5)
    deleted.unlink()
    assert run() == ScanResult(new=1, unchanged=1, tracks=2)
    assert not database.problems.by_path()


def test_problems_of_analysis_stay_until_the_file_changes(database: Database, root: Path, run: Scan) -> None:
    path = bad_files.silent(root)
    run()
    info = path.stat()
    problem = Problem(str(path), ProblemKind.SILENT, *plain("silent", "advice"), 1.0, info.st_size, info.st_mtime_ns)
    database.problems.put([problem])
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert database.problems.by_path() == {str(path): problem}
    bad_files.good(root, path.name)
    run()
    assert not database.problems.by_path()
