"""Playlists over the network: whose they are, what others see of them, and that no change is lost on its way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.errors import SegueError
from indexer.core.follow.changes import Changes, Known, Listeners
from indexer.core.follow.database_thread import DatabaseThread, Order
from indexer.core.follow.journal import Journal
from indexer.core.home import Home
from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.plays import OWNER, ListenerId
from indexer.core.settings import Settings
from indexer.core.store import Database, Heir
from indexer.core.tracks import TrackId
from musicplayer.server import playlists as module
from musicplayer.server.errors import NotAllowed, NotThere, RequestError
from musicplayer.server.events import Page
from musicplayer.server.hub import open_hub
from musicplayer.server.playlists import ServerPlaylists
from tests.unit.core.catalogue.tracks import track
from tests.waiting import until

pytestmark = pytest.mark.database

ANN, BEN = ListenerId("ann"), ListenerId("ben")
A, B, C, D = (track(number).id for number in range(4))
GONE = TrackId("e" * 32)
AWAITED = TrackId("awaited:Song")
NOWHERE = "mongodb://127.0.0.1:9/segue"


class Served:
    """Playlists with a catalogue of four tracks and a thread that follows a database, as the server has them."""

    def __init__(self, home: Home, uri: str) -> None:
        self.file = home.server_playlists_file
        self.told: list[ListenerId | None] = []
        self.catalogue, loop = Catalogue(), asyncio.get_running_loop()
        self.catalogue.upsert(track(number) for number in range(4))

        def send(call: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(call)

        def ignore(_: object) -> None:
            pass

        listeners = Listeners(
            lambda: None, ignore, ignore, ignore, ignore, ignore, ignore,
            news=lambda news: send(lambda: self.lists.on_news(news)),
        )  # fmt: skip
        self.thread = DatabaseThread(
            home, uri, Changes("sonic:1", Known(), listeners), Journal(home.journal_file),
            connected=lambda: send(self.lists.follow),
            unavailable=lambda *_: None, refused=lambda *_: None, send=send,
        )  # fmt: skip
        self.is_cut_off = False
        """As if the database were away from now on: no order is carried out any more."""
        self.lists = ServerPlaylists(self.file, self.catalogue, self._put)
        self.lists.on_change = self.told.append
        self.thread.start()

    def _put(self, order: Order) -> None:
        if not self.is_cut_off:
            self.thread.put(order)

    async def ready(self) -> ServerPlaylists:
        def answers() -> bool:
            with suppress(SegueError):
                self.lists.all(OWNER)
                return True
            return False

        await until(answers)
        return self.lists


def served(home: Home, uri: str, work: Callable[[Served], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        made = Served(home, uri)
        try:
            await work(made)
        finally:
            made.thread.stop()
            await asyncio.to_thread(made.thread.join, 5 if made.thread.is_connected else 0)

    asyncio.run(run())


def names(lists: ServerPlaylists, listener: ListenerId) -> list[str]:
    return [each.name for each in lists.all(listener)]


def test_each_listener_has_their_own_and_sees_what_others_share(database: Database, home: Home) -> None:
    async def use(served: Served) -> None:
        lists = await served.ready()
        mine = await lists.create(ANN, "Evening", [A, B, A])
        theirs = await lists.create(BEN, "evening", [C], shared=True, comment="Loud\x00\nand late ")
        again = await lists.create(ANN, "EVENING")
        assert (names(lists, ANN), names(lists, BEN)) == (["Evening", "EVENING (2)", "evening"], ["evening"])
        assert (lists.tracks(ANN, mine.id), lists.tracks(ANN, theirs.id)) == ([A, B, A], [C])
        assert lists.get(ANN, theirs.id).comment == "Loud\nand late"
        for refused in (mine.id, again.id, "none", ""):
            with pytest.raises(NotThere) as error:
                lists.get(BEN, refused)
            assert error.value.code == "playlist-not-there", "whether it is somebody's is not said"
            with pytest.raises(NotThere):
                await lists.update(BEN, refused, name="Mine")
            with pytest.raises(NotThere):
                await lists.delete(BEN, refused)
        for change in (lists.update(ANN, theirs.id, add=[A]), lists.delete(ANN, theirs.id)):
            with pytest.raises(NotAllowed):
                await change
        await lists.update(BEN, theirs.id, shared=False)
        with pytest.raises(NotThere):
            lists.tracks(ANN, theirs.id)
        await until(lambda: not served.file.exists())
        assert {each.name: each.tracks for each in database.playlists.of(ANN)} == {
            "Evening": (A, B, A), "EVENING (2)": (),
        }  # fmt: skip
        assert served.told == [ANN, None, ANN, None]

    served(home, database.uri, use)


def test_one_request_makes_one_version(database: Database, home: Home) -> None:
    async def use(served: Served) -> None:
        lists = await served.ready()
        made = await lists.create(ANN, "L", [A, B, C])
        changed = await lists.update(ANN, made.id, name="M", comment="c", shared=True, remove=[0, 2, 9, -1], add=[D, D])
        assert (changed.name, changed.comment, changed.shared, changed.tracks) == ("M", "c", True, (B, D, D))
        assert (await lists.update(ANN, made.id, name="M")).updated_at == changed.updated_at, "nothing is other"
        await lists.update(ANN, made.id, tracks=[C, A])
        assert lists.tracks(ANN, made.id) == [C, A]
        await lists.delete(ANN, made.id)
        assert names(lists, ANN) == []
        await until(lambda: [each.deleted for each in database.playlists.of(ANN)] == [True])

    served(home, database.uri, use)


def test_lines_that_cannot_be_shown_stay_and_heirs_are_shown(database: Database, home: Home) -> None:
    kept = Playlist("l" * 32, "L", tracks=(AWAITED, A, GONE, B, AWAITED), owner=ANN, updated_at=1.0)
    database.playlists.save([kept])
    database.heirs.put([Heir(GONE, C, 1.0, 1.0)])

    async def use(served: Served) -> None:
        lists = await served.ready()
        assert lists.tracks(ANN, kept.id) == [A, C, B]
        await lists.update(ANN, kept.id, remove=[2])
        assert lists.get(ANN, kept.id).tracks == (AWAITED, A, GONE, AWAITED)
        await lists.update(ANN, kept.id, tracks=[C, A, D])
        assert lists.get(ANN, kept.id).tracks == (AWAITED, GONE, A, AWAITED, D)

    served(home, database.uri, use)


def test_a_smart_list_finds_what_it_looks_for_and_is_not_filled(database: Database, home: Home) -> None:
    rule = Playlist("s" * 32, "S", PlaylistKind.SMART, query="title", order="title", limit=2, shared=True)
    database.playlists.save([rule, replace(rule, id="t" * 32, query='"open')])

    async def use(served: Served) -> None:
        lists = await served.ready()
        assert len(lists.tracks(ANN, rule.id)) == 2
        assert lists.tracks(ANN, "t" * 32) == []
        with pytest.raises(RequestError, match="finds its tracks by itself"):
            await lists.update(OWNER, rule.id, add=[A])
        assert (await lists.update(OWNER, rule.id, name="Mine")).query == "title"
        served.catalogue.upsert([track(4, title="A title")])
        await until(lambda: lists.tracks(ANN, rule.id)[0] == track(4).id)

    served(home, database.uri, use)


def test_what_is_odd_or_too_much_changes_nothing(
    database: Database, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_TRACKS", 3)
    monkeypatch.setattr(module, "MOST_LISTS", 2)

    async def use(served: Served) -> None:
        lists = await served.ready()
        made = await lists.create(ANN, "  \n", [A, B])
        assert made.name == "Playlist"
        for change in (
            lists.create(ANN, "x", [A] * 4),
            lists.update(ANN, made.id, tracks=[A] * 4),
            lists.update(ANN, made.id, add=[A, B]),
        ):
            with pytest.raises(RequestError, match="3 tracks at most"):
                await change
        for change in (lists.create(ANN, "x", [GONE]), lists.update(ANN, made.id, add=[TrackId("\udcff")])):
            with pytest.raises(NotThere, match="not in the library"):
                await change
        await lists.create(ANN, "\udcff\u202e" + "n" * 500, comment="c" * 5_000)
        with pytest.raises(RequestError, match="2 playlists at most"):
            await lists.create(ANN, "One more")
        await lists.create(BEN, "Of another")
        assert lists.all(ANN)[0] == made
        await until(lambda: len(database.playlists.all()) == 3)

    served(home, database.uri, use)


def test_until_the_database_answered_once_nothing_is_shown_or_changed(home: Home) -> None:
    async def use(served: Served) -> None:
        for refused in (served.lists.create(ANN, "L"), served.lists.delete(ANN, "l")):
            with pytest.raises(SegueError, match="not read yet"):
                await refused
        with pytest.raises(SegueError, match="not read yet"):
            served.lists.all(ANN)

    served(home, NOWHERE, use)


def test_what_the_database_was_not_told_before_the_end_is_told_at_the_next_start(
    database: Database, home: Home
) -> None:
    before = Playlist("l" * 32, "Before", owner=BEN, tracks=(A,), updated_at=1.0)
    database.playlists.save([before])

    async def cut_off(served: Served) -> None:
        lists = await served.ready()
        served.is_cut_off = True
        made = await lists.create(ANN, "Kept", [A])
        await lists.update(ANN, made.id, add=[B])
        await lists.update(BEN, before.id, name="After")
        assert served.file.stat().st_mode & 0o077 == 0, "nobody else's business"

    async def again(served: Served) -> None:
        lists = await served.ready()
        assert (names(lists, ANN), names(lists, BEN)) == (["Kept"], ["After"])
        await until(lambda: not served.file.exists())

    served(home, database.uri, cut_off)
    assert database.playlists.all() == [before]
    served(home, database.uri, again)
    assert {each.name: each.tracks for each in database.playlists.all()} == {"Kept": (A, B), "After": (A,)}


def test_of_two_versions_the_later_holds_whoever_made_it(database: Database, home: Home) -> None:
    async def use(served: Served) -> None:
        lists = await served.ready()
        one, two = await lists.create(ANN, "One", [A]), await lists.create(ANN, "Two", [A])
        await until(lambda: len(database.playlists.of(ANN)) == 2 and not served.file.exists())
        served.told.clear()
        elsewhere = Playlist("o" * 32, "Elsewhere", owner=BEN, updated_at=time.time())
        database.playlists.save([replace(one, tracks=(B,), updated_at=one.updated_at + 60), elsewhere])
        database.playlists.save([replace(two, tracks=(B,), updated_at=two.updated_at)])
        await lists.update(ANN, two.id, add=[C])  # before anything of it is known here
        await until(lambda: lists.tracks(ANN, one.id) == [B])
        await until(lambda: names(lists, BEN) == ["Elsewhere"])
        assert lists.tracks(ANN, two.id) == [A, C]
        await until(lambda: {each.name: each.tracks for each in database.playlists.of(ANN)}["Two"] == (A, C))
        assert served.told[0] == ANN
        assert sorted(map(str, served.told[1:])) == [ANN, BEN]
        changed = await lists.update(ANN, one.id, add=[C])
        assert changed.updated_at > one.updated_at + 60, "later than what it changes, whatever the clock says"

    served(home, database.uri, use)


def test_a_change_that_cannot_be_written_down_is_none(database: Database, home: Home) -> None:
    async def use(served: Served) -> None:
        lists = await served.ready()
        made = await lists.create(ANN, "L", [A])
        await until(lambda: not served.file.exists())
        served.file.mkdir()
        for change in (lists.update(ANN, made.id, add=[B]), lists.create(ANN, "M"), lists.delete(ANN, made.id)):
            with pytest.raises(SegueError, match="could not be written down") as error:
                await change
            assert str(served.file) not in str(error.value), "strangers read it"
        assert lists.all(ANN) == [made]
        served.file.rmdir()
        await lists.update(ANN, made.id, add=[C])
        await until(lambda: [each.tracks for each in database.playlists.of(ANN)] == [(A, C)])

    served(home, database.uri, use)


def test_who_hangs_up_in_the_middle_of_a_change_has_it_all_the_same(database: Database, home: Home) -> None:
    async def use(served: Served) -> None:
        lists = await served.ready()
        for number in range(5):
            request = asyncio.create_task(lists.create(ANN, f"L{number}"))
            await asyncio.sleep(0)  # until it has begun
            request.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request
        await until(lambda: len(database.playlists.of(ANN)) == 5 and not served.file.exists())
        assert names(lists, ANN) == [f"L{number}" for number in range(5)]

    served(home, database.uri, use)


@pytest.mark.parametrize("content", ["{", '{"playlists": [{"id": 3}]}'])
def test_a_damaged_file_is_put_aside(database: Database, home: Home, content: str) -> None:
    home.server_playlists_file.parent.mkdir(parents=True, exist_ok=True)
    home.server_playlists_file.write_text(content)

    async def use(served: Served) -> None:
        lists = await served.ready()
        await lists.create(ANN, "L")
        await until(lambda: len(database.playlists.of(ANN)) == 1)

    served(home, database.uri, use)
    assert home.server_playlists_file.with_suffix(".damaged.json").read_text() == content


def test_open_pages_hear_of_lists_that_the_desktop_made(database: Database, home: Home) -> None:
    async def next_event(page: Page) -> str:
        async with asyncio.timeout(20):
            async for line in page.lines():
                if b"playlists" in line:
                    return line.decode().splitlines()[0]
        return ""

    async def run() -> None:
        async with open_hub(home, Settings(database_uri=database.uri)) as hub:
            await until(lambda: hub.library.is_connected)
            await asyncio.sleep(1)  # until the lists were read, which is told of, too
            mine, theirs = hub.events.open(OWNER), hub.events.open(ANN)
            assert mine is not None
            assert theirs is not None
            kept = Playlist("l" * 32, "Mine", updated_at=time.time())
            database.playlists.save([kept])
            assert await next_event(mine) == "event: playlists"
            assert hub.playlists.all(OWNER) == [kept]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await next_event(theirs)
            database.playlists.save([replace(kept, shared=True, updated_at=time.time())])
            assert await next_event(theirs) == "event: playlists"
            assert [each.name for each in hub.playlists.all(ANN)] == ["Mine"]

    asyncio.run(run())
