"""The machine of a shared library is switched off and on again while its window is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.shared.introducing import introduce
from indexer.core.shared.server import write_server
from musicplayer.app import Application, begin
from tests.served import served

from .conftest import PASSWORD, Kitchen, kitchen_in

pytestmark = pytest.mark.database

WAIT_MS = 60_000


@pytest.fixture
def kitchen(database_server: str, tmp_path: Path) -> Iterator[Kitchen]:
    """One that this test may switch off."""
    with kitchen_in(tmp_path, database_server) as made:
        yield made


@pytest.fixture
def home(home: Home, kitchen: Kitchen) -> Home:
    write_server(home, introduce(kitchen.address, "anna", PASSWORD, "the window"))
    return home


def test_the_library_stays_and_what_is_said_meanwhile_arrives(
    segue: Application, kitchen: Kitchen, qtbot: QtBot
) -> None:
    begin(segue)
    model, status, messages = segue.window.library.model, segue.window.shell.foot, segue.window.shell.messages
    qtbot.waitUntil(lambda: model.rowCount() == len(kitchen.tracks), timeout=WAIT_MS)
    similar = segue.services.similar
    qtbot.waitUntil(lambda: similar.manifest is not None and not similar.manifest.provisional, timeout=WAIT_MS)

    place = str(urlsplit(kitchen.address).port)
    kitchen.server.process.kill()
    kitchen.server.process.wait()
    qtbot.waitUntil(lambda: "does not answer" in status.database.text(), timeout=WAIT_MS)
    assert "127.0.0.1" in messages.text
    assert model.rowCount() == len(kitchen.tracks)
    segue.window.library.search.setText("song 23")
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=WAIT_MS)
    track = model.track_at(0)
    segue.window.shell.commands.more_like(track)
    qtbot.waitUntil(lambda: bool(segue.window.similar.model.tracks()), timeout=WAIT_MS)
    segue.services.opinions.set_favourite([track], favourite=True)

    with served(kitchen.home, "--port", place, uri=kitchen.database.uri):
        qtbot.waitUntil(lambda: status.database.text() == "", timeout=WAIT_MS)
        assert messages.text.startswith("127.0.0.1 answers again.")
        qtbot.waitUntil(lambda: track in kitchen.database.opinions.said(), timeout=WAIT_MS)
