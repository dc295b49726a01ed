"""The arrays of a similarity model, as a build hands them over and as a model folder holds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.checks import fits, is_usable
from indexer.core.model.errors import ModelCorrupt
from indexer.core.model.folder import open_array, open_transform, verify
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.search import SearchIndex
from indexer.core.model.index.tables import Tables
from indexer.core.model.manifest import Manifest, read_manifest
from indexer.core.model.space.transform import Transform

Distances = NDArray[np.float32]


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
    index: SearchIndex
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


def open_arrays(folder: Path) -> tuple[Manifest, ModelArrays]:
    """The manifest and the arrays of a model folder, mapped: pages are read as they are needed.

    Raises:
        ModelCorrupt: a file is missing, differs from its checksum, or does not fit the others.
    """
    manifest = read_manifest(folder)
    if not is_usable(manifest):
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
        index=SearchIndex(open_array(folder, "vectors"), family, tables, manifest.probes),
        transform=open_transform(folder),
        plain=open_array(folder, "plain") if "plain.npy" in manifest.files else None,
        layout=open_array(folder, "layout") if "layout.npy" in manifest.files else None,
    )
    if not fits(manifest, arrays):
        raise _contradiction(folder)
    return manifest, arrays


def _contradiction(folder: Path) -> ModelCorrupt:
    return ModelCorrupt(f"The similarity model {folder} contradicts itself.", "Rebuild the index.")
