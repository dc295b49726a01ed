"""Which methods an evaluation runs."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.core.model.profiles import PROFILES, get_profile
from indexer.evaluation.chance import Chance
from indexer.evaluation.methods import Method
from indexer.evaluation.peers_bliss import Bliss
from indexer.evaluation.peers_musly import Musly
from indexer.evaluation.profile_method import ProfileMethod

FIRST = "sonic"
"""The method that the others are held against, where it takes part."""


def methods_for(profiles: Sequence[str] | None = None, *, peers: bool = True) -> tuple[Method, ...]:
    """Profiles in the order asked for (all, with `sonic` first, unless told), then peers, then chance.

    Raises:
        UnknownProfile: there is no profile of that name.
    """
    names = profiles or sorted(PROFILES, key=lambda name: (name != FIRST, name))
    own: list[Method] = [ProfileMethod(get_profile(name)) for name in dict.fromkeys(names)]
    others: list[Method] = [Bliss(), Musly()] if peers else []
    return (*own, *others, Chance())
