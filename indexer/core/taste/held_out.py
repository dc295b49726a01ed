"""Judges scores by what listeners heard besides: part of a history is folded in, the rest is to be found, of all items.

Source of the protocol: Liang et al., "Variational autoencoders for collaborative filtering", WWW 2018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories

FOLDED = 0.8
"""Share of each history that is folded in."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Listeners who were not learnt from: what is known of them, and what is to be found; as many rows each."""

    known: Histories
    wanted: Histories

    @classmethod
    def of(cls, histories: Histories, seed: int, folded: float = FOLDED) -> HeldOut:
        """Part every history in two at random; those too short to have an item on both sides are left out."""
        draw = np.random.default_rng(seed)
        known, wanted = [], []
        for listener in range(len(histories)):
            items, plays = histories.row(listener)
            count = round(items.size * folded)
            if 0 < count < items.size:
                first = np.zeros(items.size, dtype=bool)
                first[draw.permutation(items.size)[:count]] = True
                known.append((items[first], plays[first]))
                wanted.append((items[~first], plays[~first]))
        of_rows, count = Histories.of_rows, histories.item_count
        return cls(of_rows(known, count), of_rows(wanted, count))

    def ndcg(self, scores: NDArray[np.float32], k: int = 100) -> NDArray[np.float64]:
        """NDCG of the `k` best for each listener, 0 to 1, what is known of them left out: shape (listeners,).

        Args:
            scores: shape (listeners, items), higher is better; equals go by item.
            k: length of a list.
        """
        found = np.zeros(len(self.known))
        gains = 1.0 / np.log2(np.arange(2, k + 2))
        for listener, own in enumerate(scores):
            wanted, _ = self.wanted.row(listener)
            best = _best(own, self.known.row(listener)[0], k)
            hits = np.isin(best, wanted)
            found[listener] = gains[: best.size][hits].sum() / gains[: min(k, wanted.size)].sum()
        return found


def _best(scores: NDArray[np.float32], known: NDArray[np.int32], k: int) -> NDArray[np.intp]:
    """The `k` items of the highest scores that are not known, best first, equals by item."""
    open_scores = scores.astype(np.float64)
    open_scores[known] = -np.inf
    k = min(k, scores.size - known.size)
    least = np.partition(open_scores, scores.size - k)[scores.size - k] if k else np.inf
    candidates = np.flatnonzero(open_scores >= least)
    return candidates[np.lexsort((candidates, -open_scores[candidates]))[:k]]
