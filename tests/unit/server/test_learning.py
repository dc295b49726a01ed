"""Taste is learnt anew by the real indexer when it is due, and not again and again where that fails."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from indexer.core.discover.more_like import MoreLike
from indexer.core.home import Home
from indexer.core.plays import ListenerId
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.taste.recommending import TasteState
from musicplayer.server import learning as module
from musicplayer.server.learning import Learning
from musicplayer.server.library import SharedLibrary
from musicplayer.server.listeners import Listeners
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track
from tests.waiting import until

COUNT = 30


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(module, "END_SECONDS", 0.2)


@pytest.mark.database
def test_a_listener_who_played_enough_has_a_page_without_anybody_asking_for_it(database: Database, home: Home) -> None:
    tracks = [track(item, artist=f"Artist {item}", genre="Rock") for item in range(COUNT)]
    database.tracks.upsert(tracks)

    async def look() -> None:
        library = SharedLibrary(home, Settings(database_uri=database.uri))
        listeners = Listeners(home, library, MoreLike(library.catalogue))
        learnt = asyncio.Event()
        library.start()
        task = asyncio.create_task(Learning(home, database.uri, listeners.tastes, learnt.set).run())
        try:
            async with asyncio.timeout(60):
                await until(lambda: len(library.catalogue) == COUNT)
                ann = await listeners.of(ListenerId("ann"))
                for item in range(6):
                    ann.note_play(play_of(tracks[item].id))
                assert (await ann.recommendations()).state is TasteState.NOT_LEARNT
                await learnt.wait()
                page = await ann.recommendations()
                assert page.state is TasteState.READY
                assert page.page.shelves
                assert not listeners.tastes.due
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            library.close()

    asyncio.run(look())


def test_a_build_that_fails_is_tried_again_much_later(home: Home, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    code = f"import sys; open({str(tried)!r}, 'a').write('x'); sys.exit(3)"
    library = SharedLibrary(home, Settings())
    listeners = Listeners(home, library, MoreLike(library.catalogue))

    async def look() -> None:
        learnt: list[bool] = []
        command = [sys.executable, "-c", code]
        learning = Learning(home, None, listeners.tastes, lambda: learnt.append(True), command=command)
        listeners.tastes.due = True
        task = asyncio.create_task(learning.run())
        await until(lambda: not listeners.tastes.due, seconds=30)
        listeners.tastes.due = True
        await asyncio.sleep(0.3)  # time enough for several looks
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert not learnt

    asyncio.run(look())
    assert tried.read_text() == "x"


def test_a_build_ends_with_the_server(home: Home, tmp_path: Path) -> None:
    began = tmp_path / "began"
    code = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"open({str(began)!r}, 'w').write(str(os.getpid())); time.sleep(60)"  # it would go on, were it not ended
    )
    library = SharedLibrary(home, Settings())
    listeners = Listeners(home, library, MoreLike(library.catalogue))

    async def look() -> int:
        learning = Learning(home, None, listeners.tastes, lambda: None, command=[sys.executable, "-c", code])
        listeners.tastes.due = True
        task = asyncio.create_task(learning.run())
        await until(lambda: began.exists() and began.read_text(), seconds=30)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return int(began.read_text())

    assert not psutil.pid_exists(asyncio.run(look()))
