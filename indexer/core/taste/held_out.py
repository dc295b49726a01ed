"""Judges scores by what listeners heard besides: part of a history is folded in, the rest is to be found, of all items.

Source of the protocol: Liang et al., "Variational autoencoders for collaborative filtering", WWW 2018.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories

FOLDED = 0.8
"""Share of each history that is folded in."""

DEPTH = 100
"""Ranks that NDCG looks at."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Listeners who were not learnt from: what is known of them, and what is to be found; as many rows each.

    Attributes:
        known: what is folded in.
        wanted: what they heard besides; nobody's is empty.
        rows: shape (listeners,), which of the histories that were parted these are of.
    """

    known: Histories
    wanted: Histories
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, histories: Histories, draw: np.random.Generator, folded: float = FOLDED) -> HeldOut:
        """Part every history in two at random; those too short to have an item on both sides are left out."""
        known, wanted, kept = [], [], []
        for listener in range(len(histories)):
            items, plays = histories.row(listener)
            count = round(items.size * folded)
            first = np.zeros(items.size, dtype=bool)
            first[draw.permutation(items.size)[:count]] = True
            if 0 < count < items.size:
                known.append((items[first], plays[first]))
                wanted.append((items[~first], plays[~first]))
                kept.append(listener)
        of_rows, items_in_all = Histories.of_rows, histories.item_count
        return cls(of_rows(known, items_in_all), of_rows(wanted, items_in_all), np.array(kept, np.intp))

    def ndcg(self, scores: NDArray[np.float32], k: int = DEPTH) -> NDArray[np.float64]:
        """NDCG of the `k` best for each listener, 0 to 1, what is known of them left out: shape (listeners,).

        Args:
            scores: shape (listeners, items), higher is better; equals go by item.
            k: length of a list.
        """
        ranked = first_ranks(scores, (self.known.row(row)[0] for row in range(len(self.known))), ranks=k)
        return ndcg_of(hits_among(ranked, self.wanted), np.diff(self.wanted.offsets))


def hits_among(ranked: NDArray[np.intp], wanted: Histories) -> NDArray[np.bool_]:
    """Which of the ranked items, shape (listeners, ranks), each listener wanted."""
    hits = np.zeros(ranked.shape, bool)
    for listener in range(len(wanted)):
        hits[listener] = np.isin(ranked[listener], wanted.row(listener)[0])
    return hits


def ndcg_of(hits: NDArray[np.bool_], wanted: NDArray[np.integer]) -> NDArray[np.float64]:
    """Normalised discounted cumulative gain of hits of shape (listeners, ranks), where so many were wanted (> 0)."""
    gains = 1.0 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.cumsum(gains)[np.minimum(wanted, hits.shape[1]) - 1]
    found: NDArray[np.float64] = (hits @ gains) / ideal
    return found


def first_ranks(
    scores: NDArray[np.float32], left_out: Iterable[NDArray[np.integer]], seed: int | None = None, ranks: int = DEPTH
) -> NDArray[np.intp]:
    """The items of each listener with the highest scores, shape (listeners, ranks).

    Args:
        scores: shape (listeners, items); what is not a number is last.
        left_out: items that a listener knows and that are not to be ranked, listener by listener.
        seed: of the order of ties, drawn anew for every listener; by item where there is none.
        ranks: how many are wanted; -1 stands where there are no more.
    """
    generator = None if seed is None else np.random.default_rng(seed)
    ranked = np.full((len(scores), ranks), -1, np.intp)
    for listener, without in enumerate(left_out):
        values = np.where(np.isnan(scores[listener]), -np.inf, scores[listener].astype(np.float64))
        candidates = np.ones(values.size, bool)
        candidates[without] = False
        places = np.flatnonzero(candidates)
        places = places if generator is None else generator.permutation(places)
        order = np.argsort(-values[places], kind="stable")[:ranks]
        ranked[listener, : order.size] = places[order]
    return ranked
