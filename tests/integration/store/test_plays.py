"""Plays, tallies, opinions and impressions in a real database."""

from __future__ import annotations

import bson
import pytest
from bson.objectid import ObjectId

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.follow.orders import carry_out
from indexer.core.plays import (
    OWNER,
    Impression,
    ListenerId,
    Named,
    Opinion,
    Play,
    PlayContext,
    PlaySource,
    Tally,
    Thumb,
    stable_id,
)
from indexer.core.store import Database
from indexer.core.store.connection import Connection
from indexer.core.store.records import Heir
from indexer.core.store.schema import migrate
from indexer.core.tracks import TrackId
from tests.plays import play_of

pytestmark = pytest.mark.database

ONE, TWO, THREE = (TrackId(digit * 32) for digit in "123")
OTHER = ListenerId("anna")
CONTEXT = PlayContext(PlaySource.MORE_LIKE, TWO, 3, "m1", "a1", "desktop")
SONG = Named(artist="Björk", title="Jóga", album="Homogenic", mbid="x" * 36, seconds=305.0)


def test_a_play_comes_back_whole(database: Database) -> None:
    plays = [
        Play("0" * 24, 10.0, track=ONE, seconds_heard=5.0, seconds=90.0, finished=False, skipped=True, context=CONTEXT),
        Play("1" * 24, 20.0, named=SONG, listener=OTHER, context=PlayContext(PlaySource.IMPORT, client="lastfm")),
    ]
    assert database.plays.add(plays) == 2
    assert database.plays.add(plays) == 0
    assert list(database.plays.of()) == plays[:1]
    assert list(database.plays.of(OTHER)) == plays[1:]
    assert database.plays.listeners() == {OWNER: 1, OTHER: 1}


def test_before_when_plays_were_erased_is_kept_and_goes_along_to_another_database(database: Database) -> None:
    assert database.plays.erased() == {}
    database.plays.add([play_of(ONE, 10.0), play_of(ONE, 30.0), play_of(ONE, 5.0, listener=OTHER)])
    database.plays.erase(OWNER, before=20.0)
    database.plays.erase(OWNER, before=15.0)
    assert database.plays.erased() == {OWNER: 20.0}
    database.plays.erase(OTHER)
    assert database.plays.erased()[OTHER] > 1_000_000_000.0
    kept = database.transfer.revisions()
    before = database.plays.erased()
    database.transfer.clear()
    assert database.plays.erased() == {}
    database.transfer.put_revisions(kept)
    assert database.plays.erased() == before


def test_what_waits_for_its_music_is_matched_later(database: Database) -> None:
    database.plays.add([Play("1" * 24, 20.0, named=SONG), play_of(ONE)])
    tally = Tally(
        id=stable_id("t"), origin="rhythmbox", named=SONG, plays=7, skips=1, last_at=5.0, thumb=Thumb.UP, rating=3.5
    )
    database.tallies.save([tally])
    assert [play.named for play in database.plays.awaiting()] == [SONG]
    assert list(database.tallies.awaiting()) == [tally]
    database.plays.match({"1" * 24: TWO})
    database.tallies.match({tally.id: TWO})
    assert not list(database.plays.awaiting())
    assert not list(database.tallies.awaiting())
    assert database.plays.counts() == {ONE: 1, TWO: 1}
    database.tallies.save([tally])  # the same file once more
    assert [each.track for each in database.tallies.of()] == [TWO]


def test_plays_of_one_listener_are_no_plays_of_another(database: Database) -> None:
    database.plays.add([play_of(ONE, 10.0), play_of(ONE, 20.0, listener=OTHER), play_of(TWO, 30.0, listener=OTHER)])
    assert database.plays.counts() == {ONE: 1}
    assert database.plays.last_played() == {ONE: 10.0}
    assert database.plays.counts(OTHER) == {ONE: 1, TWO: 1}
    assert database.plays.erase(OTHER, before=25.0) == 1
    assert database.plays.counts(OTHER) == {TWO: 1}
    assert database.plays.erase(OTHER) == 1
    assert database.plays.listeners() == {OWNER: 1}


def test_plays_since_a_time_come_the_oldest_first_and_for_the_heir(database: Database) -> None:
    database.plays.add([play_of(ONE, 30.0), play_of(TWO, 20.0), play_of(TWO, 5.0)])
    database.heirs.put([Heir(ONE, THREE, 40.0, 40.0)])
    assert [(play.track, play.at) for play in database.plays.of(since=10.0)] == [(TWO, 20.0), (THREE, 30.0)]


