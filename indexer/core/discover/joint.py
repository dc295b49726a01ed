"""More like these: asks the model about several seeds and makes one list of what they agree about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.fusion import MOST_NEAR, Fused, fuse, near_depth
from indexer.core.discover.selection import Candidate, Rules, SimilarRow, choose, share_farther
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model import Neighbour, SimilarityModel

MOST_SEEDS = 24
"""Asked at once; each takes the model about a millisecond."""


def some_of(seeds: Sequence[TrackId]) -> list[TrackId]:
    """Each seed once, and of too many as many as can be asked, spread evenly over all."""
    each = list(dict.fromkeys(seeds))
    if len(each) <= MOST_SEEDS:
        return each
    return [each[place * len(each) // MOST_SEEDS] for place in range(MOST_SEEDS)]


def select_jointly(
    catalogue: Catalogue, model: SimilarityModel, seeds: Sequence[TrackId], k: int, rules: Rules
) -> list[SimilarRow]:
    """Choose up to `k` tracks that most of the seeds are near to, best first.

    Args:
        catalogue: knows names and lengths.
        model: has every seed.
        seeds: two or more, each once; of many, some are asked.
        k: how many are wanted.
        rules: what is left out.
    """
    asked = some_of(seeds)
    lists = [model.similar(seed, MOST_NEAR) for seed in asked]
    others = model.comparable - 1
    own = frozenset(seeds)
    named = [[neighbour.track for neighbour in found if neighbour.track not in own] for found in lists]
    candidates = (_candidate(fused, asked, lists, others) for fused in fuse(named, near_depth(others)))
    return choose(catalogue, seeds, candidates, k, apart=model.apart, rules=rules)


def _candidate(fused: Fused, seeds: Sequence[TrackId], lists: Sequence[Sequence[Neighbour]], others: int) -> Candidate:
    """A row that is as near as to the seed whose list has it highest."""
    ranked = enumerate(lists[fused.nearest], start=1)
    rank, neighbour = next((rank, neighbour) for rank, neighbour in ranked if neighbour.track == fused.track)
    row = SimilarRow(
        fused.track,
        neighbour.closeness,
        neighbour.distance,
        share_farther(rank, others),
        fused.near,
        seeds[fused.nearest],
    )
    return Candidate(row, None)
