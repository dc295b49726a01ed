"""Which methods an evaluation runs: our profiles, other programs, and chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.core.model.profiles import PROFILES, get_profile
from indexer.evaluation.methods import Clip, Description, Distances, Hears, Method, PartsAsClips
from indexer.evaluation.peers import Bliss, Musly
from indexer.evaluation.profile_method import ProfileMethod

FIRST = "sonic"
"""The method that the others are held against, where it takes part."""


def methods_for(
    profiles: Sequence[str] | None = None, *, peers: bool = True, hears: Sequence[Hears] = (Hears.THOROUGH,)
) -> tuple[Method, ...]:
    """Profiles in the order asked for (all, with `sonic` first, unless told), then peers, then chance.

    Of profiles there is a method for each way of hearing in `hears`.

    Raises:
        UnknownProfile: there is no profile of that name.
    """
    names = profiles or sorted(PROFILES, key=lambda name: (name != FIRST, name))
    own: list[Method] = [
        ProfileMethod(get_profile(name), way) for name in dict.fromkeys(names) for way in dict.fromkeys(hears)
    ]
    others: list[Method] = [Bliss(), Musly()] if peers else []
    return (*own, *others, Chance())


@dataclass(frozen=True)
class Chance(PartsAsClips):
    """Equal distances throughout; ties are broken at random by whoever ranks them."""

    name: str = "random"
    about: str = "every clip equally far; ties in random order"
    version: str = ""
    missing: str = ""
    decodes: bool = True  # nothing is decoded for it

    def analyse(self, sound: Clip) -> Description:  # noqa: ARG002 - that is the point
        return np.zeros(1, dtype=np.float32)

    def compare(self, library: Sequence[Description], seed: int) -> ConstantComparison:  # noqa: ARG002
        return ConstantComparison(len(library))


@dataclass(frozen=True)
class ConstantComparison:
    """`clips` clips, each 1 from every other."""

    clips: int
    indexed: None = None

    @property
    def distances(self) -> Distances:
        return np.ones((self.clips, self.clips))

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        return np.ones((len(queries), self.clips))
