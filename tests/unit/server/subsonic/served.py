"""A served library that Subsonic requests are put to: real accounts, a real database, and no network between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.applications import Starlette

from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import Track
from musicplayer.server.hub import Hub, open_hub
from musicplayer.server.web.app import make_app
from tests.served_library import make_library
from tests.waiting import until

PASSWORD = "correct horse battery staple"


class Served:
    """Asks a server as the apps of listeners do.

    Attributes:
        hub: what answers.
        app: the application.
        keys: of a device of each listener, by name.
        tracks: of the library.
    """

    def __init__(self, portal: BlockingPortal, hub: Hub, app: Starlette, tracks: list[Track]) -> None:
        self.portal = portal
        self.hub = hub
        self.app = app
        self.tracks = tracks
        self.keys: dict[str, str] = {}

    def add(self, name: str, *, admin: bool = False) -> str:
        """A listener with a device; returns its key."""
        accounts = self.hub.accounts
        if accounts.first_token is not None:
            account = accounts.create_first(accounts.first_token, name, PASSWORD)
        else:
            account = accounts.add(name, PASSWORD, admin=admin)
        self.keys[name] = accounts.new_device(account.id, "phone")[1]
        return self.keys[name]

    def get(self, endpoint: str, listener: str = "Ada", /, **values: Any) -> httpx.Response:
        """The answer to a GET by an app of a listener."""
        login = {"apiKey": self.keys[listener], "v": "1.16.1", "c": "test", "f": "json"}
        return self.request("GET", f"/rest/{endpoint}", params={**login, **values})

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer to any request."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, **options)

        return self.portal.call(ask)

    def ok(self, endpoint: str, listener: str = "Ada", /, **values: Any) -> dict[str, Any]:
        """What a successful answer holds."""
        found = told(self.get(endpoint, listener, **values))
        assert found["status"] == "ok", found
        return found

    def error(self, endpoint: str, listener: str = "Ada", /, **values: Any) -> int:
        """The number of the error that is answered."""
        found = told(self.get(endpoint, listener, **values))
        assert found["status"] == "failed", found
        number: int = found["error"]["code"]
        return number


def told(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.content)["subsonic-response"]
    return found


@contextmanager
def served(database: Database, home: Home, folder: Path, *, built: bool = True) -> Iterator[Served]:
    """A library of 24 tracks with two listeners, Ada the admin and Bob."""
    tracks = make_library(database, home, folder, built=built)
    opened = open_hub(home, Settings(database_uri=database.uri))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(opened) as hub:
        made = Served(portal, hub, make_app(hub), tracks)
        made.add("Ada")
        made.add("Bob")
        portal.call(partial(until, partial(_is_read, hub, len(tracks), built), seconds=120))
        yield made


def _is_read(hub: Hub, count: int, built: bool) -> bool:
    library = hub.library
    return (
        len(library.catalogue) == count
        and bool(library.folders)
        and (not built or hub.model.more_like.model is not None)
    )
