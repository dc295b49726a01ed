"""Rules of the radio, without Qt: which of the tracks that sound right may come next, and which one does.

A track is drawn among the best of its direction, by a chance that falls with its rank, so that the same seed does not
give the same hour twice. Tracks near skipped ones lose chance.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import exp
from random import Random
from typing import Protocol

from indexer.core.recordings.same import Song, artists_of
from indexer.core.text import identity
from indexer.core.tracks import TrackId

BEST = 40
"""Allowed candidates that a track is drawn from."""

RANK_FALL = 12.0
"""So many ranks farther down the chance is 1/e; of 40 the first ten together have 59 %."""

ARTIST_GAP = 4
ALBUM_GAP = 8
"""So many tracks before it, in the order of play, are by another artist and from another album."""

SEED_SHARE = 0.6
"""Of the chance to look around what was asked for; the rest drifts along with what was heard out."""

REACHES = (100, 200, 1_000)
"""Neighbours looked at: more only where those nearer by are used up. Lists hold 200, for more there is a search."""

_NO_CHANCE = 1e-9
"""Weight of what is not wanted at all: it is taken where there is nothing else."""


SKIP_REACH = 100
"""Neighbours of a skipped track that lose chance with it."""

SKIP_RANK_FALL = 30.0
"""So many ranks farther down the loss is 1/e of that of the nearest."""

LOSS = 1.6
"""A skip leaves the nearest neighbours exp(-1.6) = 20 % of their chance, two of them 4 %."""

DIRECTION_LEFT = 0.35
"""Of the chance of a direction after a skip in it; two leave an eighth."""


class Candidates(Protocol):
    """What a radio chooses from."""

    def near(self, track: TrackId, count: int) -> Sequence[Song]:
        """Up to `count` songs that sound like a track, most alike first; none for one that was not analysed."""

    def is_copy(self, song: Song, others: Sequence[Song]) -> bool:
        """Whether a song is a recording of one of the others, by names and sound."""


class AskedOnce:
    """Candidates that remember what they were asked for, for a few choices in a row."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._near: dict[tuple[TrackId, int], Sequence[Song]] = {}

    def near(self, track: TrackId, count: int) -> Sequence[Song]:
        """As the candidates have it."""
        if (track, count) not in self._near:
            self._near[track, count] = self._candidates.near(track, count)
        return self._near[track, count]

    def is_copy(self, song: Song, others: Sequence[Song]) -> bool:
        """As the candidates have it."""
        return self._candidates.is_copy(song, others)


@dataclass(frozen=True, slots=True)
class Rules:
    """How soon an artist or an album may come again, in tracks."""

    artist_gap: int = ARTIST_GAP
    album_gap: int = ALBUM_GAP


RELAXED = (Rules(), Rules(album_gap=2), Rules(artist_gap=1, album_gap=1), Rules(artist_gap=0, album_gap=0))
"""What gives way where nothing is left: albums may come again sooner, then artists, then both at once. At last comes
what was heard longest ago; never a recording of what is still to be heard."""


class Aversions:
    """What was skipped, as a loss of chance of everything that lies in the same direction; for the session."""

    def __init__(self) -> None:
        self._losses: dict[TrackId, float] = {}
        self._directions: dict[TrackId, float] = {}

    def skip(self, track: TrackId, neighbours: Sequence[TrackId], direction: TrackId | None = None) -> None:
        """Count a skip against a track, its `neighbours`, nearest first, and the track it was found around."""
        self._lose(track, LOSS)
        for rank, neighbour in enumerate(neighbours[:SKIP_REACH]):
            self._lose(neighbour, LOSS * exp(-rank / SKIP_RANK_FALL))
        if direction is not None:
            self._directions[direction] = self.of_direction(direction) * DIRECTION_LEFT

    def weight(self, track: TrackId) -> float:
        """What the chance of a track is multiplied by, above 0 and at most 1."""
        return exp(-self._losses.get(track, 0.0))

    def of_direction(self, track: TrackId) -> float:
        """What the chance of looking around a track is multiplied by, above 0 and at most 1."""
        return self._directions.get(track, 1.0)

    def _lose(self, track: TrackId, loss: float) -> None:
        self._losses[track] = self._losses.get(track, 0.0) + loss


@dataclass(frozen=True)
class Line:
    """The order of play that a song is to be put behind.

    Attributes:
        past: what was heard, the longest ago first.
        coming: what plays and what comes after it, in their order.
        seeds: what the radio was started from.
        recent: what it played that was heard out.
        barred: tracks that it does not play though they were not heard.
    """

    past: Sequence[Song]
    coming: Sequence[Song]
    seeds: Sequence[TrackId]
    recent: Sequence[TrackId] = ()
    barred: Collection[TrackId] = frozenset()
    aversions: Aversions = field(default_factory=Aversions)

    @property
    def before(self) -> list[Song]:
        return [*self.past, *self.coming]


