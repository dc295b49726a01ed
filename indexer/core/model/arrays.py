"""The arrays of a similarity model, as a build hands them over and as a model folder holds them.

What a folder says is checked to fit together, so that no answer from it can reach beyond an array's end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.errors import ModelCorrupt
from indexer.core.model.folder import open_array, open_transform, unload, verify
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.search import PROBES, BuiltIndex
from indexer.core.model.index.tables import Tables
from indexer.core.model.manifest import Manifest, read_manifest
from indexer.core.model.space.transform import Transform

Distances = NDArray[np.float32]

_MOST = 2**31 - 1
_COUNTS = ("tracks", "dims", "neighbours", "tables", "hashes", "probes")


@dataclass(frozen=True, eq=False)
class ModelArrays:
    """The arrays of a model folder.

    Attributes:
        ids: shape (tracks,), ASCII track ids, ascending; row i of everything else is track i.
        neighbours: shape (tracks, k), rows of the nearest comparable tracks, best first, -1 where there are no more.
        distances: shape (tracks, k), Euclidean, to those neighbours, ascending; infinite where there are no more.
        scales: shape (tracks,), mean distance of each to its ten nearest.
        comparable: shape (tracks,), False for tracks with too little sound to be recommended.
        pairs: ascending scaled distances of random pairs of comparable tracks.
        index: vectors and hash tables.
        transform: what makes a vector of features.
        plain: shape (tracks, dims), the vectors before they were drawn to their nearest; None where they were not. They
            tell copies of one recording from two that are alike, which drawing does not leave apart.
        layout: shape (tracks, 2), places in a picture of the library, within 0 to 1; None where none was made.
    """

    ids: NDArray[np.bytes_]
    neighbours: NDArray[np.int32]
    distances: Distances
    scales: Distances
    comparable: NDArray[np.bool_]
    pairs: Distances
    index: BuiltIndex
    transform: Transform
    plain: NDArray[np.float16] | None = None
    layout: NDArray[np.float32] | None = None

    def by_name(self) -> dict[str, NDArray[Any]]:
        """The arrays to be written, all but those of the transform."""
        return {
            "ids": self.ids,
            "vectors": self.index.vectors,
            "projections": self.index.family.projections,
            "bucket_keys": self.index.tables.keys,
            "bucket_starts": self.index.tables.starts,
            "bucket_rows": self.index.tables.rows,
            "neighbours": self.neighbours,
            "distances": self.distances,
            "scales": self.scales,
            "comparable": self.comparable,
            "pairs": self.pairs,
            **({} if self.plain is None else {"plain": self.plain}),
            **({} if self.layout is None else {"layout": self.layout}),
        }

    def large(self) -> list[NDArray[Any]]:
        """Those that take most of the memory, of which an answer needs a few rows."""
        tables = self.index.tables
        buckets = (tables.keys, tables.starts, tables.rows)
        plain = () if self.plain is None else (self.plain,)
        return [self.index.vectors, *buckets, self.neighbours, self.distances, *plain]


def open_arrays(folder: Path) -> tuple[Manifest, ModelArrays]:
    """The manifest and the arrays of a model folder, mapped: pages are read as they are needed.

    Raises:
        ModelCorrupt: a file is missing, differs from its checksum, or does not fit the others.
    """
    manifest = read_manifest(folder)
    if not _is_usable(manifest):
        raise _contradiction(folder)
    verify(folder, manifest)
    tables = Tables(*(open_array(folder, name) for name in ("bucket_keys", "bucket_starts", "bucket_rows")))
    family = HashFamily(open_array(folder, "projections"), manifest.tables, manifest.bucket_length)
    arrays = ModelArrays(
        ids=open_array(folder, "ids"),
        neighbours=open_array(folder, "neighbours"),
        distances=open_array(folder, "distances"),
        scales=open_array(folder, "scales"),
        comparable=open_array(folder, "comparable"),
        pairs=open_array(folder, "pairs"),
        index=BuiltIndex(open_array(folder, "vectors"), family, tables, max(manifest.probes, PROBES)),
        transform=open_transform(folder),
        plain=open_array(folder, "plain") if "plain.npy" in manifest.files else None,
        layout=open_array(folder, "layout") if "layout.npy" in manifest.files else None,
    )
    if not _fits(manifest, arrays):
        raise _contradiction(folder)
    return manifest, arrays


def _contradiction(folder: Path) -> ModelCorrupt:
    return ModelCorrupt("model-contradictory", folder=folder)


def _is_usable(manifest: Manifest) -> bool:
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


def _fits(manifest: Manifest, arrays: ModelArrays) -> bool:
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
    unload(arrays.neighbours)  # at once, for they are the largest
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
