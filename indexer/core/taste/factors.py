"""Answers from the factors of items: a listener who was not there when they were learnt is folded in exactly.

Sources: Hu, Koren, Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008; for regularisation by
the number of ratings: Zhou et al., "Large-scale parallel collaborative filtering for the Netflix prize", AAIM 2008.
Both as Spark's ALS has them, so that a listener who was there gets the factors that Spark found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories


@dataclass(frozen=True, eq=False)
class Factors:
    """What alternating least squares learnt of items.

    Attributes:
        items: shape (items, rank), float32; a row of zeros for an item that nobody heard.
        regularisation: for each rating of a listener, > 0 (Spark's regParam).
        alpha: how much more a play counts than none; where 0, counts are told as they are and what was not heard says
            nothing (explicit feedback).
        logarithmic: whether log(1 + plays) is what was learnt from, else the plays themselves.
    """

    items: NDArray[np.float32]
    regularisation: float
    alpha: float
    logarithmic: bool = True

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Shape (items,): which have factors."""
        heard: NDArray[np.bool_] = np.any(self.items != 0, axis=1)
        return heard

    def weights(self, plays: NDArray[np.float32]) -> NDArray[np.float32]:
        """What plays count as, of the same shape."""
        return np.log1p(plays) if self.logarithmic else plays

    def fold_in(self, rows: Histories) -> NDArray[np.float32]:
        """The factors of listeners: shape (listeners, rank); zeros for one without a play of a known item."""
        factors, heard = self.items.astype(np.float64), self.heard
        every = factors.T @ factors if self.alpha else np.zeros((factors.shape[1],) * 2)
        found = np.zeros((len(rows), factors.shape[1]), dtype=np.float32)
        for listener in range(len(rows)):
            items, plays = rows.row(listener)
            known = heard[items]
            if known.any():
                found[listener] = self._solved(factors[items[known]], self.weights(plays[known]), every)
        return found

    def scores(self, rows: Histories) -> NDArray[np.float32]:
        """How much each listener would like each item: shape (listeners, items)."""
        scores: NDArray[np.float32] = self.fold_in(rows) @ self.items.T
        return scores

    def _solved(
        self, own: NDArray[np.float64], weights: NDArray[np.float32], every: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """One listener: (YᵀY + Yᵀ(C - I)Y + λnI)⁻¹ YᵀCp; explicit: (YᵀY of what was rated + λnI)⁻¹ Yᵀr."""
        diagonal = self.regularisation * len(own) * np.eye(own.shape[1])
        if self.alpha:
            more = self.alpha * weights
            left, right = every + (own.T * more) @ own, own.T @ (1.0 + more)
        else:
            left, right = own.T @ own, own.T @ weights
        return np.linalg.solve(left + diagonal, right).astype(np.float64, copy=False)
