"""The ways of this project to learn from listening, each with the settings that it chooses among."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from indexer.core.taste.descent import LearningSetting, learning
from indexer.core.taste.histories import Histories
from indexer.core.taste.solve import Block, Solve, solve
from indexer.core.taste.weights import damped
from indexer.core.taste.words import Vectors
from indexer.evaluation.taste.data import Content
from indexer.evaluation.taste.methods import Candidates, Method, Scorer, Scores, matrix_of, settings

Learning = Callable[[Histories, LearningSetting, int], Iterator[tuple[int, Scorer]]]
"""Learns step by step, with a seed: how many so far, and what was learnt by them."""


@dataclass(frozen=True, eq=False)
class Popularity:
    """Every item by how many listeners it has; the same for all."""

    listeners: NDArray[np.float32]

    @classmethod
    def fit(cls, train: Histories, content: Content | None, seed: int) -> Popularity:  # noqa: ARG003 - as any method
        return cls(np.bincount(train.items, minlength=train.item_count).astype(np.float32))

    def scores(self, rows: Histories) -> Scores:
        return np.tile(self.listeners, (len(rows), 1))


@dataclass(frozen=True, eq=False)
class ItemNeighbours:
    """Items by the cosine of their listeners with those that a listener played.

    Source: Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001.
    """

    columns: scipy.sparse.csr_matrix

    @classmethod
    def fit(cls, train: Histories, content: Content | None, seed: int) -> ItemNeighbours:  # noqa: ARG003
        counts = matrix_of(train).log1p()
        lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=0)).ravel())
        return cls((counts @ scipy.sparse.diags(1.0 / np.where(lengths > 0, lengths, 1.0))).tocsr())

    def scores(self, rows: Histories) -> Scores:
        seen = matrix_of(damped(rows)) @ self.columns.T
        return np.asarray((seen @ self.columns).todense(), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Ease:
    """W = I - P / diag(P) with P = (λI + XᵀX)⁻¹ of log counts, by a dense inverse of items by items.

    Source: Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019.
    """

    weights: NDArray[np.float32]

    @classmethod
    def fit(cls, train: Histories, regularisation: float) -> Ease:
        counts = matrix_of(train).log1p().astype(np.float64)
        gram = np.asarray((counts.T @ counts).todense())
        gram[np.diag_indices(len(gram))] += regularisation
        inverse = np.linalg.inv(gram)
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        return cls(weights.astype(np.float32))

    def scores(self, rows: Histories) -> Scores:
        return np.asarray(matrix_of(rows).log1p() @ self.weights, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class SolveScorer:
    """The one solve, asked for listener after listener."""

    solved: Solve

    def scores(self, rows: Histories) -> Scores:
        weights = damped(rows)
        found = [self.solved.scores(weights.row(listener)) for listener in range(len(rows))]
        return np.stack(found) if found else np.empty((0, rows.item_count), np.float32)


@dataclass(frozen=True, eq=False)
class _EachOnce:
    """A scorer that is not told how often something was played."""

    scorer: Scorer

    def scores(self, rows: Histories) -> Scores:
        return self.scorer.scores(replace(rows, plays=np.ones_like(rows.plays)))


@dataclass(frozen=True, eq=False)
class Fusion:
    """Reciprocal ranks of two scorers, added with a weight.

    Source: Cormack, Clarke, Büttcher, "Reciprocal rank fusion outperforms Condorcet", SIGIR 2009.
    """

    scorers: tuple[Scorer, Scorer]
    weight: float
    offset: float

    def scores(self, rows: Histories) -> Scores:
        one, other = (1.0 / (self.offset + _ranks(scorer.scores(rows), rows)) for scorer in self.scorers)
        return ((1.0 - self.weight) * one + self.weight * other).astype(np.float32)


EASE_REGULARISATIONS = (100.0, 300.0, 1_000.0, 3_000.0, 10_000.0)
STRENGTHS = (1.0, 3.0, 10.0)
REGULARISATIONS = (1.0, 3.0, 10.0)
_FUSION_WEIGHTS = (0.1, 0.3, 0.5, 0.7, 0.9)
_FUSION_OFFSETS = (10.0, 60.0)


def ease(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
    """EASE with every regularisation."""
    for regularisation in EASE_REGULARISATIONS:
        yield f"λ {regularisation:g}", Ease.fit(train, regularisation)


def content_alone(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
    """Content, with plays counted or every item once."""
    assert content is not None  # noqa: S101 - Method.needs_content
    yield "log counts", Vectors(content.vectors)
    yield "each once", _EachOnce(Vectors(content.vectors))


def one_solve(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
    """The one solve, with every strength of the content and every regularisation."""
    rows = damped(train)
    for strength, regularisation in product(STRENGTHS if content is not None else (1.0,), REGULARISATIONS):
        blocks = [] if content is None else [Block("content", content.vectors, strength)]
        yield f"strength {strength:g}, λ {regularisation:g}", SolveScorer(solve(rows, blocks, regularisation))


def fusion(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:
    """Content and EASE by their ranks: every pair of weight and offset, for every EASE."""
    near = next(content_alone(train, content, seed))[1]
    for name, learnt in ease(train, content, seed):
        pair = (_Once(near), _Once(learnt))
        for weight, offset in product(_FUSION_WEIGHTS, _FUSION_OFFSETS):
            yield f"EASE {name}, weight {weight:g}, offset {offset:g}", Fusion(pair, weight, offset)


def autoencoder_by(learn: Learning) -> Candidates:
    """The denoising autoencoder after more and more steps."""

    def candidates(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
        for steps, learnt in learn(train, LearningSetting(), seed):
            yield f"{steps} steps", learnt

    return candidates


class _Once:
    """A scorer that remembers what it said of the rows it was asked last: many settings ask the same."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._last: tuple[Histories, Scores] | None = None

    def scores(self, rows: Histories) -> Scores:
        if self._last is None or self._last[0] is not rows:
            self._last = (rows, self._scorer.scores(rows))
        return self._last[1]


def _ranks(scores: Scores, rows: Histories) -> NDArray[np.float64]:
    """1 for the best item of each listener, and so on, of what is known and what is not by itself; ties by item."""
    apart = scores.astype(np.float64)
    apart[rows.listeners_of_entries(), rows.items] = -np.inf
    order = np.argsort(-apart, axis=1, kind="stable")
    ranks = np.empty(order.shape)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1.0, order.shape[1] + 1), order.shape), axis=1)
    for listener in range(len(rows)):
        known = rows.row(listener)[0]
        ranks[listener, known] = 1.0 + np.argsort(np.argsort(-scores[listener, known], kind="stable"))
    return ranks


OURS: tuple[Method, ...] = (
    Method(
        "one-solve",
        "one solve",
        "EASE with content as rows, by the identity of Woodbury",
        one_solve,
        answers_unheard=True,
    ),
    Method("popularity", "popularity", "how many listeners an item has", settings({"": Popularity.fit})),
    Method(
        "item-knn", "item-kNN", "cosine of the listeners of items, on log counts", settings({"": ItemNeighbours.fit})
    ),
    Method("ease", "EASE", "dense, on log counts", ease, is_dense=True),
    Method("content", "content alone", "cosine with the content of what was played", content_alone, True, True),
    Method(
        "fusion", "rank fusion", "reciprocal ranks of content and EASE", fusion, True, shares_fit=True, is_dense=True
    ),
    Method("autoencoder", "autoencoder", "denoising, of one hidden layer", autoencoder_by(learning), goes_on=True),
)
"""Of this project, the first held against the others."""
