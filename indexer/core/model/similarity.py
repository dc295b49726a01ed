"""The similarity model as the player uses it: what sounds like a track, with what came and went since the build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.arrays import ModelArrays, open_arrays
from indexer.core.model.between import Between
from indexer.core.model.folder import unload
from indexer.core.model.index.exact import Found
from indexer.core.model.manifest import Manifest
from indexer.core.model.nearness import nearness
from indexer.core.model.picture.layout import Picture
from indexer.core.model.provisional import (
    arrays_of_vectors,
    is_audible,
    profile_with,
    provisional_arrays,
    provisional_manifest,
)
from indexer.core.model.scaling import POOL, local_scales, scaled
from indexer.core.model.space.transform import Transform, UnitLength
from indexer.core.model.state import ModelState
from indexer.core.tracks import TrackId

Features = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A track near another.

    Attributes:
        track: which.
        distance: scaled by the neighbourhoods of both (NICDM), dimensionless; lists are ordered by it.
        closeness: share of random pairs of this library that are farther apart by scaled distance, 0 to 1.
        euclidean: distance of the two vectors, unscaled.
        nearness: 1 for the nearest that the seed has, 0 for a typical pair of this library; what people are shown.
    """

    track: TrackId
    distance: float
    closeness: float
    euclidean: float
    nearness: float = 0.0


class Described(NamedTuple):
    """What a model keeps of the features of a track: its vector, shape (dims,), and whether it can be recommended."""

    vector: NDArray[np.float32]
    audible: bool


@dataclass(frozen=True, eq=False)
class Describer:
    """Makes of the features of tracks what a model keeps of them; may be asked in any thread at any time.

    Attributes:
        key: `name:version` of the features.
        transform: of the model.
        dims: of a vector.
    """

    key: str
    transform: Transform
    dims: int

    def describe(self, features: Features) -> Described:
        """What is kept of features, shape (windows, columns).

        Raises:
            ValueError: the features are not of this profile.
        """
        return Described(self.vector_of(features), is_audible(profile_with(self.key), features))

    def vector_of(self, features: Features) -> NDArray[np.float32]:
        """The vector of features, shape (windows, columns): shape (dims,).

        Raises:
            ValueError: the features are not of this profile.
        """
        try:
            vector = self.transform.vector(features)
        except (IndexError, ValueError):
            vector = np.empty(0, dtype=np.float32)
        if vector.shape != (self.dims,):
            raise ValueError(f"features of shape {np.shape(features)} are not of the profile {self.key}")
        return vector


