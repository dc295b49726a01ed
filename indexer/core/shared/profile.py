"""Knows the profile of a server's features, also one with a network that only that machine has."""

from __future__ import annotations

import re

from indexer.core.model.profiles import PROFILES, SONIC, Profile, add_profile
from indexer.core.shared.server import ServerError

_WITH_NETWORK = re.compile(r"sonic\+[a-z0-9_-]{1,64}")
"""Models lie in a folder of this name."""
_VERSION = re.compile(r"[0-9]{1,18}")


def know_profile(address: str, key: str) -> str:
    """Let `get_profile` find the profile of the server at an address; returns its name.

    What a network adds to a profile is computed there alone. Here it is compared by the model, which knows by itself
    how long features are, and explained by what stands before it, which is that of `sonic`.

    Raises:
        ServerError: it is a profile of another Segue than this one.
    """
    name, _, version = key.rpartition(":")
    known = PROFILES.get(name)
    if known is not None and known.key == key:
        return name
    if known is not None or not _WITH_NETWORK.fullmatch(name) or not _VERSION.fullmatch(version):
        raise ServerError("shared-profile", address=address)
    add_profile(Profile(name, int(version), SONIC.blocks, SONIC.windows))
    return name
