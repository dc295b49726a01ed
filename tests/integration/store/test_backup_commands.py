"""`indexer backup`, `restore` and `database move` as they are typed, in this process and with a real database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from indexer.cli import app
from indexer.core.files.settings_file import set_setting, setting
from indexer.core.home import Home
from indexer.core.store import Database
from indexer.core.store.address import MANAGED, URI_VARIABLE, PlayerOpen, database_uri, ensure_no_player
from musicplayer.desktop.lock import ProcessLock
from tests.integration.store.test_backup import fill

pytestmark = pytest.mark.database


@pytest.fixture
def typed(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Commands work on a small library."""
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    monkeypatch.setenv("SEGUE_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.setattr(
        "indexer.commands.backup.lower_priority", lambda: None
    )  # it would last: this is the tests' process
    fill(database)
    return CliRunner()


def run(typed: CliRunner, *arguments: str | Path, code: int = 0, said: str | None = None) -> Result:
    result = typed.invoke(app, [str(each) for each in arguments], input=said)
    assert result.exit_code == code, result.output
    return result


def test_there_and_back(typed: CliRunner, database: Database, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    assert "21 tracks, 6 plays, 3 playlists" in run(typed, "backup", file).output
    assert "There is a library with 21 tracks already" in run(typed, "restore", file, code=1).output
    assert json.loads(run(typed, "restore", file, "--merge", "--json").stdout)["added"] == 0
    assert "What was there before is in" in run(typed, "restore", file, "--replace").output
    assert "before-restore" in run(typed, "backup", "--list").output
    assert "segue-weekly" in run(typed, "backup", "--automatic").output
    assert "No copy is due." in run(typed, "backup", "--automatic").output
    events = [json.loads(line) for line in run(typed, "backup", file, "--events").stdout.splitlines()]
    assert events[-1]["event"] == "finished"
    assert events[-1]["summary"]["tracks"] == 21
    file.write_bytes(file.read_bytes()[:-100])
    assert "its end is missing" in run(typed, "restore", file, "--replace", code=1).output
    assert database.tracks.count() == 21


@pytest.mark.parametrize(
    "arguments",
    [("backup",), ("backup", "x.zip", "--automatic"), ("restore", "x.zip", "--merge", "--replace"),
     ("database", "move"), ("database", "move", "mongodb://x", "--managed")],
)  # fmt: skip
def test_what_contradicts_itself_is_not_begun(typed: CliRunner, arguments: tuple[str, ...]) -> None:
    run(typed, *arguments, code=2)


def test_the_address_is_read_from_standard_input(typed: CliRunner, database: Database) -> None:
    result = run(typed, "database", "move", "-", code=1, said=f"{database.uri}\n")
    assert "in that database already" in result.output
    assert database.uri not in result.output


def test_a_library_is_not_moved_under_an_open_player(home: Home) -> None:
    lock = ProcessLock.take(home.locks / "player.lock")
    with pytest.raises(PlayerOpen, match="Segue is open"):
        ensure_no_player(home)
    lock.release()
    ensure_no_player(home)


def test_the_environment_goes_before_the_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URI_VARIABLE, raising=False)
    assert database_uri(home) is None
    set_setting(home, "volume", "50")
    set_setting(home, "database_uri", "mongodb://settings")
    assert (database_uri(home), setting(home, "volume")) == ("mongodb://settings", "50")
    monkeypatch.setenv(URI_VARIABLE, "mongodb://environment")
    assert database_uri(home) == "mongodb://environment"
    monkeypatch.setenv(URI_VARIABLE, MANAGED)
    assert database_uri(home) is None
