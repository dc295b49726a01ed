"""Playlists between the file of the home and a real database: neither loses what the other has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.smart import SmartRule
from indexer.core.home import Home
from indexer.core.store import Database
from indexer.core.tracks import TrackId
from musicplayer.library.database_client import DatabaseClient
from musicplayer.library.playlists import Playlists

pytestmark = pytest.mark.database

WAIT_MS = 15_000
TRACKS = [TrackId(f"{number:032x}") for number in range(3)]


@pytest.fixture
def session(home: Home, database: Database, qapp: object) -> Iterator[Callable[[], Playlists]]:
    """Begins another run of the player on the same home, after ending the one before."""
    running: list[tuple[Playlists, DatabaseClient]] = []

    def end() -> None:
        for playlists, client in running:
            playlists.shutdown()
            client.shutdown()
        running.clear()

    def begin() -> Playlists:
        end()
        client = DatabaseClient(home, uri=database.uri)
        playlists = Playlists(home, Catalogue(), client)
        running.append((playlists, client))
        client.start()
        playlists.start()
        return playlists

    yield begin
    end()


def test_a_lost_file_comes_back_from_the_database(
    home: Home, database: Database, session: Callable[[], Playlists], qtbot: QtBot
) -> None:
    first = session()
    made = first.create("Évening", TRACKS)
    smart = first.create_smart("Unheard", SmartRule("plays:0", "year", descending=True, limit=9))
    first.delete(first.create("Gone").id)
    qtbot.waitUntil(lambda: len(database.playlists.all()) == 3, timeout=WAIT_MS)
    wanted = [first.get(made.id), first.get(smart.id)]
    first.shutdown()
    home.playlists_file.unlink()
    second = session()
    assert second.all() == []
    qtbot.waitUntil(lambda: second.all() == wanted, timeout=WAIT_MS)


def test_what_was_edited_without_a_database_gets_there_with_the_next(
    home: Home, database: Database, session: Callable[[], Playlists], qtbot: QtBot
) -> None:
    alone = Playlists(home, Catalogue(), DatabaseClient(home))  # never started, as if no server answered
    alone.start()
    made = alone.create("Made alone", TRACKS)
    alone.shutdown()
    together = session()
    assert [playlist.name for playlist in together.all()] == ["Made alone"], "at once, from the file"
    qtbot.waitUntil(lambda: [each.id for each in database.playlists.all()] == [made.id], timeout=WAIT_MS)
    assert database.playlists.all()[0].tracks == tuple(TRACKS)
