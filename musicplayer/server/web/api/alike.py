"""Which artists and albums sound alike, worked out once for all who ask, anew where library or model are others."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from anyio import Lock, to_thread

from indexer.core.discover.like_groups import Heard, LikeGroups, heard_in
from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from musicplayer.server.view import LibraryView

AGAIN_SECONDS: Seconds = 3.0
"""A scan changes library and model all the time: for a longer model alone it is not worked out more often."""


class Alike:
    """One kind of groups; for the thread of the event loop."""

    def __init__(self, make: Callable[[LibraryView, Heard], LikeGroups]) -> None:
        """`make` compares the groups of a view."""
        self._make = make
        self._made: LikeGroups | None = None
        self._view: LibraryView | None = None
        self._of: tuple[str, int] = ("", 0)
        self._again_at = 0.0
        self._lock = Lock()

    async def like(self, view: LibraryView, model: SimilarityModel | None, group: int, k: int) -> list[int]:
        """Up to `k` groups that sound most like one of the view, the nearest first; none without a model."""
        if model is None or not len(model):
            return []
        async with self._lock:
            of = (model.manifest.id, len(model))
            if view is not self._view or (of != self._of and time.monotonic() >= self._again_at):
                heard = heard_in(view.catalogue, model)
                self._made = await to_thread.run_sync(partial(self._make, view, heard))
                self._view, self._of, self._again_at = view, of, time.monotonic() + AGAIN_SECONDS
            made = self._made
            return [] if made is None else [found.number for found in made.like(group, k)]


def alike_artists() -> Alike:
    return Alike(lambda view, heard: LikeGroups.of_artists(view.artists, heard))


def alike_albums() -> Alike:
    return Alike(lambda view, heard: LikeGroups.of_albums(view.albums, heard))
