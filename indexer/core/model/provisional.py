"""A model of whatever is analysed so far, in memory and by comparison with everything, until Spark has built one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.arrays import ModelArrays
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.ranking import distances_to
from indexer.core.model.index.search import SearchIndex, squares_of
from indexer.core.model.index.tables import Tables
from indexer.core.model.manifest import Manifest
from indexer.core.model.profiles import PROFILES, Profile
from indexer.core.model.scaling import POOL, local_scales, scaled_pair_distances
from indexer.core.model.space.transform import Transform, mean_of_windows
from indexer.core.sentences.told import told
from indexer.core.tracks import TrackId

Features = NDArray[np.floating[Any]]

_BLOCK = 256
"""Rows whose distances to all others are computed in one product."""


def provisional_arrays(
    transform: Transform, profile: Profile | None, ids: Sequence[TrackId], features: Sequence[Features]
) -> ModelArrays:
    """The arrays of a model without hash tables, its lists made by comparing everything with everything.

    Vectors are not smoothed: with every track that comes, those before it would have to be drawn anew.

    Args:
        transform: learnt on other music.
        profile: of the features, None for one that is not known here: all tracks then count as comparable.
        ids: of the tracks, each once.
        features: one of shape (windows, columns) for each.
    """
    vectors = _vectors(transform, profile, features)
    comparable = np.array([is_audible(profile, windows) for windows in features], dtype=bool)
    return arrays_of_vectors(transform, ids, vectors, comparable)


def arrays_of_vectors(
    transform: Transform, ids: Sequence[TrackId], vectors: NDArray[np.float32], comparable: NDArray[np.bool_]
) -> ModelArrays:
    """The same of vectors, shape (tracks, dims), and of which can be recommended, shape (tracks,)."""
    names = np.array([track.encode() for track in ids], dtype=np.bytes_)
    order = np.argsort(names, kind="stable")
    names, vectors, comparable = names[order], vectors[order], comparable[order]
    neighbours, distances = exact_lists(vectors, comparable, POOL)
    scales = local_scales(distances)
    family = HashFamily(np.empty((0, vectors.shape[1])), tables=0, bucket_length=1.0)
    index = SearchIndex(vectors, family, Tables.empty(), probes=0)
    pairs = scaled_pair_distances(vectors, scales, np.flatnonzero(comparable), seed=0)
    return ModelArrays(names, neighbours, distances, scales, comparable, pairs, index, transform)


def provisional_manifest(profile_key: str, arrays: ModelArrays) -> Manifest:
    """What the arrays of `provisional_arrays` are, in the words of a built model."""
    tracks, dims = arrays.index.vectors.shape
    now = datetime.now(UTC)
    return Manifest(
        id="provisional",
        profile=profile_key.partition(":")[0],
        profile_key=profile_key,
        tracks=tracks,
        dims=dims,
        neighbours=arrays.neighbours.shape[1],
        tables=0,
        hashes=0,
        bucket_length=1.0,
        probes=0,
        seed=0,
        recall=1.0,
        recall_sample=0,
        list_recall=1.0,
        candidate_share=1.0,
        largest_bucket=0,
        built_at=now.isoformat(timespec="seconds"),
        spark_version="",
        seconds=0.0,
        join="exact",
        join_reason=told("join-few"),
        comparable=int(np.count_nonzero(arrays.comparable)),
        provisional=True,
    )


def profile_with(key: str) -> Profile | None:
    """The profile of that key, `name:version`; None for another version's, of which nothing is known here."""
    return next((profile for profile in PROFILES.values() if profile.key == key), None)


def is_audible(profile: Profile | None, features: Features) -> bool:
    """Whether features, shape (windows, columns), hold enough sound for the track to be recommended."""
    return profile is None or profile.audible(np.asarray(features))


def exact_lists(
    vectors: NDArray[np.float32], comparable: NDArray[np.bool_], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The `k` nearest comparable rows of every row, nearest first, equals by row.

    Returns:
        Rows and distances of shape (n, least of k and n - 1) each; -1 and infinite where there are no more.
    """
    count = max(min(k, len(vectors) - 1), 0)
    neighbours = np.full((len(vectors), count), -1, dtype=np.int32)
    distances = np.full((len(vectors), count), np.inf, dtype=np.float32)
    squares = np.where(comparable, squares_of(vectors), np.float32(np.inf))
    for start in range(0, len(vectors) if count else 0, _BLOCK):
        scores = squares - 2.0 * (vectors[start : start + _BLOCK] @ vectors.T)
        own = np.arange(len(scores))
        scores[own, start + own] = np.inf
        near = np.sort(np.argpartition(scores, count - 1, axis=1)[:, :count], axis=1)
        for row, found in enumerate(near, start=start):
            _put(neighbours[row], distances[row], vectors, row, found[comparable[found] & (found != row)])
    return neighbours, distances


def _put(
    neighbours: NDArray[np.int32],
    distances: NDArray[np.float32],
    vectors: NDArray[np.float32],
    row: int,
    found: NDArray[np.intp],
) -> None:
    measured = distances_to(vectors[found], vectors[row])
    order = np.lexsort((found, measured))
    neighbours[: len(found)], distances[: len(found)] = found[order], measured[order]


def _vectors(transform: Transform, profile: Profile | None, features: Sequence[Features]) -> NDArray[np.float32]:
    """Shape (tracks, dims); of no tracks too, for whoever comes first has to fit."""
    if features:
        return transform.apply(np.stack([mean_of_windows(windows) for windows in features]))
    columns = profile.dims if profile is not None else 1
    return transform.apply(np.zeros((1, columns)))[:0]
