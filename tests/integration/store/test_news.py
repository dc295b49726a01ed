"""What one connection writes for listeners, another learns; nobody is told of what they wrote themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from indexer.core.home import Home
from indexer.core.playlist import Playlist
from indexer.core.plays import OWNER, ListenerId, Named, Opinion, Tally, Thumb
from indexer.core.store import Database, open_database
from indexer.core.store.records import Matter, News
from indexer.core.tracks import TrackId
from tests.plays import play_of

pytestmark = pytest.mark.database

ANN = ListenerId("ann")
A, B = (TrackId(letter * 32) for letter in "ab")


@pytest.fixture
def other(database: Database, home: Home) -> Iterator[Database]:
    """A second connection to the same database, as another program has."""
    with open_database(home, uri=database.uri) as opened:
        yield opened


@pytest.mark.parametrize(
    ("write", "news"),
    [
        (lambda database: database.plays.add([play_of(A), play_of(B, listener=ANN)]),
         {(OWNER, Matter.PLAYS), (ANN, Matter.PLAYS)}),
        (lambda database: database.plays.erase(ANN), {(ANN, Matter.PLAYS)}),
        (lambda database: database.tallies.save([Tally(id="t", origin="x", named=Named(artist="Y"), plays=3)]),
         {(OWNER, Matter.PLAYS)}),
        (lambda database: database.opinions.save([Opinion(A, Thumb.UP, at=1.0, listener=ANN)]),
         {(ANN, Matter.OPINIONS)}),
        (lambda database: database.opinions.erase(OWNER), {(OWNER, Matter.OPINIONS)}),
        (lambda database: database.feedback.hide(A, [B], 1.0, ANN), {(ANN, Matter.HIDDEN)}),
        (lambda database: database.feedback.restore(A, [B]), {(OWNER, Matter.HIDDEN)}),
        (lambda database: database.playlists.save([Playlist("p", "P", owner=ANN)]), {(ANN, Matter.PLAYLISTS)}),
        (lambda database: database.queues.save("phone", {}, ANN), {(ANN, Matter.QUEUE)}),
        (lambda database: database.tracks.upsert([]), set()),
    ],
)  # fmt: skip
def test_what_is_written_is_news_to_others_once(
    database: Database, other: Database, write: Callable[[Database], object], news: set[News]
) -> None:
    here, there = database.news.counters(), other.news.counters()
    write(database)
    told, there = other.news.since(there)
    assert told == news
    assert other.news.since(there) == (frozenset(), there)
    assert database.news.since(here)[0] == frozenset(), "who wrote it knows"


def test_what_others_write_between_ones_own_writes_is_news(database: Database, other: Database) -> None:
    seen = database.news.counters()
    for writer in (database, other, database):
        writer.plays.add([play_of(A)])
    told, seen = database.news.since(seen)
    assert told == {(OWNER, Matter.PLAYS)}
    database.plays.add([play_of(A)])
    assert database.news.since(seen)[0] == frozenset()


def test_matched_plays_are_news_of_all_who_have_any(database: Database, other: Database) -> None:
    database.plays.add([play_of(A, listener=ANN)])
    seen = other.news.counters()
    database.plays.match({})
    assert other.news.since(seen)[0] == frozenset()
    database.plays.match({"1" * 24: B})
    assert other.news.since(seen)[0] == {(ANN, Matter.PLAYS)}


def test_a_database_that_was_emptied_is_news_also_where_numbers_come_again(database: Database, other: Database) -> None:
    database.plays.add([play_of(A)])
    database.plays.add([play_of(A)])
    seen = database.news.counters()
    other.transfer.clear()
    told, seen = database.news.since(seen)
    assert told == {(OWNER, Matter.PLAYS)}
    other.plays.add([play_of(A)])
    assert database.news.since(seen)[0] == {(OWNER, Matter.PLAYS)}