@dataclass(frozen=True, slots=True)
class Choice:
    """A song, and the track around which it was found."""

    song: Song
    direction: TrackId


def choose(candidates: Candidates, line: Line, chance: Random) -> Choice | None:
    """The song to come next; None where everything that could is still to be heard."""
    ways = directions(line.seeds, line.recent, line.aversions.of_direction, chance)
    found = {way: _Reach(candidates, way) for way in ways}
    before = line.before
    for rules in RELAXED:
        for reach in range(len(REACHES)):
            for way in ways:
                songs = allowed(found[way].beyond(reach), before, line.barred, rules)
                for song in draw(songs, line.aversions.weight, chance):
                    if not candidates.is_copy(song, before):
                        return Choice(song, way)
    return _longest_ago(candidates, line, found)


def allowed(
    candidates: Iterable[Song], before: Sequence[Song], barred: Collection[TrackId], rules: Rules
) -> Iterator[Song]:
    """Those candidates that may be played next, in their order.

    Args:
        candidates: best first.
        before: what plays before, the last one last.
        barred: further tracks that are not.
        rules: how soon artists and albums may come again.
    """
    tracks = {song.track for song in before}
    artists = {artist for song in _last(before, rules.artist_gap) for artist in artists_of(song)}
    albums = {identity(song.album) for song in _last(before, rules.album_gap)} - {""}
    for song in candidates:
        if song.track in tracks or song.track in barred:
            continue
        if artists.isdisjoint(artists_of(song)) and identity(song.album) not in albums:
            yield song


def draw(candidates: Iterable[Song], weigh: Callable[[TrackId], float], chance: Random) -> Iterator[Song]:
    """The best `BEST` candidates in an order of chance; those that are better and weigh more are likely to come first.

    Args:
        candidates: best first.
        weigh: what a track's chance is multiplied by, 0 to 1.
        chance: where the order comes from.
    """
    songs = list(islice(candidates, BEST))
    weights = [exp(-rank / RANK_FALL) * max(weigh(song.track), _NO_CHANCE) for rank, song in enumerate(songs)]
    while songs:
        place = chance.choices(range(len(songs)), weights)[0]
        del weights[place]
        yield songs.pop(place)


def directions(
    seeds: Sequence[TrackId], recent: Sequence[TrackId], weigh: Callable[[TrackId], float], chance: Random
) -> list[TrackId]:
    """The tracks to look around, each once, in an order of chance.

    Args:
        seeds: what the radio was started from; one of these comes first with a chance of `SEED_SHARE`.
        recent: what it played that was heard out.
        weigh: what a direction's chance is multiplied by, 0 to 1.
        chance: where the order comes from.
    """
    shares = {seed: SEED_SHARE / len(seeds) for seed in seeds}
    for track in recent:
        shares[track] = shares.get(track, 0.0) + (1.0 - SEED_SHARE) / len(recent)
    weights = {track: share * max(weigh(track), _NO_CHANCE) for track, share in shares.items()}
    ordered: list[TrackId] = []
    while weights:
        ordered.append(chance.choices(list(weights), list(weights.values()))[0])
        del weights[ordered[-1]]
    return ordered


class _Reach:
    """Asks for the songs around a track, farther and farther, each reach once."""

    def __init__(self, candidates: Candidates, track: TrackId) -> None:
        self._candidates = candidates
        self._track = track
        self._rings: list[list[Song]] = []
        self._known: set[TrackId] = set()

    def beyond(self, reach: int) -> Sequence[Song]:
        """What lies within `REACHES[reach]`, and within no smaller one."""
        while len(self._rings) <= reach:
            near = self._candidates.near(self._track, REACHES[len(self._rings)])
            self._rings.append([song for song in near if song.track not in self._known])
            self._known.update(song.track for song in near)
        return self._rings[reach]

    def all(self) -> Iterator[Song]:
        for reach in range(len(REACHES)):
            yield from self.beyond(reach)


def _longest_ago(candidates: Candidates, line: Line, found: dict[TrackId, _Reach]) -> Choice | None:
    """The song heard longest ago, of those around that are not still to be heard."""
    last = {song.track: place for place, song in enumerate(line.past)}
    songs = {song.track: Choice(song, way) for way, reach in found.items() for song in reach.all()}
    songs.update((song.track, Choice(song, song.track)) for song in line.past if song.track in found)
    heard = sorted((songs[track] for track in last if track in songs), key=lambda choice: last[choice.song.track])
    for rules in RELAXED:
        fresh = {song.track for song in allowed((choice.song for choice in heard), line.coming, line.barred, rules)}
        for choice in heard:
            if choice.song.track in fresh and not candidates.is_copy(choice.song, line.coming):
                return choice
    return None


def _last(songs: Sequence[Song], count: int) -> Sequence[Song]:
    return songs[-count:] if count else ()
