"""Plans journeys: asks the model for what lies between the stops, and has a way through it looked for elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.discover.travel import Leg, NoJourney, SongOf, Wish, check_wish, ground_between, songs_between, travel
from indexer.core.errors import SegueError
from indexer.core.tracks import TrackId
from musicplayer.discover.similar import Similar
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.model.between import Between

LEFT_OUT = 0.6
"""Chance of a track of the journey before to be left out of another one between the same ends."""


class JourneyPlanner(QObject):
    """Looks for one way at a time; an earlier question is forgotten.

    Signals:
        found: the wish and its tracks, a tuple from the start to the end.
        failed: the wish, message and advice.
    """

    found = Signal(object, object)
    failed = Signal(object, str, str)

    def __init__(
        self, similar: Similar, song_of: SongOf, parent: QObject | None = None, *, chance: Random | None = None
    ) -> None:
        """Plan with the model of `similar`; `song_of` gives None for what cannot be played."""
        super().__init__(parent)
        self._similar = similar
        self._song_of = song_of
        self._chance = chance or Random()  # noqa: S311 - for ears, not for secrets
        self._tasks = Tasks(workers=1, parent=self)
        self._asked = 0

    def plan(self, wish: Wish, *, other_than: Sequence[TrackId] = ()) -> None:
        """Look for a way; another one than the tracks of `other_than`, of which a part by chance is left out."""
        self._asked += 1
        number = self._asked
        try:
            check_wish(self._similar.more_like, wish, lambda track: self._similar.for_track(track, 1))
            between = ground_between(self._similar.more_like, wish, 0)
        except NoJourney as error:
            self.failed.emit(wish, error.message, error.advice)
            return
        left_out = {track for track in other_than if track not in wish.stops and self._chance.random() < LEFT_OUT}
        self._go_on(number, wish, [], between, left_out)

    def forget(self) -> None:
        """Whatever was asked is not wanted any more."""
        self._asked += 1

    def nearness(self, tracks: Sequence[TrackId]) -> list[float | None]:
        """How near each track is to the next, 0 to 1, as rows of the panel say it; None for unknown."""
        model = self._similar.model
        pairs = pairwise(tracks)
        if model is None:
            return [None for _ in pairs]
        return [model.between(*pair).nearness if all(map(model.__contains__, pair)) else None for pair in pairs]

    def with_stop(self, tracks: Sequence[TrackId], by: Sequence[TrackId], stop: TrackId) -> list[TrackId]:
        """The stops `by` of a way with another one, where it lies nearest to two tracks of the way that follow on."""
        if len(tracks) < 2:  # noqa: PLR2004 - the ends
            return [*by, stop]
        beside = self.nearness([track for pair in pairwise(tracks) for track in (pair[0], stop, pair[1])])
        worth = [(beside[3 * place] or 0.0) + (beside[3 * place + 1] or 0.0) for place in range(len(tracks) - 1)]
        at = worth.index(max(worth)) + 1
        before = [track for track in by if track in tracks[:at]]
        return [*before, stop, *(track for track in by if track not in before)]

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _go_on(self, number: int, wish: Wish, legs: list[Leg], between: Between, left_out: Collection[TrackId]) -> None:
        """The names of a leg in another turn of the event loop, then the next one: more would take over a frame."""
        QTimer.singleShot(0, self, lambda: self._on_turn(number, wish, legs, between, left_out))

    def _on_turn(
        self, number: int, wish: Wish, legs: list[Leg], between: Between, left_out: Collection[TrackId]
    ) -> None:
        if number != self._asked:
            return
        more_like = self._similar.more_like
        legs = [*legs, songs_between(more_like, wish, between, self._song_of)]
        if len(legs) == len(wish.stops) - 1:
            self._search(number, wish, legs, left_out)
            return
        try:
            self._go_on(number, wish, legs, ground_between(more_like, wish, len(legs)), left_out)
        except NoJourney as error:
            self._on_failed(number, wish, error)

    def _search(self, number: int, wish: Wish, legs: list[Leg], left_out: Collection[TrackId]) -> None:
        self._tasks.run(
            lambda: travel(legs, wish.length, left_out),
            lambda tracks: self._on_found(number, wish, tracks),
            lambda error: self._on_failed(number, wish, error),
        )

    def _on_found(self, number: int, wish: Wish, tracks: Sequence[TrackId]) -> None:
        if number == self._asked:
            self.found.emit(wish, tuple(tracks))

    def _on_failed(self, number: int, wish: Wish, error: Exception) -> None:
        if number != self._asked:
            return
        if not isinstance(error, SegueError):
            raise error
        self.failed.emit(wish, error.message, error.advice)
