"""Writes a real model folder of a handful of tracks, as a build does, without Spark."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from indexer.core.home import Home
from indexer.core.model import Manifest
from indexer.core.model.arrays import ModelArrays
from indexer.core.model.folder import write_model
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.search import BuiltIndex
from indexer.core.model.scaling import local_scales
from indexer.core.model.space.transform import Transform, UnitLength
from indexer.core.tracks import TrackId

PROFILE = "sonic"
KEY = "sonic:1"


def write_small_model(
    home: Home,
    features: Mapping[TrackId, NDArray[np.float32]],
    name: str = "one",
    layout: NDArray[np.float32] | None = None,
    key: str = KEY,
) -> None:
    """Make a model of tracks with features of shape (windows, dims) the current one; with a picture where one is given.

    `layout` has shape (tracks, 2), in the order of their ids.
    """
    ids = sorted(features)
    transform = Transform((UnitLength(),))
    vectors = np.array([transform.vector(features[track]) for track in ids], np.float32)
    dims = vectors.shape[1]
    projections = np.random.default_rng(0).normal(size=(4, dims))
    projections /= np.linalg.norm(projections, axis=1, keepdims=True)
    index = BuiltIndex.build(vectors, HashFamily(projections, 2, 1.0), probes=2)
    distances = np.linalg.norm(vectors[:, None] - vectors[None], axis=2).astype(np.float32)
    np.fill_diagonal(distances, np.inf)
    neighbours = np.argsort(distances, axis=1, kind="stable")[:, :-1].astype(np.int32)
    arrays = ModelArrays(
        ids=np.array([track.encode() for track in ids]),
        neighbours=neighbours,
        distances=np.take_along_axis(distances, neighbours, axis=1),
        scales=local_scales(np.take_along_axis(distances, neighbours, axis=1)),
        comparable=np.ones(len(ids), dtype=bool),
        pairs=np.sort(distances[np.triu_indices(len(ids), 1)]),
        index=index,
        transform=transform,
        layout=layout,
    )
    manifest = Manifest(
        id=name, profile=PROFILE, profile_key=key, tracks=len(ids), dims=dims, neighbours=len(ids) - 1, tables=2,
        hashes=2, bucket_length=1.0, probes=2, seed=0, recall=1.0, recall_sample=0, list_recall=1.0,
        candidate_share=1.0, largest_bucket=len(ids), built_at="2026-01-01T00:00:00+00:00", spark_version="none",
        seconds=0.0,
    )  # fmt: skip
    write_model(home, manifest, arrays.by_name(), transform)
