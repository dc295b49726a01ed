"""The process of the server: what it is started with, what it tells, and how it ends in every case."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.serving import AddListener, RemoveListener
from indexer.core.settings import Settings
from musicplayer.jobs import library_server
from musicplayer.jobs.library_server import LibraryServer
from tests.waiting import wait_until

STAND_IN = Path(__file__).with_name("server_stand_in.py")
WAIT_MS = 40_000
Make = Callable[..., LibraryServer]


@pytest.fixture
def make(home: Home, qapp: object) -> Iterator[Make]:
    made: list[LibraryServer] = []

    def make_one(behaviour: str = "works", **settings: Any) -> LibraryServer:
        command = [sys.executable, str(STAND_IN), behaviour]
        made.append(LibraryServer(home, Settings(**settings), command=command))
        return made[-1]

    yield make_one
    for one in made:
        one.shutdown()


def begun(server: LibraryServer, qtbot: QtBot) -> list[str]:
    """Start it and wait until it is there; its options."""
    server.start()
    qtbot.waitUntil(lambda: server.state is not None, timeout=WAIT_MS)
    assert server.state is not None
    options: list[str] = json.loads(server.state.addresses[1])
    return options


def test_it_serves_this_home_as_the_settings_say(make: Make, home: Home, qtbot: QtBot) -> None:
    options = begun(make(serve_host="192.168.1.7", serve_port=5000, serve_tls=True), qtbot)
    assert options == [
        "--home", str(home.root), "--events", "--host", "192.168.1.7", "--port", "5000", "--tls-self-signed",
    ]  # fmt: skip


def test_what_is_asked_is_done_and_told(make: Make, qtbot: QtBot) -> None:
    server = make()
    begun(server, qtbot)
    server.ask(AddListener("anna", "with ünusual 'signs'\n"))
    qtbot.waitUntil(lambda: server.state is not None and len(server.state.listeners) == 1, timeout=WAIT_MS)
    server.ask(RemoveListener("owner"))
    qtbot.waitUntil(lambda: server.state is not None and not server.state.listeners, timeout=WAIT_MS)


def test_what_is_refused_is_told_with_the_reason(make: Make, qtbot: QtBot) -> None:
    server = make()
    begun(server, qtbot)
    with qtbot.waitSignal(server.refused, timeout=WAIT_MS) as refused:
        server.ask(AddListener("nobody", "x"))
    assert refused.args is not None
    assert refused.args[0].message == "That is no name."


def test_it_ends_when_told_and_says_nothing_of_a_failure(make: Make, qtbot: QtBot) -> None:
    server, failures = make(), list[object]()
    server.failed.connect(failures.append)
    begun(server, qtbot)
    process = psutil.Process(server.process_id)
    server.stop()
    qtbot.waitUntil(lambda: server.process_id is None, timeout=WAIT_MS)
    assert not server.is_wanted
    assert server.state is None
    assert not process.is_running()
    assert failures == []


def test_other_settings_start_another_one(make: Make, qtbot: QtBot, home: Home) -> None:
    settings = Settings()
    server = LibraryServer(home, settings, command=[sys.executable, str(STAND_IN), "works"])
    try:
        begun(server, qtbot)
        first = server.process_id
        settings.serve_port = 6000
        server.start()
        qtbot.waitUntil(lambda: server.state is not None and server.process_id != first, timeout=WAIT_MS)
        assert server.state is not None
        assert "6000" in server.state.addresses[1]
    finally:
        server.shutdown()


def test_why_it_cannot_begin_is_told_and_it_is_not_tried_again(make: Make, qtbot: QtBot) -> None:
    server = make("fails")
    with qtbot.waitSignal(server.failed, timeout=WAIT_MS) as failed:
        server.start()
    assert failed.args is not None
    assert failed.args[0].message == "Another program has port 4849."
    assert not server.is_wanted


def test_a_program_that_is_not_there_is_told(home: Home, qtbot: QtBot) -> None:
    server = LibraryServer(home, Settings(), command=["/no/such/program"])
    with qtbot.waitSignal(server.failed, timeout=WAIT_MS) as failed:
        server.start()
    assert failed.args is not None
    assert "/no/such/program" in failed.args[0].message


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_one_is_there_again(make: Make, qtbot: QtBot) -> None:
    server = make()
    begun(server, qtbot)
    first = server.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    qtbot.waitUntil(lambda: server.state is not None and server.process_id != first, timeout=WAIT_MS)
    assert server.is_wanted


def test_one_that_crashes_again_and_again_is_given_up_with_a_message(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_server, "AGAIN_MS", 1)
    server = make("crashes")
    with qtbot.waitSignal(server.failed, timeout=3 * WAIT_MS) as failed:
        server.start()
    assert failed.args is not None
    assert "exit code 7" in failed.args[0].message
    assert not server.is_wanted


def test_one_that_does_not_heed_is_killed(make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_server, "STOP_MS", 50)
    server = make("deaf")
    begun(server, qtbot)
    server.stop()
    qtbot.waitUntil(lambda: server.process_id is None, timeout=WAIT_MS)


def test_it_ends_with_the_player(make: Make, qtbot: QtBot) -> None:
    server = make()
    begun(server, qtbot)
    process = psutil.Process(server.process_id)
    server.shutdown()
    wait_until(lambda: not process.is_running())
