from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import mutagen.flac
import pytest

from indexer.core.catalogue.artists import artists_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.events import Event, Progress, Stage, StageStarted
from indexer.core.store import Database
from indexer.core.tracks import TAGS_VERSION, TrackState
from indexer.scanning.scan import ScanResult
from tests import bad_files
from tests.integration.scanning.library import Scan, only_track, tracks

pytestmark = pytest.mark.database


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


def test_odd_names_come_back_as_they_are(database: Database, root: Path, run: Scan) -> None:
    paths = bad_files.odd_names(root)
    assert run().new == len(paths)
    assert set(tracks(database)) == set(map(str, paths))
    assert run() == ScanResult(unchanged=len(paths), tracks=len(paths))


def test_a_link_loop_and_hidden_files_do_no_harm(database: Database, root: Path, run: Scan) -> None:
    bad_files.link_loop(root)
    bad_files.hidden_files(root)
    assert run() == ScanResult(new=1, tracks=1)


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


def test_a_library_of_the_version_before_learns_of_single_artists_and_keeps_the_rest(
    database: Database, root: Path, run: Scan
) -> None:
    path = bad_files.good(root, "duet.flac")
    media = mutagen.flac.FLAC(path)
    media["artist"], media["albumartist"], media["compilation"] = ["Duet One", "!!!"], ["Host", "Other"], "1"
    media.save()
    run()
    told = only_track(database)
    database.tracks.upsert([replace(told, artists=(), album_artists=(), compilation=False)])
    database.files.upsert([replace(file, tags_version=TAGS_VERSION - 1) for file in database.files.all()])
    assert run().tracks == 1
    after = only_track(database)
    assert (after.id, after.added_at, after.artist) == (told.id, told.added_at, "Duet One; !!!")
    assert (after.artists, after.album_artists, after.compilation) == (("Duet One", "!!!"), ("Host", "Other"), True)
    catalogue = Catalogue()
    catalogue.upsert([after])
    assert list(artists_of(catalogue).labels) == ["!!!", "Duet One", "Host", "Other"]
