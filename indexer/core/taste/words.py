"""Answers from what items are like: worth most to a listener is what is most like the mean of what was heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories


@dataclass(frozen=True, eq=False)
class Vectors:
    """Items as dense vectors: of topics, of words, or of the company they are heard in.

    Attributes:
        items: shape (items, dims), float32, each row of length 1, or 0 where nothing is known of the item.
    """

    items: NDArray[np.float32]

    def scores(self, rows: Histories) -> NDArray[np.float32]:
        """The cosine with the mean of what each listener heard, by log(1 + plays): shape (listeners, items)."""
        scores = np.empty((len(rows), len(self.items)), dtype=np.float32)
        for listener in range(len(rows)):
            items, plays = rows.row(listener)
            wanted = np.log1p(plays) @ self.items[items]
            scores[listener] = self.items @ (wanted / max(float(np.linalg.norm(wanted)), 1e-9))
        return scores


@dataclass(frozen=True, eq=False)
class Terms:
    """Items by the weights of their terms, in compressed rows.

    Attributes:
        offsets: shape (items + 1,), int64; the terms of item i are those from offsets[i] to offsets[i + 1].
        terms: shape (entries,), int32, numbers of terms.
        weights: shape (entries,), float32; those of an item have the length 1 together.
        term_count: how many terms there are.
    """

    offsets: NDArray[np.int64]
    terms: NDArray[np.int32]
    weights: NDArray[np.float32]
    term_count: int

    def scores(self, rows: Histories) -> NDArray[np.float32]:
        """As `Vectors.scores`: shape (listeners, items)."""
        lengths = np.diff(self.offsets)
        owners = np.repeat(np.arange(lengths.size), lengths)
        scores = np.empty((len(rows), lengths.size), dtype=np.float32)
        for listener in range(len(rows)):
            wanted = self._wanted(*rows.row(listener))
            told = np.bincount(owners, weights=self.weights * wanted[self.terms], minlength=lengths.size)
            scores[listener] = told / max(float(np.linalg.norm(wanted)), 1e-9)
        return scores

    def _wanted(self, items: NDArray[np.int32], plays: NDArray[np.float32]) -> NDArray[np.float64]:
        """Weights of terms in what a listener heard: shape (terms,)."""
        wanted = np.zeros(self.term_count)
        for item, weight in zip(items.tolist(), np.log1p(plays).tolist(), strict=True):
            own = slice(self.offsets[item], self.offsets[item + 1])
            wanted[self.terms[own]] += weight * self.weights[own]
        return wanted


def centred(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows less what all have in common, their mean, of length 1; rows of zeros, of which nothing is known, stay."""
    known = np.any(vectors != 0, axis=1)
    apart = vectors.astype(np.float32)
    if known.any():
        apart[known] -= apart[known].mean(axis=0)
    return of_length_one(apart)


def of_length_one(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows scaled to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
