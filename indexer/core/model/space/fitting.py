"""Learns a transform from sums over tracks, whoever adds them: Spark's workers, or one process with `fit_transform`.

The discriminant whitening takes windows of one track as "the same" and needs no labels: of each block of columns those
directions are kept that differ most between tracks for how little they differ within one, the generalised eigenvectors
of the two scatter matrices (linear discriminant analysis; Fukunaga, "Introduction to Statistical Pattern Recognition",
1990, chapter 10). Every axis kept has the variance 1 within tracks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.profiles import Profile
from indexer.core.model.space.recipe import Recipe, Scaling
from indexer.core.model.space.sums import Features, FloatArray, Moments, Scatter, Spread, Sums, blocks_of
from indexer.core.model.space.transform import (
    Clip,
    Project,
    Scale,
    Select,
    Step,
    Transform,
    UnitLength,
    WhitenBlocks,
    means_of_windows,
)

SumsT = TypeVar("SumsT", bound=Sums)

Gather = Callable[[Callable[[Features], SumsT], SumsT], SumsT]
"""Adds up what a kernel finds in every batch of features to the sums of nothing that it is given beside it."""

Limits = tuple[FloatArray, FloatArray]
"""Least and greatest value of each column, shape (columns,) each, over the means of tracks."""

_CONSTANT = 1e-7
"""A column that varies by less than this part of its size is constant: float32 cannot tell."""

_RANK = 1e-9
"""Directions with less than this part of the mean squared length are rounding errors."""


def learn_transform(gather: Gather[Any], limits: Callable[[], Limits], profile: Profile, recipe: Recipe) -> Transform:
    """Learn what the recipe asks for.

    Args:
        gather: see `Gather`; called once for each kind of sums.
        limits: of the profile's compared columns; called for min-max scaling.
        profile: of the features.
        recipe: of the profile.
    """
    select = Transform((Select(np.array(profile.compared_columns, dtype=np.int64)),))
    columns = len(profile.compared_columns)
    if recipe.scaling is Scaling.STANDARD:
        moments = gather(partial(Moments.of, select), Moments.none(columns))
        local = select.then(_standard_scale(moments))
    else:
        least, greatest = limits()
        local = select.then(scale_of(least, greatest - least))
    if recipe.clip is not None:
        local = local.then(Clip(np.array(recipe.clip)))
    if recipe.weights is None:
        spread = gather(partial(Spread.of, local), Spread.none(columns))
    else:
        local, spread = _whiten(gather, local, profile, recipe)
    axes = principal_axes(float(spread.tracks), spread.totals, spread.products, recipe.dims)
    ending: tuple[Step, ...] = (UnitLength(),) if recipe.unit_length else ()
    return local.then(axes, *ending)


def fit_transform(features: Features, profile: Profile, recipe: Recipe) -> Transform:
    """Learn from features in memory, of audible tracks: shape (tracks, windows, columns), at least one track."""
    return learn_transform(in_memory(features), partial(limits_of, features, profile), profile, recipe)


def in_memory(features: Features) -> Gather[Any]:
    """Sums over features in memory, shape (tracks, windows, columns)."""
    return lambda kernel, nothing: nothing + kernel(features)


def limits_of(features: Features, profile: Profile) -> Limits:
    """Limits of features in memory, shape (tracks, windows, columns)."""
    means = means_of_windows(features[:, :, profile.compared_columns])
    return means.min(axis=0).astype(np.float64), means.max(axis=0).astype(np.float64)


def scale_of(offset: FloatArray, spread: FloatArray) -> Scale:
    """The step that makes columns of that spread equal; constant ones become 0. Shapes (columns,)."""
    varies = spread > _CONSTANT * np.abs(offset)
    factor = np.where(varies, 1.0 / np.where(varies, spread, 1.0), 0.0)
    return Scale(offset.astype(np.float32), factor.astype(np.float32))


def principal_axes(count: float, totals: FloatArray, products: FloatArray, dims: int) -> Project:
    """The `dims` directions of greatest variance, or as many as there are, at least one.

    Args:
        count: number of rows, at least 1.
        totals: shape (columns,), of the rows.
        products: shape (columns, columns), of the rows' outer products.
        dims: how many at most.
    """
    centre = totals / count
    variances, axes = np.linalg.eigh(products / count - np.outer(centre, centre))
    found = int(np.count_nonzero(variances > _RANK * np.trace(products) / count))
    return Project(centre, _upright(axes[:, ::-1][:, : max(1, min(dims, found))]))


def whitening_axes(total: FloatArray, within: FloatArray, shrinkage: float, kept: int) -> FloatArray:
    """The directions of one block, as columns, best first.

    Args:
        total: covariance of windows, shape (columns, columns).
        within: covariance of windows of one track about its mean, likewise.
        shrinkage: share of `within` that is replaced by its mean diagonal, so that directions of which too little is
            known are not blown up.
        kept: how many at most.

    Returns:
        Shape (columns, least of kept and columns).
    """
    columns = len(within)
    level = np.trace(within) / columns
    if level <= 0:  # windows do not differ, as with one window a track: nothing to tell them by but the total
        within, level = np.zeros_like(within), 1.0
        shrinkage = 1.0
    shrunk = (1 - shrinkage) * within + shrinkage * level * np.eye(columns)
    # Symmetric whitening of the inner scatter turns the generalised problem into an ordinary one.
    variances, directions = np.linalg.eigh(shrunk)
    inverse = directions / np.sqrt(variances)
    _, turned = np.linalg.eigh(inverse.T @ total @ inverse)
    return _upright(inverse @ turned[:, ::-1][:, : min(kept, columns)])


def _standard_scale(moments: Moments) -> Scale:
    mean = moments.totals / moments.windows
    variance = np.maximum(moments.squares / moments.windows - mean * mean, 0.0)
    return scale_of(mean, np.sqrt(variance))


def _whiten(gather: Gather[Any], local: Transform, profile: Profile, recipe: Recipe) -> tuple[Transform, Spread]:
    """The transform with its blocks whitened and weighed, and the spread of what it makes."""
    blocks = [block for block in profile.blocks if block.compared]
    sizes = [len(block.columns) for block in blocks]
    scatter = gather(partial(Scatter.of, local, sizes), Scatter.none(sizes))
    step = _whitening(scatter, [block.name for block in blocks], sizes, recipe)
    spread: Spread = gather(partial(Spread.of, local.then(step)), Spread.none(int(step.kept.sum())))
    # Blocks come to the same mean squared length before they are weighed.
    starts = np.cumsum([0, *step.kept[:-1]])
    lengths = np.add.reduceat(np.diag(spread.products), starts) / spread.tracks
    wanted = np.array([recipe.weights.get(block.name, 1.0) for block in blocks]) if recipe.weights else step.weights
    weights = np.where(lengths > 0, wanted / np.sqrt(np.where(lengths > 0, lengths, 1.0)), 0.0)
    return local.then(replace(step, weights=weights)), spread.stretched(np.repeat(weights, step.kept))


def _whitening(scatter: Scatter, names: Sequence[str], sizes: Sequence[int], recipe: Recipe) -> WhitenBlocks:
    centre = scatter.totals / scatter.windows
    centres = np.split(centre, np.cumsum(sizes)[:-1])
    freedom = max(float(scatter.freedom), 1.0)
    found = [
        whitening_axes(
            products / scatter.windows - np.outer(mean, mean), within / freedom, recipe.shrinkage, recipe.kept
        )
        for mean, products, within in zip(
            centres, blocks_of(scatter.products, sizes), blocks_of(scatter.within, sizes), strict=True
        )
    ]
    kept = np.array([axes.shape[1] for axes in found], dtype=np.int64)
    widened = [np.pad(axes, ((0, 0), (0, int(kept.max()) - axes.shape[1]))) for axes in found]
    return WhitenBlocks(
        names=np.array([name.encode("ascii") for name in names], dtype=np.bytes_),
        sizes=np.array(sizes, dtype=np.int64),
        kept=kept,
        weights=np.ones(len(sizes)),
        centre=centre,
        axes=np.concatenate(widened),
    )


def _upright(axes: NDArray[np.float64]) -> FloatArray:
    """An axis is as good as its opposite; the one whose largest entry is positive is taken, so that builds agree."""
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[np.newaxis], axis=0)
    return np.ascontiguousarray(axes * np.where(largest < 0, -1.0, 1.0))
