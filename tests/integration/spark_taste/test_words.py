"""Items by their words and by their company, by a real Spark."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import SparkSession

from indexer.core.model.index.exact import exact_lists
from indexer.core.model.index.recall import recall_of
from indexer.core.taste.histories import Histories
from indexer.core.taste.words import of_length_one
from indexer.evaluation.taste.data import content_of
from indexer.evaluation.taste.files import read_data
from indexer.spark.choice import Join
from indexer.spark.taste.methods import ByCompany, ByWords, WordsWay
from indexer.spark.taste.words import nearest_by_words, topics, word_vectors
from tests.integration.spark_taste.groups import GROUPS, ITEMS, PER_GROUP, histories_of_groups, of_group

pytestmark = pytest.mark.spark

COMMON = "song music the"
OWN = ("Fugue; organ, Præludium", "техно DRUM machine", "banjo fiddle porch", "distortion RIFF scream")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Every item has the common words and some of those of its group; the last item has none at all."""
    draw = np.random.default_rng(3)
    found = []
    for item in range(ITEMS):
        own = draw.permutation(OWN[item // PER_GROUP].split())
        found.append(" ".join([COMMON, *own[:2], *own[:2], f"only{item}"]))
    return [*found[:-1], ""]


def _heard(item: int) -> Histories:
    return Histories.of_rows([(np.array([item], np.int32), np.array([4.0], np.float32))], ITEMS)


@pytest.mark.parametrize("way", WordsWay)
def test_what_shares_rare_words_is_found(spark: SparkSession, texts: list[str], way: WordsWay) -> None:
    scorer = ByWords(spark, texts, way).fit(_heard(0), None, seed=0)
    right = []
    for item in (0, 13, 25, 37):
        scores = scorer.scores(_heard(item))[0]
        scores[item] = -np.inf
        right.append((of_group(np.argsort(-scores)[: PER_GROUP - 3]) == item // PER_GROUP).mean())
        assert scores[ITEMS - 1] == 0.0
    assert np.mean(right) > 0.85


def test_rare_words_weigh_more_than_common_ones_and_rows_have_length_one(spark: SparkSession, texts: list[str]) -> None:
    terms = ByWords(spark, texts).fit(_heard(0), None, seed=0)
    lengths = np.add.reduceat(terms.weights**2, terms.offsets[:-2])
    np.testing.assert_allclose(lengths, 1.0, atol=1e-5)
    assert np.diff(terms.offsets)[-1] == 0
    scores = terms.scores(_heard(0))[0]
    assert scores[0] == pytest.approx(1.0, abs=1e-5)
    assert scores[PER_GROUP:].max() < 0.1


def test_shares_in_topics_are_whole_and_overlap_within_a_group(spark: SparkSession, texts: list[str]) -> None:
    roots = topics(spark, [*texts, "alone"], seed=0, count=8)
    assert not roots[-2:].any()  # without words, and without one that another item has
    known = roots[:-2]
    np.testing.assert_allclose((known**2).sum(axis=1), 1.0, atol=1e-5)
    group, overlap = of_group(np.arange(len(known))), known @ known.T
    same = group == group[:, np.newaxis]
    print(f"overlap {overlap[same].mean():.2f} within a group, {overlap[~same].mean():.2f} between")  # noqa: T201
    assert overlap[same].mean() > overlap[~same].mean() + 0.1


def test_what_is_heard_by_the_same_listeners_is_near(spark: SparkSession) -> None:
    histories = histories_of_groups()
    scorer = ByCompany(spark).fit(histories, None, seed=0)
    best = np.argsort(-scorer.scores(histories), axis=1)[:, :PER_GROUP]
    assert (of_group(best) == np.arange(len(histories))[:, np.newaxis] % GROUPS).mean() > 0.8


def test_lists_by_words_hold_the_nearest_and_leave_out_what_has_no_words(spark: SparkSession, tmp_path: Path) -> None:
    draw = np.random.default_rng(5)
    subjects = draw.dirichlet(np.full(300, 0.03), size=25)
    texts = [" ".join(map("w{}".format, draw.choice(300, 12, p=subjects[item % 25]))) for item in range(1_000)]
    texts[7] = ""
    vectors = of_length_one(word_vectors(spark, texts, seed=0, dims=20))
    truth = exact_lists(np.delete(vectors, 7, axis=0), 10).distances
    for join, least in ((Join.EXACT, 1.0), (Join.LSH, 0.95)):
        found = nearest_by_words(spark, vectors, 10, 0, tmp_path, join)
        recall = recall_of(np.delete(found.lists.distances, 7, axis=0), truth)
        print(f"the {join} join finds {recall:.3f} of the ten nearest by words")  # noqa: T201 - what the test measures
        assert recall >= least
        assert found.recall == pytest.approx(recall, abs=0.02)
        assert (found.lists.rows[7] == -1).all()
        assert not (found.lists.rows == 7).any()


def test_lists_by_real_tags_hold_the_nearest(spark: SparkSession, tmp_path: Path) -> None:
    folder = os.environ.get("SEGUE_TEST_HISTORY")
    if not folder:
        pytest.skip("SEGUE_TEST_HISTORY names no folder with lastfm-2k")
    data = read_data(Path(folder) / "lastfm-2k")
    content = content_of(data, np.unique(data.taggings[:, 1]).astype(np.intp), np.empty(0, np.intp))
    assert content is not None
    found = nearest_by_words(spark, content.vectors, 10, 0, tmp_path, Join.LSH)
    recall = recall_of(found.lists.distances, exact_lists(content.vectors, 10).distances)
    print(f"the join by LSH finds {recall:.3f} of the ten nearest by tags")  # noqa: T201 - what the test measures
    assert recall >= 0.95


def test_lists_of_fewer_items_than_wanted_end_early(spark: SparkSession, tmp_path: Path) -> None:
    vectors = of_length_one(np.random.default_rng(0).normal(size=(4, 10)))
    vectors[2] = 0.0
    for join in (Join.EXACT, Join.LSH):
        rows = nearest_by_words(spark, vectors, 10, 0, tmp_path, join).lists.rows
        assert [sorted(row[row >= 0].tolist()) for row in rows] == [[1, 3], [0, 3], [], [0, 1]]
