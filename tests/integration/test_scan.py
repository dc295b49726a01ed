from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import mutagen.flac
import pytest

from indexer.events import Event, Notice, ProblemFound, Progress, Stage, StageStarted
from indexer.features.profiles import CLASSIC
from indexer.library import Genre, Problem, ProblemKind, Track, TrackState
from indexer.scan import ScanResult, scan
from indexer.scanning import reading
from indexer.store import Database, DatabaseError
from indexer.workload import jobs_for
from tests import bad_files
from tests.fma_files import write_metadata

pytestmark = pytest.mark.database

Scan = Callable[..., ScanResult]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def run(database: Database, root: Path, events: list[Event]) -> Scan:
    """Scan folders, the one of this test unless others are named, as a build does: they belong to the library."""

    def run_scan(*folders: Path, cancelled: Callable[[], bool] = lambda: False) -> ScanResult:
        for folder in folders or (root,):
            database.folders.add(str(folder))
        events.clear()
        return scan(database, folders or (root,), on_event=events.append, cancelled=cancelled)

    return run_scan


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are opened from now on."""
    paths: list[str] = []
    identify = reading.identify
    monkeypatch.setattr(reading, "identify", lambda path: (paths.append(str(path)), identify(path))[1])
    return paths


def tracks(database: Database, state: TrackState | None = None) -> dict[str, Track]:
    return {track.path: track for track in database.tracks.all(states=None if state is None else {state})}


def only_track(database: Database) -> Track:
    (track,) = database.tracks.all()
    return track


def test_new_files_become_tracks(database: Database, root: Path, run: Scan, events: list[Event]) -> None:
    paths = [bad_files.good(root / "album", f"{seed}.flac", seed=seed) for seed in range(3)]
    assert run() == ScanResult(new=3, tracks=3)
    assert set(tracks(database, TrackState.PRESENT)) == set(map(str, paths))
    assert {record.path for record in database.files.all(str(root))} == set(map(str, paths))
    assert events[0] == StageStarted(Stage.SCAN)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done, last.total, last.failed) == (3, 3, 0)


def test_a_second_scan_opens_nothing_and_changes_nothing(
    database: Database, root: Path, run: Scan, opened: list[str]
) -> None:
    bad_files.good(root)
    bad_files.corrupt(root)
    run()
    revision = only_track(database).rev
    opened.clear()
    assert run() == ScanResult(unchanged=1, problems=1, tracks=1)
    assert opened == []
    assert only_track(database).rev == revision


def test_only_new_and_changed_files_are_opened(database: Database, root: Path, run: Scan, opened: list[str]) -> None:
    bad_files.good(root, "same.flac", seed=1)
    retagged = bad_files.good(root, "retagged.flac", seed=2)
    run()
    media = mutagen.flac.FLAC(retagged)
    media["title"] = "A new title"
    media.save()
    new = bad_files.good(root, "new.flac", seed=3)
    opened.clear()
    before = tracks(database)[str(retagged)]
    assert run() == ScanResult(new=1, changed=1, unchanged=1, tracks=3)
    assert sorted(opened) == sorted(map(str, [retagged, new]))
    after = tracks(database)[str(retagged)]
    assert (after.id, after.title, after.added_at) == (before.id, "A new title", before.added_at)


def test_a_moved_file_keeps_its_track(database: Database, root: Path, run: Scan) -> None:
    path = bad_files.good(root)
    run()
    before = only_track(database)
    (root / "below").mkdir()
    moved = path.rename(root / "below" / "renamed.flac")
    assert run() == ScanResult(moved=1, tracks=1)
    after = only_track(database)
    assert (after.id, after.path, after.added_at) == (before.id, str(moved), before.added_at)
    assert [record.path for record in database.files.all()] == [str(moved)]


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


def test_two_files_that_changed_names_keep_their_tracks(database: Database, root: Path, run: Scan) -> None:
    one, other = (bad_files.good(root, f"{seed}.flac", seed=seed, seconds=2 + seed) for seed in (1, 2))
    run()
    before = tracks(database)
    third = one.rename(root / "third.flac")
    other.rename(one)
    third.rename(other)
    result = run()
    after = tracks(database, TrackState.PRESENT)
    assert after[str(one)].id == before[str(other)].id
    assert after[str(other)].id == before[str(one)].id
    assert (result.gone, result.tracks) == (0, 2)


def test_a_file_moved_to_another_folder_of_the_library_keeps_its_track(
    database: Database, root: Path, tmp_path: Path, run: Scan
) -> None:
    path, second = bad_files.good(root), tmp_path / "second"
    second.mkdir()
    bad_files.good(root, "stays.flac", seed=4)
    run(root, second)
    moved = path.rename(second / "good.flac")
    assert run(second).moved == 1
    assert run(root, second) == ScanResult(unchanged=2, tracks=2)
    assert tracks(database, TrackState.PRESENT)[str(moved)].root == str(second)


def test_copies_are_one_track(database: Database, root: Path, run: Scan) -> None:
    path = bad_files.good(root, "a.flac")
    copy = Path(shutil.copy(path, root / "b.flac"))
    assert run() == ScanResult(new=2, tracks=1)
    assert only_track(database).path == str(path)
    assert run() == ScanResult(unchanged=2, tracks=1)
    path.unlink()
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert only_track(database).path == str(copy)


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


def test_replaced_sound_is_another_track(database: Database, root: Path, run: Scan) -> None:
    path = bad_files.good(root, seed=1)
    run()
    before = only_track(database)
    bad_files.good(root, seed=2, seconds=4)
    assert run() == ScanResult(changed=1, gone=1, tracks=1)
    states = {track.id: track.state for track in database.tracks.all()}
    assert states.pop(before.id) is TrackState.GONE
    assert list(states.values()) == [TrackState.PRESENT]
    assert database.tracks.by_path(str(path)) is not None


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
    assert ProblemFound(problem.path, problem.kind.value, problem.message, problem.advice) in events


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

    def delete_and_read(file: Path) -> object:
        path.unlink(missing_ok=True)
        return read_tags(file)

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
    problem = Problem(str(path), ProblemKind.SILENT, "silent", "advice", 1.0, info.st_size, info.st_mtime_ns)
    database.problems.put([problem])
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert database.problems.by_path() == {str(path): problem}
    bad_files.good(root, path.name)
    run()
    assert not database.problems.by_path()


def test_odd_names_come_back_as_they_are(database: Database, root: Path, run: Scan) -> None:
    paths = bad_files.odd_names(root)
    assert run().new == len(paths)
    assert set(tracks(database)) == set(map(str, paths))
    assert run() == ScanResult(unchanged=len(paths), tracks=len(paths))


def test_a_link_loop_and_hidden_files_do_no_harm(database: Database, root: Path, run: Scan) -> None:
    bad_files.link_loop(root)
    bad_files.hidden_files(root)
    assert run() == ScanResult(new=1, tracks=1)


def test_an_empty_folder_is_said_to_be_empty(root: Path, run: Scan, events: list[Event]) -> None:
    folder = bad_files.empty_folder(root)
    assert run(folder) == ScanResult()
    assert Notice(f"There is no music in {folder}.") in events


def test_a_folder_that_never_was_is_a_problem(database: Database, root: Path, run: Scan) -> None:
    missing = root / "missing"
    assert run(missing) == ScanResult(problems=1)
    assert "missing" in database.problems.by_path()[str(missing)].message
    bad_files.good(missing, "song.flac")
    assert run(missing) == ScanResult(new=1, tracks=1)
    assert not database.problems.by_path()


FMA_ROW = {"title": "Food", "artist": "AWOL", "album": "A Way Of Life", "genre_top": "Hip-Hop", "subset": "small"}


def test_fma_metadata_is_joined_by_id(database: Database, root: Path, run: Scan, events: list[Event]) -> None:
    known = bad_files.good(root / "clips" / "000", "000002.mp3", seed=1)
    unknown = bad_files.good(root / "clips" / "900", "900001.mp3", seed=2)
    table = write_metadata(root, {"2": FMA_ROW})
    run(root / "clips")
    track = tracks(database)[str(known)]
    assert (track.artist, track.title, track.genre, track.subset) == ("AWOL", "Food", "Hip-Hop", "small")
    assert track.fma_id == 2
    assert (tracks(database)[str(unknown)].title, tracks(database)[str(unknown)].fma_id) == ("900001", None)
    assert Notice(f"{table} describes 1 of the tracks.") in events


def test_the_tree_of_genres_is_kept(database: Database, root: Path, run: Scan) -> None:
    run()
    assert database.genres.all() == []
    write_metadata(root, {"2": FMA_ROW})
    run()
    assert Genre(76, "Experimental Pop", 10) in database.genres.all()


def test_metadata_that_comes_or_changes_later_is_joined_without_opening_files(
    database: Database, root: Path, run: Scan, opened: list[str]
) -> None:
    bad_files.good(root / "000", "000002.mp3")
    run()
    assert only_track(database).artist == ""
    write_metadata(root, {"2": FMA_ROW})
    opened.clear()
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert only_track(database).artist == "AWOL"
    revision = only_track(database).rev
    run()
    assert only_track(database).rev == revision
    assert opened == []


def test_metadata_with_wrong_columns_is_a_problem_and_the_music_is_taken_in(
    database: Database, root: Path, run: Scan
) -> None:
    bad_files.good(root / "000", "000002.mp3")
    table = bad_files.wrong_columns(root)
    assert run() == ScanResult(new=1, problems=1, tracks=1)
    problem = database.problems.by_path()[str(table)]
    assert problem.kind is ProblemKind.METADATA
    assert "artist.name" in problem.message
    shutil.rmtree(table.parent)
    write_metadata(root, {"2": FMA_ROW})
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert not database.problems.by_path()


def test_a_cancelled_scan_keeps_what_it_read_and_the_next_goes_on(
    database: Database, root: Path, run: Scan, events: list[Event]
) -> None:
    for seed in range(5):
        bad_files.good(root, f"{seed}.flac", seed=seed)
    reads = iter(range(100))
    result = run(cancelled=lambda: next(reads) > 4)
    assert result.cancelled
    assert 0 < result.new < 5
    assert result.tracks == result.new
    assert run() == ScanResult(new=5 - result.new, unchanged=result.new, tracks=5)


@pytest.mark.parametrize("broken", ["tracks", "files"])
def test_a_scan_cut_off_at_a_write_is_made_up_for(
    database: Database, root: Path, run: Scan, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    kept = bad_files.good(root, "kept.flac", seed=1)
    run()
    bad_files.good(root, kept.name, seed=2, seconds=4)
    bad_files.good(root, "new.flac", seed=3)

    def fail(*_: object) -> None:
        raise DatabaseError("The database said no.", "Try again.")

    with monkeypatch.context() as patch:
        patch.setattr(getattr(database, broken), "upsert", fail)
        with pytest.raises(DatabaseError):
            run()
    result = run()
    assert (result.tracks, result.changed) == (2, 1)
    assert len(tracks(database, TrackState.GONE)) == 1
    assert run() == ScanResult(unchanged=2, tracks=2)


def test_a_dead_database_is_an_error_of_its_own(database: Database, root: Path, run: Scan) -> None:
    bad_files.good(root)
    database.close()
    with pytest.raises(DatabaseError):
        run()


@pytest.mark.music
def test_the_sample_clips(database: Database, music_folder: Path, run: Scan, opened: list[str]) -> None:
    clips = music_folder / "clips"
    count = sum(name.endswith(".mp3") for _, _, names in os.walk(clips) for name in names)
    assert run(clips) == ScanResult(new=count, tracks=count)
    joined = [track for track in database.tracks.all() if track.fma_id is not None]
    assert len(joined) == sum(path.parent.name < "002" for path in clips.glob("*/*.mp3"))
    assert all(track.artist and track.title for track in joined)
    opened.clear()
    assert run(clips) == ScanResult(unchanged=count, tracks=count)
    assert opened == []
