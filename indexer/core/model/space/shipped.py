"""What comes with the app: features of a few hundred tracks of other music, and the transform learnt from them.

A small library knows too little about how music differs. Until it has a few hundred tracks of its own, these count as
some of them; before the first build they are all there is. There is no sound in them, only numbers rounded to six
bits, without names. `indexer reference` writes the file from a library.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.profiles import Profile
from indexer.core.model.space.fitting import Gather, fit_transform, in_memory, learn_transform, limits_of
from indexer.core.model.space.recipe import recipe_of
from indexer.core.model.space.sums import Features, Sums
from indexer.core.model.space.transform import Transform

REFERENCE_TRACKS = 150.0
"""As many tracks of the library do the shipped ones count; measured: from 50 to 400 are alike, and at no size of the
library is it worse with them than without."""

FOLDER = Path(__file__).parent / "data"
_LEVELS = 63


def reference(profile: Profile) -> NDArray[np.float32] | None:
    """Shipped features of the profile, shape (tracks, windows, columns); None where there are none of its version."""
    path = FOLDER / f"{profile.key.replace(':', '-')}.npz"
    return _read(path, profile.windows, profile.dims) if path.is_file() else None


def shipped_transform(profile: Profile) -> Transform | None:
    """The transform learnt from the shipped features alone, None where there are none."""
    features = reference(profile)
    return None if features is None else fit_transform(features, profile, recipe_of(profile))


def fit_library(features: Features, profile: Profile) -> Transform:
    """The transform that a build learns from a library of these audible tracks, shape (tracks, windows, columns)."""
    gather = with_reference(in_memory(features), profile)
    return learn_transform(gather, partial(limits_of, features, profile), profile, recipe_of(profile))


def with_reference(gather: Gather[Any], profile: Profile) -> Gather[Any]:
    """The same sums, to which the shipped features are added as REFERENCE_TRACKS tracks, where there are any."""
    features = reference(profile)
    if features is None:
        return gather

    def gathered(kernel: Callable[[Features], Sums], nothing: Sums) -> Sums:
        own: Sums = gather(kernel, nothing)
        return own + kernel(features).scaled(REFERENCE_TRACKS / len(features))

    return gathered


def write_reference(path: Path, profile: Profile, features: Features) -> None:
    """Write features, shape (tracks, windows, columns), finite, in the form that ships: 6 bits a number."""
    kept = features[:, :, profile.compared_columns]
    least = kept.min(axis=(0, 1))
    step = np.maximum((kept.max(axis=(0, 1)) - least) / _LEVELS, np.finfo(np.float32).tiny)
    codes = np.rint((kept - least) / step).astype(np.uint8)
    columns = np.array(profile.compared_columns, dtype=np.int32)
    with path.open("wb") as stream:
        np.savez_compressed(
            stream, codes=codes, least=least.astype(np.float32), step=step.astype(np.float32), columns=columns
        )


@cache
def _read(path: Path, windows: int, dims: int) -> NDArray[np.float32]:
    with np.load(path, allow_pickle=False) as arrays:
        codes, least, step, columns = (arrays[name] for name in ("codes", "least", "step", "columns"))
    features = np.zeros((len(codes), windows, dims), dtype=np.float32)
    features[:, :, columns] = codes * step + least
    return features
