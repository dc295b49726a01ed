from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.analysis.workload import jobs_for
from indexer.core.events import Event, Notice
from indexer.core.model.profiles import CLASSIC
from indexer.core.store import Database
from indexer.core.tracks import TrackState
from indexer.scanning.scan import ScanResult
from tests import bad_files
from tests.integration.scanning.library import Scan, only_track, tracks

pytestmark = pytest.mark.database


def test_an_excluded_folder_leaves_the_library_and_comes_back_as_it_was(
    database: Database, root: Path, run: Scan
) -> None:
    kept = bad_files.good(root / "in", "1.flac", seed=1)
    left = bad_files.good(root / "out", "2.flac", seed=2)
    run()
    before = tracks(database)[str(left)]
    database.folders.set_excluded(str(root), [str(root / "out")])
    assert run() == ScanResult(gone=1, unchanged=1, tracks=1)
    assert set(tracks(database, TrackState.PRESENT)) == {str(kept)}
    database.folders.set_excluded(str(root), [])
    run()
    after = tracks(database, TrackState.PRESENT)[str(left)]
    assert (after.id, after.added_at) == (before.id, before.added_at)


def test_full_is_about_the_folders_that_are_named(database: Database, root: Path, run: Scan, tmp_path: Path) -> None:
    other = tmp_path / "other"
    bad_files.good(root, "1.flac", seed=1)
    path = bad_files.good(other, "2.flac", seed=2)
    run(root, other)
    assert len(jobs_for(database, [CLASSIC], full=True)) == 2
    assert [job.path for job in jobs_for(database, [CLASSIC], full=True, folders=[str(other)])] == [str(path)]


def test_a_deleted_file_is_gone_and_may_come_back(database: Database, root: Path, run: Scan) -> None:
    path = bad_files.good(root)
    bad_files.good(root, "stays.flac", seed=2)
    run()
    before = tracks(database)[str(path)]
    data = path.read_bytes()
    path.unlink()
    assert run() == ScanResult(gone=1, unchanged=1, tracks=1)
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert list(tracks(database, TrackState.GONE)) == [str(path)]
    path.write_bytes(data)
    assert run() == ScanResult(new=1, unchanged=1, tracks=2)
    after = tracks(database)[str(path)]
    assert (after.id, after.added_at, after.state) == (before.id, before.added_at, TrackState.PRESENT)


def test_a_whole_album_that_disappears_is_gone_and_its_history_kept(database: Database, root: Path, run: Scan) -> None:
    for seed in range(4):
        bad_files.good(root / "album", f"{seed}.flac", seed=seed)
    bad_files.good(root, "stays.flac", seed=9)
    run()
    shutil.rmtree(root / "album")
    assert run() == ScanResult(gone=4, unchanged=1, tracks=1)
    assert len(tracks(database, TrackState.GONE)) == 4


@pytest.mark.parametrize("mount_point_stays", [True, False])
def test_a_folder_that_is_not_mounted_is_away(
    database: Database, root: Path, run: Scan, opened: list[str], events: list[Event], *, mount_point_stays: bool
) -> None:
    bad_files.good(root)
    run()
    mounted = root.rename(root.with_name("unplugged"))
    if mount_point_stays:
        root.mkdir()
    assert run() == ScanResult(away=1, tracks=0)
    assert run() == ScanResult(away=1, tracks=0)
    assert only_track(database).state is TrackState.AWAY
    assert [folder.away for folder in database.folders.all()] == [True]
    assert any(isinstance(event, Notice) and str(root) in event.message for event in events)
    if mount_point_stays:
        root.rmdir()
    mounted.rename(root)
    opened.clear()
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert opened == []
    assert only_track(database).state is TrackState.PRESENT
    assert [folder.away for folder in database.folders.all()] == [False]


def test_a_copy_elsewhere_stands_in_for_a_track_that_is_away(
    database: Database, root: Path, tmp_path: Path, run: Scan
) -> None:
    path, second = bad_files.good(root), tmp_path / "second"
    second.mkdir()
    copy = Path(shutil.copy(path, second / "copy.flac"))
    run(root, second)
    root.rename(root.with_name("unplugged"))
    assert run(root, second) == ScanResult(unchanged=1, tracks=1)
    assert only_track(database).path == str(copy)
    assert only_track(database).state is TrackState.PRESENT


def test_a_folder_that_left_the_library_takes_its_files_along(
    database: Database, root: Path, tmp_path: Path, run: Scan
) -> None:
    bad_files.good(root)
    second = tmp_path / "second"
    bad_files.good(second, "other.flac", seed=2)
    run(root, second)
    database.folders.remove(str(second))
    assert run() == ScanResult(gone=1, unchanged=1, tracks=1)
    assert [record.root for record in database.files.all()] == [str(root)]


def test_a_folder_inside_another_is_scanned_once(database: Database, root: Path, run: Scan) -> None:
    bad_files.good(root / "album", "song.flac")
    assert run(root, root / "album", root) == ScanResult(new=1, tracks=1)
    assert only_track(database).root == str(root)
    assert run(root / "album") == ScanResult(unchanged=1, tracks=1)


def test_an_empty_folder_is_said_to_be_empty(root: Path, run: Scan, events: list[Event]) -> None:
    folder = bad_files.empty_folder(root)
    assert run(folder) == ScanResult()
    assert Notice("folder-without-music", {"folder": str(folder)}) in events


def test_a_folder_that_never_was_is_a_problem(database: Database, root: Path, run: Scan) -> None:
    missing = root / "missing"
    assert run(missing) == ScanResult(problems=1)
    assert "missing" in database.problems.by_path()[str(missing)].message
    bad_files.good(missing, "song.flac")
    assert run(missing) == ScanResult(new=1, tracks=1)
    assert not database.problems.by_path()
