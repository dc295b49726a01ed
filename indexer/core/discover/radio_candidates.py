"""What the radio chooses from: the songs of the library around a track, as the model knows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.core.discover.more_like import MoreLike
from indexer.core.recordings.same import Song, is_same, may_be_same
from indexer.core.taste.model import standardised
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model import Neighbour

COMPARED = 200
"""Songs played last that another is compared with by its sound; to compare with more costs more than it finds."""


LEANING_REACH = 3
"""Neighbours looked at beyond those asked for, in their number, where only the listener's taste chooses among them."""

Liking = Callable[[Sequence[TrackId]], NDArray[np.float32] | None]
"""How much the listener would like each of these tracks, shape (n,); None where nothing is known of the listener."""


class LibraryCandidates:
    """Answers from the model in use; without one there is nothing.

    Attributes:
        lean: from 0, nearest to what was asked for first, to 1, those first among the near that the listener likes.
        liking: asked where it leans.
    """

    def __init__(self, more_like: MoreLike, is_disliked: Callable[[TrackId], bool] = lambda _: False) -> None:
        """Answer from the model in use, without tracks that `is_disliked`: the thumb is down for them."""
        self._more_like = more_like
        self._is_disliked = is_disliked
        self.lean = 0.0
        self.liking: Liking = lambda _: None
        self._catalogue = more_like.catalogue

    def song(self, track: TrackId) -> Song:
        """A track with its names; without any where it is not in the library."""
        row = self._catalogue.row_of(track)
        return Song(track) if row is None else self._catalogue.song(row)

    def playable(self, track: TrackId) -> Song | None:
        """The same for what can be played; None where the track is gone, or its folder is away."""
        row = self._catalogue.row_of(track)
        if row is None or not self._catalogue.is_listed(row) or self._catalogue.is_away(row):
            return None
        return self._catalogue.song(row)

    def near(self, track: TrackId, count: int) -> Sequence[Song]:
        """Up to `count` songs that sound like a track, most alike first; none for one that was not analysed.

        What is no song is left out, unless the track is of the same kind, and what the listener's thumb is down for.
        Where it leans, what is near and liked comes before what is nearer.
        """
        model = self._more_like.model
        if model is None or track not in model:
            return ()
        hidden = self._more_like.hidden(track)
        fits = self._more_like.songs.fitting([track])
        lean = self.lean if self.lean and self.liking((track,)) is not None else 0.0
        near = model.similar(track, round(count * (1 + LEANING_REACH * lean)))
        allowed = [one for one in near if one.track not in hidden and not self._is_disliked(one.track)]
        chosen = (found for found in self._leaning(allowed, lean) if fits(found))
        songs = (song for found in chosen if (song := self.playable(found)) is not None)
        return list(islice(songs, count))

    def _leaning(self, near: Sequence[Neighbour], lean: float) -> list[TrackId]:
        """These tracks, nearest first, in the order of nearness and liking together."""
        tracks = [one.track for one in near]
        liking = self.liking(tracks) if tracks and lean else None
        if liking is None:
            return tracks
        nearness = standardised(np.array([-one.distance for one in near], np.float32))
        worth = (1 - lean) * nearness + lean * standardised(liking)
        return [tracks[place] for place in np.argsort(-worth, kind="stable")]

    def is_copy(self, song: Song, others: Sequence[Song]) -> bool:
        """Whether a song is a recording of one of the others; of those that it may be only the last ones count."""
        alike = list(islice((other for other in reversed(others) if may_be_same(song, other)), COMPARED))
        distances = self._apart(song.track, [other.track for other in alike])
        return any(is_same(song, other, distances.get(other.track)) for other in alike)

    def _apart(self, track: TrackId, others: Sequence[TrackId]) -> dict[TrackId, float]:
        """How far the sound of a track is from that of those others that were analysed, too."""
        model = self._more_like.model
        if model is None or track not in model:
            return {}
        known = [other for other in others if other in model]
        return dict(zip(known, map(float, model.apart(track, known)), strict=True)) if known else {}
