"""How the columns of each profile become a vector: scaling, clipping, whitening, weights of blocks, dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from indexer.core.model.embedding.registry import EmbeddedProfile
from indexer.core.model.profiles import RHYTHM, SONIC, Profile


class Scaling(StrEnum):
    """What is made equal among columns."""

    STANDARD = "standard"  # mean 0, standard deviation 1
    MIN_MAX = "min-max"  # 0 to 1


@dataclass(frozen=True)
class Recipe:
    """What is learnt from a library, and how.

    Attributes:
        scaling: of every column.
        clip: limit of scaled values, None for none; one outlying column must not decide over a track.
        weights: of each block when they are joined, 1 where not named; None joins columns as they are, unwhitened.
        kept: directions kept of each whitened block.
        shrinkage: share of the within-track scatter that is replaced by its mean diagonal.
        dims: of the vector, at most; directions beyond the rank of the data are never kept.
        unit_length: whether vectors end at length 1, so that the strength of a style does not count, only its kind.
        smooth: whether a vector is drawn towards its nearest.
    """

    scaling: Scaling = Scaling.STANDARD
    clip: float | None = 3.0
    weights: Mapping[str, float] | None = field(default_factory=dict)
    kept: int = 48
    shrinkage: float = 0.1
    dims: int = 96
    unit_length: bool = True
    smooth: bool = True


_WEIGHTS = {
    # What a sound is made of tells most about what people find alike; correlations and rhythm only refine it.
    "mfcc": 1.3,
    "contrast": 1.3,
    "peakiness": 0.9,
    "spectral_patterns": 0.9,
    "chroma_patterns": 0.9,
    "shape": 0.8,
    "chroma": 0.6,
    "mfcc_corr": 0.6,
    "mel_corr": 0.6,
    "descriptor_corr": 0.6,
    "fluctuation": 0.6,
    "self_similarity": 0.6,
    "rhythm": 0.5,
}

_BASELINE = Recipe(scaling=Scaling.MIN_MAX, clip=None, weights=None, unit_length=False, smooth=False)
"""Distances between min-max scaled columns. Turning the axes (all are kept) changes no distance."""

_RECIPES = {
    "sonic": Recipe(weights=_WEIGHTS),
    "classic": _BASELINE,
    "rhythm": replace(_BASELINE, dims=RHYTHM.dims),
}


def recipe_of(profile: Profile) -> Recipe:
    """The recipe of a profile; that of `sonic` serves with the block of an embedding network too, with the weight 1.

    With the weight 2, MusiCNN found more on clips of 30 s, and on whole songs much less by genre and soundtrack.
    """
    return _RECIPES[SONIC.name] if isinstance(profile, EmbeddedProfile) else _RECIPES.get(profile.name, Recipe())
