"""What every request is answered from: the parts of the server, made once, and how each ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from indexer.core.catalogue.chosen_covers import ChosenCovers
from indexer.core.catalogue.search import made_ready
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.kafka.inbox import Inbox
from indexer.core.settings import Settings
from indexer.core.taste.model import TASTE
from indexer.core.tracks import Seconds
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.events import Events
from musicplayer.server.learning import Learning
from musicplayer.server.library import SharedLibrary
from musicplayer.server.listeners import Listeners
from musicplayer.server.model import ModelKeeper
from musicplayer.server.playlists import ServerPlaylists
from musicplayer.server.remote import Remote
from musicplayer.server.streams.covers import Covers
from musicplayer.server.streams.sending import Streams

if TYPE_CHECKING:
    from indexer.core.kafka.events import ModelMade
    from indexer.core.taste.live import LiveList

_BREATH: Seconds = 0.02
"""For requests that wait meanwhile."""

TIMES_EVERY: Seconds = 300.0
"""How often it is written when devices and sessions were last used."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hub:
    """The parts of a running server; for the thread of the event loop."""

    home: Home
    settings: Settings
    accounts: Accounts
    library: SharedLibrary
    model: ModelKeeper
    listeners: Listeners
    playlists: ServerPlaylists
    streams: Streams
    covers: Covers
    remote: Remote
    events: Events


@asynccontextmanager
async def open_hub(
    home: Home, settings: Settings | None = None, *, ready: Callable[[], None] = lambda: None
) -> AsyncIterator[Hub]:
    """Make the parts, and end them, what was made last first; answers come as soon as the library was read.

    `ready` is called once what the first requests need was worked out.
    """
    settings = settings or Settings.load(home)
    async with AsyncExitStack() as way_down:
        events = Events()
        accounts = Accounts(home.accounts_file)
        way_down.callback(_save_times, accounts)
        await _running(way_down, _saving_times(accounts))
        library = SharedLibrary(home, settings)
        library.on_change = events.tell
        model = ModelKeeper(home, settings, library, lambda: events.tell("model"))
        listeners = Listeners(home, library, model.more_like, events.tell)
        playlists = ServerPlaylists(home.server_playlists_file, library.catalogue, library.order)
        playlists.on_change = lambda listener: events.tell("playlists", listener)
        library.on_news.append(playlists.on_news)
        library.on_gap.append(playlists.follow)
        streams = Streams(home.cache / "streams", library.folder_paths)
        way_down.callback(streams.close)
        covers = Covers(
            home.cache / "web-covers", library.folder_paths, streams.readers, chosen=ChosenCovers(home.covers)
        )
        way_down.callback(covers.close)
        remote = Remote(lambda: events.tell("remote"))
        library.start()
        way_down.callback(library.close)
        await _running(way_down, model.run())
        learning = Learning(home, settings.database_uri, listeners.tastes, lambda: events.tell("foryou"))
        await _running(way_down, learning.run())
        _follow(way_down, home, settings, accounts, listeners, model, learning)
        await _running(way_down, _get_ready(library, listeners, ready))
        yield Hub(home, settings, accounts, library, model, listeners, playlists, streams, covers, remote, events)


def _follow(
    way_down: AsyncExitStack,
    home: Home,
    settings: Settings,
    accounts: Accounts,
    listeners: Listeners,
    model: ModelKeeper,
    learning: Learning,
) -> None:
    """Have what a broker tells of those who have accounts, and of models, taken up, where there is one."""
    loop = asyncio.get_running_loop()

    def told(call: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop ended meanwhile
            loop.call_soon_threadsafe(call)

    def take(made: LiveList) -> None:
        if accounts.get(made.listener) is not None:
            listeners.take_live(made)

    def look(made: ModelMade) -> None:
        told(learning.look if made.profile == TASTE else model.look)

    def come(made: LiveList) -> None:
        told(partial(take, made))

    inbox = Inbox(home, settings.kafka, recommended=come, model=look, wanted=lambda _: True)
    inbox.start()
    way_down.push_async_callback(asyncio.to_thread, inbox.join)
    way_down.callback(inbox.stop)


async def _get_ready(library: SharedLibrary, listeners: Listeners, ready: Callable[[], None]) -> None:
    """Work out what the first requests would wait for."""
    await library.is_read.wait()
    await library.renew()
    listeners.tastes.stock()
    for _ in made_ready(library.catalogue):
        await asyncio.sleep(_BREATH)
    ready()


async def _running(way_down: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    """Have work done beside the requests until the way down."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    way_down.push_async_callback(end)


async def _saving_times(accounts: Accounts) -> None:
    while True:
        await asyncio.sleep(TIMES_EVERY)
        await to_thread.run_sync(_save_times, accounts)


def _save_times(accounts: Accounts) -> None:
    try:
        accounts.save_times()
    except SegueError as error:
        _log.warning("%s", error)  # the next time tries again
