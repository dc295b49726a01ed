"""What every request is answered from: the parts of the server, made once, and how each ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from indexer.core.home import Home
from indexer.core.settings import Settings
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.events import Events
from musicplayer.server.library import SharedLibrary
from musicplayer.server.listeners import Listeners
from musicplayer.server.model import ModelKeeper


@dataclass(frozen=True)
class Hub:
    """The parts of a running server; for the thread of the event loop."""

    home: Home
    settings: Settings
    accounts: Accounts
    library: SharedLibrary
    model: ModelKeeper
    listeners: Listeners
    events: Events


@asynccontextmanager
async def open_hub(home: Home, settings: Settings | None = None) -> AsyncIterator[Hub]:
    """Make the parts, and end them, what was made last first; answers come as soon as the library was read."""
    settings = settings or Settings.load(home)
    async with AsyncExitStack() as way_down:
        events = Events()
        accounts = Accounts(home.accounts_file)
        library = SharedLibrary(home, settings)
        library.on_change = events.tell
        model = ModelKeeper(home, settings, library, lambda: events.tell("model"))
        listeners = Listeners(home, library, model.more_like, events.tell)
        library.start()
        way_down.callback(library.close)
        await _running(way_down, model.run())
        yield Hub(home, settings, accounts, library, model, listeners, events)


async def _running(way_down: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    """Have work done beside the requests until the way down."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    way_down.push_async_callback(end)
