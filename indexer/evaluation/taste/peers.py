"""Recommenders of others, run live where they are installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories
from indexer.core.taste.weights import damped
from indexer.evaluation.taste.data import Content
from indexer.evaluation.taste.methods import Candidates, Method, Scorer, Scores, matrix_of

_IMPLICIT_SETTINGS = ((64, 0.1, 1.0), (64, 10.0, 1.0), (64, 100.0, 10.0), (128, 10.0, 1.0))
"""Factors, regularisation and alpha."""

_ROUNDS = 15

_WARP_SETTINGS = ((64, 10), (64, 20))
"""Dimensions and epochs."""


def peers() -> list[Method]:
    """Those that can be installed; one that is not says how."""
    return [
        _peer("implicit", "implicit ALS", "alternating least squares on log counts", _implicit),
        _peer("lightfm-next", "LightFM WARP", "listeners as the sum of what they played, learnt by ranks", _lightfm),
    ]


@dataclass(frozen=True, eq=False)
class _Implicit:
    """Factors of `implicit`, with listeners folded in by itself."""

    model: Any

    def scores(self, rows: Histories) -> Scores:
        users = self.model.recalculate_user(np.arange(len(rows)), matrix_of(rows).log1p())
        found: NDArray[np.float32] = np.asarray(users @ self.model.item_factors.T, dtype=np.float32)
        return found


def _implicit(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
    from implicit.als import AlternatingLeastSquares  # noqa: PLC0415 - an extra
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with it

    for factors, regularisation, alpha in _IMPLICIT_SETTINGS:
        with threadpool_limits(1, "blas"):  # it warns, and is slow, where BLAS has threads of its own
            model = AlternatingLeastSquares(
                factors, regularization=regularisation, alpha=alpha, iterations=_ROUNDS, random_state=seed,
                use_gpu=False, num_threads=1,
            )  # fmt: skip
            model.fit(matrix_of(train).log1p(), show_progress=False)
        yield f"{factors} factors, regularisation {regularisation:g}, alpha {alpha:g}", _Implicit(model)


@dataclass(frozen=True, eq=False)
class _Warp:
    """Vectors of `lightfm`; those of listeners are sums over what they played, so that nobody has to be learnt anew."""

    played: NDArray[np.float32]
    items: NDArray[np.float32]
    biases: NDArray[np.float32]

    def scores(self, rows: Histories) -> Scores:
        listeners = matrix_of(damped(rows)) @ self.played
        found: NDArray[np.float32] = np.asarray(listeners @ self.items.T + self.biases, dtype=np.float32)
        return found


def _lightfm(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
    """Source: Weston, Bengio, Usunier, "WSABIE: scaling up to large vocabulary image annotation", IJCAI 2011 (WARP)."""
    from lightfm import LightFM  # noqa: PLC0415 - an extra

    played, features = matrix_of(replace(train, plays=np.ones_like(train.plays))), matrix_of(damped(train))
    for dims, epochs in _WARP_SETTINGS:
        model = LightFM(no_components=dims, loss="warp", random_state=seed)
        model.fit(played, user_features=features, epochs=epochs, num_threads=1)
        found = _Warp(model.user_embeddings, model.item_embeddings, model.item_biases)
        yield f"{dims} dimensions, {epochs} epochs", found


def _peer(package: str, name: str, about: str, candidates: Candidates) -> Method:
    try:
        found = version(package)
    except PackageNotFoundError:
        advice = f"{package} is not installed: pip install 'segue-player[peers]'"
        return Method(package, name, about, candidates, missing=advice, on_curve=False)
    return Method(package, name, about, candidates, version=found, on_curve=False)
