"""From samples to feature profiles, all from one pass over the audio."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.embedding.registry import EmbeddedProfile
from indexer.core.model.profiles import CLASSIC, CLASSIC_MFCC, RHYTHM, SONIC, Profile
from indexer.features.baseline_rhythm import rhythm
from indexer.features.descriptors import Descriptors, describe
from indexer.features.filters import dct
from indexer.features.sonic import sonic
from indexer.features.spectrum import FloatArray, clean


def analyse(samples: NDArray[np.floating], profiles: Sequence[Profile]) -> dict[str, FloatArray]:
    """Compute the features of a track.

    Args:
        samples: shape (n,), n > 0, mono at 22,050 Hz, full scale ±1; what is not finite counts as silence.
        profiles: any of `indexer.core.model.profiles.all_profiles()`.

    Returns:
        By profile key: shape (profile.windows, profile.dims), float32, finite, columns as `profile.columns`.

    Raises:
        ValueError: `samples` is empty or not one-dimensional.
        EmbeddingError: a profile's network cannot be used.
    """
    heard = clean(samples)
    described = describe(heard)
    return {profile.key: _features(profile, heard, described) for profile in profiles}


def classic(described: Descriptors) -> FloatArray:
    """The `classic` profile: shape (1, 22), means over all frames."""
    mfcc = described.mel_db.mean(axis=0) @ dct(CLASSIC_MFCC)
    return np.concatenate([mfcc, [described.centroid.mean()], [described.zcr.mean()]])[None].astype(np.float32)


def _features(profile: Profile, samples: FloatArray, described: Descriptors) -> FloatArray:
    if isinstance(profile, EmbeddedProfile):
        # Imported here: its package is an extra, and few have one.
        from indexer.features.embedding.network import embedding_block  # noqa: PLC0415

        return np.hstack([sonic(described), embedding_block(samples, profile)])
    return _EXTRACTORS[profile.name](described)


_EXTRACTORS: dict[str, Callable[[Descriptors], FloatArray]] = {
    CLASSIC.name: classic,
    RHYTHM.name: rhythm,
    SONIC.name: sonic,
}
