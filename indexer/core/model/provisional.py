"""A model of whatever is analysed so far, in memory and by comparison with everything, until Spark has built one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.arrays import ModelArrays
from indexer.core.model.index.exact import exact_lists
from indexer.core.model.index.search import BuiltIndex
from indexer.core.model.manifest import Manifest
from indexer.core.model.profiles import PROFILES, Profile
from indexer.core.model.scaling import POOL, local_scales, scaled_pair_distances
from indexer.core.model.space.transform import Transform, mean_of_windows
from indexer.core.sentences.told import told
from indexer.core.tracks import TrackId

Features = NDArray[np.floating[Any]]


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
    lists = exact_lists(vectors, POOL, comparable=comparable)
    scales = local_scales(lists.distances)
    pairs = scaled_pair_distances(vectors, scales, np.flatnonzero(comparable), seed=0)
    index = BuiltIndex.without_tables(vectors)
    return ModelArrays(names, lists.rows, lists.distances, scales, comparable, pairs, index, transform)


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


def _vectors(transform: Transform, profile: Profile | None, features: Sequence[Features]) -> NDArray[np.float32]:
    """Shape (tracks, dims); of no tracks too, for whoever comes first has to fit."""
    if features:
        return transform.apply(np.stack([mean_of_windows(windows) for windows in features]))
    columns = profile.dims if profile is not None else 1
    return transform.apply(np.zeros((1, columns)))[:0]
