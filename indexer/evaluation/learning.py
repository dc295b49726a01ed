"""Learns the transform of a profile from the clips at hand, with the sums that Spark makes of a library."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.profiles import Profile
from indexer.core.model.space.shipped import fit_library
from indexer.core.model.space.transform import Transform


def learn(features: NDArray[np.float32], profile: Profile) -> Transform:
    """The transform that a library of these clips would get.

    Args:
        features: shape (clips, windows, columns); clips with too little to hear teach nothing, as in the app.
        profile: of the features.
    """
    audible = np.array([profile.audible(windows) for windows in features])
    return fit_library(features[audible] if audible.any() else features, profile)
