"""Journeys through the library: the ground that the model knows between their stops, and the way found over it."""

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

MOST_STOPS = 5
"""Tracks that a journey leads by way of, at most."""

SongOf = Callable[[TrackId], Song | None]
"""Gives a track with its names; None for what cannot be played."""


class NoJourney(SegueError):
    """There is no way between the two."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the ends, how many tracks with them, and which tracks to go by way of, in this order."""

    start: TrackId
    end: TrackId
    length: int
    by: tuple[TrackId, ...] = ()

    @property
    def stops(self) -> tuple[TrackId, ...]:
        """The start, what it goes by way of, and the end; each once."""
        return (*dict.fromkeys((self.start, *(track for track in self.by if track != self.end))), self.end)


@dataclass(frozen=True, eq=False)
class Leg:
    """What lies between one stop and the next: a model's copies, and the tracks with their names.

    `songs` has None for those that cannot be played, or are no songs as the stops are.
    """

    between: Between
    songs: Sequence[Song | None]

    @property
    def apart(self) -> float:
        """How far apart its stops are, scaled."""
        one, other = self.between.vectors[:2]
        scale = float(np.sqrt(self.between.scales[0] * self.between.scales[1]))
        return float(np.linalg.norm(one - other)) / scale


def check_wish(more_like: MoreLike, wish: Wish, ask: Callable[[TrackId], SimilarAnswer] | None = None) -> None:
    """Whether there can be a way.

    Args:
        more_like: has the model.
        wish: what is asked for.
        ask: answers what sounds like a stop; `more_like` where nothing else is given.

    Raises:
        NoJourney: there is no model, it does not know a stop, or both ends are one.
    """
    for track in wish.stops:
        answer = more_like.answer([track], 1) if ask is None else ask(track)
        if answer.state is not SimilarState.READY and answer.remark is not None:
            raise NoJourney.again(answer.remark.code, dict(answer.remark.values))
    if wish.start == wish.end:
        raise NoJourney("journey-nowhere")


