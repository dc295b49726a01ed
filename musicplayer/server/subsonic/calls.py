"""What answers a request of an app is given: who asks, with what, and what of the library and of that listener."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from indexer.core.catalogue.catalogue import Rows
from indexer.core.plays import ListenerId
from indexer.core.tracks import TrackId
from musicplayer.server.subsonic.errors import NotAllowed, NotFound
from musicplayer.server.subsonic.folders import FolderTree
from musicplayer.server.subsonic.marks import Marks
from musicplayer.server.subsonic.parameters import Parameters
from musicplayer.server.subsonic.protocol import Payload
from musicplayer.server.subsonic.shapes import Shapes
from musicplayer.server.view import LibraryView

if TYPE_CHECKING:
    from musicplayer.server.accounts.records import Account
    from musicplayer.server.hub import Hub
    from musicplayer.server.listeners import ListenerState


T = TypeVar("T")

SLICE = 100
"""Shapes that are made at once: three thousandths of a second."""


class Desk:
    """What is kept between requests: the folders of the library, and what each listener marked.

    Attributes:
        hub: what everything is answered from.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._folders: FolderTree | None = None
        self._marks: dict[ListenerId, Marks] = {}

    def folders_of(self, view: LibraryView) -> FolderTree:
        """The folders of a view of the library."""
        if self._folders is None or self._folders.view is not view:
            self._folders = FolderTree(view)
        return self._folders

    def marks_of(self, listener: ListenerId) -> Marks:
        """What a listener marked."""
        if listener not in self._marks:
            self._marks[listener] = Marks(self.hub.home.marks / f"{listener}.json")
        return self._marks[listener]


@dataclass(frozen=True)
class Call:
    """One request, by one listener.

    Attributes:
        desk: what is kept between requests.
        account: who asks.
        parameters: what with.
        client: the name of the app.
        request: as it came, for what is answered with bytes.
    """

    desk: Desk
    account: Account
    parameters: Parameters
    client: str
    request: Request

    @property
    def hub(self) -> Hub:
        """What everything is answered from."""
        return self.desk.hub

    @cached_property
    def view(self) -> LibraryView:
        """The library as it was when the request began to be answered: numbers of albums and artists are of it."""
        return self.hub.library.view

    @cached_property
    def folders(self) -> FolderTree:
        """The folders of that."""
        return self.desk.folders_of(self.view)

    @cached_property
    def marks(self) -> Marks:
        """What the listener marked."""
        return self.desk.marks_of(self.account.id)

    async def listener(self) -> ListenerState:
        """What the listener played and thinks."""
        return await self.hub.listeners.of(self.account.id)

    async def shapes(self) -> Shapes:
        """What makes answers for the listener."""
        return Shapes(self.view, await self.listener(), self.marks, self.hub.library.bytes_of)

    async def made(self, make: Callable[[int], T], numbers: Iterable[int]) -> list[T]:
        """What `make` makes of rows or numbers, in slices, between which others are answered."""
        found: list[T] = []
        for number in numbers:
            found.append(make(number))
            if len(found) % SLICE == 0:
                await asyncio.sleep(0)
        return found

    def row(self, identity: str) -> int:
        """The row of a track of the library; raises NotFound."""
        return _there(self.hub.library.row_of(TrackId(identity)))

    def album(self, identity: str) -> int:
        """The number of an album; raises NotFound."""
        return _there(self.view.album_number(identity))

    def artist(self, identity: str) -> int:
        """The number of an artist; raises NotFound."""
        return _there(self.view.artist_number(identity))

    def rows(self, identities: list[str]) -> list[int]:
        """The rows of those that are tracks of the library, in their order."""
        found = (self.hub.library.row_of(TrackId(identity)) for identity in identities)
        return [row for row in found if row is not None]

    def within(self, rows: Rows) -> Rows:
        """Those of `rows` that lie in the music folder that is asked about, all of them where none is.

        Raises:
            NotFound: there is no such folder.
        """
        if "musicFolderId" not in self.parameters:
            return rows
        return rows[np.isin(rows, self.folders.rows_below(self.parameters.whole("musicFolderId")))]

    def check_admin(self) -> None:
        """Raises NotAllowed for everybody but admins."""
        if not self.account.admin:
            raise NotAllowed("subsonic-not-allowed", name=self.account.name)


def _there(number: int | None) -> int:
    if number is None:
        raise NotFound("subsonic-not-found")
    return number


Answer = Payload | Response
"""What goes into the envelope, or bytes that go without one."""

Endpoint = Callable[[Call], Awaitable[Answer]]
Endpoints = Mapping[str, Endpoint]
"""What answers requests, by their names without `.view`."""
