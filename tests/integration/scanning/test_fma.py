from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.core.events import Event, Notice
from indexer.core.store import Database
from indexer.core.tracks import Genre, ProblemKind
from indexer.scanning.scan import ScanResult
from tests import bad_files
from tests.fma_files import write_metadata
from tests.integration.scanning.library import Scan, only_track, tracks

pytestmark = pytest.mark.database

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
    assert Notice("table-describes", {"file": str(table), "number": 1}) in events


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
