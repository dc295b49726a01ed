"""A running server for tests: the real application on a free port of the loopback address, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn

from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import TrackState
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.hub import Hub, open_hub
from musicplayer.server.web.app import make_app
from tests.waiting import wait_until

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Served:
    """A server that answers.

    Attributes:
        address: with the port, without a path.
        hub: what it answers from; to be changed in its own thread alone, see `call`.
        keys: of a device of each listener.
    """

    address: str
    hub: Hub
    keys: dict[ListenerId, str]
    loop: asyncio.AbstractEventLoop

    def client(self, listener: ListenerId | None = OWNER) -> httpx.Client:
        """A client that shows the key of a listener; of nobody for None."""
        headers = {} if listener is None else {"Authorization": f"Bearer {self.keys[listener]}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=20)


@contextmanager
def serving(
    home: Home, uri: str, *, names: tuple[str, ...] = ("ada", "bert"), only_songs: bool = True
) -> Iterator[Served]:
    """Serve the library of a home until the context is left; the first name is the owner's."""
    accounts = Accounts(home.accounts_file)
    keys: dict[ListenerId, str] = {}
    for name in names:
        token = accounts.first_token
        made = accounts.create_first(token, name, PASSWORD) if token else accounts.add(name, PASSWORD)
        keys[made.id] = accounts.new_device(made.id, "test")[1]
    ready: list[Served] = []
    server: list[uvicorn.Server] = []
    failed: list[BaseException] = []
    # The protocol is named: without it asyncio leaves Nagle's algorithm on, and every answer is 40 ms late.
    free = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    free.bind(("127.0.0.1", 0))
    free.listen()
    address = f"http://127.0.0.1:{free.getsockname()[1]}"

    async def run() -> None:
        async with open_hub(home, Settings(database_uri=uri, only_songs=only_songs)) as hub:
            config = uvicorn.Config(make_app(hub), log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
            server.append(uvicorn.Server(config))
            ready.append(Served(address, hub, keys, asyncio.get_running_loop()))
            await server[0].serve(sockets=[free])

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001 - told to the test, whatever it is
            failed.append(error)

    thread = threading.Thread(target=work, name="served", daemon=True)
    thread.start()
    wait_until(lambda: failed or (server and server[0].started), "a server that starts", seconds=30)
    if failed:
        raise failed[0]
    served = ready[0]
    wait_until(lambda: failed or served.hub.library.is_connected, "a library that is read", seconds=30)
    there = asyncio.run_coroutine_threadsafe(served.hub.library.ask(_tracks_in), served.loop).result(20)
    wait_until(lambda: failed or len(served.hub.library.catalogue) == there, "all of its tracks", seconds=30)
    try:
        yield served
    finally:
        server[0].should_exit = True
        thread.join(20)
        free.close()
    if failed:
        raise failed[0]


def _tracks_in(database: Database) -> int:
    return sum(database.tracks.count(state) for state in (TrackState.PRESENT, TrackState.AWAY))


def free_port() -> int:
    """A port of the loopback address that nobody has at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
