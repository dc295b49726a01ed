"""What Spark learns, judged in the table beside the others, on made-up listeners."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from indexer.evaluation.taste.by_spark import by_spark
from indexer.evaluation.taste.files import read_data
from indexer.evaluation.taste.methods import chosen_of
from indexer.evaluation.taste.ours import OURS
from indexer.evaluation.taste.run import evaluate_taste
from indexer.evaluation.taste.splits import never_judging
from indexer.spark.taste.als import AlsSetting
from tests.unit.evaluation.taste.made import make_lastfm2k

pytestmark = pytest.mark.spark

GRID = (AlsSetting(4, 0.5, 40.0), AlsSetting(8, 0.1, 1.0), AlsSetting(4, 5.0, 10.0))
EXPLICIT_GRID = GRID[:1]
ELSEWHERE = {"lda"}
"""What takes long and is tried with the words."""

BEHIND = {"popularity", "als-rmse", "als-explicit", "lda-online"}
"""What the usual tutorials do; everything else knows the crowds."""


def test_every_way_by_spark_is_judged_and_knows_the_crowds(spark: SparkSession, tmp_path: Path) -> None:
    data = read_data(make_lastfm2k(tmp_path / "lastfm-2k"))
    learnt = by_spark(lambda: spark, never_judging(data, [0]), GRID, EXPLICIT_GRID)
    methods = [*chosen_of(OURS, ["popularity"]), *(method for method in learnt if method.key not in ELSEWHERE)]
    result = evaluate_taste(data, methods, [0], resamples=100, with_curve=False)
    heard = [method for method in methods if method.answers_heard]
    found = {method.key: judged for method, judged in zip(heard, result.strong, strict=True)}
    unheard = {judged.name: judged.ndcg for judged in result.unheard}
    assert set(unheard) == {"ALS told by content"}
    assert not [judged.missing for judged in result.strong if judged.missing]
    ndcg = {key: judged.ndcg.value for key, judged in found.items() if judged.ndcg is not None}
    assert min(ndcg[key] for key in ndcg.keys() - BEHIND) > ndcg["popularity"] + 5
    implicit, explicit = result.grids["Spark ALS"], result.grids["Spark ALS explicit"]
    best, told = max(implicit.tried, key=lambda tried: tried.ndcg), min(implicit.tried, key=lambda tried: tried.rmse)
    assert (found["als"].chosen, found["als-rmse"].chosen) == ((best.setting,), (told.setting,))
    assert (len(implicit.tried), len(explicit.tried)) == (len(GRID), 1)
    assert found["word2vec"].chosen[0] in {"without the mean", "with the mean"}


def test_spark_starts_only_for_a_method_that_needs_it(tmp_path: Path) -> None:
    def session() -> SparkSession:
        raise AssertionError("nothing asked for Spark")

    data = read_data(make_lastfm2k(tmp_path / "lastfm-2k"))
    methods = chosen_of([*OURS, *by_spark(session, data.histories)], ["popularity", "ease"])
    assert len(evaluate_taste(data, methods, [0], resamples=100, with_curve=False).strong) == 2


def test_the_autoencoder_takes_spark_on_a_cluster_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def session() -> SparkSession:
        raise InterruptedError("Spark was asked for")

    data = read_data(make_lastfm2k(tmp_path / "lastfm-2k"))
    [method] = chosen_of([*OURS, *by_spark(session, data.histories)], ["autoencoder"])
    evaluate_taste(data, [method], [0], resamples=100, with_curve=False)
    monkeypatch.setenv("SEGUE_SPARK_MASTER", "spark://192.0.2.1:7077")
    with pytest.raises(InterruptedError, match="Spark was asked for"):
        evaluate_taste(data, [method], [0], resamples=100, with_curve=False)
