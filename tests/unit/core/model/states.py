"""Small made-up libraries for tests of the model: unit vectors in clusters, with a search index over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.arrays import ModelArrays
from indexer.core.model.index.exact import exact_lists
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.search import BuiltIndex
from indexer.core.model.index.tables import Tables
from indexer.core.model.manifest import Manifest
from indexer.core.model.picture.layout import layout_of
from indexer.core.model.scaling import local_scales, scaled_pair_distances
from indexer.core.model.space.transform import Transform, UnitLength
from indexer.core.tracks import TrackId

Vectors = NDArray[np.float32]


def vectors(count: int, dims: int = 12, *, clusters: int = 6, seed: int = 0) -> Vectors:
    """Unit vectors around a few centres, shape (count, dims)."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(clusters, dims))
    drawn = centres[np.arange(count) % clusters] + 0.5 * generator.normal(size=(count, dims))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def family(dims: int = 12, *, tables: int = 8, hashes: int = 4, seed: int = 1) -> HashFamily:
    """Projections of unit length, as Spark draws them."""
    drawn = np.random.default_rng(seed).normal(size=(tables * hashes, dims))
    return HashFamily(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), tables, 1.0)


def index(rows: Vectors, *, probes: int = 3) -> BuiltIndex:
    return BuiltIndex.build(rows, family(rows.shape[1]), probes)


def by_force(rows: Vectors, query: Vectors, k: int) -> list[int]:
    """The nearest rows by comparing with all, equals by row."""
    distances = np.linalg.norm(rows.astype(np.float64) - query.astype(np.float64), axis=1).astype(np.float32)
    return [int(row) for row in np.lexsort((np.arange(len(rows)), distances))[:k]]


def arrays(
    rows: Vectors, ids: Sequence[TrackId], pool: int, comparable: NDArray[np.bool_] | None = None
) -> ModelArrays:
    """The arrays of a model of unit vectors, as a build makes them; only comparable rows are hashed.

    There are as many probes as buckets, so that searching the tables misses nothing.
    """
    can = np.ones(len(rows), dtype=bool) if comparable is None else comparable
    lists = exact_lists(rows, pool, comparable=can)
    scales = local_scales(lists.distances)
    hashing, hashed = family(rows.shape[1]), np.flatnonzero(can).astype(np.int32)
    return ModelArrays(
        ids=np.array(ids, dtype=np.bytes_),
        neighbours=lists.rows,
        distances=lists.distances,
        scales=scales,
        comparable=can,
        pairs=scaled_pair_distances(rows, scales, hashed, seed=0),
        index=BuiltIndex(rows, hashing, Tables.build(hashing.keys(rows[hashed]), hashed), probes=2**hashing.hashes),
        transform=Transform((UnitLength(),)),
    )


def manifest(of: ModelArrays, model_id: str = "made-up") -> Manifest:
    """What a build would write of those arrays."""
    tracks, dims = of.index.vectors.shape
    return Manifest(
        id=model_id, profile="sonic", profile_key="sonic:1", tracks=tracks, dims=dims,
        neighbours=of.neighbours.shape[1], tables=of.index.family.tables, hashes=of.index.family.hashes,
        bucket_length=of.index.family.bucket_length, probes=of.index.probes, seed=0, recall=1.0, recall_sample=tracks,
        list_recall=1.0, candidate_share=0.5, largest_bucket=of.index.tables.largest_bucket,
        built_at="2026-01-01T00:00:00+00:00", spark_version="", seconds=1.0, comparable=int(of.comparable.sum()),
    )  # fmt: skip


def with_layout(of: ModelArrays) -> ModelArrays:
    """The same with a picture, as a build makes it."""
    return replace(of, layout=layout_of(of.index.vectors, of.neighbours))
