"""`indexer history show`, `export` and `erase` as they are typed, in this process and with a real database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from indexer.cli import app
from indexer.core.follow.journal import Journal, Note, NoteKind
from indexer.core.home import Home
from indexer.core.plays import OWNER, Impression, ListenerId, Named, Opinion, Play, PlaySource, Tally, Thumb, stable_id
from indexer.core.store import Database
from indexer.core.store.address import URI_VARIABLE
from indexer.core.store.connection import Connection
from indexer.core.taste.model import TASTE
from indexer.core.tracks import TrackId
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track

pytestmark = pytest.mark.database

OTHER = ListenerId("anna")


@pytest.fixture
def typed(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    monkeypatch.setenv("SEGUE_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "500")
    database.tracks.upsert([track(1, artist="Moloko", title="Sing It Back")])
    awaited = Play("2" * 24, 1_600_000_000.0, named=Named(artist="X"))
    database.plays.add([play_of(track(1).id, 1_700_000_000.0), awaited])
    database.plays.add([play_of(track(1).id, listener=OTHER)])
    database.opinions.save([Opinion(track(1).id, Thumb.UP, at=1.0)])
    database.tallies.save([Tally(id=stable_id("t"), origin="x", named=Named(artist="Y"), plays=3)])
    database.feedback.hide(track(1).id, [track(2).id, track(3).id], 1.0)
    database.feedback.hide(track(1).id, [track(2).id], 1.0, OTHER)
    database.impressions.add([Impression("i", 1.0, PlaySource.RADIO, (track(1).id,))])
    return CliRunner()


def run(typed: CliRunner, *arguments: str | Path, code: int = 0, said: str | None = None) -> Result:
    result = typed.invoke(app, ["history", *(str(each) for each in arguments)], input=said)
    assert result.exit_code == code, result.output
    return result


def test_what_is_known_of_a_listener_is_shown(typed: CliRunner) -> None:
    shown = json.loads(run(typed, "show", "--json").stdout)
    assert (shown["plays"], shown["waiting_for_music"], shown["opinions"], shown["tallies"]) == (2, 1, 1, 1)
    assert shown["hidden"] == 2
    assert [entry["artist"] for entry in shown["latest"]] == ["X", "Moloko"]
    assert "Moloko – Sing It Back" in run(typed, "show", "--last", "1").stdout
    assert json.loads(run(typed, "show", "--listener", "nobody", "--json").stdout)["plays"] == 0


def test_everything_is_exported_and_nothing_is_written_over(typed: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    run(typed, "export", file)
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert [record["kind"] for record in records] == ["play", "play", "tally", "opinion", "shown", "hidden"]
    assert Play.of_record(records[0]["id"], records[0]).named == Named(artist="X")
    assert "there already" in run(typed, "export", file, code=1).output
    run(typed, "export", file, "--force", "--listener", OTHER)
    assert [json.loads(line)["kind"] for line in file.read_text().splitlines()] == ["play", "hidden"]


def test_names_and_times_from_elsewhere_do_no_harm(
    typed: CliRunner, database: Database, connection: Connection
) -> None:
    database.plays.add([Play("3" * 24, 1_800_000_000.0, named=Named(artist="B\x1b[2J\u202eorn", title="one\ntwo"))])
    odd = {"listener": OWNER, "track": None, "finished": True}
    connection.collection("plays").insert_many([{**odd, "at": 1e15}, {**odd, "at": -5.0}])
    shown = run(typed, "show").stdout
    assert "\x1b" not in shown
    assert "one two" in shown
    assert json.loads(run(typed, "show", "--json").stdout)["plays"] == 5


def test_a_name_that_nobody_has_says_who_there_is(typed: CliRunner, database: Database) -> None:
    assert "There are plays of: anna, owner." in run(typed, "show", "--listener", "hanna").output
    database.feedback.hide(track(1).id, [track(2).id], 1.0, ListenerId("berta"))
    assert "There are plays of" not in run(typed, "show", "--listener", "berta").output
    for name in ("", "a\nb", "surr\udcff"):
        assert run(typed, "show", "--listener", name, code=2).output


def test_what_cannot_be_written_to_or_is_no_date_says_so_first(typed: CliRunner, tmp_path: Path) -> None:
    assert "directory" in run(typed, "export", tmp_path, "--force", code=2).output
    assert "1970" in run(typed, "erase", "--yes", "--before", "0001-01-01", code=2).output


def test_what_is_erased_waits_no_more_to_be_shared(typed: CliRunner, home: Home) -> None:
    home.sharing_file.parent.mkdir(parents=True, exist_ok=True)
    unsent = Journal(home.sharing_file)
    for at in (1_600_000_000.0, 1_700_000_000.0):
        play = play_of(TrackId("a" * 32), at)
        unsent.add(Note(NoteKind.PLAY, play.as_record(), play.id))
    run(typed, "erase", "--yes", "--before", "2022-01-01")
    assert [note.content["at"] for note in Journal(home.sharing_file).open_notes()] == [1_700_000_000.0]


def test_what_is_erased_is_not_shared_even_where_the_model_of_it_stays(typed: CliRunner, home: Home) -> None:
    home.sharing_file.parent.mkdir(parents=True, exist_ok=True)
    home.sharing_file.touch()
    home.models.mkdir(parents=True, exist_ok=True)
    (home.models / TASTE).write_text("no folder")
    assert "could not be deleted" in run(typed, "erase", "--yes", code=1).output
    assert not home.sharing_file.exists()


def test_a_history_is_erased_when_that_was_meant(typed: CliRunner, database: Database, home: Home) -> None:
    run(typed, "erase", code=1, said="n\n")
    unsent = [home.sharing_file, home.refused_plays_file]
    for file in unsent:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    run(typed, "erase", "--yes", "--before", "2022-01-01")
    assert all(file.exists() for file in unsent)
    assert [play.at for play in database.plays.of()] == [1_700_000_000.0]
    assert "1 plays, 1 tallies, 1 opinions, 1 lists shown, 2 hidden erased" in run(typed, "erase", said="y\n").stdout
    assert database.plays.listeners() == {OTHER: 1}
    assert not any(file.exists() for file in unsent)
    assert not database.opinions.of()
    assert not database.feedback.hidden()
    assert database.feedback.hidden(OTHER)
