"""How the columns of each profile become a vector: scaling, clipping, weights of blocks, dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from indexer.features.profiles import Profile


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
        weights: length of each block of columns before they are joined, 1 where not named; None leaves them alone.
        dims: of the vector, at most; directions beyond the rank of the data are never kept.
        unit_length: whether vectors end at length 1, so that loudness of style does not count, only its kind.
    """

    scaling: Scaling = Scaling.STANDARD
    clip: float | None = 3.0
    weights: Mapping[str, float] | None = field(default_factory=dict)
    dims: int = 64
    unit_length: bool = True


_RECIPES = {
    # Timbre tells most about what people find similar; harmony and tempo mislead as often as they help.
    "sonic": Recipe(weights={"mfcc": 1.3, "mel_corr": 0.7, "chroma": 0.5, "rhythm": 0.5}),
    # The usual baseline: distances between min-max scaled columns. Turning the axes (all are kept) changes no distance.
    "classic": Recipe(scaling=Scaling.MIN_MAX, clip=None, weights=None, unit_length=False),
}


def recipe_of(profile: Profile) -> Recipe:
    """The recipe of a profile; profiles without one of their own get the general one."""
    return _RECIPES.get(profile.name, Recipe())
