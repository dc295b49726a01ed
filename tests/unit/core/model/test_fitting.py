"""Learning: what tells tracks apart is found without labels, and sums may be added in parts."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.core.model.space.fitting import (
    fit_transform,
    in_memory,
    learn_transform,
    limits_of,
    principal_axes,
    scale_of,
    whitening_axes,
)
from indexer.core.model.space.recipe import Recipe, Scaling
from indexer.core.model.space.sums import Moments, Scatter, Spread, Sums, blocks_of
from indexer.core.model.space.transform import Transform, WhitenBlocks, means_of_windows
from tests.unit.core.model.learnt import COLUMNS, MADE_UP, features

RECIPE = Recipe(dims=6, kept=4)
BASELINE = Recipe(scaling=Scaling.MIN_MAX, clip=None, weights=None, unit_length=False, smooth=False)


def same_kind_among_nearest(vectors: NDArray[np.float32], kinds: NDArray[np.intp], k: int = 5) -> float:
    apart = np.linalg.norm(vectors[:, np.newaxis] - vectors, axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1)[:, :k]
    return float((kinds[nearest] == kinds[:, np.newaxis]).mean())


def test_whitening_finds_what_tells_tracks_apart() -> None:
    values, kinds = features()
    means = means_of_windows(values)
    whitened = same_kind_among_nearest(fit_transform(values, MADE_UP, RECIPE).apply(means), kinds)
    plain = same_kind_among_nearest(fit_transform(values, MADE_UP, BASELINE).apply(means), kinds)
    assert whitened > 0.9
    assert plain < 0.7


def test_axes_have_unit_variance_within_tracks_and_fall_in_what_they_tell() -> None:
    random = np.random.default_rng(1)
    mixing = random.normal(size=(6, 6))
    within = mixing @ mixing.T
    total = within + np.diag([9.0, 4.0, 1.0, 0.0, 0.0, 0.0])
    axes = whitening_axes(total, within, shrinkage=0.0, kept=4)
    assert axes.shape == (6, 4)
    assert np.allclose(axes.T @ within @ axes, np.eye(4), atol=1e-8)
    ratios = np.diag(axes.T @ total @ axes)
    assert np.all(np.diff(ratios) <= 1e-9)
    assert np.allclose(axes.T @ total @ axes, np.diag(ratios), atol=1e-8)


def test_shrinkage_keeps_unknown_directions_from_growing() -> None:
    within = np.diag([1.0, 1.0, 0.0])
    assert np.abs(whitening_axes(np.eye(3), within, shrinkage=0.1, kept=3)).max() < 5


def test_one_window_a_track_falls_back_to_the_total() -> None:
    axes = whitening_axes(np.diag([4.0, 1.0]), np.zeros((2, 2)), shrinkage=0.1, kept=2)
    assert np.all(np.isfinite(axes))
    assert np.argmax(np.abs(axes[:, 0])) == 0


@given(cuts=st.lists(st.integers(1, 59), max_size=4))
def test_sums_of_parts_learn_what_the_whole_does(cuts: list[int]) -> None:
    values, _ = features()
    parts = [part for part in np.split(values, sorted(cuts)) if len(part)]

    def gather(kernel: Callable[[Any], Sums], nothing: Sums) -> Sums:
        total = nothing
        for part in parts:
            total += nothing.from_bytes(pickle.loads(pickle.dumps(kernel))(part).to_bytes())
        return total

    learnt = learn_transform(gather, partial(limits_of, values, MADE_UP), MADE_UP, RECIPE)
    whole = fit_transform(values, MADE_UP, RECIPE)
    assert np.allclose(learnt.apply(means_of_windows(values)), whole.apply(means_of_windows(values)), atol=1e-5)


def test_scatter_is_that_of_numpy() -> None:
    values, _ = features(tracks=7)
    sizes = [COLUMNS, 1, 5]
    scatter = Scatter.of(Transform(), sizes, values)
    rows = values.reshape(-1, values.shape[2]).astype(np.float64)
    apart = (values - values.astype(np.float64).mean(axis=1, keepdims=True)).reshape(len(rows), -1)
    assert (float(scatter.windows), float(scatter.freedom)) == (21.0, 14.0)
    assert np.allclose(blocks_of(scatter.products, sizes)[0], rows[:, :COLUMNS].T @ rows[:, :COLUMNS])
    assert np.allclose(blocks_of(scatter.within, sizes)[2], apart[:, -5:].T @ apart[:, -5:], atol=1e-6)


def test_moments_count_windows_and_spread_counts_tracks() -> None:
    values, _ = features(tracks=7)
    assert float(Moments.of(Transform(), values).windows) == 21
    spread = Spread.of(Transform(), values)
    assert float(spread.tracks) == 7
    doubled = spread.stretched(np.full(values.shape[2], 2.0))
    assert np.allclose(doubled.products, 4 * spread.products)
    assert np.allclose((spread + spread).totals, spread.scaled(2).totals)


def test_blocks_weigh_what_the_recipe_says() -> None:
    values, _ = features(tracks=200)
    transform = fit_transform(values, MADE_UP, Recipe(dims=6, kept=4, weights={"plain": 3.0}))
    blocks = [transform.joined(windows) for windows in values]
    lengths = {name: np.mean([np.sum(one[name] ** 2) for one in blocks]) for name in transform.blocks}
    assert set(lengths) == {"plain", "other"}
    assert lengths["plain"] == pytest.approx(9.0, rel=1e-3)
    assert lengths["other"] == pytest.approx(1.0, rel=1e-3)


def test_distances_are_the_sums_of_those_of_the_blocks() -> None:
    values, _ = features()
    transform = fit_transform(values, MADE_UP, Recipe(dims=99, kept=4, unit_length=False))
    one, other = transform.joined(values[0]), transform.joined(values[1])
    apart = sum(float(np.sum((one[name] - other[name]) ** 2)) for name in one)
    vectors = transform.apply(means_of_windows(values[:2]))
    assert float(np.sum((vectors[0] - vectors[1]) ** 2)) == pytest.approx(apart, rel=1e-4)


def test_a_baseline_has_no_blocks_and_keeps_distances() -> None:
    values, _ = features()
    transform = fit_transform(values, MADE_UP, BASELINE)
    assert transform.blocks == ()
    assert transform.joined(values[0]) == {}
    kept = means_of_windows(values)[:, MADE_UP.compared_columns]
    scaled = (kept - kept.min(axis=0)) / np.ptp(kept, axis=0)
    vectors = transform.apply(means_of_windows(values))
    assert np.linalg.norm(vectors[3] - vectors[8]) == pytest.approx(np.linalg.norm(scaled[3] - scaled[8]), rel=1e-4)


def test_constant_and_equal_columns_do_not_break_it() -> None:
    values = np.ones((8, MADE_UP.windows, MADE_UP.dims), dtype=np.float32)
    vectors = fit_transform(values, MADE_UP, RECIPE).apply(means_of_windows(values))
    assert np.all(np.isfinite(vectors))
    assert np.all(scale_of(np.ones(2), np.zeros(2)).factor == 0)


def test_few_tracks_have_few_directions() -> None:
    values, _ = features(tracks=3)
    assert fit_transform(values, MADE_UP, RECIPE).apply(means_of_windows(values)).shape[1] <= 3
    assert principal_axes(2, np.zeros(2), np.diag([2.0, 0.0]), 5).axes.shape == (2, 1)


def test_nothing_adds_nothing() -> None:
    values, _ = features(tracks=5)
    gather = in_memory(values[:0])
    assert np.all(gather(partial(Moments.of, Transform()), Moments.none(values.shape[2])).totals == 0)


def test_whitening_is_stored_and_read_back() -> None:
    values, _ = features()
    transform = fit_transform(values, MADE_UP, RECIPE)
    again = Transform.from_arrays(transform.to_arrays())
    assert np.array_equal(again.apply(values[:, 0]), transform.apply(values[:, 0]))
    assert again.blocks == ("plain", "other")
    assert any(isinstance(step, WhitenBlocks) for step in again.steps)
