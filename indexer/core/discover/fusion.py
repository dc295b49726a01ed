"""Joins the lists of several seeds into one, by how far the seeds agree, never by a mean of what they sound like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from indexer.core.discover.selection import SimilarRow
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.discover.nearness import Nearness
    from indexer.core.model import Neighbour, SimilarityModel

MOST_SEEDS = 24
"""Asked at once; each takes the model about a millisecond."""

RANK_SMOOTHING = 60
"""The constant k of reciprocal rank fusion, as its authors set it: a first place counts little more than a second."""

FEWEST_NEAR = 10
NEAR_SHARE = 0.1
MOST_NEAR = 200
"""A list of neighbours is this long at most."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A track of the joined list.

    Attributes:
        track: which.
        near: how many seeds have it among their nearest.
        score: of reciprocal rank fusion, over all lists that have it.
        nearest: place, in the order that the lists were given, of the list where its rank is best.
        rank: that rank, from 1.
    """

    track: TrackId
    near: int
    score: float
    nearest: int
    rank: int


def some_of(seeds: Sequence[TrackId]) -> list[TrackId]:
    """Each seed once, and of too many as many as can be asked, spread evenly over all."""
    each = list(dict.fromkeys(seeds))
    if len(each) <= MOST_SEEDS:
        return each
    return [each[place * len(each) // MOST_SEEDS] for place in range(MOST_SEEDS)]


def nearest_lists(model: Nearness | SimilarityModel, seeds: Sequence[TrackId]) -> dict[TrackId, list[Neighbour]]:
    """What is nearest to each of the seeds, all of which the model has; of many, to some."""
    return {seed: model.similar(seed, MOST_NEAR) for seed in some_of(seeds)}


def joined(lists: Mapping[TrackId, Sequence[Neighbour]], seeds: Sequence[TrackId], others: int) -> Iterator[SimilarRow]:
    """One list of what most of the seeds are near to, best first, without the seeds.

    A row is as near as it is to the seed whose list has it highest.

    Args:
        lists: of each seed that was asked about its neighbours, nearest first.
        seeds: all of them.
        others: tracks of the library that a seed can be compared with.
    """
    asked, own = list(lists), frozenset(seeds)
    named = [[near.track for near in found if near.track not in own] for found in lists.values()]
    for fused in fuse(named, near_depth(others)):
        seed = asked[fused.nearest]
        ranked = enumerate(lists[seed], start=1)
        rank, near = next((rank, near) for rank, near in ranked if near.track == fused.track)
        yield SimilarRow(
            fused.track, near.closeness, near.distance, near.nearness, rank, others, near=fused.near, seed=seed
        )


def near_depth(others: int) -> int:
    """How many of a list count as near to its seed, in a library with so many others: one in ten, 10 to 200."""
    return min(max(round(others * NEAR_SHARE), FEWEST_NEAR), MOST_NEAR)


def fuse(lists: Sequence[Sequence[TrackId]], near: int) -> list[Fused]:
    """Join lists of neighbours, best first: those near to more seeds first, of these by reciprocal rank fusion.

    The order does not depend on that of the lists; of one list it is that list's own. Tracks that no seed is near to
    are left out.

    Args:
        lists: of each seed its neighbours, nearest first, each once.
        near: ranks up to which a track counts as near.

    Source: Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
        methods", SIGIR 2009; that agreement comes before the score is our own.
    """
    ranks: dict[TrackId, list[tuple[int, int]]] = {}
    for place, tracks in enumerate(lists):
        for rank, track in enumerate(tracks, start=1):
            ranks.setdefault(track, []).append((rank, place))
    joined = [_fused(track, found, near) for track, found in ranks.items()]
    return sorted((track for track in joined if track.near), key=lambda track: (-track.near, -track.score, track.track))


def _fused(track: TrackId, found: list[tuple[int, int]], near: int) -> Fused:
    rank, nearest = min(found)
    # Summed without rounding on the way, so that the order of the seeds cannot decide between equals.
    score = fsum(1.0 / (RANK_SMOOTHING + rank) for rank, _ in found)
    return Fused(track, sum(rank <= near for rank, _ in found), score, nearest, rank)
