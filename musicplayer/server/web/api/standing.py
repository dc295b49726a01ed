"""How far the library is, which players of other machines ask about once a second: found out once for all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync

from indexer.core.plays import ListenerId
from indexer.core.store.collections import RESTORED
from indexer.core.store.records import Matter, News
from indexer.core.tracks import Seconds, TrackState
from musicplayer.server.model_files import ModelFiles

if TYPE_CHECKING:
    from indexer.core.store import Database
    from musicplayer.server.hub import Hub

GOOD_FOR: Seconds = 0.5

MATTERS = (Matter.PLAYS, Matter.OPINIONS, Matter.HIDDEN, Matter.PLAYLISTS)
"""What of a listener a player of another machine follows."""


@dataclass(frozen=True)
class Found:
    """How far the library was a moment ago.

    Attributes:
        said: what all listeners are told.
        news: how often something was written, by listener and matter.
    """

    said: Mapping[str, Any]
    news: Mapping[News, int]

    def of(self, listener: ListenerId) -> dict[str, Any]:
        """What one listener is told."""
        return {**self.said, "news": {matter.value: self.news.get(News(listener, matter), 0) for matter in MATTERS}}


class Standing:
    """For the thread of the event loop; what could not be found out is looked for again by the next who asks."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._looking: asyncio.Task[Found] | None = None
        self._until = 0.0

    async def now(self) -> Found:
        """What was found at most half a second ago.

        Raises:
            DatabaseAway: the database does not answer.
            SegueError: it refuses.
        """
        if self._looking is None or (self._looking.done() and time.monotonic() >= self._until):
            self._until = 0.0
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)  # who hangs up takes it from nobody else

    async def _look(self) -> Found:
        library, files = self._hub.library, ModelFiles(self._hub.home, self._hub.settings.profile)
        model = await run_sync(files.current)
        found = await library.ask(_counted)
        self._until = time.monotonic() + GOOD_FOR
        said = {"profile": library.key, "analysed": library.counts.analysed, "model": model, **found.said}
        return Found(said, found.news)


def _counted(database: Database) -> Found:
    """What the database knows, by numbers that it keeps up to date; the counters first, so that nothing is missed."""
    news = database.news.counters()
    said = {
        "tracksRev": database.tracks.rev(),
        "featuresRev": database.features.rev(),
        "present": database.tracks.count(TrackState.PRESENT),
        "away": database.tracks.count(TrackState.AWAY),
        "restored": (database.transfer.noted(RESTORED) or {}).get("token"),
    }
    return Found(said, news)