def ground_between(more_like: MoreLike, wish: Wish, leg: int) -> Between:
    """What lies between two stops of a wish that was checked: copies, for another thread to look for a way through.

    Raises:
        NoJourney: the model is another one by now, which does not know a stop.
    """
    stops, model = wish.stops, more_like.model
    places = max((wish.length - len(stops)) // (len(stops) - 1), 1)
    if model is None or any(track not in model for track in stops[leg : leg + 2]):
        raise NoJourney("journey-without-way", number=wish.length)
    return model.tracks_between(stops[leg], stops[leg + 1], places, GROUND)


def songs_between(more_like: MoreLike, wish: Wish, between: Between, song_of: SongOf) -> Leg:
    """The same with the names of its tracks."""
    fits = more_like.songs.fitting(wish.stops)
    return Leg(between, [song_of(track) if fits(track) else None for track in between.tracks])


def travel(legs: Sequence[Leg], length: int, left_out: Collection[TrackId] = ()) -> list[TrackId]:
    """The tracks of a way of `length` tracks over all legs.

    Longer legs have more of them. Over several legs the way may have fewer tracks than asked for where one of them has
    no other; it has every stop, though.

    Args:
        legs: at least one, each from where the one before ends.
        length: with all stops.
        left_out: tracks to go without, unless there is no other way.

    Raises:
        NoJourney: there is no such way.
    """
    shares = shared_out([leg.apart for leg in legs], length - len(legs) - 1)
    way = [legs[0].between.tracks[0]]
    for number, (leg, inner) in enumerate(zip(legs, shares, strict=True)):
        stops = [each.between.tracks[1] for each in legs[number + 1 :]]
        heard = _Heard.of(legs, [*way[:-1], *stops])
        fewest = inner if len(legs) == 1 else 0
        way += _way_over(leg, range(inner, fewest - 1, -1), heard, left_out)[1:]
    return way


def shared_out(weights: Sequence[float], count: int) -> list[int]:
    """So many things shared out by weights as evenly as whole numbers are; none of a count of 0 or less."""
    count, total = max(count, 0), sum(weights)
    wanted = [count * (weight / total if total > 0 else 1 / len(weights)) for weight in weights]
    shares = [int(each) for each in wanted]
    by_rest = sorted(range(len(weights)), key=lambda place: shares[place] - wanted[place])
    for place in by_rest[: count - sum(shares)]:
        shares[place] += 1
    return shares


@dataclass(frozen=True, eq=False)
class _Heard:
    """Songs that are on the way beside those of a leg, and their vectors, shape (songs, dims), NaN where unknown."""

    songs: list[Song]
    plain: NDArray[np.float32]

    @classmethod
    def of(cls, legs: Sequence[Leg], tracks: Sequence[TrackId]) -> _Heard:
        wanted, songs, rows = set(tracks), dict[TrackId, Song](), dict[TrackId, NDArray[np.float32]]()
        for leg in legs:
            for row, track in enumerate(leg.between.tracks):
                if track in wanted and track not in songs:
                    songs[track] = leg.songs[row] or Song(track)
                    if leg.between.plain is not None:
                        rows[track] = leg.between.plain[row]
        plain = np.full((len(songs), legs[0].between.vectors.shape[1]), np.nan, dtype=np.float32)
        for place, track in enumerate(songs):
            if track in rows:
                plain[place] = rows[track]
        return cls(list(songs.values()), plain)


def _way_over(leg: Leg, inner: range, heard: _Heard, left_out: Collection[TrackId]) -> list[TrackId]:
    """A way over one leg with the first number of tracks between its stops that there is a way of."""
    tracks = leg.between.tracks
    playable = [row for row, song in enumerate(leg.songs) if song is not None or row < 2]  # noqa: PLR2004 - the stops
    fresh = [row for row in playable if row < 2 or tracks[row] not in left_out]  # noqa: PLR2004
    choices = (playable,) if fresh == playable else (fresh, playable)
    grounds: list[tuple[list[int], Ground]] = []
    for count in inner:
        if not count:
            return tracks[:2]
        for place, rows in enumerate(choices):
            if place == len(grounds):
                grounds.append(_ground(leg, np.array(rows, dtype=np.intp), heard))
            kept, ground = grounds[place]
            path = find_path(ground, count + 2) if longest(ground) >= count + 2 else None
            if path is not None:
                return [tracks[kept[step]] for step in path]
    raise NoJourney("journey-without-way", number=inner.start + 2)


def _ground(leg: Leg, rows: NDArray[np.intp], heard: _Heard) -> tuple[list[int], Ground]:
    """The rows of a leg that are no recording on the way elsewhere, its stops first, and the ground that they are."""
    from indexer.core.model.between import pairwise as distances_between  # noqa: PLC0415 - with the model, after the first paint

    known = [*(leg.songs[row] or Song(leg.between.tracks[row]) for row in rows.tolist()), *heard.songs]
    if leg.between.plain is None:
        distances = np.full((len(known), len(known)), np.nan, dtype=np.float32)
    else:
        distances = distances_between(np.concatenate([leg.between.plain[rows], heard.plain]))
    same = same_among(known, distances)
    kept = np.flatnonzero(~same[: len(rows), len(rows) :].any(axis=1) | (np.arange(len(rows)) < 2))  # noqa: PLR2004
    chosen = rows[kept]
    steps = leg.between.steps()[np.ix_(chosen, chosen)]
    np.fill_diagonal(steps, np.inf)
    artists = _numbered([sorted(artists_of(song)) for song in known])
    ground = Ground(
        steps=steps,
        share=leg.between.share[chosen],
        same=same[np.ix_(kept, kept)],
        artists=artists[kept],
        heard=artists[len(rows) :].ravel(),
    )
    return chosen.tolist(), ground


def _numbered(artists: Sequence[Sequence[str]]) -> NDArray[np.intp]:
    """Shape (tracks, most artists of one): equal numbers for equal artists, `UNKNOWN` where a track has fewer."""
    numbers: dict[str, int] = {}
    found = np.full((len(artists), max(map(len, artists), default=0) or 1), UNKNOWN, dtype=np.intp)
    for row, names in enumerate(artists):
        found[row, : len(names)] = [numbers.setdefault(name, len(numbers)) for name in names]
    return found
