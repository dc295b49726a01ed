"""Whether what a model folder says fits together, so that no answer from it can reach beyond an array's end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.folder import unload
from indexer.core.model.manifest import Manifest

if TYPE_CHECKING:
    from indexer.core.model.arrays import ModelArrays

_MOST = 2**31 - 1
_COUNTS = ("tracks", "dims", "neighbours", "tables", "hashes", "probes")


def is_usable(manifest: Manifest) -> bool:
    """Whether the figures that a search relies on are figures."""
    counts = [getattr(manifest, name) for name in _COUNTS]
    texts = (manifest.id, manifest.profile, manifest.profile_key)
    return (
        all(isinstance(count, int) and 0 <= count <= _MOST for count in counts)
        and all(isinstance(text, str) for text in texts)
        and isinstance(manifest.bucket_length, int | float)
        and math.isfinite(manifest.bucket_length)
        and manifest.bucket_length > 0
    )


def fits(manifest: Manifest, arrays: ModelArrays) -> bool:
    """Whether the arrays have the types and shapes that ModelArrays describes, and point into each other alone.

    Checksums tell that a file is as it was written, and nothing of who wrote it.
    """
    tracks, dims = manifest.tracks, manifest.dims
    tables, family = arrays.index.tables, arrays.index.family
    lists = (tracks, arrays.neighbours.shape[-1] if arrays.neighbours.ndim == 2 else -1)  # noqa: PLR2004
    shapes = (
        _is(arrays.ids, "S", (tracks,)) and _is_ascii(arrays.ids),
        _is(arrays.neighbours, "i", lists),
        _is(arrays.distances, "f", lists),
        _is(arrays.scales, "f", (tracks,)),
        _is(arrays.comparable, "b", (tracks,)),
        _is(arrays.pairs, "f", arrays.pairs.shape[:1]),
        _is(arrays.index.vectors, "f", (tracks, dims)),
        _is(family.projections, "f", (manifest.tables * manifest.hashes, dims)),
        _is(tables.keys, "i", tables.keys.shape[:1]),
        _is(tables.starts, "i", (len(tables.keys) + 1,)),
        _is(tables.rows, "i", tables.rows.shape[:1]),
        arrays.plain is None or _is(arrays.plain, "f", (tracks, dims)),
        arrays.layout is None or _is(arrays.layout, "f", (tracks, 2)),
    )
    if not all(shapes):
        return False
    within = _lies_within(arrays.neighbours, -1, tracks) and _lies_within(tables.rows, 0, tracks)
    unload(arrays.neighbours)
    return within and _ascends(tables.starts, len(tables.rows)) and manifest.tables > 0


def _is(array: NDArray[Any], kind: str, shape: tuple[int, ...]) -> bool:
    return array.dtype.kind == kind and array.shape == shape


def _is_ascii(texts: NDArray[np.bytes_]) -> bool:
    letters = np.frombuffer(texts.tobytes(), np.uint8)
    return letters.size == 0 or int(letters.max()) < 128  # noqa: PLR2004 - seven bits


def _lies_within(array: NDArray[np.integer[Any]], low: int, end: int) -> bool:
    return array.size == 0 or (int(array.min()) >= low and int(array.max()) < end)


def _ascends(starts: NDArray[np.integer[Any]], end: int) -> bool:
    return int(starts[0]) == 0 and int(starts[-1]) == end and bool((starts[1:] >= starts[:-1]).all())
