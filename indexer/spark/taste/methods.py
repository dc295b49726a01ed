"""The ways of learning taste by Spark, all asked alike: learn from listeners, then score every item for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from indexer.core.taste.histories import Histories
from indexer.core.taste.words import Terms, Vectors, centred
from indexer.spark.taste.words import item_vectors, topics, weights_of_terms, word_vectors


class WordsWay(StrEnum):
    """Ways to compare texts."""

    TFIDF = "tfidf"
    LDA = "lda"
    WORD2VEC = "word2vec"


@dataclass(frozen=True)
class ByWords:
    """What shares words with what was heard, without what all items have in common; listeners say nothing else.

    What is common must go: the prior of topics gives every item a little of each, and word vectors all point one way.

    Attributes:
        spark: the session.
        texts: one for each item, "" where nothing is known.
        way: TFIDF, LDA or WORD2VEC.
    """

    spark: SparkSession
    texts: Sequence[str]
    way: WordsWay = WordsWay.TFIDF

    def fit(self, train: Histories, content: NDArray[np.float32] | None, seed: int) -> Terms | Vectors:  # noqa: ARG002
        """Learnt of the texts alone."""
        if self.way is WordsWay.TFIDF:
            return weights_of_terms(self.spark, self.texts)
        learn = topics if self.way is WordsWay.LDA else word_vectors
        return Vectors(centred(learn(self.spark, self.texts, seed)))


@dataclass(frozen=True)
class ByCompany:
    """item2vec: what is heard by the same listeners as what was heard."""

    spark: SparkSession

    def fit(self, train: Histories, content: NDArray[np.float32] | None, seed: int) -> Vectors:  # noqa: ARG002
        """Learnt of `train` alone."""
        return Vectors(centred(item_vectors(self.spark, train, seed)))
