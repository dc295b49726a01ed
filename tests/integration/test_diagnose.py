"""`segue --diagnose`: a report that helps, from any home, with nothing personal in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from indexer.core.catalogue import snapshot
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.follow.journal import Journal, Note, NoteKind, Sink
from indexer.core.home import Home
from indexer.core.sentences.told import plain
from indexer.core.settings import Settings
from indexer.core.store import Database, connection
from indexer.core.tracks import Problem, ProblemKind, Track, TrackId
from musicplayer.diagnose.broker import broker
from musicplayer.diagnose.report import ReportNotWritten, write_report
from tests.conftest import REPOSITORY
from tests.plays import play_of
from tests.unit.diagnose.test_allowed import SPELLINGS

PERSON = "Zsófia Kovács-Quill"
FOLDER = "Tante Ottilies Schellack"
PASSWORD = "gehe1m & püree/7"
TITLE = "Mitternachtszug nach Brünn"
ARTIST = "Die Vier Ofensetzer"
FILE = "Ofensetzer 07 – Mitternachtszug"
PLAYLIST = "Für Cordula"
KNOWN_ANYWHERE = (PERSON, FOLDER, TITLE, ARTIST, FILE, PLAYLIST)
PRIVATE = (*KNOWN_ANYWHERE, PASSWORD)
"""A password that is alone in a line is known for one where it is in the settings."""


@pytest.fixture
def private_home(tmp_path: Path) -> Home:
    """A home below a person's name, with a library, playlists and logs full of what is private."""
    home = Home.resolve(tmp_path / PERSON / "segue")
    music = tmp_path / PERSON / FOLDER
    path = str(music / f"{FILE}.mp3")
    catalogue = Catalogue()
    catalogue.upsert([Track(id=TrackId("0" * 32), path=path, root=str(music), title=TITLE, artist=ARTIST)])
    home.logs.mkdir(parents=True)
    snapshot.write(home.catalogue_snapshot, catalogue.freeze())
    home.playlists_file.write_text(json.dumps({"version": 1, "playlists": [{"name": PLAYLIST}]}))
    lines = [f"2026-11-21T10:00:00.000+0000 INFO    12 shown: “{TITLE}” cannot be played ({path})."]
    lines += [f"2026-11-21T10:00:00.000+0000 INFO    12 a.b: {spell(path)} went wrong" for spell in SPELLINGS.values()]
    lines += [
        f"plain {spell(name)} in a line" for name in PRIVATE for spell in SPELLINGS.values() if spell is not str.upper
    ]
    lines += [
        f'  File "{home.data}/x.py", line 3',
        f"mongodb://{quote(PERSON)}:{quote(PASSWORD, safe='')}@nas/x failed",
    ]
    lines += ["Fatal Python error: Segmentation fault"]
    for name in ("player.log", "player.log.1", "indexer-output.log", "spark.log", "player-crash.log"):
        (home.logs / name).write_text("\n".join(lines))
    return home


