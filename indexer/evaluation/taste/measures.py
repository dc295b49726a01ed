"""Tells how good rankings for listeners are by what they played besides, among all items.

Sources: Liang et al., "Variational autoencoders for collaborative filtering", WWW 2018, section 4.2 (NDCG, recall);
Krichene & Rendle, "On sampled metrics for item recommendation", KDD 2020 (why all items are ranked).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.held_out import DEPTH, hits_among, ndcg_of
from indexer.core.taste.histories import Histories

SHOWN = 20
"""Ranks that coverage and the share of the popular look at: about what a page shows."""

POPULAR = 0.01
"""Share of the items, those with the most listeners, that count as popular."""

_RECALLED = (20, 50)


@dataclass(frozen=True, eq=False)
class Measured:
    """How well listeners were served, shape (listeners,) each, 0 to 1; and what all their lists have in common.

    Attributes:
        ndcg: at DEPTH, with binary relevance.
        recall20: of what could be among the first 20, the share that is.
        recall50: likewise of 50.
        coverage: share of all items that are among the first SHOWN of anybody.
        popular: share of all those places that popular items take.
    """

    ndcg: NDArray[np.float64]
    recall20: NDArray[np.float64]
    recall50: NDArray[np.float64]
    coverage: float
    popular: float


def measured(ranked: NDArray[np.intp], right: Histories, popularity: NDArray[np.float64]) -> Measured:
    """How good the first ranks of listeners are.

    Args:
        ranked: shape (listeners, ranks), as `first_ranks` gives them; -1 where nothing is left to rank.
        right: what each of them played apart; nobody's is empty.
        popularity: shape (items,), how many listeners each item has among those that were learnt from.
    """
    hits = hits_among(ranked, right)
    wanted = np.diff(right.offsets)
    shown = ranked[:, :SHOWN][ranked[:, :SHOWN] >= 0]
    recall20, recall50 = (hits[:, :rank].sum(axis=1) / np.minimum(wanted, rank) for rank in _RECALLED)
    return Measured(
        ndcg_of(hits[:, :DEPTH], wanted),
        recall20,
        recall50,
        coverage=np.unique(shown).size / max(right.item_count, 1),
        popular=float(np.isin(shown, popular_items(popularity)).mean()) if shown.size else 0.0,
    )


def popular_items(popularity: NDArray[np.float64]) -> NDArray[np.intp]:
    """The most popular items, at least one; of equals those that come first."""
    count = max(round(POPULAR * popularity.size), 1)
    return np.argsort(-popularity, kind="stable")[:count]