def test_plays_of_the_version_before_are_the_owners(database: Database, connection: Connection) -> None:
    old = {"_id": ObjectId("2" * 24), "track": ONE, "at": 1.0, "seconds_heard": 2.0, "finished": True}
    connection.collection("plays").insert_one(dict(old))
    connection.collection("meta").delete_one({"_id": "schema"})
    migrate(connection)
    assert database.plays.counts() == {ONE: 1}
    assert database.plays.listeners() == {OWNER: 1}
    found = connection.collection("plays").find_one({"_id": old["_id"]})
    assert found == {**old, "listener": OWNER}
    assert list(database.plays.of()) == [Play("2" * 24, 1.0, track=ONE, seconds_heard=2.0)]


@pytest.mark.parametrize("way", ["merge", "replace"])
def test_plays_in_a_backup_of_the_version_before_are_the_owners(database: Database, way: str) -> None:
    old = bson.encode({"_id": ObjectId("2" * 24), "track": ONE, "at": 1.0, "seconds_heard": 2.0, "finished": True})
    for _ in range(2):
        database.restoring.merge("plays", [old]) if way == "merge" else database.restoring.replace(
            "plays", [old], set()
        )
    assert list(database.plays.of()) == [Play("2" * 24, 1.0, track=ONE, seconds_heard=2.0)]
    assert database.plays.counts() == {ONE: 1}


def test_what_the_journal_tells_twice_is_there_once(database: Database) -> None:
    opinion = Opinion(ONE, Thumb.DOWN, 1.5, at=20.0)
    notes = [
        Note(NoteKind.PLAY, play_of(ONE, context=CONTEXT).as_record()),
        Note(NoteKind.OPINION, opinion.as_record()),
        Note(NoteKind.IMPRESSION, Impression("x", 1.0, PlaySource.RADIO, (ONE, TWO), ONE, "m1").as_record()),
    ]
    for note in notes * 2:
        carry_out(database, note)
    assert [play.context for play in database.plays.of()] == [CONTEXT]
    assert database.opinions.of() == {ONE: opinion}
    assert [shown.tracks for shown in database.impressions.of()] == [(ONE, TWO)]


def test_a_source_that_another_version_knows_loses_no_play(database: Database, connection: Connection) -> None:
    database.plays.add([play_of(ONE, 10.0)])
    later = {"_id": ObjectId("2" * 24), "listener": OWNER, "track": TWO, "at": 20.0, "finished": True}
    connection.collection("plays").insert_one({**later, "source": "podcast"})
    assert [(play.track, play.context.source) for play in database.plays.of()] == [
        (ONE, PlaySource.UNKNOWN), (TWO, PlaySource.UNKNOWN),
    ]  # fmt: skip


@pytest.mark.parametrize("at", [float("nan"), float("inf"), 1e15, -1.0])
def test_a_play_at_no_time_is_refused(database: Database, at: float) -> None:
    with pytest.raises(ValueError, match="not a time of a play"):
        database.plays.add([Play("1" * 24, at, track=ONE)])


def test_a_play_without_an_id_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="not the id of a play"):
        database.plays.add([Play("x", 1.0, track=ONE)])


def test_the_later_opinion_stays_and_one_that_says_nothing_is_none(database: Database) -> None:
    later = Opinion(ONE, Thumb.UP, 4.5, favourite=True, at=20.0)
    database.opinions.save([later, Opinion(TWO, Thumb.DOWN, at=20.0), Opinion(ONE, Thumb.DOWN, at=10.0)])
    database.opinions.save([Opinion(ONE, at=15.0), Opinion(ONE, rating=1.0, at=99.0, listener=OTHER)])
    assert database.opinions.of() == {ONE: later, TWO: Opinion(TWO, Thumb.DOWN, at=20.0)}
    database.opinions.save([Opinion(ONE, at=30.0)])
    assert set(database.opinions.of()) == {TWO}
    assert database.opinions.erase(OTHER) == 1
    assert not database.opinions.of(OTHER)


def test_an_opinion_of_a_track_that_left_is_one_of_its_heir(database: Database) -> None:
    database.opinions.save([Opinion(ONE, Thumb.UP, at=20.0)])
    database.heirs.put([Heir(ONE, THREE, 40.0, 40.0)])
    assert database.opinions.of() == {THREE: Opinion(THREE, Thumb.UP, at=20.0)}


def test_lists_that_were_shown_come_back_in_order(database: Database) -> None:
    shown = [Impression("b", 2.0, PlaySource.FOR_YOU, (ONE, TWO)), Impression("a", 1.0, PlaySource.RADIO, (), ONE, "m")]
    for _ in range(2):
        database.impressions.add(shown)
    assert list(database.impressions.of()) == shown[::-1]
    assert database.impressions.erase(OWNER) == 2
