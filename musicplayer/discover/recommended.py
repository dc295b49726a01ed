"""What is recommended to the listener: a page of shelves from the model of taste, true after every play and opinion."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.discover.nearness import NearByTaste, Nearness
from indexer.core.home import Home
from indexer.core.plays import Play
from indexer.core.settings import NearBy
from indexer.core.store.records import Matter
from indexer.core.taste.live import LiveList
from indexer.core.taste.recommending import (
    FRESH_PLAYS,
    Folded,
    Known,
    Made,
    Recommendations,
    TasteInUse,
    recommend,
    stock_of,
)
from indexer.core.tracks import TrackId
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.opinions import Opinions
from musicplayer.discover.similar import Similar
from musicplayer.library.library import Library
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.store import Database

_log = logging.getLogger(__name__)

_SOON_MS = 250
"""A play and what is said of it come together."""

_LATER_MS = 3_000
"""A scan changes the library all the time."""


class Recommended(QObject):
    """Works while somebody looks; nothing is read or computed in the main thread.

    Signals:
        changed: `now` is another answer.
        explained: a TrackId and the Reason why it is recommended.
        due: taste is to be learnt anew: there is no model, enough new plays came, or the model of sound is another.
    """

    changed = Signal()
    explained = Signal(object, object)
    due = Signal()

    def __init__(
        self,
        home: Home,
        library: Library,
        similar: Similar,
        opinions: Opinions,
        dislikes: Dislikes,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._similar = similar
        self._opinions = opinions
        self._dislikes = dislikes
        self._tasks = Tasks(workers=1, parent=self)
        self._history: list[Play] | None = None
        self._source = TasteInUse(home)
        self._folded = Folded()
        self._watchers: set[str] = set()
        self._stale = self._busy = self._asked = False
        self._due_at: object = None
        self._live: LiveList | None = None
        self.now = Recommendations()
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._refresh)
        opinions.changed.connect(lambda _: self.refresh_later())
        dislikes.changed.connect(self.refresh_later)

    def watch(self, watcher: str, *, on: bool) -> None:
        """Somebody, who is told from others by this name, begins or ends to look."""
        if not on:
            self._watchers.discard(watcher)
        elif watcher not in self._watchers:
            self._watchers.add(watcher)
            self.refresh_later()

    def liking(self, tracks: Sequence[TrackId]) -> NDArray[np.float32] | None:
        """How much the listener would like each of these, shape (n,), in spreads of all; None while nobody knows."""
        return self._folded.liking(tracks)

    def nearness(self, by: NearBy) -> Nearness | None:
        """What tells neighbours otherwise than by sound; None while there is no model of taste."""
        model = self._folded.model
        return None if model is None else NearByTaste(model, by)

    def refresh_later(self) -> None:
        """Something may be other than before."""
        self._refresh_within(_SOON_MS)

    def follow_library(self) -> None:
        """Tracks came or went, or have other names; there may be many such changes in a row."""
        self._refresh_within(_LATER_MS)

    def note_play(self, play: Play) -> None:
        """Count a play of the library at once."""
        if self._history is not None:
            self._history.append(play)
            self.refresh_later()

    def reload(self) -> None:
        """Plays came or went in the database: read them again."""
        self._history, self._asked = None, False
        self._folded = replace(self._folded, plays=None, told=0)
        self.refresh_later()

    def on_news(self, matters: frozenset[Matter]) -> None:
        """Another program wrote something of the owner; opinions and what is hidden come another way."""
        if Matter.PLAYS in matters:
            self.reload()

    def take_live(self, made: LiveList) -> None:
        """The owner was told a list, by a program that may know of plays that are not known here yet."""
        if self._live is None or made.at >= self._live.at:
            self._live = made
            self._library.client.look_for_news()
            self._refresh_within(0)

    def explain(self, track: TrackId) -> None:
        """Have `explained` emitted with why a track is recommended; nothing comes for one that is not known."""
        model, taste = self._folded.model, self._folded.taste
        item = None if model is None else model.places.get(track)
        if model is None or taste is None or item is None:
            if track in self.now.reasons:
                self.explained.emit(track, self.now.reasons[track])
            return
        self._tasks.run(lambda: model.explain(taste, item), lambda reason: self.explained.emit(track, reason), _raise)

    def shutdown(self) -> None:
        """End the worker; what is under way is waited for, which takes a fraction of a second."""
        self._soon.stop()
        self._tasks.shutdown()

    def _refresh_within(self, most: int) -> None:
        """Work out what is recommended in so many milliseconds at the latest, if somebody looks."""
        self._stale = True
        if self._watchers and not 0 <= self._soon.remainingTime() <= most:
            self._soon.start(most)

    def _refresh(self) -> None:
        if self._busy or not self._watchers:
            return
        if self._history is None:
            if not self._asked:
                self._asked = True
                self._library.client.ask(_plays_in, self._on_history)
            return
        self._busy, self._stale = True, False
        known, folded = self._gathered(self._history), self._folded
        self._tasks.run(lambda: recommend(self._source, folded, known), self._on_made, self._on_failed)

    def _on_history(self, history: list[Play]) -> None:
        self._history, self._asked = history, False
        self._refresh()

    def _on_made(self, made: Made) -> None:
        self._busy = False
        told = self._history is not None and len(self._history) >= made.folded.told
        self._folded = made.folded if told else replace(made.folded, plays=None, told=0)
        if made.recommended != self.now:
            self.now = made.recommended
            self.changed.emit()
        self._say_if_due(due=made.due)
        if self._stale:
            self.refresh_later()

    def _on_failed(self, error: Exception) -> None:
        self._busy = False
        _log.error("nothing can be recommended: %s", error)
        raise error

    def _say_if_due(self, *, due: bool) -> None:
        """Once for each model and each further evening of plays, should the building fail."""
        at = (self._folded.stamp, len(self._history or ()) // FRESH_PLAYS) if due else None
        if at != self._due_at:
            self._due_at = at
            if due:
                self.due.emit()

    def _gathered(self, history: list[Play]) -> Known:
        stock = stock_of(self._library.catalogue, self._similar.more_like.songs.kinds(), self._similar.manifest)
        return Known(tuple(history), self._opinions.all(), self._dislikes.all(), stock, live=self._live)


def _plays_in(database: Database) -> list[Play]:
    return list(database.plays.of())


def _raise(error: Exception) -> Any:
    raise error
