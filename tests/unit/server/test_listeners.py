"""Each listener by themselves: what they play, say and hide, true at once, kept for ever, and nobody else's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.core.discover.more_like import MoreLike
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId, Opinion, Play, PlaySource, Thumb
from indexer.core.settings import NearBy, Settings
from indexer.core.store import Database, open_database
from indexer.core.taste.folder import save_taste
from indexer.core.taste.recommending import Folded, Known, TasteInUse, TasteState, recommend, stock_of
from indexer.core.tracks import TrackId
from musicplayer.server import listeners as module
from musicplayer.server.client_plays import Report
from musicplayer.server.library import DatabaseAway, SharedLibrary
from musicplayer.server.listeners import Listeners
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track
from tests.unit.core.taste.made import made_model
from tests.waiting import until

pytestmark = pytest.mark.database

ITEMS = 120
ANN, BEN = ListenerId("ann"), ListenerId("ben")
Work = Callable[[Listeners, SharedLibrary], Coroutine[Any, Any, None]]


def id_of(item: int) -> TrackId:
    return TrackId(f"{item:064x}")


@pytest.fixture
def learnt(database: Database, home: Home) -> Home:
    """A library of six kinds of music, and a model of taste of it."""
    save_taste(home, made_model(items=ITEMS))
    tracks = (track(item, artist=f"Artist {item}", seconds=200.0) for item in range(ITEMS))
    database.tracks.upsert([replace(each, id=id_of(item)) for item, each in enumerate(tracks)])
    return home


def with_listeners(
    database: Database, home: Home, work: Work, tell: Callable[[str, ListenerId], None] = lambda _kind, _who: None
) -> None:
    """Do something with the listeners of a library that is followed."""

    async def run() -> None:
        library = SharedLibrary(home, Settings(database_uri=database.uri))
        listeners = Listeners(home, library, MoreLike(library.catalogue), tell)
        library.start()
        try:
            await until(lambda: len(library.catalogue) == ITEMS)
            await work(listeners, library)
        finally:
            library.close()

    asyncio.run(run())


def stored(database: Database, who: ListenerId) -> list[Play]:
    return list(database.plays.of(who))


def test_what_a_listener_does_is_true_at_once_and_kept(database: Database, learnt: Home) -> None:
    database.plays.add([play_of(id_of(1), listener=ANN), play_of(id_of(2), listener=BEN)])
    told: list[tuple[str, ListenerId]] = []

    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        ann = await listeners.of(ANN)
        assert ann.plays == {id_of(1): 1}
        at = time.time()
        ann.note_play(play_of(id_of(1), at, listener=BEN))  # whoever it says that it is of
        ann.note_play(play_of(id_of(3), at, finished=False))
        ann.say(Opinion(id_of(4), Thumb.UP, at=at, listener=BEN))
        ann.hide([id_of(5)], [id_of(6), id_of(7)])
        ann.hide([id_of(5)], [id_of(7)], hidden=False)
        assert ann.plays == {id_of(1): 2}
        assert ann.last_played[id_of(3)] == at
        assert ann.opinions[id_of(4)].thumb is Thumb.UP
        assert ann.hidden == {id_of(5): frozenset({id_of(6)})}
        await until(lambda: not library.open_notes())

    with_listeners(database, learnt, look, lambda kind, who: told.append((kind, who)))
    assert [play.track for play in stored(database, ANN)] == [id_of(1), id_of(1), id_of(3)]
    assert [play.track for play in stored(database, BEN)] == [id_of(2)]
    assert database.opinions.of(ANN)[id_of(4)].thumb is Thumb.UP
    assert database.feedback.hidden(ANN) == {id_of(5): frozenset({id_of(6)})}
    assert not database.opinions.of(BEN)
    assert not database.feedback.hidden(BEN)
    assert {("plays", ANN), ("opinions", ANN), ("foryou", ANN)} == set(told)


def test_a_play_that_is_told_twice_is_one(database: Database, learnt: Home) -> None:
    play = play_of(id_of(1))

    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        ann = await listeners.of(ANN)
        assert ann.note_play(play)
        assert not ann.note_play(play)
        await until(lambda: not library.open_notes())
        listeners.forget(ANN)
        ann = await listeners.of(ANN)
        assert not ann.note_play(play)
        assert ann.plays == {id_of(1): 1}

    with_listeners(database, learnt, look)
    assert len(stored(database, ANN)) == 1


def test_a_later_opinion_stands_and_one_that_says_nothing_takes_it_away(database: Database, learnt: Home) -> None:
    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        ann = await listeners.of(ANN)
        ann.say(Opinion(id_of(1), rating=4.0, at=200.0))
        ann.say(Opinion(id_of(1), rating=1.0, at=100.0))
        assert ann.opinions[id_of(1)].rating == 4.0
        ann.say(Opinion(id_of(1), at=300.0))
        assert not ann.opinions
        await until(lambda: not library.open_notes())

    with_listeners(database, learnt, look)
    assert not database.opinions.of(ANN)


def test_recommendations_are_those_of_the_desktop_and_change_with_each_play(database: Database, learnt: Home) -> None:
    now = time.time()
    database.plays.add([play_of(id_of(6 * item), now - 3_600 * (9 - item), listener=ANN) for item in range(8)])

    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        ann = await listeners.of(ANN)
        first = await ann.recommendations()
        kinds = np.zeros(library.catalogue.row_count, np.int8)
        known = Known(stored(database, ANN), {}, {}, stock_of(library.catalogue, kinds, None))
        assert first == recommend(TasteInUse(learnt), Folded(), known).recommended
        assert first.state is TasteState.READY
        assert await ann.recommendations() is first  # nothing changed
        pick = first.page.shelves[0].picks[0]
        reason = await ann.explain(pick.track)
        assert reason is not None
        assert reason.track is not None
        ann.note_play(play_of(pick.track, now))
        after = await ann.recommendations()
        assert pick.track not in [each.track for each in after.page.shelves[0].picks]
        ann.say(Opinion(after.page.shelves[0].picks[0].track, Thumb.DOWN, at=now))
        assert (await ann.recommendations()).page != after.page
        assert await ann.explain(TrackId("f" * 32)) is None

    with_listeners(database, learnt, look)


def test_a_model_that_is_built_meanwhile_is_taken_up(database: Database, home: Home, learnt: Home) -> None:
    async def look(listeners: Listeners, _: SharedLibrary) -> None:
        ann = await listeners.of(ANN)
        assert (await ann.recommendations()).needed == 5
        assert await ann.liking([id_of(0)]) is None
        for item in range(5):
            ann.note_play(play_of(id_of(6 * item)))
        first = await ann.recommendations()
        another = made_model(seed=1, items=ITEMS)
        save_taste(home, another)
        assert (await ann.recommendations()).version == another.version != first.version
        liking = await ann.liking([id_of(60), id_of(61)])
        assert liking is not None
        assert liking[0] > liking[1]
        nearness = await ann.taste.nearness(NearBy.LISTENERS)
        assert nearness is not None
        assert nearness.comparable == ITEMS

    with_listeners(database, learnt, look)


def test_what_the_desktop_plays_meanwhile_is_the_listeners_within_seconds(database: Database, learnt: Home) -> None:
    told: list[tuple[str, ListenerId]] = []

    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        await until(lambda: library.is_connected)
        owner, ann = await listeners.of(OWNER), await listeners.of(ANN)
        owner.begin(id_of(3), "phone")
        with open_database(learnt, uri=database.uri) as desktop:
            desktop.plays.add([play_of(id_of(1))])
            await until(lambda: ("plays", OWNER) in told)
            assert (await listeners.of(OWNER)).plays == {id_of(1): 1}
            desktop.opinions.save([Opinion(id_of(2), Thumb.UP, at=1.0)])
            await until(lambda: ("opinions", OWNER) in told)
            assert id_of(2) in (await listeners.of(OWNER)).opinions
        assert [each.track for each in owner.playing()] == [id_of(3)]
        assert await listeners.of(ANN) is ann
        assert ann.plays == {}
        assert {who for _, who in told} == {OWNER}

    with_listeners(database, learnt, look, lambda kind, who: told.append((kind, who)))


def test_what_cannot_be_written_down_is_said_and_counts_all_the_same(database: Database, learnt: Home) -> None:
    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        ann = await listeners.of(ANN)
        ann.report(id_of(1), "phone", Report.STOPPED, 150)
        await until(lambda: not library.open_notes())
        learnt.server_journal_file.mkdir()
        with pytest.raises(SegueError):
            ann.report(id_of(2), "phone", Report.STOPPED, 150)
        with pytest.raises(SegueError):
            ann.say(Opinion(id_of(3), Thumb.UP, at=1.0))
        assert ann.plays == {id_of(1): 1, id_of(2): 1}
        await until(lambda: len(stored(database, ANN)) == 2)
        await until(lambda: id_of(3) in database.opinions.of(ANN))

    with_listeners(database, learnt, look)


def test_listeners_without_end_take_no_memory_without_end(
    database: Database, learnt: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LISTENERS", 3)

    async def look(listeners: Listeners, _: SharedLibrary) -> None:
        for number in range(12):
            state = await listeners.of(ListenerId(f"listener {number}"))
            state.note_play(play_of(id_of(number)))
        assert len(listeners) == 3
        for number in range(12):  # what the journal has yet to tell is not forgotten
            assert (await listeners.of(ListenerId(f"listener {number}"))).plays == {id_of(number): 1}

    with_listeners(database, learnt, look)


def test_a_listener_who_is_not_known_plays_while_the_database_is_away(home: Home, monkeypatch: Any) -> None:
    """What takes the place of something that nobody knows is refused: it would be lost."""
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.1)

    async def look() -> None:
        away = Settings(database_uri="mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200")
        library = SharedLibrary(home, away)
        listeners = Listeners(home, library, MoreLike(library.catalogue))
        state = await listeners.of(ANN)
        assert state.note_play(play_of(id_of(1), at=1_000.0))
        assert state.plays == {id_of(1): 1}
        assert [note.content["track"] for note in library.open_notes()] == [id_of(1)]
        with pytest.raises(DatabaseAway):
            state.say(Opinion(id_of(1), rating=4.0))
        with pytest.raises(DatabaseAway):
            await state.recommendations()
        library.close()

    asyncio.run(look())


def test_a_play_that_could_not_be_written_down_is_taken_when_it_is_told_again(database: Database, learnt: Home) -> None:
    """Whoever tells it again is refused until it is on disk, and it counts once."""
    play = play_of(id_of(1), at=1_000.0)

    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        state = await listeners.of(ANN)
        learnt.server_journal_file.mkdir(parents=True)
        for _ in range(2):
            with pytest.raises(SegueError):
                state.note_play(play)
        learnt.server_journal_file.rmdir()
        assert not state.note_play(play)
        assert state.plays == {id_of(1): 1}
        await until(lambda: not library.open_notes())

    with_listeners(database, learnt, look)
    assert [each.id for each in database.plays.of(ANN)] == [play.id]


def test_an_evening_of_two_listeners_leaves_each_their_own(database: Database, learnt: Home, tmp_path: Path) -> None:
    """Two hundred plays at a phone, a kitchen and a page, told in every way that there is, some of them twice."""
    begin = time.time() - 10_000
    chance = np.random.default_rng(0)

    async def look(listeners: Listeners, library: SharedLibrary) -> None:
        for number in range(200):
            who, kind = ((ANN, 0), (BEN, 3))[number % 2]
            state = await listeners.of(who)
            item, at = id_of(int(kind + 6 * chance.integers(0, ITEMS // 6))), begin + 50 * number
            way = number // 2 % 4
            if way == 0:
                state.submit(item, "phone", at)
                state.submit(item, "phone", at)
            elif way == 1:
                play = play_of(item, at, play=f"{number:024x}")
                state.note_play(play)
                state.note_play(play)
            elif way == 2:
                state.report(item, f"kitchen {number}", Report.STOPPED, 190)
                state.submit(item, f"kitchen {number}")
            else:
                state.begin(item, f"car {number}")
                state.submit(item, f"car {number}")
            if number % 40 == 0:
                await state.recommendations()
                state.say(Opinion(item, Thumb.UP, at=at))
                state.hide([item], [id_of(kind + 1)])
        ann, ben = await listeners.of(ANN), await listeners.of(BEN)
        likings = [await each.liking([id_of(0), id_of(3)]) for each in (ann, ben)]
        assert likings[0] is not None
        assert likings[1] is not None
        assert likings[0][0] > likings[0][1]
        assert likings[1][1] > likings[1][0]
        for state, kind in ((ann, 0), (ben, 3)):
            assert len(state.history) == 100
            assert {int(play.track or "0", 16) % 6 for play in state.history} == {kind}
            assert {play.listener for play in state.history} == {state.id}
            assert {int(track, 16) % 6 for track in (*state.plays, *state.opinions, *state.hidden)} == {kind}
            assert {int(each.track, 16) % 6 for each in state.playing()} == {kind}
        await until(lambda: not library.open_notes())

    with_listeners(database, learnt, look)
    for who, kind in ((ANN, 0), (BEN, 3)):
        plays = stored(database, who)
        assert len(plays) == 100
        assert {int(play.track or "0", 16) % 6 for play in plays} == {kind}
        assert sum(play.context.source is PlaySource.SUBSONIC for play in plays) == 75
    assert not stored(database, OWNER)
