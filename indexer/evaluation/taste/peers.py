"""Recommenders of others, run live where they are installed, and Spark's ALS where there is a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories
from indexer.evaluation.taste.methods import Content, Method, Scorer, Scores, matrix_of, settings

_IMPLICIT_SETTINGS = ((64, 0.1, 1.0), (64, 10.0, 1.0), (64, 100.0, 10.0), (128, 10.0, 1.0))
"""Factors, regularisation and alpha."""

_ROUNDS = 15


def peers() -> list[Method]:
    """Those that can be installed; one that is not says how."""
    return [_peer("implicit ALS", "implicit", "alternating least squares on log counts", _implicit)]


def by_spark(spark: Any) -> list[Method]:
    """Spark's ALS in a session of `indexer.spark.session`: for implicit feedback, and the usual tutorial's."""
    from indexer.spark.taste.als import AlsSetting  # noqa: PLC0415 - needs Spark, which other methods do not
    from indexer.spark.taste.choice import EXPLICIT_GRID, best_by_rmse  # noqa: PLC0415
    from indexer.spark.taste.methods import Als  # noqa: PLC0415

    implicit = Als(spark, (AlsSetting(),))
    explicit = Als(spark, EXPLICIT_GRID, choose=best_by_rmse)
    name = version("pyspark")
    return [
        Method(
            "Spark ALS", "implicitPrefs on log counts",
            settings({"": lambda train, _, seed: implicit.fit(train, None, seed)}), version=name,
        ),
        Method(
            "Spark ALS explicit", "counts taken for ratings, chosen by RMSE",
            settings({"": lambda train, _, seed: explicit.fit(train, None, seed)}), on_curve=False,
        ),
    ]  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Implicit:
    """Factors of `implicit`, with listeners folded in by itself."""

    model: Any

    def scores(self, rows: Histories) -> Scores:
        users = self.model.recalculate_user(np.arange(len(rows)), matrix_of(rows).log1p())
        found: NDArray[np.float32] = np.asarray(users @ self.model.item_factors.T, dtype=np.float32)
        return found


def _implicit(train: Histories, content: Content, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
    from implicit.als import AlternatingLeastSquares  # noqa: PLC0415 - an extra

    for factors, regularisation, alpha in _IMPLICIT_SETTINGS:
        model = AlternatingLeastSquares(
            factors, regularization=regularisation, alpha=alpha, iterations=_ROUNDS, random_state=seed,
            use_gpu=False, num_threads=1,
        )  # fmt: skip
        model.fit(matrix_of(train).log1p(), show_progress=False)
        yield f"{factors} factors, regularisation {regularisation:g}, alpha {alpha:g}", _Implicit(model)


def _peer(name: str, package: str, about: str, candidates: Any) -> Method:
    try:
        found = version(package)
    except PackageNotFoundError:
        advice = f"{package} is not installed: pip install 'segue-player[peers]'"
        return Method(name, about, candidates, missing=advice, on_curve=False)
    return Method(name, about, candidates, version=found, on_curve=False)
