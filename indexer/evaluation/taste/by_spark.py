"""What Spark learns of listening and of words, as rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from indexer.core.taste.autoencoder import Autoencoder
from indexer.core.taste.descent import LearningSetting, learning
from indexer.core.taste.histories import Histories
from indexer.core.taste.words import Vectors, centred, of_length_one
from indexer.evaluation.taste.data import Content
from indexer.evaluation.taste.methods import Method, Scorer, autoencoder_by, settings
from indexer.spark.masters import chosen_master, is_on_this_machine
from indexer.spark.taste.als import AlsSetting
from indexer.spark.taste.autoencoder import learning_by_spark
from indexer.spark.taste.choice import EXPLICIT_GRID, best_by_rmse
from indexer.spark.taste.methods import Als, ByWords
from indexer.spark.taste.words import item_vectors, topics, topics_as_spark_has_them, word_vectors

Session = Callable[[], SparkSession]
"""Gives the session, always the same, and starts it when it is asked for first."""

Learn = Callable[[Histories, tuple[str, ...], int], NDArray[np.float32]]
"""Makes vectors of items, shape (items, dims), of any length, of histories, a text for each item, and a seed."""


def by_spark(session: Session) -> list[Method]:
    """Spark's ALS, for implicit feedback and as the usual tutorials have it, and what `pyspark.ml` makes of words."""
    return [
        Method(
            "als", "Spark ALS", "implicitPrefs on log counts", version=version("pyspark"),
            candidates=settings({"": lambda train, _, seed: Als(session(), (AlsSetting(),)).fit(train, None, seed)}),
        ),
        Method(
            "als-explicit", "Spark ALS explicit", "counts taken for ratings, chosen by RMSE", on_curve=False,
            candidates=settings({"": lambda train, _, seed: _explicit(session()).fit(train, None, seed)}),
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


def _explicit(spark: SparkSession) -> Als:
    return Als(spark, EXPLICIT_GRID, choose=best_by_rmse)


def _steps(
    session: Session, train: Histories, setting: LearningSetting, seed: int
) -> Iterator[tuple[int, Autoencoder]]:
    """The same either way; on this machine, handing weights and gradients over takes longer than it saves."""
    if is_on_this_machine(chosen_master(None)):
        return learning(train, setting, seed)
    return learning_by_spark(session(), train, setting, seed)


def _terms(spark: SparkSession, content: Content | None) -> ByWords:
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
