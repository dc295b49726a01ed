"""Our own profiles as methods: the app's features, transform and local scaling, learnt from the clips at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.profiles import Profile
from indexer.core.model.scaling import SCALE_NEIGHBOURS, local_scales, scaled
from indexer.core.model.smoothing import SMOOTHED_BY, smoothed, smoothed_one
from indexer.core.model.space.recipe import recipe_of
from indexer.core.model.space.shipped import fit_library
from indexer.core.model.space.transform import Transform
from indexer.evaluation.methods import PARTS, Clip, Description, Distances, Hears, euclidean, flat
from indexer.evaluation.ranking import rank_all, rank_rows

PLAIN = frozenset({"classic", "rhythm"})
"""Profiles compared as the systems they come from do: scaled columns, Euclidean distance, no local scaling."""

_HEARD = {
    Hears.THOROUGH: "",
    Hears.QUICK: " of the parts that are heard first",
    Hears.JOINED: " of two parts of 30 s, joined",
}
_HALVES = 2


@dataclass(frozen=True)
class ProfileMethod:
    """A feature profile with what the model makes of it, and how much of long clips it is computed from."""

    profile: Profile
    hears: Hears = Hears.THOROUGH
    version: str = ""
    missing: str = ""
    decodes: bool = False

    @property
    def name(self) -> str:
        return self.profile.name if self.hears is Hears.THOROUGH else f"{self.profile.name} ({self.hears})"

    @property
    def about(self) -> str:
        drawn = f", drawn towards the {SMOOTHED_BY} nearest" if recipe_of(self.profile).smooth else ""
        scaling = "" if self._plain else ", local scaling"
        learnt = f"transform learnt from these clips without labels{drawn}"
        return f"{self.profile.key}{_HEARD[self.hears]}, {learnt}, Euclidean distance{scaling}"

    def analyse(self, sound: Clip) -> Description:
        """Features of the shape (windows, columns)."""
        return sound.features(self.profile, self.hears)

    def analyse_parts(self, sound: Clip, whole: Description) -> tuple[Description, ...]:
        """The windows of the whole where it has as many, as the app keeps them; else each part is analysed."""
        if len(whole) == PARTS:
            return tuple(window[np.newaxis] for window in whole)
        return tuple(self.analyse(part) for part in sound.parts())

    def compare(self, library: Sequence[Description], seed: int) -> VectorComparison:
        features = np.array(library)
        transform = learn(features, self.profile)
        return self._comparison(transform, features, seed, smooth=recipe_of(self.profile).smooth)

    def compare_parts(
        self, parts: Sequence[tuple[Description, ...]], library: Sequence[Description], seed: int
    ) -> Distances:
        """As `compare`, but each clip's parts ask through a transform that was learnt from other clips only.

        The transform learns from the very windows that are asked with, so asking with its own would flatter it; drawing
        parts towards their nearest, mostly parts of the same clip, would too.
        """
        features, windows = np.array(library), np.array(flat(parts))
        half = np.random.default_rng(seed).permutation(len(library)) % _HALVES
        asking = np.repeat(half, [len(clip) for clip in parts])
        distances = np.empty((len(windows), len(windows)))
        for number in range(_HALVES):
            transform = learn(features[half != number], self.profile)
            found = self._comparison(transform, windows, seed, smooth=False)
            distances[asking == number] = found.distances[asking == number]
        return distances

    @property
    def _plain(self) -> bool:
        return self.profile.name in PLAIN

    def _comparison(
        self, transform: Transform, features: NDArray[np.float32], seed: int, *, smooth: bool
    ) -> VectorComparison:
        plain = _vectors(transform, features)
        drawn = smoothed(plain, _nearest_by_scale(plain, seed)) if smooth else None
        return VectorComparison(transform, plain, drawn, seed, locally_scaled=not self._plain)


@dataclass(frozen=True, eq=False)
class VectorComparison:
    """Vectors of a library and how they are compared.

    Attributes:
        transform: from features to vectors.
        plain: shape (n, dims), as the transform makes them.
        drawn: the same, each drawn towards its nearest by scaled distance; None where they are compared as they are.
        seed: of the order of ties.
        locally_scaled: whether distances are rescaled by both neighbourhoods.
    """

    transform: Transform
    plain: NDArray[np.float32]
    drawn: NDArray[np.float32] | None
    seed: int
    locally_scaled: bool

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Shape (n, dims), those whose distances count."""
        return self.plain if self.drawn is None else self.drawn

    @property
    def indexed(self) -> NDArray[np.float32] | None:
        return self.vectors if self.locally_scaled else None

    @property
    def distances(self) -> Distances:
        return self._rescaled(self._distances, self._scales) if self.locally_scaled else self._distances

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        asking = _vectors(self.transform, np.array(queries))
        if self.drawn is not None:
            near = rank_rows(euclidean(asking, self.drawn) / np.sqrt(self._scales), self.seed)[:, :SMOOTHED_BY]
            asking = np.array([smoothed_one(one, self.drawn[rows]) for one, rows in zip(asking, near, strict=True)])
        found = euclidean(asking, self.vectors)
        return self._rescaled(found, _scales_of(found)) if self.locally_scaled else found

    def _rescaled(self, found: Distances, own: NDArray[np.float32]) -> Distances:
        return np.array([scaled(row, float(scale), self._scales) for row, scale in zip(found, own, strict=True)])

    @cached_property
    def _distances(self) -> Distances:
        return euclidean(self.vectors, self.vectors)

    @cached_property
    def _scales(self) -> NDArray[np.float32]:
        return _scales_of(np.where(np.eye(len(self.vectors), dtype=bool), np.inf, self._distances))


def _nearest_by_scale(vectors: NDArray[np.float32], seed: int) -> NDArray[np.intp]:
    """The SMOOTHED_BY nearest of every clip by scaled distance, shape (n, SMOOTHED_BY)."""
    distances = euclidean(vectors, vectors)
    scales = _scales_of(np.where(np.eye(len(vectors), dtype=bool), np.inf, distances))
    return rank_all(distances / np.sqrt(scales), seed)[:, :SMOOTHED_BY]


def _scales_of(distances: Distances) -> NDArray[np.float32]:
    """Local scale of every row, shape (m,), from its distances to a library, shape (m, n)."""
    return local_scales(np.sort(distances, axis=1)[:, :SCALE_NEIGHBOURS].astype(np.float32))


def _vectors(transform: Transform, features: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.array([transform.vector(windows) for windows in features])


def learn(features: NDArray[np.float32], profile: Profile) -> Transform:
    """The transform that a library of these clips would get.

    Args:
        features: shape (clips, windows, columns); clips with too little sound teach nothing, as in the app.
        profile: of the features.
    """
    audible = np.array([profile.audible(windows) for windows in features])
    return fit_library(features[audible] if audible.any() else features, profile)
