"""The table of cost against size, and what libraries are grown from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.core.model.profiles import CLASSIC, SONIC
from tests.benchmarks.grown import BATCH, grow, grown_batch, shipped_features, track_ids
from tests.benchmarks.growth import Kept, exponents, markdown
from tests.benchmarks.growth_plot import plot

FIGURES: dict[str, dict[str, Any]] = {
    "fill": {"fill_seconds": 1.0},
    "build": {
        "build_seconds": 10.0, "build_cpu_seconds": 12.0, "build_bytes": 2**30, "jvm_bytes": 2**29,
        "python_bytes": 2**29, "model_bytes": 2**20, "steps": {"joining": 3.0}, "join": "exact", "tables": "32 x 9",
        "recall": 0.96, "list_recall": 1.0, "whole_list_recall": 1.0, "candidate_share": 0.1, "skewness": 0.5,
    },
    "query": {
        "open_seconds": 0.1, "known_ms": [0.03, 0.1], "new_ms": [0.5, 1.0], "model_process_bytes": 2**23,
    },
    "player": {
        "start_seconds": 1.5, "scrolled_seconds": 1.6, "player_bytes": 2**28, "search_p95_ms": 30.0,
        "panel_p95_ms": 40.0,
    },
}  # fmt: skip


def test_the_exponent_of_a_linear_cost_is_one_and_of_a_square_two() -> None:
    assert exponents([10, 100, 400], [3.0, 30.0, 480.0]) == pytest.approx([1.0, 2.0])


def test_sizes_measured_apart_come_together_and_a_half_measured_one_waits(tmp_path: Path) -> None:
    path = tmp_path / "growth.json"
    for part, found in FIGURES.items():
        Kept(path).put(1_000, part, found)
        Kept(path).put(10_000, part, found)
    Kept(path).put(100_000, "fill", FIGURES["fill"])
    kept = Kept(path)
    assert set(kept.complete()) == {1_000, 10_000}
    table = markdown(kept.complete(), "local[2]")
    assert "| tracks | 1,000 | 10,000 | exponent 1,000 → 10,000 |" in table
    assert "| build, s | 10.0 | 10.0 | 0.00 |" in table
    plot(kept.complete(), tmp_path / "growth.svg")
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").count("linear") >= 1
    kept.forget([1_000])
    assert set(Kept(path).complete()) == {10_000}


def test_a_batch_is_the_same_alone_as_among_others() -> None:
    real = np.random.default_rng(0).normal(size=(6, 2, 3)).astype(np.float32)
    second = list(grow(real, BATCH + 5))[1]
    np.testing.assert_array_equal(second, grown_batch(real, BATCH)[:5])
    assert track_ids(5, first=BATCH) == track_ids(BATCH + 5)[BATCH:]


def test_features_come_with_the_app_and_are_audible() -> None:
    features = shipped_features(SONIC)
    assert features.shape[1:] == (SONIC.windows, SONIC.dims)
    assert all(SONIC.audible(track) for track in features[:5])
    with pytest.raises(ValueError, match="classic"):
        shipped_features(CLASSIC)
