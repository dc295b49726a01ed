"""Makes a list worth showing of the nearest tracks: no second version of anything, not all by one artist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.recordings.same import Apart, Recordings, Song, artists_of
from indexer.core.settings import SameArtist
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model import Neighbour

MOST_OF_ONE_ARTIST = 3


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """One track of the answer.

    Attributes:
        track: which.
        closeness: share of random pairs of the library that are farther apart, 0 to 1.
        distance: scaled by the neighbourhoods of both, as lists are ordered.
        nearness: 1 for the nearest that the seed has, 0 for a typical pair of the library.
        rank: among the library's other tracks, from 1; 0 where that is not told.
        others: how many these are.
        near: of several seeds, how many it is near to; 1 for one seed.
        seed: the one it was compared with, of several the nearest; None where that is not told.
        euclidean: distance from the seed, unscaled; None where there are several seeds.
        beats_album: whether it is nearer to the seed than a typical track of the seed's own album.
    """

    track: TrackId
    closeness: float
    distance: float
    nearness: float = 0.0
    rank: int = 0
    others: int = 0
    near: int = 1
    seed: TrackId | None = None
    euclidean: float | None = None
    beats_album: bool = False


@dataclass(frozen=True, slots=True)
class ListRules:
    """What a person wants left out.

    Attributes:
        same_artist: what becomes of artists of the seeds; they are never taken back to fill a list.
        per_artist: tracks of any one artist, at most; None for any number.
        hidden: tracks that were hidden for the seeds; other recordings of them stay away, too.
        fits: whether a row of the catalogue is of a kind that goes with the seeds; see `indexer.core.discover.songs`.
        all_versions: whether further recordings of the seeds and of each other are shown, too.
    """

    same_artist: SameArtist = SameArtist.LIMIT
    per_artist: int | None = MOST_OF_ONE_ARTIST
    hidden: Collection[TrackId] = frozenset()
    fits: Callable[[int], bool] = lambda _: True
    all_versions: bool = False


def rows_of(neighbours: Iterable[Neighbour], others: int, seed: TrackId | None = None) -> Iterator[SimilarRow]:
    """Neighbours of one seed, nearest first, as rows.

    Args:
        neighbours: nearest first.
        others: tracks of the library that the seed can be compared with.
        seed: None for what is not in the library.
    """
    for rank, near in enumerate(neighbours, start=1):
        yield SimilarRow(
            near.track, near.closeness, near.distance, near.nearness, rank, others, seed=seed, euclidean=near.euclidean
        )


def choose(
    catalogue: Catalogue,
    seeds: Sequence[TrackId],
    candidates: Iterable[SimilarRow],
    k: int,
    *,
    apart: Apart,
    rules: ListRules,
) -> list[SimilarRow]:
    """Choose up to `k` of the candidates and keep their order.

    Tracks that are not listed or hidden, further recordings of what is there already, and more than the rules allow of
    one artist are left out. Artists other than those of the seeds are taken back, best first, where the list would be
    too short without.
    """
    chosen: list[tuple[int, SimilarRow]] = []
    spare: list[tuple[int, SimilarRow]] = []
    own = _artists(catalogue, seeds)
    by_artist: Counter[str] = Counter()
    for place, (song, candidate) in enumerate(_distinct(catalogue, seeds, candidates, apart, rules)):
        artists = artists_of(song)
        is_own = not artists.isdisjoint(own)
        if candidate.track in rules.hidden or (is_own and rules.same_artist is SameArtist.HIDE):
            continue
        most = None if is_own and rules.same_artist is SameArtist.ALLOW else rules.per_artist
        if most is not None and any(by_artist[artist] >= most for artist in artists):
            if not is_own:
                spare.append((place, candidate))
            continue
        by_artist.update(artists)
        chosen.append((place, candidate))
        if len(chosen) == k:
            break
    filled = sorted([*chosen, *spare[: k - len(chosen)]], key=lambda entry: entry[0])
    return [candidate for _, candidate in filled]


def share_farther(rank: int, others: int) -> float:
    """Share of a library's other tracks that are farther from a seed than the one of this rank, which begins at 1.

    The k-th nearest of n is nearer than n - k of them: that is exact, and needs no distance but those of the list.
    """
    return max(others - rank, 0) / others if others > 0 else 0.0


def _artists(catalogue: Catalogue, seeds: Sequence[TrackId]) -> set[str]:
    rows = [row for seed in seeds if (row := catalogue.row_of(seed)) is not None]
    return {artist for row in rows for artist in artists_of(catalogue.song(row))}


def _distinct(
    catalogue: Catalogue,
    seeds: Sequence[TrackId],
    candidates: Iterable[SimilarRow],
    apart: Apart,
    rules: ListRules,
) -> Iterator[tuple[Song, SimilarRow]]:
    """Candidates with their names that are listed, fit, and are no recording of a seed, nor of one given before."""
    recordings = Recordings(None, apart)
    for seed in seeds:
        seed_row = catalogue.row_of(seed)
        if seed_row is not None:
            recordings.tell(catalogue.song(seed_row), 0.0 if len(seeds) == 1 else None)
    for candidate in candidates:
        track = candidate.track
        row = catalogue.row_of(track)
        if row is None or not catalogue.is_listed(row) or track in seeds or not rules.fits(row):
            continue
        song = catalogue.song(row)
        if rules.all_versions or recordings.admits(song, candidate.euclidean):
            yield song, candidate
