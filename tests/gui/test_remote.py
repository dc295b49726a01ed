"""The remote: a listener elsewhere sees what the window plays, and presses its buttons, through the real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import Track
from musicplayer.app import Application, begin, compose
from musicplayer.playback.backend import AudioBackend
from musicplayer.server.accounts.accounts import Accounts
from tests.served_library import make_library

pytestmark = pytest.mark.database

WAIT_MS = 60_000
PASSWORD = "nine good words"


class Shared:
    """The window with its server, and who may use the remote of it."""

    def __init__(self, application: Application, home: Home, qtbot: QtBot) -> None:
        accounts = Accounts(home.accounts_file)
        ada = accounts.create_first(str(accounts.first_token), "ada", PASSWORD)
        bert = accounts.add("bert", PASSWORD)
        self.keys = {each.name: accounts.new_device(each.id, "phone")[1] for each in (ada, bert)}
        self._application = application
        self.player = application.services.player
        application.services.preferences.set("serve", True)
        qtbot.waitUntil(lambda: application.services.server.state is not None, timeout=WAIT_MS)

    def ask(self, name: str, method: str = "GET", **body: object) -> httpx.Response:
        """What the server says to a listener."""
        state = self._application.services.server.state
        assert state is not None
        port = state.addresses[0].rsplit(":", 1)[1].strip("/")
        headers = {"Authorization": f"Bearer {self.keys[name]}"}
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        return httpx.request(
            method, f"http://127.0.0.1:{port}/api/remote", headers=headers, json=body or None, timeout=20
        )


@pytest.fixture
def tracks(database: Database, home: Home, tmp_path: Path) -> list[Track]:
    made = make_library(database, home, tmp_path / "music")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    Settings(database_uri=database.uri, watch_folders=False, serve_port=port).save(home)
    return made


@pytest.fixture
def shared(
    qapp: QApplication, home: Home, tracks: list[Track], backend: AudioBackend | None, qtbot: QtBot
) -> Iterator[Shared]:
    application = compose(qapp, home, theme="light", backend=backend)
    begin(application)
    qtbot.waitUntil(lambda: len(application.services.library.catalogue) == len(tracks), timeout=WAIT_MS)
    yield Shared(application, home, qtbot)
    application.shutdown()
    application.window.deleteLater()


def test_who_may_sees_what_plays_and_presses_buttons(shared: Shared, tracks: list[Track], qtbot: QtBot) -> None:
    player = shared.player
    player.play_tracks([track.id for track in tracks[:5]], 1)
    qtbot.waitUntil(lambda: shared.ask("ada").json().get("playing") is True, timeout=WAIT_MS)
    seen = shared.ask("ada").json()
    assert [row["id"] for row in seen["rows"]] == [track.id for track in tracks[:5]]
    assert (seen["current"], seen["track"]["id"]) == (1, tracks[1].id)

    assert shared.ask("ada", "POST", command="next").status_code == 204
    qtbot.waitUntil(lambda: player.current == tracks[2].id, timeout=WAIT_MS)
    shared.ask("ada", "POST", command="jump", value=4)
    qtbot.waitUntil(lambda: player.current == tracks[4].id, timeout=WAIT_MS)
    shared.ask("ada", "POST", command="volume", value=0.25)
    qtbot.waitUntil(lambda: player.volume == 25, timeout=WAIT_MS)
    shared.ask("ada", "POST", command="pause")
    qtbot.waitUntil(lambda: shared.ask("ada").json()["playing"] is False, timeout=WAIT_MS)
    assert shared.ask("ada", "POST", command="explode").status_code == 400
    assert shared.ask("ada", "POST", command="jump", value=400).status_code == 404


def test_who_may_not_sees_and_presses_nothing(shared: Shared, tracks: list[Track]) -> None:
    shared.player.play_tracks([track.id for track in tracks[:3]], 0)
    assert shared.ask("bert").status_code == 403
    assert shared.ask("bert", "POST", command="next").status_code == 403
    assert shared.player.current == tracks[0].id
