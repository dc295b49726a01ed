"""A drive that refuses, fails or never answers keeps its tracks as away, and stops nothing else."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from indexer.build import FolderMissing, register_folders
from indexer.core.events import Event, Notice, ProblemFound
from indexer.core.files import disk
from indexer.core.store import Database
from indexer.core.tracks import TrackState
from indexer.scanning.fma import tracks_file_near
from indexer.scanning.scan import ScanResult
from musicplayer.library.watching import FolderWatch
from musicplayer.playback import file_trouble
from tests import bad_files, dead_disk
from tests.conftest import REPOSITORY
from tests.integration.scanning.library import Scan, tracks

pytestmark = pytest.mark.database

Kill = Callable[[Path], AbstractContextManager[None]]

KILLS = {
    "hung": dead_disk.hung,
    **{f"error-{error}": partial(dead_disk.failing, error=error) for error in dead_disk.ERRORS},
}


@pytest.fixture(params=list(KILLS))
def kill(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kill:
    """Makes a folder a drive that is dead in one of these ways."""
    return KILLS[request.param]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(disk, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(disk, "PROBE_SECONDS", 0.2)
    disk.forget_silence()
    yield
    disk.forget_silence()


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    folder = tmp_path / "drive"
    bad_files.good(folder, "far.flac", seed=1)
    return folder


@pytest.fixture
def root(root: Path) -> Path:
    bad_files.good(root, "near.flac", seed=2)
    return root


def test_a_dead_drive_among_the_folders_stops_nothing_and_is_said(
    database: Database, drive: Path, root: Path, run: Scan, events: list[Event], kill: Kill
) -> None:
    assert run(drive, root) == ScanResult(new=2, tracks=2)
    bad_files.good(root, "new.flac", seed=3)
    with kill(drive):
        result = run(drive, root)
    assert (result.new, result.unchanged, result.away, result.gone, result.problems) == (1, 1, 1, 0, 1)
    assert set(tracks(database, TrackState.AWAY)) == {str(drive / "far.flac")}
    assert {folder.path for folder in database.folders.all() if folder.away} == {str(drive)}
    problem = database.problems.by_path()[str(drive)]
    assert problem.message.startswith("The folder drive cannot be opened")
    assert problem.advice
    assert [event.path for event in events if isinstance(event, ProblemFound)] == [str(drive)]
    assert any(isinstance(event, Notice) and "its file is kept" in event.message for event in events)
    disk.forget_silence()
    assert run(drive, root) == ScanResult(unchanged=3, tracks=3)
    assert not database.problems.by_path()


@pytest.mark.parametrize("linked", [False, True], ids=["below", "by a link"])
def test_a_dead_drive_within_a_folder_closes_that_part_alone(
    database: Database, drive: Path, root: Path, run: Scan, kill: Kill, linked: bool
) -> None:
    inner = root / "inner"
    if linked:
        inner.symlink_to(drive, target_is_directory=True)
    else:
        drive.rename(inner)
    bad_files.good(root / "zoo", "last.flac", seed=4)
    assert run() == ScanResult(new=3, tracks=3)
    with kill(drive if linked else inner):
        result = run()
    assert (result.unchanged, result.away, result.gone) == (2, 1, 0)
    assert set(tracks(database, TrackState.AWAY)) == {str(inner / "far.flac")}
    assert "cannot be opened" in database.problems.by_path()[str(inner)].message
    disk.forget_silence()
    assert run() == ScanResult(unchanged=3, tracks=3)


def test_a_link_to_a_drive_that_is_not_mounted_keeps_what_lies_there(
    database: Database, drive: Path, root: Path, run: Scan
) -> None:
    (root / "inner").symlink_to(drive, target_is_directory=True)
    assert run() == ScanResult(new=2, tracks=2)
    drive.rename(drive.with_name("elsewhere"))
    assert (run().away, database.problems.by_path()) == (1, {})


def test_a_copy_on_a_dead_drive_is_not_taken_for_lost(
    database: Database, drive: Path, root: Path, run: Scan, kill: Kill
) -> None:
    copy = root / "copy.flac"
    copy.write_bytes((drive / "far.flac").read_bytes())
    run(drive, root)
    copy.unlink()
    with kill(drive):
        run(root)
    (track,) = (track for path, track in tracks(database).items() if "near" not in path)
    assert track.state is TrackState.AWAY


def test_tables_on_a_dead_drive_leave_the_music_beside_them(root: Path, run: Scan, kill: Kill) -> None:
    tables = root / "fma_metadata"
    tables.mkdir()
    (tables / "tracks.csv").write_text("track,album\n", encoding="utf-8")
    assert tracks_file_near(root) is not None
    with kill(tables):
        assert tracks_file_near(root) is None
        assert run().new == 1


def test_a_dead_folder_that_is_to_be_added_is_refused_with_the_reason(
    database: Database, drive: Path, kill: Kill
) -> None:
    with kill(drive), pytest.raises(FolderMissing, match=r"cannot be opened: .+\.") as refused:
        register_folders(database, [drive])
    assert refused.value.advice


def test_the_watch_goes_on_with_the_others_and_takes_the_dead_one_up_when_it_is_back(
    drive: Path, root: Path, qtbot: QtBot, kill: Kill
) -> None:
    watch = FolderWatch(quiet_ms=50, poll_seconds=0.3)
    try:
        with kill(drive):
            watch.watch([str(drive), str(root)])
            qtbot.waitUntil(lambda: watch.watched == (str(root),))
            with qtbot.waitSignal(watch.changed):
                bad_files.good(root, "new.flac", seed=5)
        qtbot.waitUntil(lambda: len(watch.watched) == 2)
        with qtbot.waitSignal(watch.changed):
            bad_files.good(drive, "new.flac", seed=6)
    finally:
        watch.shutdown()


def test_a_watch_of_a_drive_that_never_answers_ends_without_waiting_for_it(
    drive: Path, root: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined: list[str] = []
    join = threading.Thread.join

    def noted(thread: threading.Thread, timeout: float | None = None) -> None:
        joined.append(thread.name)
        join(thread, timeout)

    with dead_disk.hung(drive):
        watch = FolderWatch()
        watch.watch([str(drive), str(root)])
        qtbot.waitUntil(lambda: watch.watched == (str(root),))
        asking = [thread for thread in threading.enumerate() if thread.name == "segue-watch"]
        assert asking, "one waits for the drive"
        monkeypatch.setattr(threading.Thread, "join", noted)
        watch.shutdown()
        assert "segue-watch" not in joined
        assert all(thread.is_alive() for thread in asking)


def test_a_file_that_does_not_play_for_its_drive_is_not_called_damaged(
    drive: Path, kill: Kill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "ANSWER_SECONDS", 86_400.0)  # who does not say that a person waits would stand still
    with kill(drive):
        message, advice = file_trouble.explain(str(drive / "far.flac"))
    assert message.startswith("far.flac ")
    assert "cannot be played" not in message
    assert "damaged" not in advice


def test_a_silent_drive_is_asked_once_and_holds_no_thread_of_who_asks(drive: Path) -> None:
    with dead_disk.hung(drive):
        with pytest.raises(disk.DiskSilent):
            disk.look(drive / "a.flac")
        threads = threading.active_count()  # each question without an answer would leave one behind
        for number in range(100):
            with pytest.raises(disk.DiskSilent):
                disk.look(drive / f"{number}.flac")
        assert threading.active_count() == threads


def test_one_slow_answer_is_not_taken_for_a_silent_drive(tmp_path: Path) -> None:
    answer = threading.Event()
    with pytest.raises(disk.DiskSilent):
        disk.ask(tmp_path, answer.wait, wait=0.1)
    assert disk.is_folder(tmp_path)
    answer.set()


def test_a_process_ends_while_one_of_its_questions_hangs(drive: Path) -> None:
    code = f"from indexer.core.files import disk; print(disk.is_folder({str(drive)!r}, wait=0.3))"
    with dead_disk.hung(drive):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=30, check=True
        )
    assert done.stdout == "False\n"