class SimilarityModel:
    """Answers from an exported model with NumPy alone.

    Known tracks are answered from their neighbour lists, everything else from the hash tables, or by comparing with all
    where the library is small; the nearest 200 are then ranked by scaled distance. One thread at a time: not even two
    readers may overlap, for a list that lost a track is mended when it is read.

    Attributes:
        manifest: what is known of its build.
        transform: how features become vectors.
        state: what answers are made of, row by row; to be looked at, and changed only by what is below.
    """

    def __init__(self, manifest: Manifest, arrays: ModelArrays, *, pool: int = POOL) -> None:
        self.manifest = manifest
        self.transform = arrays.transform
        self.state = ModelState(arrays, pool, smooth=manifest.smoothed, redraws=manifest.provisional)
        self._large = arrays.large()
        self.describer = Describer(manifest.profile_key, arrays.transform, self.state.index.dims)

    @classmethod
    def load(cls, folder: Path) -> SimilarityModel:
        """Open a model folder; arrays are mapped, so pages are read as they are needed.

        Raises:
            ModelCorrupt: a file is missing, differs from its checksum, or does not fit the others.
        """
        manifest, arrays = open_arrays(folder)
        model = cls(manifest, arrays)
        model.rest()  # to check them and to set out, most pages were read
        return model

    @classmethod
    def provisional(
        cls,
        transform: Transform,
        profile_key: str,
        ids: Sequence[TrackId] = (),
        features: Sequence[Features] = (),
    ) -> SimilarityModel:
        """A model in memory of whatever is analysed, to stand in until one is built; it compares with every track.

        Args:
            transform: learnt on other music.
            profile_key: `name:version` of the features.
            ids: of the tracks, in any order.
            features: one of shape (windows, columns) for each.
        """
        arrays = provisional_arrays(transform, profile_with(profile_key), ids, features)
        return cls(provisional_manifest(profile_key, arrays), arrays)

    @classmethod
    def provisional_of(
        cls, transform: Transform, profile_key: str, tracks: Mapping[TrackId, Described]
    ) -> SimilarityModel:
        """The same of tracks that were described by such a model before; it takes minutes for a large library."""
        if not tracks:
            return cls.provisional(transform, profile_key)
        vectors = np.stack([described.vector for described in tracks.values()])
        audible = np.array([described.audible for described in tracks.values()], dtype=bool)
        arrays = arrays_of_vectors(transform, list(tracks), vectors, audible)
        return cls(provisional_manifest(profile_key, arrays), arrays)

    def rest(self) -> None:
        """Give back the memory of what answers have read of the model's files; it is read again where it is needed.

        It takes a millisecond at 106,574 tracks, and half of one in the next answer. The system could take it by itself
        where it runs short, and counts it as the program's until then.
        """
        for array in self._large:
            unload(array)

    def __len__(self) -> int:
        return len(self.state.members)

    def __contains__(self, track: object) -> bool:
        return isinstance(track, str) and self.state.members.row_of(TrackId(track)) is not None

    @property
    def growth(self) -> float:
        """Tracks that came, went or changed since the build, as a share of those it was built from."""
        return self.state.members.changed / max(self.manifest.tracks, 1)

    @property
    def is_outgrown(self) -> bool:
        """Whether so many tracks came, went or changed since the build that it should be made anew."""
        return self.manifest.is_outgrown(self.state.members.changed)

    @property
    def comparable(self) -> int:
        """How many tracks can be an answer: those with enough sound in them."""
        return self.state.members.open_count

    def tracks(self) -> list[TrackId]:
        """Every track that can be asked for."""
        return self.state.members.tracks()

    def picture(self) -> Picture | None:
        """Where every track lies in the picture of the library; None for a model without one."""
        layout = self.state.layout
        if layout is None:
            return None
        return Picture(layout.copy(), *self.state.members.rows())

    def vector(self, track: TrackId) -> NDArray[np.float32]:
        """The vector of a track, shape (dims,).

        Raises:
            KeyError: the model does not have it.
        """
        return self.state.index.vector_at(self._known_row(track))

    def comparable_among(self, tracks: Sequence[TrackId]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The places of those of `tracks` that can be an answer, ascending, and their vectors, shape (places, dims)."""
        rows = self.state.members.rows_of(tracks)
        places = np.flatnonzero(rows >= 0)
        places = places[self.state.members.open[rows[places]]]
        order = np.argsort(rows[places], kind="stable")
        vectors = np.empty((len(places), self.state.index.dims), dtype=np.float32)
        vectors[order] = self.state.index.vectors(rows[places][order])
        return places, vectors

    def similar(self, track: TrackId, k: int) -> list[Neighbour]:
        """The `k` nearest tracks, best first, never `track` itself; fewer only where there are no more.

        Raises:
            KeyError: the model does not have that track.
        """
        row = self._known_row(track)
        scale = float(self.state.scales.rows[row])
        return self._neighbours(self.state.listed(row, k), scale, k)

    def _nearest(self, row: int) -> float:
        """The scaled distance of a row to the nearest that it has; infinite where it has none."""
        rows, plain = self.state.listed(row, 1)
        found = scaled(plain, float(self.state.scales.rows[row]), self.state.scales.rows.take(rows))
        return float(found.min(initial=np.inf))

    def similar_to(self, features: Features, k: int, exclude: Iterable[TrackId] = ()) -> list[Neighbour]:
        """The `k` tracks nearest to features of shape (windows, columns), best first.

        Raises:
            ValueError: the features are not of this model's profile.
        """
        rows = [row for track in exclude if (row := self.state.members.row_of(track)) is not None]
        found = self.state.ask(self.describer.vector_of(features), k, excluded=rows)
        return self._neighbours(found, float(local_scales(found[1][np.newaxis])[0]), k)

    def between(self, one: TrackId, other: TrackId) -> Neighbour:
        """`other` as it is seen from `one`, however far away it is.

        Raises:
            KeyError: the model does not have one of them.
        """
        return self.seen_from(one, [other])[0]

    def seen_from(self, one: TrackId, others: Sequence[TrackId]) -> list[Neighbour]:
        """Tracks as they are seen from `one`, however far away they are, in the order given.

        Raises:
            KeyError: the model does not have one of them.
        """
        row, scales = self._known_row(one), self.state.scales.rows
        scale, nearest = float(scales[row]), self._nearest(row)
        found = [self.state.measured(row, self._known_row(other)) for other in others]
        return [neighbour for pair in found for neighbour in self._neighbours(pair, scale, 1, nearest)]

    def apart(self, one: TrackId, others: Sequence[TrackId]) -> NDArray[np.float32]:
        """Euclidean distances of the sound of tracks, to tell whether they are one recording.

        Infinite where vectors are not of unit length, for then nobody has measured how far apart copies lie.

        Returns:
            Shape (others,).

        Raises:
            KeyError: the model does not have one of them.
        """
        row, rows = self._known_row(one), np.array([self._known_row(other) for other in others], dtype=np.intp)
        if not self._tells_copies():
            return np.full(len(rows), np.inf, dtype=np.float32)
        return self.state.apart(row, rows)

    def tracks_between(self, start: TrackId, end: TrackId, places: int, count: int) -> Between:
        """About `count` tracks between two, as many around each of so many `places` of the line from one to the other.

        It takes about 10 ms at 106,574 tracks; what it gives can be worked with in another thread.

        Raises:
            KeyError: the model does not have one of them.
        """
        ends = self._known_row(start), self._known_row(end)
        between, share = self.state.between(ends, places, count)
        rows = np.concatenate([np.array(ends, dtype=np.intp), between])
        vectors = np.concatenate([self.state.index.vectors(rows[[end]]) for end in (0, 1)])
        return Between(
            tracks=[self.state.members.track_at(int(row)) for row in rows],
            share=np.concatenate([np.array([0.0, 1.0], dtype=np.float32), share]),
            vectors=np.concatenate([vectors, self.state.index.vectors(between)]),
            scales=self.state.scales.rows.take(rows),
            plain=self.state.plain(rows) if self._tells_copies() else None,
        )

    def insert(self, track: TrackId, features: Features) -> None:
        """Add a track by its features, shape (windows, columns), or replace it; it is found from now on.

        Raises:
            ValueError: the features are not of this model's profile.
        """
        self.insert_described(track, self.describer.describe(features))

    def insert_described(self, track: TrackId, described: Described) -> None:
        """Add a track as `insert` does, by what its describer gave."""
        self.state.members.remove(track)
        self.state.add(track, described.vector, comparable=described.audible)

    def remove(self, track: TrackId) -> None:
        """Take a track out of all answers; does nothing for one that is not there."""
        self.state.members.remove(track)

    def _tells_copies(self) -> bool:
        """Whether vectors are of unit length, for which it was measured how far apart copies lie."""
        return any(isinstance(step, UnitLength) for step in self.transform.steps[-1:])

    def _known_row(self, track: TrackId) -> int:
        row = self.state.members.row_of(track)
        if row is None:
            raise KeyError(track)
        return row

    def _neighbours(self, found: Found, own_scale: float, k: int, nearest: float | None = None) -> list[Neighbour]:
        """The `k` best of a pool by scaled distance, equals by row; `nearest` is the least of the seed."""
        rows, plain = found
        distances = scaled(plain, own_scale, self.state.scales.rows.take(rows))
        best = np.lexsort((rows, distances))[:k]
        rows, distances, plain = rows[best], distances[best], plain[best]
        closeness = self.state.closeness(distances)
        least = float(distances.min(initial=np.inf)) if nearest is None else nearest
        near = nearness(distances, least, self.state.typical())
        figures = (values.tolist() for values in (distances, closeness, plain, near))
        track_at = self.state.members.track_at
        return [Neighbour(track_at(row), *told) for row, *told in zip(rows.tolist(), *figures, strict=True)]
