"""Both joins on vectors of their own: the truth, and how much of it is found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from indexer.core.model.index.exact import NeighbourLists, exact_lists
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.recall import recall_of
from indexer.spark.lists import BLOCK, exact_join
from indexer.spark.lsh_join import groups_of, lsh_join, refine
from indexer.spark.neighbours import complete

pytestmark = pytest.mark.spark

TRACKS, DIMS, K = BLOCK + 300, 12, 20
COPIES = 30


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    """Clouds of tracks, the last COPIES of them equal."""
    generator = np.random.default_rng(4)
    clouds = generator.normal(size=(20, DIMS))
    drawn = clouds[generator.integers(20, size=TRACKS)] + 0.5 * generator.normal(size=(TRACKS, DIMS))
    drawn[-COPIES:] = drawn[-1]
    return unit(drawn)


@pytest.fixture(scope="module")
def family() -> HashFamily:
    return HashFamily(unit(np.random.default_rng(5).normal(size=(24 * 6, DIMS))).astype(np.float64), 24, 1.0)


@dataclass(frozen=True)
class Found:
    exact: NeighbourLists
    lsh: NeighbourLists


@pytest.fixture(scope="module")
def found(vectors: NDArray[np.float32], family: HashFamily, spark: SparkSession) -> Found:
    """The lists by both joins, each block a job of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.spark.lists.BLOCKS_AT_ONCE", 1)
        groups = groups_of(family.keys(vectors), vectors, family, most=100)
        by_buckets = lsh_join(spark, vectors, groups, K)
        refine(spark, by_buckets, vectors)
        return Found(exact_join(spark, vectors, K), by_buckets)


def test_the_exact_join_finds_the_truth_and_breaks_ties_by_row(found: Found, vectors: NDArray[np.float32]) -> None:
    lists = found.exact
    truth = exact_lists(vectors, K).distances
    np.testing.assert_array_equal(lists.distances, truth)
    np.testing.assert_array_equal(lists.rows[-1], np.arange(TRACKS - COPIES, TRACKS)[:K])
    assert not np.any(lists.rows == np.arange(TRACKS)[:, np.newaxis])


def test_the_lsh_join_finds_most_of_it_with_true_distances(found: Found, vectors: NDArray[np.float32]) -> None:
    lists = complete(found.lsh, vectors)
    truth = exact_lists(vectors, K).distances
    assert recall_of(lists.distances, truth) > 0.95
    apart = np.linalg.norm(vectors[lists.rows].astype(np.float64) - vectors[:, np.newaxis], axis=2)
    np.testing.assert_allclose(lists.distances, apart, atol=1e-6)
    assert np.all(np.diff(lists.distances, axis=1) >= 0)
