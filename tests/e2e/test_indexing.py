"""The indexer's main job from a shell: build, do nothing twice, take in one more file, answer, export."""

from __future__ import annotations

import csv
import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.parquet as pq
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.more_like import SimilarState
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.store import open_database
from indexer.features.filters import CACHE_VARIABLE
from musicplayer.discover.similar import Similar
from tests.e2e.argv import CommandLines
from tests.e2e.shell import run, run_json

pytestmark = [pytest.mark.database, pytest.mark.spark]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> Path:
    folder = tmp_path_factory.mktemp("library") / "music"
    shutil.copytree(demo_folder, folder)
    return folder


@pytest.fixture(scope="module")
def spare(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A track taken out of the library before the first build, to be added later."""
    track = _music(library)[-1]
    kept = tmp_path_factory.mktemp("spare") / track.name
    shutil.move(track, kept)
    return kept


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, library: Path, spare: Path
) -> tuple[Home, dict[str, float], str, set[str]]:
    """The first build of a home, logging everything: what it said beside `files`, the number of files there were.

    Then all that it printed, and the command lines of all processes while it ran.
    """
    home = Home.resolve(tmp_path_factory.mktemp("home"))
    files = len(_music(library))
    with CommandLines() as lines, pytest.MonkeyPatch.context() as patch:
        patch.delenv(CACHE_VARIABLE, raising=False)
        done = run(home, "--verbose", "build", library, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return home, {**json.loads(done.stdout), "files": files}, done.stdout + done.stderr, lines.seen


@pytest.fixture(scope="module")
def built(watched: tuple[Home, dict[str, float], str, set[str]]) -> Iterator[tuple[Home, dict[str, float]]]:
    """A home, and what its first build said; its library is open, as in a player, so no command starts a server."""
    home, summary, _, _ = watched
    with open_database(home):
        yield home, summary


def test_build_analyses_every_track_and_measures_its_model(built: tuple[Home, dict[str, float]]) -> None:
    home, summary = built
    count = summary["files"]
    assert summary["tracks"] == summary["analysed"] == summary["model_tracks"] == summary["heard"] == count
    assert summary["failed"] == 0
    assert summary["recall"] >= 0.90
    assert len(list(home.cache.glob("filters-*.npz"))) == 1, "computed once, for every later build"


def test_the_password_is_in_no_command_line_no_output_and_no_file_but_its_own(
    watched: tuple[Home, dict[str, float], str, set[str]],
) -> None:
    home, _, printed, lines = watched
    with open_database(home) as database:
        password = str(urlsplit(database.uri).password)
    assert len(password) > 10
    of_this_build = [line for line in lines if str(home.data) in line or "org.apache.spark" in line]
    assert any("java" in line for line in of_this_build), "Spark was not seen"
    assert any("secantusd" in line or "mongod" in line for line in of_this_build), "the server was not seen"
    assert not any(password in line for line in lines)
    assert "DEBUG" in printed
    assert password not in printed
    holding = [
        path for path in home.data.parent.rglob("*") if path.is_file() and password.encode() in path.read_bytes()
    ]
    assert [path.name for path in holding] == ["credentials.json"]


def test_a_second_build_reads_no_audio_and_a_new_file_is_answered_without_spark(
    built: tuple[Home, dict[str, float]], library: Path, spare: Path
) -> None:
    home, first = built
    again = run_json(home, "build")
    assert again["analysed"] == 0
    assert again["unchanged"] == first["tracks"]

    added = library / spare.name
    shutil.copy(spare, added)
    grown = run_json(home, "build", library)
    assert (grown["new"], grown["analysed"]) == (1, 1)
    assert "model_tracks" not in grown

    answer = run_json(home, "similar", added, "--k", "5")
    assert len(answer["neighbours"]) == 5
    nearest = answer["neighbours"][0]["path"]
    back = run_json(home, "similar", nearest, "--k", str(int(first["tracks"])))
    assert str(added) in [row["path"] for row in back["neighbours"]]


def test_no_answer_is_the_track_itself(built: tuple[Home, dict[str, float]], library: Path) -> None:
    home, _ = built
    query = _music(library)[0]
    answer = run_json(home, "similar", query, "--k", "10")
    paths = [row["path"] for row in answer["neighbours"]]
    assert str(query) not in paths
    assert len(paths) == len(set(paths)) == 10
    distances = [row["distance"] for row in answer["neighbours"]]
    assert distances == sorted(distances)


def test_the_panel_shows_the_same_answers(built: tuple[Home, dict[str, float]], library: Path, qtbot: QtBot) -> None:
    home, summary = built
    query = _music(library)[3]
    told = run_json(home, "similar", query, "--k", str(int(summary["tracks"])))
    catalogue = Catalogue()
    with open_database(home) as database:
        catalogue.upsert(list(database.tracks.all()))
        records = list(database.features.iterate(SONIC.key))
    panel = Similar(home, SONIC.name, catalogue)
    panel.start()
    qtbot.waitUntil(lambda: panel.for_track(told["track"]).state is SimilarState.READY, timeout=10_000)
    panel.add_features(records)
    rows = panel.for_track(told["track"], 10).rows
    panel.shutdown()
    distances = {row["track"]: row["distance"] for row in told["neighbours"]}
    assert len(rows) == 10
    assert rows[0].track == told["neighbours"][0]["track"]
    assert [row.distance for row in rows] == pytest.approx([distances[row.track] for row in rows], abs=1e-5)


def test_neighbours_file_has_every_track_best_first(built: tuple[Home, dict[str, float]], tmp_path: Path) -> None:
    home, summary = built
    output = tmp_path / "neighbours.csv"
    done = run(home, "neighbours", "--k", "3", "--output", output)
    assert done.returncode == 0, done.stderr
    with output.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["query_path", "rank", "neighbour_path", "distance"]
    assert len({row["query_path"] for row in rows}) >= summary["tracks"]
    assert all(row["query_path"] != row["neighbour_path"] for row in rows)
    for first, second in itertools.pairwise(rows):
        if first["query_path"] == second["query_path"]:
            assert float(first["distance"]) <= float(second["distance"])


@pytest.mark.parametrize(("profile", "suffix"), [(CLASSIC, ".csv"), (SONIC, ".parquet")])
def test_export_has_a_named_column_per_feature(
    built: tuple[Home, dict[str, float]], tmp_path: Path, profile: object, suffix: str
) -> None:
    home, summary = built
    output = tmp_path / f"features{suffix}"
    done = run(home, "export", output, "--profile", profile.name)  # type: ignore[attr-defined]
    assert done.returncode == 0, done.stderr
    columns = _columns(output)
    assert columns[:4] == ["track_id", "path", "artist", "title"]
    assert columns[4:] == list(profile.columns)  # type: ignore[attr-defined]
    assert _rows(output) >= summary["tracks"]


def test_export_to_an_unknown_format_says_what_to_do(built: tuple[Home, dict[str, float]], tmp_path: Path) -> None:
    done = run(built[0], "export", tmp_path / "features.xls")
    assert done.returncode == 1
    assert ".parquet" in " ".join(done.stderr.split())


def test_unknown_names_are_refused_with_a_sentence(built: tuple[Home, dict[str, float]], tmp_path: Path) -> None:
    done = run(built[0], "similar", tmp_path / "nothing.mp3")
    assert done.returncode == 1
    assert "neither a file nor a track" in " ".join(done.stderr.split())
    done = run(built[0], "build", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "There is no folder" in " ".join(done.stderr.split())


def test_status_counts_the_library(built: tuple[Home, dict[str, float]]) -> None:
    home, summary = built
    status = run_json(home, "status")
    assert status["analysed"]["sonic"] >= summary["tracks"]
    assert status["models"]["sonic"]["recall"] >= 0.90


def _music(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".flac", ".ogg", ".mp3", ".opus", ".wav"})


def _columns(output: Path) -> list[str]:
    if output.suffix == ".parquet":
        return list(pq.read_schema(output).names)
    with output.open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream))


def _rows(output: Path) -> int:
    if output.suffix == ".parquet":
        return int(pq.read_metadata(output).num_rows)
    with output.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1
