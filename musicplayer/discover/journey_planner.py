"""Plans journeys: asks the model for what lies between two tracks, and has a way through it looked for elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.discover.journey import UNKNOWN, Ground, find_path, longest
from indexer.core.discover.more_like import SimilarState
from indexer.core.errors import SegueError
from indexer.core.recordings.same import Song, artists_of, same_among
from indexer.core.tracks import TrackId
from musicplayer.discover.similar import Similar
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.model.between import Between

SHORTEST, LONGEST = 5, 30
"""Tracks of a journey, both ends included."""

GROUND = 1_500
"""Tracks that a way is looked for among: their distances from each other take 9 MB and 10 ms."""

LEFT_OUT = 0.6
"""Chance of a track of the journey before to be left out of another one between the same ends."""

SongOf = Callable[[TrackId], Song | None]


class NoJourney(SegueError):
    """There is no way between the two."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the ends, and how many tracks with them."""

    start: TrackId
    end: TrackId
    length: int


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
            between = self._between(wish)
        except NoJourney as error:
            self.failed.emit(wish, error.message, error.advice)
            return
        left_out = {track for track in other_than[1:-1] if self._chance.random() < LEFT_OUT}
        # The names in another turn of the event loop: both at once would take more than a frame.
        QTimer.singleShot(0, self, lambda: self._search(number, wish, between, left_out))

    def forget(self) -> None:
        """Whatever was asked is not wanted any more."""
        self._asked += 1

    def closeness(self, tracks: Sequence[TrackId]) -> list[float | None]:
        """How close each track is to the next, as a share of random pairs that are farther apart; None for unknown."""
        model = self._similar.model
        pairs = pairwise(tracks)
        if model is None:
            return [None for _ in pairs]
        return [model.between(*pair).closeness if all(map(model.__contains__, pair)) else None for pair in pairs]

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _between(self, wish: Wish) -> Between:
        for track in (wish.start, wish.end):
            answer = self._similar.for_track(track, 1)
            if answer.state is not SimilarState.READY and answer.remark is not None:
                raise NoJourney.again(answer.remark.code, dict(answer.remark.values))
        if wish.start == wish.end:
            raise NoJourney("journey-nowhere")
        model = self._similar.model
        assert model is not None  # noqa: S101 - it has just answered
        return model.tracks_between(wish.start, wish.end, wish.length - 2, GROUND)

    def _search(self, number: int, wish: Wish, between: Between, left_out: Collection[TrackId]) -> None:
        if number != self._asked:
            return
        fits = self._similar.songs.fitting((wish.start, wish.end))
        songs = [self._song_of(track) if fits(track) else None for track in between.tracks]
        self._tasks.run(
            lambda: travel(between, songs, wish.length, left_out),
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


def travel(
    between: Between, songs: Sequence[Song | None], length: int, left_out: Collection[TrackId] = ()
) -> list[TrackId]:
    """The tracks of a way of `length` tracks from the first to the second of them.

    Args:
        between: what lies between.
        songs: its tracks with their names; None for those that cannot be played.
        length: with both ends.
        left_out: tracks to go without, unless there is no other way.

    Raises:
        NoJourney: there is no such way.
    """
    playable = [row for row, song in enumerate(songs) if song is not None or row < 2]  # noqa: PLR2004 - the ends
    fresh = [row for row in playable if between.tracks[row] not in left_out]
    for rows in (fresh, playable) if left_out else (playable,):
        ground = _ground(between, songs, np.array(rows, dtype=np.intp))
        path = find_path(ground, length) if longest(ground) >= length else None
        if path is not None:
            return [between.tracks[rows[place]] for place in path]
    raise NoJourney("journey-without-way", number=length)


def _ground(between: Between, songs: Sequence[Song | None], rows: NDArray[np.intp]) -> Ground:
    from indexer.core.model.between import pairwise as distances_between  # noqa: PLC0415 - with the model, after the first paint

    known = [songs[row] or Song(between.tracks[row]) for row in rows.tolist()]
    if between.plain is None:
        distances = np.full((len(rows), len(rows)), np.nan, dtype=np.float32)
    else:
        distances = distances_between(between.plain[rows])
    steps = between.steps()[np.ix_(rows, rows)]
    np.fill_diagonal(steps, np.inf)
    return Ground(
        steps=steps,
        share=between.share[rows],
        same=same_among(known, distances),
        artists=_numbered([sorted(artists_of(song)) for song in known]),
    )


def _numbered(artists: Sequence[Sequence[str]]) -> NDArray[np.intp]:
    """Shape (tracks, most artists of one): equal numbers for equal artists, `UNKNOWN` where a track has fewer."""
    numbers: dict[str, int] = {}
    found = np.full((len(artists), max(map(len, artists), default=0) or 1), UNKNOWN, dtype=np.intp)
    for row, names in enumerate(artists):
        found[row, : len(names)] = [numbers.setdefault(name, len(numbers)) for name in names]
    return found
