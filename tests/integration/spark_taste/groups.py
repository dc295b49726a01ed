"""Made-up listeners of a few groups, each of which likes its own part of the items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories

GROUPS, PER_GROUP = 4, 12
ITEMS = GROUPS * PER_GROUP


def histories_of_groups(listeners: int = 120, seed: int = 0) -> Histories:
    """Listeners who heard most of the items of their group, and a few others now and then."""
    draw = np.random.default_rng(seed)
    group = np.arange(listeners) % GROUPS
    likes = np.arange(ITEMS)[np.newaxis] // PER_GROUP == group[:, np.newaxis]
    heard = draw.random((listeners, ITEMS)) < np.where(likes, 0.7, 0.05)
    rows, items = np.nonzero(heard)
    plays = draw.geometric(np.where(likes[rows, items], 0.05, 0.5)).astype(np.float64)
    return Histories.of_entries(rows, items, plays, (listeners, ITEMS))


def of_group(items: NDArray[np.integer]) -> NDArray[np.integer]:
    """The group that likes each item."""
    return items // PER_GROUP
