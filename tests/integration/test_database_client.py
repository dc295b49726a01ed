"""The player's link to a real database: what it sends, what it keeps, and how it comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

import indexer.core.store
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.follow import database_thread
from indexer.core.follow.changes import Changes, Known, LibraryCounts, Listeners
from indexer.core.follow.journal import Note
from indexer.core.follow.orders import carry_out
from indexer.core.home import Home
from indexer.core.playlist import Playlist
from indexer.core.plays import ListenerId, Opinion
from indexer.core.sentences.told import plain
from indexer.core.settings import Settings
from indexer.core.store import Database, DatabaseError, FeatureRecord
from indexer.core.tracks import FileRecord, Measurement, Problem, ProblemKind, Track, TrackId, TrackState
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.opinions import Opinions
from musicplayer.library import database_client
from musicplayer.library.database_client import DatabaseClient
from musicplayer.library.library import Library
from musicplayer.library.playlists import Playlists
from tests.conftest import turn
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track
from tests.waiting import wait_until

pytestmark = pytest.mark.database

WAIT_MS = 15_000
KEY = "sonic:1"


class Log:
    """What a link said."""

    def __init__(self, client: DatabaseClient) -> None:
        self.tracks: dict[TrackId, Track] = {}
        self.batches: list[int] = []
        self.features: dict[TrackId, Any] = {}
        self.said: dict[str, list[Any]] = {}
        client.tracks_changed.connect(self._on_tracks)
        client.features_arrived.connect(self.on_features)
        for name in ("connected", "unavailable", "reset", "caught_up", "counts_changed", "plays_changed",
                     "folders_changed", "problems_loaded", "queue_loaded", "news"):  # fmt: skip
            getattr(client, name).connect(lambda *values, name=name: self.said.setdefault(name, []).append(values))

    def last(self, name: str) -> Any:
        return self.said[name][-1][0] if name in self.said else None

    def count(self, name: str) -> int:
        return len(self.said.get(name, []))

    def _on_tracks(self, tracks: list[Track]) -> None:
        self.batches.append(len(tracks))
        self.tracks |= {one.id: one for one in tracks}

    def on_features(self, records: list[FeatureRecord]) -> None:
        self.features |= {record.track: record.values for record in records}


def threads() -> set[threading.Thread]:
    """Those that follow a database."""
    return {thread for thread in threading.enumerate() if thread.name == "segue-database"}


@pytest.fixture
def make_link(home: Home, database: Database, qapp: object) -> Iterator[Callable[..., tuple[DatabaseClient, Log]]]:
    links: list[DatabaseClient] = []

    def make(known: Known | None = None) -> tuple[DatabaseClient, Log]:
        client = DatabaseClient(home, KEY, uri=database.uri)
        links.append(client)
        log = Log(client)
        client.start(known)
        return client, log

    yield make
    for client in links:
        client.shutdown()


Make = Callable[..., tuple[DatabaseClient, Log]]


def features(number: int) -> FeatureRecord:
    return FeatureRecord(track(number).id, "sonic", 1, np.full((3, 4), number, np.float32))


def test_a_new_link_sends_the_whole_library_in_batches(database: Database, make_link: Make, qtbot: QtBot) -> None:
    database.tracks.upsert(track(number) for number in range(3_000))
    _, log = make_link()
    qtbot.waitUntil(lambda: log.count("caught_up") == 1, timeout=WAIT_MS)
    assert len(log.tracks) == 3_000
    assert max(log.batches) <= 2_000
    assert log.batches[0] <= 500


def test_later_changes_follow_within_a_second_or_so(database: Database, make_link: Make, qtbot: QtBot) -> None:
    database.tracks.upsert([track(1)])
    _, log = make_link()
    qtbot.waitUntil(lambda: log.count("caught_up") == 1, timeout=WAIT_MS)
    database.tracks.upsert([replace(track(1), title="New title"), track(2)])
    qtbot.waitUntil(lambda: len(log.tracks) == 2, timeout=3_000)
    assert log.tracks[track(1).id].title == "New title"


def test_only_what_is_newer_than_the_snapshot_is_sent(database: Database, make_link: Make, qtbot: QtBot) -> None:
    rev = database.tracks.upsert([track(1), track(2)])
    database.tracks.upsert([track(3)])
    _, log = make_link(Known(rev, {track(1).id: rev}))
    qtbot.waitUntil(lambda: log.count("caught_up") == 1, timeout=WAIT_MS)
    assert set(log.tracks) == {track(3).id}
    assert log.count("reset") == 0


@pytest.mark.parametrize("known", [Known(999), Known(1, {TrackId("f" * 32): 1})], ids=["newer", "other tracks"])
def test_a_snapshot_of_another_database_is_replaced(
    database: Database, make_link: Make, qtbot: QtBot, known: Known
) -> None:
    database.tracks.upsert([track(1)])
    _, log = make_link(known)
    qtbot.waitUntil(lambda: len(log.tracks) == 1, timeout=WAIT_MS)
    assert log.count("reset") == 1


def test_features_are_sent_as_they_come_and_older_ones_on_request(
    database: Database, make_link: Make, qtbot: QtBot
) -> None:
    database.features.upsert([features(1), features(2)])
    client, log = make_link()
    qtbot.waitUntil(lambda: log.count("connected") == 1, timeout=WAIT_MS)
    database.features.upsert([features(3)])
    qtbot.waitUntil(lambda: set(log.features) == {track(3).id}, timeout=WAIT_MS)
    client.fetch_missing_features({track(1).id, track(3).id})
    with qtbot.waitSignal(client.missing_arrived, timeout=WAIT_MS) as missing:
        pass
    assert missing.args[1:] == [0, database.features.rev()]
    log.on_features(missing.args[0])
    assert set(log.features) == {track(2).id, track(3).id}
    assert np.all(log.features[track(2).id] == 2)


def test_counts_and_folders_are_told_when_they_change(database: Database, make_link: Make, qtbot: QtBot) -> None:
    database.tracks.upsert([track(1), track(2, state=TrackState.AWAY), track(3, state=TrackState.GONE)])
    database.folders.add("/music")
    _, log = make_link()
    qtbot.waitUntil(lambda: log.last("counts_changed") == LibraryCounts(2, 0, 0), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: log.count("folders_changed") == 1, timeout=WAIT_MS)
    assert [folder.path for folder in log.last("folders_changed")] == ["/music"]
    database.features.upsert([features(1)])
    database.problems.put([Problem("/music/x.mp3", ProblemKind.EMPTY, *plain("x.mp3 is empty.", "Delete it."), 1.0)])
    qtbot.waitUntil(lambda: log.last("counts_changed") == LibraryCounts(2, 1, 1), timeout=WAIT_MS)
    assert log.count("folders_changed") == 1


def test_problems_are_loaded_on_request(database: Database, make_link: Make, qtbot: QtBot) -> None:
    problem = Problem("/music/x.mp3", ProblemKind.EMPTY, *plain("x.mp3 is empty.", "Delete it."), 1.0)
    database.problems.put([problem])
    client, log = make_link()
    client.load_problems()
    qtbot.waitUntil(lambda: log.last("problems_loaded") == [problem], timeout=WAIT_MS)


def test_a_play_is_kept_and_counted_if_enough_was_heard(database: Database, make_link: Make, qtbot: QtBot) -> None:
    client, log = make_link()
    client.record_play(play_of(track(1).id, heard=3.0, finished=False))
    client.record_play(play_of(track(2).id, heard=200.0, finished=True))
    qtbot.waitUntil(lambda: log.last("plays_changed") == {track(2).id: 1}, timeout=WAIT_MS)


def test_what_another_program_did_for_the_owner_is_there_within_seconds_and_what_was_done_here_is_no_news(
    database: Database, make_link: Make, home: Home, qtbot: QtBot
) -> None:
    client, log = make_link()
    opinions = Opinions(client.ask, client.keep)
    dislikes = Dislikes(client.ask, client.keep, untold=client.untold)
    playlists = Playlists(home, Catalogue(), client)
    for on_news in (opinions.on_news, dislikes.on_news):
        client.news.connect(on_news)
    one, two, three = (track(number).id for number in (1, 2, 3))
    qtbot.waitUntil(lambda: log.count("plays_changed") == 1, timeout=WAIT_MS)
    client.record_play(play_of(one))
    opinions.set_rating([one, two], 3.0)
    dislikes.hide(one, [two])
    mine, edited = playlists.create("Mine", [one]), playlists.create("Edited", [one])
    qtbot.waitUntil(lambda: len(database.playlists.of()) == 2, timeout=WAIT_MS)
    qtbot.wait(3_000)  # until it has asked for news at least once
    assert log.count("news") == 0

    ann = ListenerId("ann")
    database.plays.add([play_of(two), play_of(three, listener=ann)])
    database.opinions.save([Opinion(one, rating=5.0, at=time.time() + 1), Opinion(three, listener=ann, rating=1.0)])
    database.feedback.restore(one, [two])
    later = time.time() + 1
    database.playlists.save(
        [
            replace(mine, tracks=(one, two), updated_at=later),
            replace(edited, tracks=(), updated_at=edited.updated_at),
            Playlist("t", "Theirs", owner=ann, updated_at=later),
        ]
    )
    playlists.add(edited.id, [three])  # before any of it is known here
    qtbot.waitUntil(lambda: log.last("plays_changed") == {one: 1, two: 1}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: opinions.of(one).rating == 5.0, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not dislikes.hidden(one), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: playlists.tracks(mine.id) == [one, two], timeout=WAIT_MS)
    assert (opinions.of(two).rating, opinions.of(three).is_empty) == (3.0, True)
    assert playlists.tracks(edited.id) == [one, three]
    assert [each.name for each in playlists.all()] == ["Mine", "Edited"]
    assert playlists.undo()
    assert playlists.tracks(edited.id) == [one]
    qtbot.waitUntil(lambda: [each.tracks for each in database.playlists.of()] == [(one, two), (one,)], timeout=WAIT_MS)
    playlists.shutdown()


def test_what_was_played_without_a_database_arrives_at_the_next_start_once(
    database: Database, make_link: Make, home: Home, qtbot: QtBot
) -> None:
    away = DatabaseClient(home, KEY, uri="mongodb://127.0.0.1:9/segue")
    away.start()
    away.record_play(play_of(track(1).id, heard=200.0, finished=True))
    away.record_play(play_of(track(1).id, heard=100.0, finished=True))
    Dislikes(away.ask, away.keep).hide(track(1).id, [track(2).id])
    away.shutdown()
    journal = home.journal_file.read_bytes()

    make_link()
    qtbot.waitUntil(lambda: database.plays.counts() == {track(1).id: 2}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not home.journal_file.exists(), timeout=WAIT_MS)
    assert database.feedback.hidden() == {track(1).id: {track(2).id}}
    home.journal_file.write_bytes(journal)  # as if it had been killed before it could note that all was told
    make_link()
    qtbot.waitUntil(lambda: not home.journal_file.exists(), timeout=WAIT_MS)
    assert database.plays.counts() == {track(1).id: 2}


def test_what_the_database_refuses_is_kept_and_said_once(
    database: Database, make_link: Make, home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]

    def carry_out_or_refuse(database: Database, note: Note) -> None:
        if full[0]:
            raise DatabaseError.again(*plain("The disk is full.", "Free some space."))
        carry_out(database, note)

    monkeypatch.setattr(database_thread, "carry_out", carry_out_or_refuse)
    monkeypatch.setattr(database_thread, "REFUSED_SECONDS", 0.0)
    client, _ = make_link()
    refusals: list[str] = []
    client.refused.connect(lambda message, _: refusals.append(message))
    client.record_play(play_of(track(1).id, heard=200.0, finished=True))
    qtbot.waitUntil(lambda: refusals == ["The disk is full."], timeout=WAIT_MS)
    client.load_problems()
    full[0] = False
    qtbot.waitUntil(lambda: not home.journal_file.exists(), timeout=WAIT_MS)
    assert database.plays.counts() == {track(1).id: 1}
    assert len(refusals) == 1


def test_a_length_that_playing_found_replaces_a_guess_and_no_count(
    database: Database, make_link: Make, qtbot: QtBot
) -> None:
    guessed, counted = track(1, seconds=20.0), track(2, seconds=20.0)
    database.tracks.upsert([guessed, counted])
    database.tracks.measure({counted.id: Measurement(60.0, 2_646_000, 44_100)})
    client, log = make_link()
    qtbot.waitUntil(lambda: len(log.tracks) == 2, timeout=WAIT_MS)
    client.keep_length(counted.id, 59.0)
    client.keep_length(guessed.id, 61.5)
    qtbot.waitUntil(lambda: log.tracks[guessed.id].seconds == 61.5, timeout=WAIT_MS)
    assert log.tracks[counted.id].seconds == 60.0


def test_the_queue_comes_back_as_it_was_saved(database: Database, make_link: Make, qtbot: QtBot) -> None:
    client, log = make_link()
    client.save_queue({"tracks": ["a", "b"], "index": 1})
    client.load_queue()
    qtbot.waitUntil(lambda: log.last("queue_loaded") == {"tracks": ["a", "b"], "index": 1}, timeout=WAIT_MS)


def test_orders_given_just_before_the_end_are_carried_out(database: Database, make_link: Make, qtbot: QtBot) -> None:
    client, log = make_link()
    qtbot.waitUntil(lambda: log.count("connected") == 1, timeout=WAIT_MS)
    client.save_queue({"tracks": ["last"]})
    client.shutdown()
    assert database.queues.load("player") == {"tracks": ["last"]}


def test_shutdown_is_quick_and_nothing_is_said_after_it(database: Database, make_link: Make, qtbot: QtBot) -> None:
    database.tracks.upsert(track(number) for number in range(5_000))
    before = threads()
    client, log = make_link()
    qtbot.waitUntil(lambda: len(log.batches) >= 1, timeout=WAIT_MS)
    client.shutdown()
    sent = len(log.batches)
    assert threads() <= before, "it has ended"
    turn(qtbot)
    assert len(log.batches) == sent


def test_forgetting_a_folder_hides_its_tracks_but_not_those_that_lie_elsewhere_too(
    database: Database, make_link: Make, qtbot: QtBot
) -> None:
    database.folders.add("/old")
    database.folders.add("/new")
    database.tracks.upsert([track(1, path="/old/1.mp3", root="/old"), track(2, path="/old/2.mp3", root="/old")])
    database.files.upsert(
        [
            FileRecord("/old/1.mp3", "/old", track(1).id, 1, 1),
            FileRecord("/old/2.mp3", "/old", track(2).id, 1, 1),
            FileRecord("/new/2.mp3", "/new", track(2).id, 1, 1),
        ]
    )
    told = plain("It is empty.", "Delete it.")
    names = ("/old/a.mp3", "/older/b.mp3", "/new/c.mp3")
    database.problems.put([Problem(name, ProblemKind.EMPTY, *told, 1.0) for name in names])
    client, log = make_link()
    client.forget_folder("/old")
    qtbot.waitUntil(lambda: len(log.tracks) == 2 and log.tracks[track(2).id].root == "/new", timeout=WAIT_MS)
    assert log.tracks[track(1).id].state is TrackState.GONE
    assert log.tracks[track(2).id].path == "/new/2.mp3"
    assert [folder.path for folder in database.folders.all()] == ["/new"]
    assert [file.path for file in database.files.all()] == ["/new/2.mp3"]
    assert {problem.path for problem in database.problems.all()} == {"/older/b.mp3", "/new/c.mp3"}


def test_a_database_that_is_not_there_is_said_once_and_not_waited_for_at_the_end(
    home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_thread, "FIRST_RETRY_SECONDS", 86_400.0)
    before = threads()
    client = DatabaseClient(home, KEY, uri="mongodb://127.0.0.1:9/segue?serverSelectionTimeoutMS=300")
    log = Log(client)
    client.start()
    try:
        with qtbot.waitSignal(client.unavailable, timeout=40_000) as unavailable:
            pass
        message, advice = unavailable.args or ["", ""]
        assert "127.0.0.1:9" in message
        assert advice
    finally:
        client.shutdown()
    assert log.count("connected") == 0
    wait_until(lambda: threads() <= before)


def test_the_catalogue_follows_and_the_next_start_needs_no_database(
    home: Home, database: Database, qtbot: QtBot
) -> None:
    database.tracks.upsert(track(number) for number in range(50))
    settings = Settings(database_uri=database.uri)
    library = Library(home, settings)
    library.start()
    qtbot.waitUntil(lambda: len(library.catalogue) == 50 and library.catalogue.rev > 0, timeout=WAIT_MS)
    rev = library.catalogue.rev
    assert library.path_of(track(7).id) == "/music/7.mp3"
    library.shutdown()

    settings.database_uri = "mongodb://127.0.0.1:9/segue"
    alone = Library(home, settings)
    alone.start()
    assert len(alone.catalogue) == 50
    assert alone.catalogue.rev == rev
    alone.shutdown()

    database.tracks.set_state([track(7).id], TrackState.GONE)
    settings.database_uri = database.uri
    again = Library(home, settings)
    resets: list[int] = []
    again.start()
    again.reset.connect(lambda: resets.append(1))
    qtbot.waitUntil(lambda: len(again.catalogue) == 49, timeout=WAIT_MS)
    assert again.path_of(track(7).id) is None
    assert resets == []
    again.shutdown()


class Restarted:
    """Follows a database through `Changes`, as two connections in turn would."""

    def __init__(self, known: Known) -> None:
        self.resets = 0
        self.sent: list[Track] = []
        ignore = lambda _: None  # noqa: E731 - shorter than seven functions
        self.changes = Changes(
            KEY, known, Listeners(self._reset, self.sent.extend, ignore, ignore, ignore, ignore, ignore)
        )

    def connect(self, database: Database) -> None:
        self.changes.begin(database)
        self.changes.follow(database, stopped=lambda: False)

    def _reset(self) -> None:
        self.resets += 1


def test_coming_back_reads_nothing_twice(database: Database) -> None:
    database.tracks.upsert([track(1)])
    reader = Restarted(Known())
    reader.connect(database)
    reader.connect(database)
    assert len(reader.sent) == 1


def test_another_database_is_told_once_not_at_every_connection(database: Database) -> None:
    database.tracks.upsert([track(1)])
    reader = Restarted(Known(999, {TrackId("f" * 32): 9}))
    reader.connect(database)
    reader.connect(database)
    assert (reader.resets, len(reader.sent)) == (1, 1)


def test_what_is_missing_comes_no_faster_than_it_is_taken(
    database: Database, make_link: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_client, "FEATURES_AT_ONCE", 3)
    database.features.upsert(features(number) for number in range(8))
    following, log = make_link()
    came: list[tuple[int, int]] = []
    following.missing_arrived.connect(lambda records, left, _: came.append((len(records), left)))
    following.fetch_missing_features(set())
    qtbot.waitUntil(lambda: came == [(3, 5)], timeout=WAIT_MS)
    following.load_problems()  # what else is asked for is answered in between
    qtbot.waitUntil(lambda: log.count("problems_loaded") == 1, timeout=WAIT_MS)
    assert came == [(3, 5)]
    following.fetch_more_missing()
    qtbot.waitUntil(lambda: came[1:] == [(3, 2)], timeout=WAIT_MS)
    following.fetch_more_missing()
    qtbot.waitUntil(lambda: came[2:] == [(2, 0)], timeout=WAIT_MS)
    following.fetch_more_missing()
    database.features.upsert([features(2)])  # heard again
    rev = database.features.rev()
    known = {track(number).id for number in range(8)}
    with qtbot.waitSignal(following.missing_arrived, timeout=WAIT_MS) as again:
        following.fetch_missing_features(known, rev - 1)
    records, left, told = again.args or ([], -1, 0)
    assert ([record.track for record in records], left, told) == ([track(2).id], 0, rev)


def test_moving_returns_at_once_and_takes_along_what_was_not_told_yet(
    home: Home, database: Database, make_link: Make, qtbot: QtBot
) -> None:
    database.plays.add([play_of(track(1).id, 100.0, 200.0, finished=True, play="a" * 24)])
    moving = DatabaseClient(home, KEY, uri="mongodb://127.0.0.1:9/segue")
    loaded: list[dict[TrackId, float]] = []
    moving.last_played_loaded.connect(loaded.append)
    moving.start()
    moving.record_play(play_of(track(2).id, heard=200.0, finished=True))
    moving.move_to(database.uri, Known())
    try:
        qtbot.waitUntil(lambda: len(loaded) == 1, timeout=WAIT_MS)
        assert set(loaded[0]) == {track(1).id, track(2).id}
        qtbot.waitUntil(lambda: database.plays.counts() == {track(1).id: 1, track(2).id: 1}, timeout=WAIT_MS)
        release, waited = threading.Event(), []
        moving.ask(lambda _: waited.append(release.wait(20)))
        moving.save_queue({"tracks": ["told to the one that is left"]})
        moving.move_to(database.uri, Known())
        assert waited == [], "it returned while the one that is left was still at work"
        release.set()
        qtbot.waitUntil(lambda: len(loaded) == 2, timeout=WAIT_MS)
        assert database.queues.load("player") == {"tracks": ["told to the one that is left"]}
    finally:
        moving.shutdown()


def test_orders_that_must_not_be_lost_outlast_a_thousand_others(
    home: Home, database: Database, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_thread, "FIRST_RETRY_SECONDS", 0.2)
    monkeypatch.setattr(database_thread, "MOST_WAITING", 50)
    database.folders.add("/left")
    waiting = DatabaseClient(home, KEY, uri="mongodb://127.0.0.1:9/segue?serverSelectionTimeoutMS=300")
    answers: list[int] = []
    really, answering = indexer.core.store.open_database, threading.Event()

    def opened(home: Home, *, uri: str | None, wait: float) -> Database:
        return really(home, uri=database.uri if answering.is_set() else uri, wait=wait)

    monkeypatch.setattr(indexer.core.store, "open_database", opened)
    waiting.start()
    try:
        waiting.forget_folder("/left")
        for number in range(200):
            waiting.ask(lambda _, number=number: number, answers.append)
            waiting.save_queue({"tracks": [str(number)]})
        answering.set()
        qtbot.waitUntil(lambda: database.queues.load("player") == {"tracks": ["199"]}, timeout=WAIT_MS)
        assert [folder.path for folder in database.folders.all()] == []
        qtbot.waitUntil(lambda: bool(answers) and answers[-1] == 199, timeout=WAIT_MS)
        assert len(answers) < 60
    finally:
        waiting.shutdown()
