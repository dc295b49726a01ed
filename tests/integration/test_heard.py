"""What others of a household played, followed into the catalogue of the desktop from a real database."""

from __future__ import annotations

import json

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.search import match, parse
from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.settings import Settings
from indexer.core.store import Database
from musicplayer.library.library import Library
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track

pytestmark = pytest.mark.database

WAIT_MS = 15_000
ANNA, STRANGER = ListenerId("a1"), ListenerId("b2")


def test_plays_of_accounts_are_searched_and_followed(home: Home, database: Database, qtbot: QtBot) -> None:
    accounts = [{"id": OWNER, "name": "Owen"}, {"id": ANNA, "name": "Änna"}]
    home.accounts_file.parent.mkdir(parents=True, exist_ok=True)
    home.accounts_file.write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    database.tracks.upsert([track(number) for number in range(3)])
    database.plays.add([play_of(track(0).id, 1e9, listener=ANNA), play_of(track(1).id, 1e9, listener=STRANGER)])
    library = Library(home, Settings(database_uri=database.uri))

    def found(text: str) -> list[int]:
        return match(library.catalogue, parse(text)).tolist()

    with qtbot.waitSignal(library.heard.changed, timeout=WAIT_MS):
        library.start()
    qtbot.waitUntil(lambda: found("listener:anna") == [0], timeout=WAIT_MS)
    assert library.catalogue.listeners == ["anna"]
    with qtbot.waitSignal(library.heard.changed, timeout=WAIT_MS):
        database.plays.add([play_of(track(2).id, 2e9, listener=ANNA)])
    assert found("listener:anna") == [0, 2]
    library.shutdown()
