"""Who is told what a home has to tell, and what of that is loaded where nobody is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Note, NoteKind, Sink
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, NONE
from indexer.core.kafka.outbox import Outbox
from indexer.core.shared.server import Server, write_server
from indexer.core.tracks import TrackId
from tests.conftest import REPOSITORY
from tests.plays import play_of
from tests.serving import free_port

TRACK = TrackId("a" * 32)
AWAY = "kafka://127.0.0.1:9"

Make = Callable[..., Outbox]


@pytest.fixture
def troubles() -> list[SegueError]:
    return []


@pytest.fixture
def make(home: Home, troubles: list[SegueError], monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    return lambda kafka="": Outbox(home, home.journal_file, kafka, trouble=troubles.append)


def noted(outbox: Outbox) -> Note:
    play = play_of(TRACK)
    note = Note(NoteKind.PLAY, play.as_record(), play.id)
    outbox.journal.add(note)
    return note


def test_without_a_broker_the_database_alone_is_told(make: Make, home: Home) -> None:
    outbox = make()
    outbox.journal.strike_out(noted(outbox))
    assert not home.journal_file.exists()


def test_with_one_a_note_stays_until_it_has_it_and_the_database_is_told_once(make: Make, home: Home) -> None:
    outbox = make(AWAY)
    note = noted(outbox)
    outbox.journal.strike_out(note)
    assert outbox.journal.open_notes() == []
    assert outbox.journal.open_notes(Sink.STREAM) == [note]
    assert make(AWAY).journal.open_notes() == []


def test_the_environment_comes_before_the_settings(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, NONE)
    assert make(AWAY).journal.sinks == {Sink.DATABASE}
    monkeypatch.setenv(ADDRESS_VARIABLE, AWAY)
    assert make().journal.sinks == set(Sink)


def test_a_slip_in_the_address_is_said_once_and_loses_nothing(
    make: Make, home: Home, troubles: list[SegueError]
) -> None:
    outbox = make("kafka:/host")
    outbox.start()
    outbox.start()
    note = noted(outbox)
    outbox.journal.strike_out(note)
    assert [error.code for error in troubles] == ["kafka-address"]
    assert outbox.journal.open_notes(Sink.STREAM) == [note]
    outbox.choose("")
    assert not home.journal_file.exists()


def test_another_choice_holds_at_once(make: Make) -> None:
    outbox = make()
    outbox.choose(AWAY)
    note = noted(outbox)
    outbox.journal.strike_out(note)
    assert make(AWAY).journal.open_notes(Sink.STREAM) == [note]
    outbox.stop()
    outbox.join()


def test_what_a_server_shares_is_told_by_the_server(make: Make, home: Home) -> None:
    write_server(home, Server("http://kitchen:4849", "secret-key"))
    assert make(AWAY).journal.sinks == {Sink.DATABASE}


NO_BROKER = """
import sys
from pathlib import Path
from indexer.core.home import Home
from {module} import {name}
from indexer.core.settings import Settings
home = Home.resolve(Path(sys.argv[1]))
{make}
print(*sorted(name for name in sys.modules if "kafka" in name))
"""
PLAYER = """
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
made = Library(home, Settings())
made.start()
made.shutdown()
"""
SERVER = """
import asyncio
async def run():
    made = SharedLibrary(home, Settings())
    made.start()
    made.close()
asyncio.run(run())
"""
PROGRAMS = [("musicplayer.library.library", "Library", PLAYER), ("musicplayer.server.library", "SharedLibrary", SERVER)]


@pytest.mark.parametrize(("module", "name", "make"), PROGRAMS, ids=["player", "server"])
def test_what_speaks_to_a_broker_is_not_loaded_without_one(
    module: str, name: str, make: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    monkeypatch.setenv("SEGUE_MONGODB_URI", f"mongodb://127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=100")
    code = NO_BROKER.format(module=module, name=name, make=make)
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["indexer.core.kafka", "indexer.core.kafka.address", "indexer.core.kafka.outbox"]
