"""What Spark learns of listening and of words, as rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.autoencoder import Autoencoder
from indexer.core.taste.descent import LearningSetting, learning
from indexer.core.taste.factors import Factors
from indexer.core.taste.histories import Histories
from indexer.core.taste.words import Vectors, centred, of_length_one
from indexer.evaluation.taste.data import Content
from indexer.evaluation.taste.methods import Candidates, Method, Scorer, Tried, settings
from indexer.evaluation.taste.ours import autoencoder_by
from indexer.spark.masters import chosen_master, is_on_this_machine
from indexer.spark.taste.als import AlsSetting, learn_factors
from indexer.spark.taste.autoencoder import learning_by_spark
from indexer.spark.taste.choice import EXPLICIT_GRID, GRID, AlsTrial, als_trials, best_by_ndcg, best_by_rmse
from indexer.spark.taste.methods import ByWords
from indexer.spark.taste.unheard import factors_of_unheard
from indexer.spark.taste.words import item_vectors, topics, topics_as_spark_has_them, word_vectors

Session = Callable[[], Any]
"""Gives the `SparkSession`, always the same, and starts it when it is asked for first."""

Learn = Callable[[Histories, tuple[str, ...], int], NDArray[np.float32]]
"""Makes vectors of items, shape (items, dims), of any length, of histories, a text for each item, and a seed."""


_Fitted = Callable[[Histories, Content | None, int], Iterator[tuple[str, Factors]]]

_FEWEST_TO_CHOOSE = 20
"""Listeners below which a setting is not chosen by them."""


_PENALTIES = (30.0, 100.0, 300.0, 1_000.0)


def by_spark(
    session: Session,
    spare: Histories,
    grid: Sequence[AlsSetting] = GRID,
    explicit_grid: Sequence[AlsSetting] = EXPLICIT_GRID,
) -> list[Method]:
    """Spark's ALS, for implicit feedback and as the usual tutorials have it, and what `pyspark.ml` makes of words.

    Args:
        session: of Spark.
        spare: listeners who judge nothing, and by whom a setting of ALS is chosen, once for all.
        grid: settings for implicit feedback.
        explicit_grid: settings for counts taken for ratings.
    """
    implicit, explicit = _Grid(session, spare, grid), _Grid(session, spare, explicit_grid)
    return [
        Method(
            "als", "Spark ALS", "implicitPrefs on log counts, chosen by NDCG", implicit.fitted(best_by_ndcg),
            version=version("pyspark"), tried=implicit.tried,
        ),
        Method(
            "als-rmse", "Spark ALS by RMSE", "the same, chosen by RMSE", implicit.fitted(best_by_rmse),
            on_curve=False, tried=implicit.tried,
        ),
        Method(
            "als-content", "ALS told by content", "a ridge from content to factors of ALS",
            implicit.told_by_content(best_by_ndcg),
            needs_content=True, answers_unheard=True, answers_heard=False, shares_fit=True, tried=implicit.tried,
        ),
        Method(
            "als-explicit", "Spark ALS explicit", "counts taken for ratings, chosen by RMSE",
            explicit.fitted(best_by_rmse), on_curve=False, tried=explicit.tried,
        ),
        Method(
            "tfidf", "TF-IDF", "weights of the words of what was played", needs_content=True, on_curve=False,
            candidates=settings({"": lambda train, content, seed: _terms(session(), content).fit(train, None, seed)}),
        ),
        _by_vectors(
            "lda", "LDA", "square roots of topics, by expectation-maximisation",
            lambda _, texts, seed: topics(session(), texts, seed),
        ),
        _by_vectors(
            "lda-online", "LDA, usual optimiser", "the same as Spark makes topics unless told otherwise",
            lambda _, texts, seed: topics_as_spark_has_them(session(), texts, seed),
        ),
        _by_vectors(
            "word2vec", "Word2Vec", "the mean of vectors of words",
            lambda _, texts, seed: word_vectors(session(), texts, seed),
        ),
        _by_vectors(
            "item2vec", "item2vec", "Word2Vec on histories, without any words",
            lambda train, _, seed: item_vectors(session(), train, seed), needs_content=False,
        ),
        Method(
            "autoencoder", "autoencoder", "denoising, of one hidden layer; by Spark on a cluster",
            autoencoder_by(lambda train, setting, seed: _steps(session, train, setting, seed)), goes_on=True,
        ),
    ]  # fmt: skip


class _Grid:
    """Settings of ALS, of which one is chosen before anything is judged."""

    def __init__(self, session: Session, spare: Histories, grid: Sequence[AlsSetting]) -> None:
        self._session, self._spare, self._grid = session, spare, grid

    def tried(self) -> Sequence[Tried]:
        """Every setting with how it ranks and how it tells counts; nothing where there are too few to choose by."""
        return [Tried(str(trial.setting), trial.ndcg, trial.rmse, trial.seconds) for trial in self._trials]

    def fitted(self, best: Callable[[Sequence[AlsTrial]], AlsTrial]) -> _Fitted:
        """The chosen setting alone; the first of them where there are too few to choose by."""

        def candidates(
            train: Histories,
            content: Content | None,  # noqa: ARG001 - as any method
            seed: int,
        ) -> Iterator[tuple[str, Factors]]:
            setting = best(self._trials).setting if self._trials else self._grid[0]
            yield str(setting), learn_factors(self._session(), train, setting, seed)

        return candidates

    def told_by_content(self, best: Callable[[Sequence[AlsTrial]], AlsTrial]) -> Candidates:
        """The same, with factors of items that nobody played told by a ridge from content, by every penalty."""

        def candidates(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:
            assert content is not None  # noqa: S101 - Method.needs_content
            blocks = {"content": content.vectors}
            for name, learnt in self.fitted(best)(train, content, seed):
                for penalty in _PENALTIES:
                    items = factors_of_unheard(self._session(), learnt.items, blocks, penalty)
                    yield f"{name}, penalty {penalty:g}", replace(learnt, items=items)

        return candidates

    @cached_property
    def _trials(self) -> Sequence[AlsTrial]:
        if len(self._spare) < _FEWEST_TO_CHOOSE:
            return ()
        return als_trials(self._session(), self._spare, self._grid, seed=0)


def _steps(
    session: Session, train: Histories, setting: LearningSetting, seed: int
) -> Iterator[tuple[int, Autoencoder]]:
    """The same either way; on this machine, handing weights and gradients over takes longer than it saves."""
    if is_on_this_machine(chosen_master(None)):
        return learning(train, setting, seed)
    return learning_by_spark(session(), train, setting, seed)


def _terms(spark: Any, content: Content | None) -> ByWords:
    return ByWords(spark, _texts(content))


def _by_vectors(key: str, name: str, about: str, learn: Learn, *, needs_content: bool = True) -> Method:
    """Vectors of items without what all have in common, and as they are."""

    def candidates(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:
        vectors = learn(train, _texts(content), seed)
        yield "without the mean", Vectors(centred(vectors))
        yield "with the mean", Vectors(of_length_one(vectors))

    return Method(key, name, about, candidates, needs_content=needs_content, on_curve=False, shares_fit=True)


def _texts(content: Content | None) -> tuple[str, ...]:
    return () if content is None else content.texts
