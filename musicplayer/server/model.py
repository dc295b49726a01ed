"""Keeps More like this true for the server: the model in use, followed by what comes and goes."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from indexer.core.discover.gathering import GROWTH, Gathering
from indexer.core.discover.model_file import LoadedModel, ModelUnusable, load_if_changed
from indexer.core.discover.more_like import MoreLike
from indexer.core.discover.selection import ListRules
from indexer.core.discover.songs import song_rules
from indexer.core.errors import SegueError
from indexer.core.follow.orders import features_of, missing_features
from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.tracks import Seconds, Track, TrackId, TrackState
from musicplayer.server.library import DatabaseAway, SharedLibrary

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from indexer.core.store import FeatureRecord

_log = logging.getLogger(__name__)

LOOK_SECONDS: Seconds = 3.0
_AWAY_SECONDS: Seconds = 60.0
_AT_ONCE = 200
"""Features that are fetched together, 3 MB of a large profile; so many are inserted one by one, more make a model."""

_SLICE = 4
"""Insertions between two looks at what else is to be done; each takes a millisecond."""

_RECENT = 500


class ModelKeeper:
    """Has the answers of a library to what sounds like what; for the thread of the event loop.

    Attributes:
        more_like: what answers.
    """

    def __init__(self, home: Home, settings: Settings, library: SharedLibrary, changed: Callable[[], None]) -> None:
        """Answer about a library, by the rules of its owner; `changed` is called when answers may be others."""
        self.more_like = MoreLike(library.catalogue)
        self.more_like.songs.set_rules(song_rules(settings))
        self.more_like.rules = ListRules(settings.same_artist)
        self._home = home
        self._profile = settings.profile
        self._library = library
        self._changed = changed
        self._stamp: object = None
        self._refused: object = None
        self._behind: LoadedModel | None = None
        self._left: set[TrackId] = set()
        self._recent: deque[FeatureRecord] = deque(maxlen=_RECENT)
        self._waiting: deque[FeatureRecord] = deque()
        self._wake = asyncio.Event()
        library.on_features = self._on_features
        library.on_tracks = self._on_tracks
        library.on_counts = lambda counts: setattr(self.more_like, "counts", counts)
        library.on_reset = self._on_reset

    def look(self) -> None:
        """Look now rather than in a while: another model is said to be in use."""
        self._wake.set()

    async def run(self) -> None:
        """Look for models and take in features until cancelled."""
        while True:
            self._wake.clear()
            await self._look()
            await self._take_waiting()
            if self.more_like.model is not None:
                self.more_like.model.rest()
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _look(self) -> None:
        load = partial(load_if_changed, self._home, self._profile, self._stamp, self._refused)
        first = not self.more_like.is_looked_for
        try:
            loaded = await asyncio.to_thread(load)
        except ModelUnusable as error:
            self._refused, self.more_like.fault = error.stamp, error
            _log.warning("%s", error)
            loaded = None
        self.more_like.is_looked_for = True
        if loaded is not None:
            self._stamp, self.more_like.fault, self._behind = loaded.stamp, None, loaded
            self._serve(loaded.model)
        if self._behind is not None and await self._catch_up(self._behind):
            self._behind = None
        if loaded is not None or first:
            self._changed()

    async def _catch_up(self, loaded: LoadedModel) -> bool:
        """Take out what left since the model was built, and take in what came; whether that could be learnt."""
        gathering = loaded.gathering
        wanted = partial(missing_features, key=self._library.key, known=loaded.tracks, since=gathering.rev)
        try:
            gone, rev, missing = await self._library.ask(wanted, wait=_AWAY_SECONDS)
            self._drop(gone)
            gathering.forget(gone)
            if (
                len(missing) <= _AT_ONCE
                and loaded.model is self.more_like.model
                and len(gathering) <= len(loaded.model)
            ):
                self._waiting.extend(await self._features(missing))
            else:
                await self._gather(gathering, missing, rev, len(loaded.model))
        except DatabaseAway:
            return False  # until then the model answers as it was built
        except SegueError as error:
            _log.warning("not all that was analysed could be taken into the model: %s", error)
        return True

    async def _gather(self, gathering: Gathering, missing: list[TrackId], rev: int, size: int) -> None:
        if size < len(gathering):
            self._serve(await asyncio.to_thread(partial(gathering.made, size * GROWTH**2)))
        for at in range(0, len(missing), _AT_ONCE):
            records = await self._features(missing[at : at + _AT_ONCE])
            await asyncio.to_thread(partial(gathering.take, records))
            if gathering.is_due():
                self._serve(await asyncio.to_thread(gathering.made))
                self._changed()
        gathering.rev = rev
        self._serve(await asyncio.to_thread(gathering.made))

    async def _features(self, tracks: list[TrackId]) -> list[FeatureRecord]:
        wanted = partial(features_of, key=self._library.key, tracks=tracks)
        return await self._library.ask(wanted, wait=_AWAY_SECONDS)

    def _serve(self, model: SimilarityModel) -> None:
        """Answer from this model from now on, with what came and went meanwhile."""
        self.more_like.model = model
        self._drop(frozenset(self._left))
        self._waiting.extend(record for record in self._recent if record.track not in model)

    async def _take_waiting(self) -> None:
        model = self.more_like.model
        took = 0
        while self._waiting and model is not None:
            record = self._waiting.popleft()
            fits = record.key == model.manifest.profile_key and record.track not in self._left
            if fits and record.track not in model:
                model.insert(record.track, record.values)
                took += 1
                if took % _SLICE == 0:
                    await asyncio.sleep(0)
        if took:
            self._changed()

    def _drop(self, tracks: frozenset[TrackId]) -> None:
        model = self.more_like.model
        for track in tracks if model is not None else ():
            model.remove(track)  # type: ignore[union-attr]

    def _on_features(self, records: list[FeatureRecord]) -> None:
        self._recent.extend(records)
        self._waiting.extend(records)
        self._wake.set()

    def _on_tracks(self, tracks: list[Track]) -> None:
        gone = frozenset(track.id for track in tracks if track.state is TrackState.GONE)
        self._left.difference_update(track.id for track in tracks if track.state is not TrackState.GONE)
        self._left |= gone
        self._drop(gone)

    def _on_reset(self) -> None:
        self._left.clear()
        self._stamp = None
        self._wake.set()
