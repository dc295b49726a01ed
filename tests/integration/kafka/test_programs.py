"""Player and server tell a real broker what they keep, beside a real database, and neither holds up the other."""

from __future__ import annotations

import asyncio

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE
from indexer.core.kafka.events import note_of
from indexer.core.plays import ListenerId, Play
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import TrackId
from musicplayer.library.library import Library
from musicplayer.server.library import SharedLibrary
from tests.brokers import Broker
from tests.integration.kafka.reading import messages_of
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track
from tests.waiting import until

pytestmark = pytest.mark.database

WAIT_MS = 30_000


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)


def plays_at(broker: Broker, number: int) -> list[Play]:
    found = messages_of(broker.where, until=lambda told: len({note_of(each).id for each in told}) >= number)
    notes = {note.id: note for note in map(note_of, found)}
    return [Play.of_record(note.id, note.content) for note in notes.values()]


def test_the_player_tells_database_and_broker(
    database: Database, home: Home, broker: Broker, qtbot: QtBot, qapp: object
) -> None:
    database.tracks.upsert([track(1)])
    library = Library(home, Settings(database_uri=database.uri, kafka=broker.address))
    said: list[str] = []
    library.message.connect(lambda message, _: said.append(message))
    library.start()
    plays = [play_of(track(1).id) for _ in range(3)]
    for play in plays:
        library.client.record_play(play)
    assert plays_at(broker, 3) == plays
    qtbot.waitUntil(lambda: library.client.untold() == [], timeout=WAIT_MS)
    assert database.plays.counts() == {track(1).id: 3}
    qtbot.waitUntil(lambda: not home.journal_file.exists(), timeout=WAIT_MS)
    library.shutdown()
    assert said == []


def test_a_broker_that_is_away_is_said_once_and_is_told_later(
    database: Database, home: Home, lasting: Broker, qtbot: QtBot, qapp: object
) -> None:
    database.tracks.upsert([track(1)])
    library = Library(home, Settings(database_uri=database.uri))
    said: list[str] = []
    away: list[str] = []
    library.message.connect(lambda message, _: said.append(message))
    library.client.unavailable.connect(lambda message, _: away.append(message))
    library.start()
    library.client.choose_broker(lasting.address)
    play = play_of(track(1).id)
    library.client.record_play(play)
    qtbot.waitUntil(lambda: database.plays.counts() == {track(1).id: 1}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(said) == 1, timeout=WAIT_MS)
    assert "Kafka" in said[0]
    assert library.client.untold() == []
    library.move_to(database.uri)
    lasting.start()
    assert plays_at(lasting, 1) == [play]
    library.shutdown()
    assert (len(said), away) == (1, [])
    assert database.plays.counts() == {track(1).id: 1}


def test_what_was_erased_is_not_told_any_more(
    database: Database, home: Home, lasting: Broker, qtbot: QtBot, qapp: object
) -> None:
    database.tracks.upsert([track(1)])
    library = Library(home, Settings(database_uri=database.uri, kafka=lasting.address))
    library.start()
    library.client.record_play(play_of(track(1).id))
    qtbot.waitUntil(lambda: library.client.untold() == [], timeout=WAIT_MS)
    assert home.journal_file.exists()
    library.client.forget_told()
    assert not home.journal_file.exists()
    lasting.start()
    later = play_of(track(1).id)
    library.client.record_play(later)
    assert plays_at(lasting, 1) == [later]
    library.shutdown()


def test_what_the_broker_lacks_at_the_end_it_is_told_after_the_next_start(
    database: Database, home: Home, lasting: Broker, qtbot: QtBot, qapp: object
) -> None:
    database.tracks.upsert([track(1)])
    plays = [play_of(track(1).id) for _ in range(4)]
    for some in (plays[:2], plays[2:]):
        play_without_broker(database, home, lasting, some, qtbot)
    assert home.journal_file.exists()
    library = Library(home, Settings(database_uri=database.uri, kafka=lasting.address))
    library.start()
    lasting.start()
    assert plays_at(lasting, 4) == plays
    qtbot.waitUntil(lambda: not home.journal_file.exists(), timeout=WAIT_MS)
    library.shutdown()
    assert database.plays.counts() == {track(1).id: 4}


def play_without_broker(database: Database, home: Home, broker: Broker, plays: list[Play], qtbot: QtBot) -> None:
    """One start of the player, from the first play to the end."""
    library = Library(home, Settings(database_uri=database.uri, kafka=broker.address))
    library.start()
    for play in plays:
        library.client.record_play(play)
    qtbot.waitUntil(lambda: library.client.untold() == [], timeout=WAIT_MS)
    library.shutdown()


def test_the_server_tells_database_and_broker(database: Database, home: Home, broker: Broker) -> None:
    database.tracks.upsert([track(1)])
    plays = [play_of(TrackId(track(1).id), listener=ListenerId(name)) for name in ("anna", "ben", "anna")]

    async def listen() -> None:
        library = SharedLibrary(home, Settings(database_uri=database.uri, kafka=broker.address))
        library.start()
        library.keep(*(Note(NoteKind.PLAY, play.as_record(), play.id) for play in plays))
        await until(lambda: not library.open_notes())
        told.extend(await asyncio.to_thread(plays_at, broker, 3))
        library.close()

    told: list[Play] = []
    asyncio.run(listen())
    assert home.server_journal_file.exists()  # it was closed before the broker was sure to have it on its disk
    assert {play.id: play for play in told} == {play.id: play for play in plays}
    assert [play.id for play in told if play.listener == "anna"] == [plays[0].id, plays[2].id]