def contents(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def leaks(texts: dict[str, str], private: Sequence[str] = PRIVATE) -> list[str]:
    """What of the private words is in a report, in any spelling; names of music with their own capitals."""
    whole = "\n".join(f"{name}\n{text}" for name, text in texts.items())
    found = [f"{how}: {word}" for word in private for how, spell in SPELLINGS.items() if spell(word) in whole]
    return [leak for leak in found if not leak.startswith("capitals")]


@pytest.mark.database
def test_nothing_private_is_in_a_report_of_a_library(
    private_home: Home, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    music = str(tmp_path / PERSON / FOLDER)
    database.folders.add(music)
    name = f"{FILE}.mp3"
    database.problems.put(
        [Problem(f"{music}/{name}", ProblemKind.UNREADABLE, *plain(f"{name} is damaged.", "Replace it."), 1.0)]
    )
    Settings(database_uri=database.uri, last_folder=music, audio_device=PERSON).save(private_home)
    monkeypatch.delenv("SEGUE_MONGODB_URI", raising=False)
    report = write_report(private_home, tmp_path / "report.zip")
    texts = contents(report.file)
    assert report.missing == ()
    assert leaks(texts, KNOWN_ANYWHERE) == []
    assert database.uri.split("@")[0].rpartition(":")[2] not in "".join(texts.values())
    library = json.loads(texts["library.json"])
    assert library["problems by kind"] == {"unreadable": 1}
    assert library["folders"] == [{"folder": 1, "away": False, "excluded": 0}]
    assert json.loads(texts["versions.json"])["packages"]["numpy"]
    assert "Fatal Python error" in texts["logs/player-crash.log"]
    assert "2026-11-21T10:00:00.000+0000 INFO    12 a.b: " in texts["logs/player.log"]


def test_a_dead_database_and_a_damaged_model_are_said_and_nothing_private(
    private_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SELECTION_MS", 200)
    monkeypatch.delenv("SEGUE_MONGODB_URI", raising=False)
    address = f"mongodb://{quote(PERSON)}:{quote(PASSWORD, safe='')}@127.0.0.1:1/segue?serverSelectionTimeoutMS=50"
    Settings(database_uri=address, last_folder=str(tmp_path / PERSON)).save(private_home)
    (private_home.models / "sonic").mkdir(parents=True)
    (private_home.models / "sonic" / "current.json").write_text("rubbish")
    report = write_report(private_home, tmp_path / "report.zip")
    texts = contents(report.file)
    assert leaks(texts) == []
    assert any("does not answer" in sentence for sentence in report.missing)
    chosen = json.loads(texts["settings.json"])["database_uri"]
    assert chosen == {
        "scheme": "mongodb", "login": True, "hosts": 1, "ports": ["1"], "options": ["serverSelectionTimeoutMS"]
    }  # fmt: skip
    assert "sonic" in json.loads(texts["models.json"])


def test_a_broker_is_told_of_in_numbers_and_what_waits_for_it_is_counted(
    private_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEGUE_KAFKA", raising=False)
    address = f"kafkas://{quote(PERSON)}:{quote(PASSWORD, safe='')}@127.0.0.1:9/{quote('segue-kitchen')}"
    journal = Journal(private_home.journal_file, Sink)
    notes = [Note(NoteKind.PLAY, play.as_record(), play.id) for play in map(play_of, [TrackId("0" * 32)] * 3)]
    for note in notes:
        journal.add(note)
    journal.strike_out(*notes)
    journal.strike_out(notes[0], sink=Sink.STREAM)
    before = private_home.journal_file.read_bytes()
    said = broker(private_home, Settings(kafka=address), wait=0.5)
    assert said["set"] == {"encrypted": True, "login": "PLAIN", "hosts": 1, "ports": ["9"]}
    assert "does not answer" in said["answers"]
    assert said["notes that wait"] == {"player": 2}
    assert leaks({"broker.json": json.dumps(said, ensure_ascii=False)}) == []
    assert "kitchen" not in json.dumps(said)
    assert private_home.journal_file.read_bytes() == before
    assert broker(private_home, Settings()) == {"set": False}
    assert broker(private_home, Settings(kafka=PERSON))["set"] == "That is no address of a Kafka broker."


def diagnose(home: Path, file: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "SEGUE_MONGODB_URI": "mongodb://me:secret@", **environment}
    return subprocess.run(
        [sys.executable, "-m", "musicplayer", "--home", str(home), "--diagnose", str(file)],
        capture_output=True, text=True, cwd=REPOSITORY, env=variables, check=False,
    )  # fmt: skip


def test_an_empty_home_without_vlc_and_java_still_gives_a_report(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    done = diagnose(tmp_path / "home", tmp_path / "r.zip", PYTHON_VLC_LIB_PATH=nowhere, PATH=nowhere, JAVA_HOME=nowhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path / 'r.zip'}\n"
    assert "cannot be understood" in done.stderr
    versions = json.loads(contents(tmp_path / "r.zip")["versions.json"])
    assert versions["VLC"] == versions["Java"] == "not found"
    assert not (tmp_path / "home").exists(), "to look is not to make"


def test_a_home_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    done = diagnose(tmp_path / "home", tmp_path / "r.zip")
    assert done.returncode == 0, done.stderr
    assert "Not a directory" in contents(tmp_path / "r.zip")["folders.json"]


def test_damaged_settings_are_said_and_left_as_they_are(private_home: Home, tmp_path: Path) -> None:
    private_home.settings_file.parent.mkdir(parents=True)
    private_home.settings_file.write_text(f"{{{PERSON}")
    done = diagnose(private_home.data.parent, tmp_path / "r.zip")
    assert done.returncode == 0, done.stderr
    assert "settings:" in done.stderr
    assert private_home.settings_file.read_text() == f"{{{PERSON}"
    assert leaks(contents(tmp_path / "r.zip"), KNOWN_ANYWHERE) == []


def test_a_report_that_cannot_be_written_says_so(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReportNotWritten, match="cannot be written"):
        write_report(home, tmp_path / "file" / "r.zip", wait=0.1)
