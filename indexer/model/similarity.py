"""The similarity model as the player uses it: what sounds like a track, with what came and went since the build."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.library import TrackId
from indexer.model.errors import ModelCorrupt
from indexer.model.folder import open_array, open_transform, verify
from indexer.model.growth import Growth
from indexer.model.hashing import HashFamily
from indexer.model.manifest import Manifest, read_manifest
from indexer.model.search import SearchIndex
from indexer.model.tables import Tables
from indexer.model.transform import Transform

Rows = NDArray[np.intp]
Distances = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A track near another.

    Attributes:
        track: which.
        distance: Euclidean distance of the two vectors.
        closeness: share of random pairs of this library that are farther apart, 0 to 1.
    """

    track: TrackId
    distance: float
    closeness: float


@dataclass(frozen=True, eq=False)
class ModelArrays:
    """The arrays of a model folder.

    Attributes:
        ids: shape (tracks,), ASCII track ids, ascending; row i of everything else is track i.
        neighbours: shape (tracks, k), rows of the nearest tracks, best first, -1 where there are no more.
        distances: shape (tracks, k), to those neighbours.
        pairs: ascending distances of random pairs of tracks.
        index: vectors and hash tables.
        transform: what makes a vector of features.
    """

    ids: NDArray[np.bytes_]
    neighbours: NDArray[np.int32]
    distances: Distances
    pairs: Distances
    index: SearchIndex
    transform: Transform

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
            "pairs": self.pairs,
        }


class SimilarityModel:
    """Answers from an exported model with NumPy alone.

    Known tracks are answered from their neighbour lists, everything else from the hash tables; both are joined with
    what was inserted since. One thread at a time: readers and `insert` or `remove` must not overlap.
    """

    def __init__(self, manifest: Manifest, arrays: ModelArrays) -> None:
        self.manifest = manifest
        self._arrays = arrays
        self._growth = Growth(arrays.index, arrays.ids)

    @classmethod
    def load(cls, folder: Path) -> SimilarityModel:
        """Open a model folder; arrays are mapped, so pages are read as they are needed.

        Raises:
            ModelCorrupt: a file is missing, differs from its checksum, or does not fit the others.
        """
        manifest = read_manifest(folder)
        verify(folder, manifest)
        tables = Tables(*(open_array(folder, name) for name in ("bucket_keys", "bucket_starts", "bucket_rows")))
        family = HashFamily(open_array(folder, "projections"), manifest.tables, manifest.bucket_length)
        arrays = ModelArrays(
            ids=open_array(folder, "ids"),
            neighbours=open_array(folder, "neighbours"),
            distances=open_array(folder, "distances"),
            pairs=open_array(folder, "pairs"),
            index=SearchIndex(open_array(folder, "vectors"), family, tables, manifest.probes),
            transform=open_transform(folder),
        )
        if not len(arrays.ids) == len(arrays.index) == len(arrays.neighbours) == manifest.tracks:
            raise ModelCorrupt(f"The similarity model {folder} contradicts itself.", "Rebuild the index.")
        return cls(manifest, arrays)

    def __len__(self) -> int:
        return len(self._growth)

    def __contains__(self, track: object) -> bool:
        return isinstance(track, str) and self._growth.row_of(TrackId(track)) is not None

    def tracks(self) -> list[TrackId]:
        """Every track that can be asked for and be an answer."""
        return self._growth.tracks()

    def vector(self, track: TrackId) -> NDArray[np.float32]:
        """The vector of a track, shape (dims,).

        Raises:
            KeyError: the model does not have it.
        """
        return self._growth.vector_at(self._known_row(track))

    def similar(self, track: TrackId, k: int) -> list[Neighbour]:
        """The `k` nearest tracks, best first, never `track` itself; fewer only where there are no more.

        Raises:
            KeyError: the model does not have that track.
        """
        row = self._known_row(track)
        listed = self._listed(row, k)
        if listed is None:
            return self._neighbours(*self._growth.search(self._growth.vector_at(row), k, excluded=[row]))
        return self._neighbours(*listed)

    def similar_to(
        self, features: NDArray[np.floating[Any]], k: int, exclude: Iterable[TrackId] = ()
    ) -> list[Neighbour]:
        """The `k` tracks nearest to features of shape (windows, dims), best first.

        Raises:
            ValueError: the features are not of this model's profile.
        """
        rows = [row for track in exclude if (row := self._growth.row_of(track)) is not None]
        return self._neighbours(*self._growth.search(self._vector_of(features), k, excluded=rows))

    def insert(self, track: TrackId, features: NDArray[np.floating[Any]]) -> None:
        """Add a track by its features, shape (windows, dims), or replace it; it is found from now on.

        Raises:
            ValueError: the features are not of this model's profile.
        """
        self._growth.insert(track, self._vector_of(features))

    def remove(self, track: TrackId) -> None:
        """Take a track out of all answers; does nothing for one that is not there."""
        self._growth.remove(track)

    def _known_row(self, track: TrackId) -> int:
        row = self._growth.row_of(track)
        if row is None:
            raise KeyError(track)
        return row

    def _listed(self, row: int, k: int) -> tuple[Rows, Distances] | None:
        """Answer from the neighbour list, None where it is too short for `k` or there is none."""
        if row >= len(self._arrays.ids):
            return None
        rows = self._arrays.neighbours[row].astype(np.intp)
        alive = (rows >= 0) & ~self._growth.removed[rows]
        is_everyone = np.count_nonzero(rows >= 0) >= len(self._arrays.ids) - 1
        if np.count_nonzero(alive) < k and not is_everyone:
            return None
        listed = rows[alive], self._arrays.distances[row][alive]
        return self._growth.with_added(listed, self._growth.vector_at(row), k)

    def _vector_of(self, features: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        dims = self._arrays.index.vectors.shape[1]
        try:
            vector = self._arrays.transform.vector(features)
        except (IndexError, ValueError):
            vector = np.empty(0, dtype=np.float32)
        if vector.shape != (dims,):
            shape, key = np.shape(features), self.manifest.profile_key
            raise ValueError(f"features of shape {shape} are not of the profile {key}")
        return vector

    def _neighbours(self, rows: Rows, distances: Distances) -> list[Neighbour]:
        pairs = self._arrays.pairs
        nearer = np.searchsorted(pairs, distances, side="right")
        closeness = 1.0 - nearer / max(len(pairs), 1)
        found = zip(rows.tolist(), distances.tolist(), closeness.tolist(), strict=True)
        return [Neighbour(self._growth.track_at(row), distance, share) for row, distance, share in found]
