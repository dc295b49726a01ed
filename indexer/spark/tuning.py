"""Tries settings of hash tables on a library's own vectors: what each finds, what it compares, what it costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.recall import exact_distances, measure, sample_rows
from indexer.core.model.index.search import SearchIndex
from indexer.core.model.index.tables import Tables
from indexer.spark.choice import Setting, usual_hashes

USUAL_LENGTHS = (1.0, 2.0, 4.0)
USUAL_TABLES = (1, 3, 5)
"""The grid that the systems this project grew from searched: bucketLength by numHashTables."""

BUCKET_LENGTHS = (0.1, 0.25, 0.5, *USUAL_LENGTHS)
SYSTEM_TABLES = (*USUAL_TABLES, 10)

COMPOUND_TABLES = (8, 16, 32)
PROBES = (0, 3, 7, 15, 31)
_MORE_HASHES = (-2, 0, 2, 4)

_BLOCK = 512

Vectors = NDArray[np.float32]
OnPoint = Callable[["Point"], None]


@dataclass(frozen=True)
class Point:
    """What one setting did.

    Attributes:
        setting: which.
        recall: share of the true k nearest that it found.
        candidate_share: share of all pairs that it compared.
        largest_bucket: tracks in the fullest bucket.
        seconds: median time of the whole self-join where Spark joins, of one query where tables are searched.
        megabytes: the most memory that Spark and its workers held; or what the tables take.
        usual: whether it belongs to the usual grid.
    """

    setting: Setting
    recall: float
    candidate_share: float
    largest_bucket: int
    seconds: float
    megabytes: float
    usual: bool = False

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def system_settings(bucket_lengths: Iterable[float], tables: Iterable[int]) -> list[Setting]:
    """A grid of single projections: no compound keys, no probes."""
    return [Setting(1, count, length, 0) for length, count in product(sorted(set(bucket_lengths)), sorted(set(tables)))]


def is_usual(setting: Setting) -> bool:
    return setting.hashes == 1 and setting.bucket_length in USUAL_LENGTHS and setting.tables in USUAL_TABLES


def compound_settings(
    tracks: int, hashes: Sequence[int] = (), tables: Sequence[int] = (), probes: Sequence[int] = ()
) -> list[Setting]:
    """A grid of compound keys around what is usual for a library of that size."""
    usual = usual_hashes(tracks)
    counts = hashes or sorted({max(usual + more, 1) for more in _MORE_HASHES})
    grid = product(counts, tables or COMPOUND_TABLES, probes or PROBES)
    return [Setting(count, some, 1.0, probe) for count, some, probe in grid]


def cheapest(points: Sequence[Point], wanted: float) -> Point:
    """The point with the fewest candidates of those that reach the `wanted` recall; else the one nearest to it."""
    good = [point for point in points if point.recall >= wanted]
    if good:
        return min(good, key=lambda point: (point.candidate_share, point.setting.tables, point.setting))
    return max(points, key=lambda point: (point.recall, -point.candidate_share))


def try_compound(vectors: Vectors, settings: Iterable[Setting], k: int, seed: int, on_point: OnPoint) -> list[Point]:
    """Search tables of compound keys for a sample of tracks, setting by setting.

    Args:
        vectors: shape (tracks, dims).
        settings: what to try.
        k: recall is that of the k nearest.
        seed: of the sample and the projections.
        on_point: told of each as it is measured.
    """
    rows = sample_rows(len(vectors), seed)
    truth = exact_distances(vectors, rows, k)
    points: list[Point] = []
    index: SearchIndex | None = None
    for setting in settings:
        index = _index(vectors, setting, seed, index)
        points.append(_searched(index, setting, rows, truth))
        on_point(points[-1])
    return points


def _index(vectors: Vectors, setting: Setting, seed: int, before: SearchIndex | None) -> SearchIndex:
    """Tables of the setting; those of the one before where only the probes differ."""
    if before is not None and (before.family.hashes, before.family.tables) == (setting.hashes, setting.tables):
        return replace(before, probes=setting.probes)
    drawn = np.random.default_rng(seed).standard_normal((setting.hashes * setting.tables, vectors.shape[1]))
    directions = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    family = HashFamily(directions, setting.tables, setting.bucket_length)
    return SearchIndex(vectors, family, Tables.build(family.keys(vectors)), setting.probes)


def _searched(index: SearchIndex, setting: Setting, rows: NDArray[np.intp], truth: Vectors) -> Point:
    quality = measure(index, rows, truth)
    seconds = []
    for row in rows:
        started = time.perf_counter()
        index.nearest(index.vectors[row], truth.shape[1] + 1)
        seconds.append(time.perf_counter() - started)
    tables = index.tables
    held = tables.keys.nbytes + tables.starts.nbytes + tables.rows.nbytes + index.family.projections.nbytes
    return Point(
        setting,
        quality.recall,
        quality.candidate_share,
        tables.largest_bucket,
        statistics.median(seconds),
        held / 2**20,
    )


def candidate_share(hashes: NDArray[np.float64]) -> float:
    """Share of all pairs of tracks that agree in one hash at least; shape (tracks, tables)."""
    tracks = len(hashes)
    met = 0
    for start in range(0, tracks, _BLOCK):
        block = hashes[start : start + _BLOCK]
        together = np.zeros((len(block), tracks), dtype=bool)
        for own, every in zip(block.T, hashes.T, strict=True):
            together |= own[:, np.newaxis] == every
        met += int(together.sum())
    return (met - tracks) / max(tracks * (tracks - 1), 1)


def largest_bucket(hashes: NDArray[np.float64]) -> int:
    """Tracks in the fullest bucket of any table; shape (tracks, tables)."""
    return max(int(np.unique(column, return_counts=True)[1].max()) for column in hashes.T)
