"""`indexer tags` as it is typed, in this process and with a real database: the library keeps all that it knows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from indexer.cli import app
from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.store import Database
from indexer.core.store.address import URI_VARIABLE
from indexer.core.store.records import FeatureRecord
from indexer.core.tracks import Track, TrackId
from tests import ten_formats
from tests.plays import play_of

pytestmark = pytest.mark.database


@pytest.fixture
def music(tmp_path: Path) -> Path:
    for number, suffix in enumerate(ten_formats.FORMATS):
        ten_formats.write(tmp_path / "music" / f"song {number}{suffix}", seed=number)
    return tmp_path / "music"


@pytest.fixture
def typed(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    monkeypatch.setenv("SEGUE_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "500")
    return CliRunner()


def run(typed: CliRunner, *arguments: str | Path, code: int = 0, said: str | None = None) -> Result:
    result = typed.invoke(app, [str(each) for each in arguments], input=said)
    assert result.exit_code == code, result.output
    return result


def tracks(database: Database) -> dict[str, Track]:
    return {track.id: track for track in database.tracks.all()}


def test_an_edit_reaches_the_library_and_keeps_plays_and_analysis(
    typed: CliRunner, database: Database, music: Path
) -> None:
    run(typed, "scan", music)
    before = tracks(database)
    assert len(before) == len(ten_formats.FORMATS)
    plays = [play_of(TrackId(track)) for track in before]
    database.plays.add(plays)
    row = np.zeros((1, 4), np.float32)
    database.features.upsert([FeatureRecord(TrackId(track), SONIC.name, SONIC.version, row) for track in before])
    done = run(typed, "tags", music, "--set", "album=Anew", "--set", "genre=Jazz", "--yes")
    assert f"{len(before)} edited, 0 left as they were (edit 1)" in done.output
    after = tracks(database)
    assert after.keys() == before.keys()
    assert {track.album for track in after.values()} == {"Anew"}
    assert {track.genres for track in after.values()} == {("Jazz",)}
    assert {key: track.added_at for key, track in after.items()} == {
        key: track.added_at for key, track in before.items()
    }
    assert {play.id for play in database.plays.of()} == {play.id for play in plays}
    assert database.features.count(SONIC.key) == len(before)
    run(typed, "tags", "--undo", "--yes")
    assert {track.album for track in tracks(database).values()} == {"Single"}
    assert tracks(database).keys() == before.keys()


def test_it_asks_before_it_writes(typed: CliRunner, music: Path) -> None:
    file = music / "song 1.flac"
    before = file.read_bytes()
    asked = run(typed, "tags", file, "--set", "title=Other", code=1, said="n\n")
    assert "Fjord" in asked.output
    assert "Other" in asked.output
    assert "Change the tags of 1 files?" in asked.output
    assert file.read_bytes() == before
    run(typed, "tags", file, "--set", "title=Other", said="y\n")
    assert file.read_bytes() != before
    run(typed, "tags", "--undo", code=1, said="n\n")
    run(typed, "tags", "--undo", said="y\n")
    assert file.read_bytes() == before
    assert "no edit of tags to undo" in run(typed, "tags", "--undo", "--yes", code=1).output


def test_programs_read_it_as_json(typed: CliRunner, music: Path) -> None:
    file = music / "song 1.flac"
    shown = json.loads(run(typed, "tags", file, "--json").stdout)
    assert shown[0]["before"]["title"] == ["Fjord"]
    file.chmod(0o444)
    arguments = ("tags", file, music / "song 0.mp3", "--set", "title=Other", "--set", "composer=", "--yes", "--json")
    done = json.loads(run(typed, *arguments, code=1).stdout)
    assert done["done"] == [str(music / "song 0.mp3")]
    assert [(each["path"], each["code"]) for each in done["refused"]] == [(str(file), "tags-read-only")]
    listed = json.loads(run(typed, "tags", "--list", "--json").stdout)
    assert [(each["edit"], each["files"]) for each in listed] == [(1, [str(music / "song 0.mp3")])]
    assert "1 of 2 files" in run(typed, "tags", "--list").output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("--undo", "--list"), 2), (("--edit", "3"), 2), (("{}", "--set", "colour=red"), 1)],
)
def test_what_makes_no_sense_is_told(typed: CliRunner, music: Path, arguments: tuple[str, ...], code: int) -> None:
    run(typed, "tags", *(each.format(music) for each in arguments), code=code)
