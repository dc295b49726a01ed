"""Journeys through the library: the ground that the model knows between two tracks, and the way found over it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.core.discover.journey import UNKNOWN, Ground, find_path, longest
from indexer.core.discover.more_like import MoreLike, SimilarAnswer, SimilarState
from indexer.core.errors import SegueError
from indexer.core.recordings.same import Song, artists_of, same_among
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model.between import Between

SHORTEST, LONGEST = 5, 30
"""Tracks of a journey, both ends included."""

GROUND = 1_500
"""Tracks that a way is looked for among: their distances from each other take 9 MB and 10 ms."""

SongOf = Callable[[TrackId], Song | None]
"""Gives a track with its names; None for what cannot be played."""


class NoJourney(SegueError):
    """There is no way between the two."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the ends, and how many tracks with them."""

    start: TrackId
    end: TrackId
    length: int


def ground_between(more_like: MoreLike, wish: Wish, ask: Callable[[TrackId], SimilarAnswer] | None = None) -> Between:
    """What lies between the ends of a journey: copies, for another thread to look for a way through.

    Args:
        more_like: has the model.
        wish: what is asked for.
        ask: answers what sounds like an end; `more_like` where nothing else is given.

    Raises:
        NoJourney: there is no model, it does not know an end, or both are one.
    """
    for track in (wish.start, wish.end):
        answer = more_like.answer([track], 1) if ask is None else ask(track)
        if answer.state is not SimilarState.READY and answer.remark is not None:
            raise NoJourney.again(answer.remark.code, dict(answer.remark.values))
    if wish.start == wish.end:
        raise NoJourney("journey-nowhere")
    model = more_like.model
    assert model is not None  # noqa: S101 - it has just answered
    return model.tracks_between(wish.start, wish.end, wish.length - 2, GROUND)


def songs_between(more_like: MoreLike, wish: Wish, between: Between, song_of: SongOf) -> list[Song | None]:
    """The tracks in between with their names; None for what cannot be played or is no song as the ends are."""
    fits = more_like.songs.fitting((wish.start, wish.end))
    return [song_of(track) if fits(track) else None for track in between.tracks]


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
